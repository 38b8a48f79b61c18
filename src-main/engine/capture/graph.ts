/** TensorFlow's data type numbers, as in the binding and in a GraphDef. */
export const dataType = { float32: 1, int32: 3, string: 7, complex64: 8, bool: 10, resource: 20 } as const;

/** The value of a node's attribute, by its kind in a GraphDef. */
export type AttributeValue =
  | { kind: 'string'; value: string | string[] }
  | { kind: 'int'; value: number | number[] }
  | { kind: 'float'; value: number | number[] }
  | { kind: 'bool'; value: boolean | boolean[] }
  | { kind: 'type'; value: number }
  | { kind: 'shape'; value: readonly number[] }
  | { kind: 'tensor'; value: ConstantValue };

export interface ConstantValue {
  dtype: number;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** One output of a node. */
export interface NodeOutput {
  node: GraphNode;
  index: number;
}

/** One recorded operation. */
export interface GraphNode {
  name: string;
  op: string;
  inputs: NodeOutput[];
  /** Nodes that must have run before this one. */
  controls: GraphNode[];
  attributes: Record<string, AttributeValue>;
}

/** The input as a GraphDef writes it: `name` or `name:index`. */
export function outputName({ node, index }: NodeOutput): string {
  return index === 0 ? node.name : `${node.name}:${index}`;
}

/** A node that holds a constant; one that is the same number everywhere becomes a Fill, so that the graph stays small. */
export function bytesPerElement(dtype: number): number {
  return dtype === dataType.bool ? 1 : 4;
}

/** How many numbers a tensor of that shape has; 1 for a scalar, `[]`. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
