import { describe, expect, it } from 'vitest';
import { affinitiesOf, gaussianAt } from '../../src-main/projection/affinities.ts';
import { chooseRows, philoxUniforms } from '../../src-main/projection/draws.ts';
import { nearestOf, nearestOthers } from '../../src-main/projection/nearest.ts';
import { principalComponents, type Rows } from '../../src-main/projection/pca.ts';
import { QuadTree } from '../../src-main/projection/quad-tree.ts';
import { separationOf } from '../../src-main/projection/separation.ts';
import { divergenceAndGradient, tsne } from '../../src-main/projection/tsne.ts';
import { umap } from '../../src-main/projection/umap.ts';

/** `clusters` clouds far apart in `dimensions`, and the cloud of each row. */
function clouds(clusters: number, each: number, dimensions = 6): { rows: Rows; classOf: Int32Array } {
  const count = clusters * each;
  const noise = philoxUniforms(1, count * dimensions);
  const classOf = Int32Array.from({ length: count }, (_, row) => row % clusters);
  const data = Float32Array.from(noise, (value, at) => {
    const row = Math.floor(at / dimensions);
    return value + (at % dimensions === classOf[row]! % dimensions ? 12 : 0);
  });
  return { rows: { data, count, dimensions }, classOf };
}

function run<Step, Result>(steps: Generator<Step, Result>, look?: (step: Step) => void): Result {
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) look?.(step.value);
  return step.value;
}

function mapOf(rows: Rows, seed = 0, iterations = 300) {
  const { scores, components } = principalComponents(rows, 2);
  const nearest = run(nearestOthers(rows, 30));
  const divergences: number[] = [];
  const layout = run(
    tsne(affinitiesOf(nearest, 10), Float64Array.from(scores), { iterations, seed }),
    ({ divergence }) => divergences.push(divergence),
  );
  expect(components).toBe(2);
  return { layout, divergences };
}

const asRows = (layout: Float64Array): Rows => ({
  data: Float32Array.from(layout),
  count: layout.length / 2,
  dimensions: 2,
});

describe('nearestOthers', () => {
  it('agrees with sorting all distances', () => {
    const { rows } = clouds(3, 20);
    const { rows: found, distances, k } = run(nearestOthers(rows, 7));
    for (let row = 0; row < rows.count; row++) {
      const at = (one: number) => rows.data.subarray(one * 6, one * 6 + 6);
      const all = Array.from({ length: rows.count }, (_, other) => ({
        other,
        d: Math.hypot(...Array.from(at(row), (value, i) => value - at(other)[i]!)),
      }))
        .filter(({ other }) => other !== row)
        .sort((a, b) => a.d - b.d || a.other - b.other);
      expect([...found.subarray(row * k, row * k + k)]).toEqual(all.slice(0, 7).map(({ other }) => other));
      expect(distances[row * k]).toBeCloseTo(all[0]!.d, 6);
    }
    expect(nearestOf(rows, 0, 1000).rows).toHaveLength(rows.count - 1);
  });
});

describe('affinities', () => {
  it('have the perplexity asked for, are symmetric and sum to 1', () => {
    const squares = Float64Array.from({ length: 90 }, (_, at) => (at + 1) ** 1.5);
    for (const perplexity of [2, 5, 30, 80]) {
      const p = gaussianAt(squares, perplexity);
      const entropy = -p.reduce((sum, value) => sum + (value > 0 ? value * Math.log(value) : 0), 0);
      expect(Math.exp(entropy)).toBeCloseTo(perplexity, 1);
    }
    const { count, starts, columns, values } = affinitiesOf(run(nearestOthers(clouds(3, 20).rows, 15)), 5);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    const at = new Map<string, number>();
    for (let i = 0; i < count; i++) {
      for (let j = starts[i]!; j < starts[i + 1]!; j++) at.set(`${i},${columns[j]}`, values[j]!);
    }
    for (const [key, value] of at) expect(at.get(key.split(',').reverse().join(','))).toBe(value);
  });

  it('share alike among points that are all the same', () => {
    expect([...gaussianAt(new Float64Array(4), 2)]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});

describe('t-SNE', () => {
  it('has the gradient that small moves measure', () => {
    const affinities = affinitiesOf(run(nearestOthers(clouds(3, 6).rows, 12)), 4);
    const layout = philoxUniforms(3, 2 * 18).map((value) => 4 * value);
    const exact = { theta: 0, exaggeration: 1 };
    const gradient = new Float64Array(layout.length);
    divergenceAndGradient(affinities, layout, gradient, exact);
    const moved = (at: number, by: number): number =>
      divergenceAndGradient(
        affinities,
        layout.map((value, one) => (one === at ? value + by : value)),
        new Float64Array(layout.length),
        exact,
      );
    for (const [at, slope] of gradient.entries()) {
      expect(slope).toBeCloseTo((moved(at, 1e-5) - moved(at, -1e-5)) / 2e-5, 7);
    }
  });

  it('is pushed by a quad tree as by each pair, and nearly so where far points are taken together', () => {
    const layout = philoxUniforms(5, 800).map((value) => 30 * value * value);
    layout.set(layout.subarray(0, 2), 2);
    const tree = new QuadTree(400);
    tree.fill(layout);
    for (const i of [0, 1, 57, 399]) {
      let [x, y, weights] = [0, 0, 0];
      for (let j = 0; j < 400; j++) {
        if (j === i) continue;
        const dx = layout[2 * i]! - layout[2 * j]!;
        const dy = layout[2 * i + 1]! - layout[2 * j + 1]!;
        const weight = 1 / (1 + dx * dx + dy * dy);
        x += weight * weight * dx;
        y += weight * weight * dy;
        weights += weight;
      }
      const push = { x: 0, y: 0, weights: 0 };
      tree.pushOn(layout[2 * i]!, layout[2 * i + 1]!, 0, push);
      expect(push).toEqual({
        x: expect.closeTo(x, 9),
        y: expect.closeTo(y, 9),
        weights: expect.closeTo(weights, 9),
      });
      tree.pushOn(layout[2 * i]!, layout[2 * i + 1]!, 0.5, push);
      expect(Math.abs(push.weights - weights) / weights).toBeLessThan(0.03);
    }
  });

  it('keeps known clusters apart, with a divergence that falls, the same for the same seed', () => {
    const { rows, classOf } = clouds(4, 30);
    const { layout, divergences } = mapOf(rows);
    const figures = separationOf(asRows(layout), classOf, 4, 5);
    expect(figures.silhouette).toBeGreaterThan(0.6);
    expect(figures.knnAccuracy).toBe(1);
    expect(divergences.at(-1)).toBeLessThan(divergences[0]! / 3);
    expect([...mapOf(rows).layout]).toEqual([...layout]);
    expect([...mapOf(rows, 1).layout]).not.toEqual([...layout]);
  });

  it('stays finite where all codes are the same', () => {
    const { layout } = mapOf({ data: new Float32Array(40 * 3).fill(2), count: 40, dimensions: 3 });
    expect(layout.every(Number.isFinite)).toBe(true);
  });

  it('takes far points together on more than a thousand', () => {
    const { rows, classOf } = clouds(3, 400, 3);
    const { layout } = mapOf(rows, 0, 120);
    expect(separationOf(asRows(layout), classOf, 3, 5).knnAccuracy).toBeGreaterThan(0.99);
  });
});

describe('UMAP', () => {
  it('keeps known clusters apart, the same for the same seed', () => {
    const { rows, classOf } = clouds(3, 25);
    const map = (seed: number) => run(umap(rows, run(nearestOthers(rows, 9)), { seed, minDist: 0.1 }));
    const layout = map(2);
    expect(separationOf(asRows(layout), classOf, 3, 5).knnAccuracy).toBe(1);
    expect([...map(2)]).toEqual([...layout]);
    expect([...map(3)]).not.toEqual([...layout]);
  });
});

describe('separation', () => {
  it('is what can be reckoned by hand', () => {
    // Two pairs on a line: within 1, to the other pair 9.5 and 10.5 on average.
    const rows = { data: Float32Array.from([0, 1, 10, 11]), count: 4, dimensions: 1 };
    const { silhouette, knnAccuracy } = separationOf(rows, Int32Array.from([0, 0, 1, 1]), 2, 1);
    expect(silhouette).toBeCloseTo(((10.5 - 1) / 10.5 + (9.5 - 1) / 9.5) / 2, 12);
    expect(knnAccuracy).toBe(1);
    // The classes mixed: every nearest other is of the other class.
    const mixed = separationOf(rows, Int32Array.from([0, 1, 0, 1]), 2, 1);
    expect(mixed.knnAccuracy).toBe(0);
    expect(mixed.silhouette).toBeLessThan(0);
    // Alone in its class it counts nothing.
    expect(separationOf(rows, Int32Array.from([0, 1, 2, 3]), 4, 1).silhouette).toBe(0);
  });

  it('chooses rows alike for a seed, each at most once', () => {
    expect([...chooseRows(5, 9, 0)]).toEqual([0, 1, 2, 3, 4]);
    const chosen = chooseRows(1000, 100, 7);
    expect(new Set(chosen).size).toBe(100);
    expect([...chooseRows(1000, 100, 7)]).toEqual([...chosen]);
  });
});
