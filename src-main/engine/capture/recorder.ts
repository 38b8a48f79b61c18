import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { OpAttribute, TensorFlowBinding, TensorMetadata } from '../backends/tensorflow.ts';
import {
  type AttributeValue,
  bytesPerElement,
  dataType,
  elementCount,
  type GraphNode,
  type NodeOutput,
  outputName,
} from './graph.ts';
import { passesThrough, rewrite } from './rewrites.ts';
import { inferOutputs, type KnownInput, type OutputMetadata } from './shape-rules.ts';

/** Ids of recorded tensors start here, far above those that the binding hands out. */
const firstRecordedId = 1 << 30;

/** Ops that keep random state of their own: they would give other numbers at each replay, or the same for ever. */
const statefulRandomOps = new Set([
  ...[
    'Multinomial',
    'RandomGamma',
    'RandomPoisson',
    'RandomPoissonV2',
    'RandomShuffle',
    'RandomStandardNormal',
  ],
  ...['RandomUniform', 'RandomUniformInt', 'TruncatedNormal', 'ParameterizedTruncatedNormal'],
]);

interface RecordedTensor {
  source: NodeOutput;
  shape: readonly number[];
  dtype: number;
  constant: Float32Array | Int32Array | Uint8Array | null;
}

/**
 * Stands in for the native binding while an entry point runs: writes down each op as a node of a graph instead of
 * computing it. Shapes come from rules, or from running the op once on zeros. Values are never known, so reading one is refused.
 */
export class Recorder {
  readonly nodes: GraphNode[] = [];
  readonly #binding: TensorFlowBinding;
  readonly #prefix: string;
  readonly #entry: string;
  readonly #tensors = new Map<number, RecordedTensor>();
  readonly #constants = new Map<string, NodeOutput>();
  readonly #shapeCache: Map<string, OutputMetadata[]>;
  #nextId = firstRecordedId;

  constructor(args: {
    binding: TensorFlowBinding;
    entry: string;
    /** Shapes learnt so far; share one map between the captures of a program. */
    shapeCache: Map<string, OutputMetadata[]>;
  }) {
    this.#binding = args.binding;
    this.#entry = args.entry;
    this.#prefix = `entry/${args.entry}/`;
    this.#shapeCache = args.shapeCache;
  }

  /** A binding that records; constants and device questions still come from the real one. */
  asBinding(): TensorFlowBinding {
    const calls: Pick<TensorFlowBinding, 'createTensor' | 'executeOp' | 'deleteTensor' | 'tensorDataSync'> = {
      createTensor: (shape, dtype, data) => this.#createConstant(shape, dtype, data),
      executeOp: (name, attributes, inputIds, outputs) => this.#execute(name, attributes, inputIds, outputs),
      deleteTensor: (id) => {
        if (id < firstRecordedId) this.#binding.deleteTensor(id);
      },
      tensorDataSync: () => {
        throw new ResynthError('engine/capture-read', { entry: this.#entry });
      },
    };
    // The binding's own members are read-only, so an assignment to the derived object would be refused: define instead.
    const recording = Object.create(
      this.#binding,
      Object.getOwnPropertyDescriptors(calls),
    ) as TensorFlowBinding;
    return recording;
  }

  /** Adds a node outside the ops that tfjs runs: placeholders, variables, assignments. */
  addNode(
    op: string,
    name: string,
    inputs: NodeOutput[],
    attributes: Record<string, AttributeValue>,
    controls: GraphNode[] = [],
  ): GraphNode {
    const node: GraphNode = { name: this.#prefix + name, op, inputs, controls, attributes };
    this.nodes.push(node);
    return node;
  }

  /** Makes an id that stands for `source` from here on. */
  bind(source: NodeOutput, shape: readonly number[], dtype: number): TensorMetadata {
    return this.#track(source, shape, dtype, null);
  }

  /** Makes the real tensor `id` (a registered variable's) stand for `source`. */
  bindExisting(id: number, source: NodeOutput, shape: readonly number[], dtype: number): void {
    this.#tensors.set(id, { source, shape, dtype, constant: null });
  }

  /** What a tensor id stands for. */
  sourceOf(id: number): NodeOutput {
    return this.#known(id).source;
  }

  #known(id: number): RecordedTensor {
    const tensor = this.#tensors.get(id);
    if (!tensor) throw new ResynthError('engine/capture-foreign', { entry: this.#entry });
    return tensor;
  }

  #track(
    source: NodeOutput,
    shape: readonly number[],
    dtype: number,
    constant: RecordedTensor['constant'],
  ): TensorMetadata {
    const id = this.#nextId++;
    this.#tensors.set(id, { source, shape, dtype, constant });
    return { id, shape: [...shape], dtype };
  }

  #createConstant(shape: number[], dtype: number, data: unknown): number {
    const values = data as Float32Array | Int32Array | Uint8Array;
    if (!ArrayBuffer.isView(data)) throw new ResynthError('engine/capture-string', { entry: this.#entry });
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    const source = this.#constantNode(shape, dtype, values, bytes);
    return this.#track(source, shape, dtype, values.slice()).id;
  }

  #constantNode(
    shape: readonly number[],
    dtype: number,
    values: Float32Array | Int32Array | Uint8Array,
    bytes: Uint8Array,
  ): NodeOutput {
    const small = bytes.byteLength <= 64;
    const key = small ? `${dtype}:${shape.join()}:${Buffer.from(bytes).toString('hex')}` : '';
    const known = small ? this.#constants.get(key) : undefined;
    if (known) return known;
    let source: NodeOutput;
    if (!small && isUniform(bytes, bytesPerElement(dtype))) {
      const dims = Int32Array.from(shape);
      const dimsNode = this.#constantNode([shape.length], dataType.int32, dims, new Uint8Array(dims.buffer));
      const scalar = bytes.slice(0, bytesPerElement(dtype));
      const value = this.#constantNode([], dtype, values.slice(0, 1), scalar);
      const node = this.addNode('Fill', `fill_${this.nodes.length}`, [dimsNode, value], {
        T: { kind: 'type', value: dtype },
        index_type: { kind: 'type', value: dataType.int32 },
      });
      source = { node, index: 0 };
    } else {
      const node = this.addNode('Const', `const_${this.nodes.length}`, [], {
        dtype: { kind: 'type', value: dtype },
        value: { kind: 'tensor', value: { dtype, shape, bytes } },
      });
      source = { node, index: 0 };
    }
    if (small) this.#constants.set(key, source);
    return source;
  }

  #execute(op: string, attributes: OpAttribute[], inputIds: number[], outputs: number): TensorMetadata[] {
    if (statefulRandomOps.has(op)) {
      throw new ResynthError('engine/capture-random', { entry: this.#entry, source: op });
    }
    const inputs = inputIds.map((id) => this.#known(id));
    const metadata = this.#outputsOf(op, attributes, inputs, outputs);
    const recorded = {
      op,
      inputs: inputs.map(({ source, shape, dtype, constant }) => ({ source, shape, dtype, constant })),
      attributes: Object.fromEntries(
        attributes.map((attribute) => [attribute.name, this.#attribute(attribute)]),
      ),
    };
    // What is filled with one number is made once: gradients ask for the same zeros at every step of a recurrence.
    const filled = op === 'Fill' ? `Fill:${inputs.map(({ source }) => outputName(source)).join()}` : '';
    const same = passesThrough(recorded) ?? this.#constants.get(filled);
    if (same) return metadata.map(({ shape, dtype }) => this.#track(same, shape, dtype, null));
    const rewritten = rewrite(recorded);
    const name = `${rewritten.op}_${this.nodes.length}`;
    const node = this.addNode(rewritten.op, name, rewritten.inputs, rewritten.attributes);
    if (filled) this.#constants.set(filled, { node, index: 0 });
    return metadata.map(({ shape, dtype }, index) => this.#track({ node, index }, shape, dtype, null));
  }

  #outputsOf(
    op: string,
    attributes: OpAttribute[],
    inputs: RecordedTensor[],
    outputs: number,
  ): OutputMetadata[] {
    const inferred = inferOutputs(op, inputs, attributes);
    if (inferred && inferred.length >= outputs) return inferred.slice(0, outputs);
    const key = JSON.stringify([
      op,
      outputs,
      attributes.map(({ name, value }) => [name, value]),
      inputs.map(({ shape, dtype, constant }) => [
        dtype,
        shape,
        constant ? [...constant.slice(0, 256)] : null,
      ]),
    ]);
    const known = this.#shapeCache.get(key);
    if (known) return known;
    const metadata = this.#runOnZeros(op, attributes, inputs, outputs);
    this.#shapeCache.set(key, metadata);
    return metadata;
  }

  /** Runs the op for real with zeros for what is not constant, to learn the shapes of its outputs. */
  #runOnZeros(
    op: string,
    attributes: OpAttribute[],
    inputs: KnownInput[],
    outputs: number,
  ): OutputMetadata[] {
    const ids = inputs.map(({ shape, dtype, constant }) =>
      this.#binding.createTensor([...shape], dtype, constant ?? zeros(dtype, elementCount(shape))),
    );
    try {
      return this.#binding.executeOp(op, attributes, ids, outputs).map(({ id, shape, dtype }) => {
        this.#binding.deleteTensor(id);
        return { shape: [...shape], dtype };
      });
    } finally {
      for (const id of ids) this.#binding.deleteTensor(id);
    }
  }

  #attribute({ name, type, value }: OpAttribute): AttributeValue {
    const binding = this.#binding;
    switch (type) {
      case binding.TF_ATTR_STRING:
        return { kind: 'string', value: value as string };
      case binding.TF_ATTR_INT:
        return { kind: 'int', value: value as number };
      case binding.TF_ATTR_FLOAT:
        return { kind: 'float', value: value as number };
      case binding.TF_ATTR_BOOL:
        return { kind: 'bool', value: value as boolean };
      case binding.TF_ATTR_TYPE:
        return { kind: 'type', value: value as number };
      case binding.TF_ATTR_SHAPE:
        return { kind: 'shape', value: value as number[] };
      default:
        throw new ResynthError('engine/capture-attribute', { entry: this.#entry, attribute: name });
    }
  }
}

function zeros(dtype: number, length: number): Float32Array | Int32Array | Uint8Array {
  if (dtype === dataType.float32) return new Float32Array(length);
  if (dtype === dataType.int32) return new Int32Array(length);
  return new Uint8Array(length);
}

function isUniform(bytes: Uint8Array, size: number): boolean {
  for (let index = size; index < bytes.length; index++) {
    if (bytes[index] !== bytes[index - size]) return false;
  }
  return true;
}
