import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { TensorFlowBackend, TensorMetadata } from './backends/tensorflow.ts';
import { type CapturedEntry, captureEntry, noiseFeeds } from './capture/capture.ts';
import { dataType, type GraphNode } from './capture/graph.ts';
import { encodeSavedModel, savedModelTag, withSavedModelFolder } from './capture/saved-model.ts';
import type { CompileOptions } from './compile.ts';
import { feedValues, findEntry, findState } from './feeds.ts';
import type { FeedValue, NoiseKey, OutputValue, Program, ProgramDefinition } from './program.ts';
import type { StateEntry } from './state.ts';

let nextProgramId = 0;

/** Entry points captured into one TensorFlow graph, run by one session in which the state lives. */
export class CompiledProgram implements Program {
  readonly mode = 'compiled';
  readonly #definition: ProgramDefinition;
  readonly #backend: TensorFlowBackend;
  readonly #entries = new Map<string, CapturedEntry>();
  readonly #handles = new Map<string, GraphNode>();
  #session: number | null;

  constructor(
    definition: ProgramDefinition,
    backend: TensorFlowBackend,
    onProgress: NonNullable<CompileOptions['onProgress']>,
  ) {
    this.#definition = definition;
    this.#backend = backend;
    // Handles are named after the program, so that two programs in one process never share a variable.
    const container = `program${nextProgramId++}`;
    const state = definition.state.entries();
    for (const entry of state) this.#handles.set(entry.name, handleNode(entry, container));
    const context = { backend, state: definition.state, handles: this.#handles, shapeCache: new Map() };
    const names = Object.keys(definition.entries);
    const nodes: GraphNode[] = [...this.#handles.values()];
    for (const [done, name] of names.entries()) {
      onProgress({ entry: name, done, total: names.length });
      const entry = definition.entries[name];
      if (!entry) continue;
      const captured = captureEntry(name, entry, context);
      this.#entries.set(name, captured);
      nodes.push(...captured.nodes);
    }
    nodes.push(...state.flatMap((entry) => accessNodes(entry, this.#handles)));
    this.#session = withSavedModelFolder(encodeSavedModel(nodes), (folder) =>
      // The binding takes the tags as one comma-separated string.
      backend.binding.loadSavedModel(folder, savedModelTag as unknown as string[]),
    );
    for (const captured of this.#entries.values()) captured.nodes = [];
    onProgress({ entry: 'initial state', done: names.length, total: names.length });
    this.#write(
      state.map((entry) => {
        const data = entry.variable.dataSync() as Float32Array | Int32Array;
        return { entry, value: { data, shape: entry.variable.shape } };
      }),
    );
  }

  async call(
    entryName: string,
    feeds: Record<string, FeedValue>,
    noise: NoiseKey = { seed: 0, step: 0 },
  ): Promise<Record<string, OutputValue>> {
    const entry = findEntry(this.#definition.entries, entryName, feeds);
    const captured = this.#entries.get(entryName);
    if (!captured) throw new ResynthError('engine/entry-unknown', { entry: entryName, known: '' });
    const inputs: { name: string; shape: number[]; values: Float32Array | Int32Array }[] = [];
    for (const [feed, placeholder] of captured.placeholders) {
      if (feed === noiseFeeds.seed)
        inputs.push({ name: placeholder, shape: [], values: Int32Array.of(noise.seed) });
      else if (feed === noiseFeeds.step)
        inputs.push({ name: placeholder, shape: [], values: Int32Array.of(noise.step) });
      else {
        const spec = entry.feeds[feed];
        if (!spec) continue;
        inputs.push({
          name: placeholder,
          shape: spec.shape,
          values: feedValues(entryName, feed, spec, feeds[feed]),
        });
      }
    }
    const outputNames = [...captured.fetches.keys()];
    const results = this.#run(inputs, [...captured.fetches.values()]);
    return Object.fromEntries(outputNames.map((name, index) => [name, results[index] as OutputValue]));
  }

  async readState(): Promise<Map<string, OutputValue>> {
    const entries = this.#definition.state.entries();
    const values = this.#run(
      [],
      entries.map(({ name }) => `state/get/${name}`),
    );
    return new Map(entries.map(({ name }, index) => [name, values[index] as OutputValue]));
  }

  async writeState(values: ReadonlyMap<string, OutputValue>): Promise<void> {
    this.#write(
      [...values].map(([name, value]) => ({ entry: findState(this.#definition.state, name, value), value })),
    );
  }

  dispose(): void {
    if (this.#session === null) return;
    this.#backend.binding.deleteSavedModel(this.#session);
    this.#session = null;
    this.#definition.state.dispose();
  }

  #write(values: { entry: StateEntry; value: OutputValue }[]): void {
    if (values.length === 0) return;
    this.#run(
      values.map(({ entry, value }) => ({
        name: `state/feed/${entry.name}`,
        shape: value.shape,
        values: value.data,
      })),
      values.map(({ entry }) => `state/set/${entry.name}`),
    );
  }

  #run(
    inputs: { name: string; shape: number[]; values: Float32Array | Int32Array }[],
    fetches: string[],
  ): OutputValue[] {
    if (this.#session === null) throw new ResynthError('engine/program-disposed', {});
    const { binding } = this.#backend;
    const ids: number[] = [];
    let outputs: TensorMetadata[] = [];
    try {
      for (const { shape, values } of inputs) {
        const dtype = values instanceof Int32Array ? dataType.int32 : dataType.float32;
        ids.push(binding.createTensor(shape, dtype, values));
      }
      const inputNames = inputs.map(({ name }) => `${name}:0`).join();
      outputs = binding.runSavedModel(
        this.#session,
        ids,
        inputNames,
        fetches.map((name) => `${name}:0`).join(),
      );
      return outputs.map(({ id, shape }) => ({
        data: binding.tensorDataSync(id) as Float32Array | Int32Array,
        shape: [...shape],
      }));
    } finally {
      for (const id of ids) binding.deleteTensor(id);
      for (const { id } of outputs) binding.deleteTensor(id);
    }
  }
}

function typeOf({ variable }: StateEntry): number {
  return variable.dtype === 'int32' ? dataType.int32 : dataType.float32;
}

function handleNode(entry: StateEntry, container: string): GraphNode {
  const { name, variable } = entry;
  if (variable.dtype !== 'int32' && variable.dtype !== 'float32') {
    throw new ResynthError('engine/state-mismatch', {
      name,
      expected: 'float32 or int32',
      given: variable.dtype,
    });
  }
  return {
    name: `state/handle/${name}`,
    op: 'VarHandleOp',
    inputs: [],
    controls: [],
    attributes: {
      dtype: { kind: 'type', value: typeOf(entry) },
      shape: { kind: 'shape', value: variable.shape },
      shared_name: { kind: 'string', value: `${container}/${name}` },
      container: { kind: 'string', value: '' },
    },
  };
}

/** Nodes to read a variable, and to overwrite it from a feed. */
function accessNodes(entry: StateEntry, handles: ReadonlyMap<string, GraphNode>): GraphNode[] {
  const { name, variable } = entry;
  const handle = handles.get(name);
  if (!handle) return [];
  const type = { kind: 'type', value: typeOf(entry) } as const;
  const get: GraphNode = {
    name: `state/get/${name}`,
    op: 'ReadVariableOp',
    inputs: [{ node: handle, index: 0 }],
    controls: [],
    attributes: { dtype: type },
  };
  const feed: GraphNode = {
    name: `state/feed/${name}`,
    op: 'Placeholder',
    inputs: [],
    controls: [],
    attributes: { dtype: type, shape: { kind: 'shape', value: variable.shape } },
  };
  const set: GraphNode = {
    name: `state/assign/${name}`,
    op: 'AssignVariableOp',
    inputs: [
      { node: handle, index: 0 },
      { node: feed, index: 0 },
    ],
    controls: [],
    attributes: { dtype: type, validate_shape: { kind: 'bool', value: false } },
  };
  const done: GraphNode = {
    name: `state/set/${name}`,
    op: 'Const',
    inputs: [],
    controls: [set],
    attributes: {
      dtype: { kind: 'type', value: dataType.int32 },
      value: { kind: 'tensor', value: { dtype: dataType.int32, shape: [], bytes: new Uint8Array(4) } },
    },
  };
  return [get, feed, set, done];
}
