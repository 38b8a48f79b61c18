import type { AttributeValue, GraphNode, NodeOutput } from './graph.ts';
import { dataType } from './graph.ts';

/** Fewer terms than this are not worth two concatenations. */
const fewestTerms = 4;

/**
 * The gradient of a weight used at every step of a recurrence arrives as a sum of one product a step,
 * `sum_t a_t^T b_t`, each too small to keep a core busy. It equals one product of the sequences laid end to end,
 * `concat(a)^T concat(b)`; likewise a bias's `sum_t sum_rows(x_t)`. Returns the nodes with such sums replaced
 * (the order of additions changes, so the last digits may).
 */
export function batchSums(nodes: readonly GraphNode[]): GraphNode[] {
  const consumers = countConsumers(nodes);
  const result: GraphNode[] = [];
  const inner = innerAdds(nodes, consumers);
  for (const node of nodes) {
    if (isAdd(node) && !inner.has(node)) {
      const terms = collectTerms(node, inner, consumers);
      if (terms.length >= fewestTerms) replaceSum(node, terms, result);
    }
    result.push(node);
  }
  return result;
}

function isAdd({ op, inputs }: GraphNode): boolean {
  return (op === 'Add' || op === 'AddV2') && inputs.length === 2;
}

function countConsumers(nodes: readonly GraphNode[]): Map<GraphNode, number> {
  const consumers = new Map<GraphNode, number>();
  for (const { inputs, controls } of nodes) {
    for (const node of [...inputs.map((input) => input.node), ...controls]) {
      consumers.set(node, (consumers.get(node) ?? 0) + 1);
    }
  }
  return consumers;
}

/** Additions whose only use is another addition: they are inside a sum, not its root. */
function innerAdds(nodes: readonly GraphNode[], consumers: ReadonlyMap<GraphNode, number>): Set<GraphNode> {
  const inner = new Set<GraphNode>();
  for (const node of nodes) {
    if (!isAdd(node)) continue;
    for (const input of node.inputs) {
      if (isAdd(input.node) && consumers.get(input.node) === 1) inner.add(input.node);
    }
  }
  return inner;
}

/** The terms of the sum under `root`, or none unless all are of one kind that can be batched. */
function collectTerms(
  root: GraphNode,
  inner: ReadonlySet<GraphNode>,
  consumers: ReadonlyMap<GraphNode, number>,
): GraphNode[] {
  const terms: GraphNode[] = [];
  const pending: NodeOutput[] = [...root.inputs];
  const kind = { value: '' };
  while (pending.length > 0) {
    const { node } = pending.pop() as NodeOutput;
    if (inner.has(node)) {
      pending.push(...node.inputs);
      continue;
    }
    const found = consumers.get(node) === 1 ? termKind(node) : null;
    if (!found || (kind.value && kind.value !== found)) return [];
    kind.value = found;
    terms.push(node);
  }
  return terms.reverse();
}

function termKind({ op, inputs, attributes }: GraphNode): string | null {
  if (op === 'MatMul' && isTrue(attributes.transpose_a) && !isTrue(attributes.transpose_b)) return 'product';
  if (op !== 'Sum' || isTrue(attributes.keep_dims)) return null;
  const axes = inputs[1]?.node.attributes.value;
  if (axes?.kind !== 'tensor' || axes.value.bytes.length !== 4) return null;
  return axes.value.bytes.every((byte) => byte === 0) ? `rows:${inputs[1]?.node.name}` : null;
}

function isTrue(attribute: AttributeValue | undefined): boolean {
  return attribute?.kind === 'bool' && attribute.value === true;
}

/** Turns `root` into the batched form; what it needs goes into `result` before it. */
function replaceSum(root: GraphNode, terms: GraphNode[], result: GraphNode[]): void {
  const first = terms[0] as GraphNode;
  const axis: GraphNode = {
    name: `${root.name}/axis`,
    op: 'Const',
    inputs: [],
    controls: [],
    attributes: {
      dtype: { kind: 'type', value: dataType.int32 },
      value: { kind: 'tensor', value: { dtype: dataType.int32, shape: [], bytes: new Uint8Array(4) } },
    },
  };
  result.push(axis);
  const join = (side: number): NodeOutput => {
    const node: GraphNode = {
      name: `${root.name}/join_${side}`,
      op: 'ConcatV2',
      inputs: [...terms.map((term) => term.inputs[side] as NodeOutput), { node: axis, index: 0 }],
      controls: [],
      attributes: {
        N: { kind: 'int', value: terms.length },
        T: first.attributes.T as AttributeValue,
        Tidx: { kind: 'type', value: dataType.int32 },
      },
    };
    result.push(node);
    return { node, index: 0 };
  };
  root.inputs = first.op === 'MatMul' ? [join(0), join(1)] : [join(0), first.inputs[1] as NodeOutput];
  root.op = first.op;
  root.attributes = first.attributes;
}

/** The nodes that the roots need, in their order. */
export function reachable(nodes: readonly GraphNode[], roots: readonly GraphNode[]): GraphNode[] {
  const needed = new Set<GraphNode>();
  const pending = [...roots];
  while (pending.length > 0) {
    const node = pending.pop() as GraphNode;
    if (needed.has(node)) continue;
    needed.add(node);
    for (const input of node.inputs) pending.push(input.node);
    pending.push(...node.controls);
  }
  return nodes.filter((node) => needed.has(node));
}
