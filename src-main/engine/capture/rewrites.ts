import type { AttributeValue, NodeOutput } from './graph.ts';

/** A recorded op before it becomes a node. */
export interface RecordedOp {
  op: string;
  inputs: {
    source: NodeOutput;
    shape: readonly number[];
    dtype: number;
    constant: ArrayLike<number> | null;
  }[];
  attributes: Record<string, AttributeValue>;
}

export interface RewrittenOp {
  op: string;
  inputs: NodeOutput[];
  attributes: Record<string, AttributeValue>;
}

/**
 * Replaces an op by one that computes the same numbers with a faster kernel, and that TensorFlow's own optimiser knows
 * how to fuse: tfjs speaks of batched products and broadcast sums where TensorFlow has MatMul, BiasAdd and BiasAddGrad.
 */
export function rewrite(recorded: RecordedOp): RewrittenOp {
  return (
    expandDims(recorded) ??
    matMul(recorded) ??
    biasAdd(recorded) ??
    biasAddGrad(recorded) ??
    asRecorded(recorded)
  );
}

function asRecorded({ op, inputs, attributes }: RecordedOp): RewrittenOp {
  return { op, inputs: inputs.map(({ source }) => source), attributes };
}

/** tfjs leaves out the type that an eager op infers from its input; a graph has to name it. */
function expandDims({ op, inputs, attributes }: RecordedOp): RewrittenOp | null {
  const [x] = inputs;
  if (op !== 'ExpandDims' || !x || attributes.T) return null;
  return {
    op,
    inputs: inputs.map(({ source }) => source),
    attributes: { ...attributes, T: { kind: 'type', value: x.dtype } },
  };
}

function matMul({ op, inputs, attributes }: RecordedOp): RewrittenOp | null {
  if (op !== 'BatchMatMulV2' || inputs.some(({ shape }) => shape.length !== 2)) return null;
  const { T, adj_x, adj_y } = attributes;
  if (!T || !adj_x || !adj_y) return null;
  return {
    op: 'MatMul',
    inputs: inputs.map(({ source }) => source),
    attributes: { T, transpose_a: adj_x, transpose_b: adj_y },
  };
}

/**
 * The input that an op merely hands on, or null: tfjs casts floats to floats and reshapes to the same shape in most of its
 * gradients, which costs a dispatch each.
 */
export function passesThrough({ op, inputs, attributes }: RecordedOp): NodeOutput | null {
  const x = inputs[0];
  if (!x) return null;
  if (op === 'Cast') {
    const { SrcT, DstT } = attributes;
    return SrcT?.kind === 'type' && DstT?.kind === 'type' && SrcT.value === DstT.value ? x.source : null;
  }
  const target = op === 'Reshape' ? inputs[1]?.constant : null;
  return target && Array.from(target).join() === x.shape.join() ? x.source : null;
}

/** x `[..., channels]` + bias `[channels]`. */
function biasAdd({ op, inputs, attributes }: RecordedOp): RewrittenOp | null {
  const [x, bias] = inputs;
  if ((op !== 'Add' && op !== 'AddV2') || !x || !bias || !attributes.T) return null;
  if (x.shape.length < 2 || bias.shape.length !== 1 || bias.shape[0] !== x.shape.at(-1)) return null;
  return {
    op: 'BiasAdd',
    inputs: [x.source, bias.source],
    attributes: { T: attributes.T, data_format: { kind: 'string', value: 'NHWC' } },
  };
}

/** Sum over all axes but the last of an image batch: the gradient of a bias. */
function biasAddGrad({ op, inputs, attributes }: RecordedOp): RewrittenOp | null {
  const [x, axes] = inputs;
  if (op !== 'Sum' || !x || !axes?.constant || !attributes.T || x.shape.length !== 4) return null;
  const keepDims = attributes.keep_dims;
  if (keepDims?.kind === 'bool' && keepDims.value === true) return null;
  if (Array.from(axes.constant).join() !== '0,1,2') return null;
  return {
    op: 'BiasAddGrad',
    inputs: [x.source],
    attributes: { T: attributes.T, data_format: { kind: 'string', value: 'NHWC' } },
  };
}
