import type { AttributeValue, GraphNode, NodeOutput } from './graph.ts';

/** A matrix that fewer products than this read transposed is left to them. */
const fewestProducts = 4;

/**
 * A weight that every step of a recurrence multiplies with transposed, `x_t W^T`, is transposed anew inside each of those
 * small products, which takes up to as long as multiplying. Returns the nodes with such a weight transposed once, for all of
 * them: the same numbers. (By Einsum: TensorFlow's optimiser would fold a Transpose back into every product.)
 */
export function sharedTransposes(nodes: readonly GraphNode[]): GraphNode[] {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const key = transposedWeight(node);
    if (key) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const turned = new Map<string, GraphNode>();
  return nodes.flatMap((node) => {
    const key = transposedWeight(node);
    if (!key || (counts.get(key) ?? 0) < fewestProducts) return [node];
    const known = turned.get(key);
    const [x, weight] = node.inputs as [NodeOutput, NodeOutput];
    const transposed =
      known ?? transpose(weight, `${node.name}/transposed`, node.attributes.T as AttributeValue);
    turned.set(key, transposed);
    node.inputs = [x, { node: transposed, index: 0 }];
    node.attributes = { ...node.attributes, transpose_b: { kind: 'bool', value: false } };
    return known ? [node] : [transposed, node];
  });
}

/** What a product multiplies with transposed, from the right. */
function transposedWeight({ op, inputs, attributes }: GraphNode): string | null {
  const { transpose_b: transposed } = attributes;
  const weight = inputs[1];
  if (op !== 'MatMul' || !weight || transposed?.kind !== 'bool' || transposed.value !== true) return null;
  return `${weight.node.name}:${weight.index}`;
}

function transpose(matrix: NodeOutput, name: string, type: AttributeValue): GraphNode {
  return {
    name,
    op: 'Einsum',
    inputs: [matrix],
    controls: [],
    attributes: {
      equation: { kind: 'string', value: 'ij->ji' },
      N: { kind: 'int', value: 1 },
      T: type,
    },
  };
}
