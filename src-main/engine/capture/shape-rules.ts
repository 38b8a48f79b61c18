import type { OpAttribute, TensorMetadata } from '../backends/tensorflow.ts';
import { dataType } from './graph.ts';

/** What is known of an op's input while recording: its shape and type, and its values where it is a constant. */
export interface KnownInput {
  shape: readonly number[];
  dtype: number;
  constant: Float32Array | Int32Array | Uint8Array | null;
}

export type OutputMetadata = Omit<TensorMetadata, 'id'>;

type ShapeRule = (inputs: KnownInput[], attribute: (name: string) => unknown) => OutputMetadata[] | null;

/**
 * Shapes of the ops that are costly or frequent, so that recording does not have to run them. Any other op is run once
 * on zeros to learn its shape (see Recorder), so a missing rule costs time, never correctness.
 */
export function inferOutputs(
  op: string,
  inputs: KnownInput[],
  attributes: readonly OpAttribute[],
): OutputMetadata[] | null {
  const rule = rules[op];
  if (!rule) return null;
  return rule(inputs, (name) => attributes.find((attribute) => attribute.name === name)?.value);
}

const likeFirst: ShapeRule = ([x]) => (x ? [{ shape: [...x.shape], dtype: x.dtype }] : null);

const broadcast: ShapeRule = (inputs) => {
  const shape = broadcastShape(inputs);
  const first = inputs[0];
  return shape && first ? [{ shape, dtype: first.dtype }] : null;
};

const compare: ShapeRule = (inputs) => {
  const shape = broadcastShape(inputs);
  return shape ? [{ shape, dtype: dataType.bool }] : null;
};

/** The shape is given by the constant input at `index`. */
function shapeFromConstant(index: number, typeFrom: number): ShapeRule {
  return (inputs) => {
    const constant = inputs[index]?.constant;
    const typed = inputs[typeFrom];
    if (!constant || !typed || [...constant].some((size) => size < 0)) return null;
    return [{ shape: [...constant], dtype: typed.dtype }];
  };
}

const convolution: ShapeRule = ([x, filter], attribute) => {
  const strides = attribute('strides') as number[] | undefined;
  const dilations = (attribute('dilations') as number[] | undefined) ?? [1, 1, 1, 1];
  const padding = attribute('padding');
  if (!x || !filter || !strides || attribute('data_format') !== 'NHWC' || x.shape.length !== 4) return null;
  if (padding !== 'SAME' && padding !== 'VALID') return null;
  const [batch = 0, height = 0, width = 0] = x.shape;
  const [kernelHeight = 0, kernelWidth = 0, , outChannels = 0] = filter.shape;
  const extent = (size: number, kernel: number, stride: number, dilation: number): number =>
    padding === 'SAME' ? Math.ceil(size / stride) : Math.ceil((size - (kernel - 1) * dilation) / stride);
  const shape = [
    batch,
    extent(height, kernelHeight, strides[1] ?? 1, dilations[1] ?? 1),
    extent(width, kernelWidth, strides[2] ?? 1, dilations[2] ?? 1),
    outChannels,
  ];
  return [{ shape, dtype: x.dtype }];
};

const batchMatMul: ShapeRule = ([a, b], attribute) => {
  if (!a || !b || a.shape.length < 2 || b.shape.length < 2) return null;
  const batchShape = broadcastShape([
    { ...a, shape: a.shape.slice(0, -2) },
    { ...b, shape: b.shape.slice(0, -2) },
  ]);
  if (!batchShape) return null;
  const rows = attribute('adj_x') ? a.shape.at(-1) : a.shape.at(-2);
  const columns = attribute('adj_y') ? b.shape.at(-2) : b.shape.at(-1);
  return [{ shape: [...batchShape, rows ?? 0, columns ?? 0], dtype: a.dtype }];
};

const perChannel = (x: KnownInput): OutputMetadata => ({ shape: [x.shape.at(-1) ?? 0], dtype: x.dtype });

const rules: Record<string, ShapeRule> = {
  Conv2D: convolution,
  Conv2DBackpropInput: shapeFromConstant(0, 1),
  Conv2DBackpropFilter: shapeFromConstant(1, 0),
  BatchMatMulV2: batchMatMul,
  Reshape: shapeFromConstant(1, 0),
  Fill: shapeFromConstant(0, 1),
  FusedBatchNormV3: ([x]) =>
    x ? [{ shape: [...x.shape], dtype: x.dtype }, ...Array.from({ length: 5 }, () => perChannel(x))] : null,
  FusedBatchNormGradV3: ([, x]) =>
    x ? [{ shape: [...x.shape], dtype: x.dtype }, ...Array.from({ length: 4 }, () => perChannel(x))] : null,
  BlockLSTM: ([, x, c]) =>
    x && c
      ? Array.from({ length: 7 }, () => ({
          shape: [x.shape[0]!, c.shape[0]!, c.shape[1]!],
          dtype: x.dtype,
        }))
      : null,
  LSTMBlockCellGrad: ([, c]) => {
    if (!c) return null;
    const units = c.shape[1]!;
    const shapes = [[...c.shape], [c.shape[0]!, 4 * units], [units], [units], [units]];
    return shapes.map((shape) => ({ shape, dtype: c.dtype }));
  },
  Cast: ([x], attribute) => (x ? [{ shape: [...x.shape], dtype: attribute('DstT') as number }] : null),
  Select: (inputs) => (inputs[1] ? [{ shape: [...inputs[1].shape], dtype: inputs[1].dtype }] : null),
  SelectV2: (inputs) => {
    const shape = broadcastShape(inputs);
    return shape && inputs[1] ? [{ shape, dtype: inputs[1].dtype }] : null;
  },
};
for (const op of [
  ...[
    'Abs',
    'Elu',
    'Exp',
    'Expm1',
    'Identity',
    'LeakyRelu',
    'Log',
    'Log1p',
    'Neg',
    'Reciprocal',
    'Relu',
    'Rsqrt',
  ],
  ...['Selu', 'Sigmoid', 'Sign', 'Softplus', 'Sqrt', 'Square', 'Tanh', 'ZerosLike', 'OnesLike', 'Softmax'],
  ...['ReluGrad', 'SigmoidGrad', 'TanhGrad', 'EluGrad', 'SoftplusGrad', 'LeakyReluGrad', 'AddN'],
]) {
  rules[op] = likeFirst;
}
for (const op of [
  ...['Add', 'AddV2', 'Sub', 'Mul', 'Div', 'RealDiv', 'DivNoNan', 'Maximum', 'Minimum', 'Pow', 'FloorDiv'],
  ...['SquaredDifference', 'BiasAdd'],
]) {
  rules[op] = broadcast;
}
for (const op of [
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'Equal',
  'NotEqual',
  'LogicalAnd',
  'LogicalOr',
]) {
  rules[op] = compare;
}

/** NumPy broadcasting; null where the shapes do not fit (the op itself will then say so). */
function broadcastShape(inputs: Pick<KnownInput, 'shape'>[]): number[] | null {
  const rank = Math.max(...inputs.map((input) => input.shape.length));
  const result: number[] = [];
  for (let axis = -rank; axis < 0; axis++) {
    const sizes = inputs.map((input) => input.shape.at(axis) ?? 1).filter((size) => size !== 1);
    if (new Set(sizes).size > 1) return null;
    result.push(sizes[0] ?? 1);
  }
  return result;
}
