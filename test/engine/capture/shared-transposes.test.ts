import { describe, expect, it } from 'vitest';
import { dataType, type GraphNode } from '../../../src-main/engine/capture/graph.ts';
import { sharedTransposes } from '../../../src-main/engine/capture/shared-transposes.ts';

const placeholder = (name: string): GraphNode => ({
  name,
  op: 'Placeholder',
  inputs: [],
  controls: [],
  attributes: {},
});

/** `count` products of different rows with `weight`. */
function products(weight: GraphNode, count: number, transposed: boolean): GraphNode[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${weight.name}/product_${index}`,
    op: 'MatMul',
    inputs: [
      { node: placeholder(`x_${index}`), index: 0 },
      { node: weight, index: 0 },
    ],
    controls: [],
    attributes: {
      T: { kind: 'type', value: dataType.float32 },
      transpose_a: { kind: 'bool', value: false },
      transpose_b: { kind: 'bool', value: transposed },
    },
  }));
}

describe('sharedTransposes', () => {
  it('transposes a weight once, before the first of the many products that want it transposed', () => {
    const weight = placeholder('weight');
    const nodes = sharedTransposes([weight, ...products(weight, 6, true)]);
    expect(nodes.map(({ op }) => op)).toEqual(['Placeholder', 'Einsum', ...Array(6).fill('MatMul')]);
    const [, transposed, ...rest] = nodes;
    expect(transposed?.inputs).toEqual([{ node: weight, index: 0 }]);
    for (const { inputs, attributes } of rest) {
      expect(inputs[1]?.node).toBe(transposed);
      expect(attributes.transpose_b).toEqual({ kind: 'bool', value: false });
    }
  });

  it('leaves few products alone, and those that want the weight as it is', () => {
    const [few, plain] = [placeholder('few'), placeholder('plain')];
    const nodes = [few, plain, ...products(few, 2, true), ...products(plain, 9, false)];
    const before = nodes.map((node) => ({ ...node }));
    expect(sharedTransposes(nodes)).toEqual(before);
  });
});
