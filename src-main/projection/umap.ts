import { UMAP } from 'umap-js';
import { philoxDraw } from './draws.ts';
import type { Nearest } from './nearest.ts';
import type { Rows } from './pca.ts';

export interface UmapStep {
  iteration: number;
  iterations: number;
  layout: Float64Array;
}

/**
 * UMAP (L. McInnes, J. Healy, J. Melville, arXiv 1802.03426) by umap-js, given our exact neighbours and our seeded
 * numbers, so that the same seed gives the same map. Yields after every epoch.
 */
export function* umap(
  rows: Rows,
  nearest: Nearest,
  options: { seed: number; minDist: number },
): Generator<UmapStep, Float64Array> {
  const { data, count, dimensions } = rows;
  const { k } = nearest;
  const reducer = new UMAP({
    nComponents: 2,
    nNeighbors: k + 1,
    minDist: options.minDist,
    random: philoxDraw(options.seed),
  });
  const list = (values: Float32Array | Float64Array | Int32Array, row: number, width: number): number[] =>
    Array.from(values.subarray(row * width, (row + 1) * width));
  const all = Array.from({ length: count }, (_, row) => row);
  // A row is its own first neighbour there.
  reducer.setPrecomputedKNN(
    all.map((row) => [row, ...list(nearest.rows, row, k)]),
    all.map((row) => [0, ...list(nearest.distances, row, k)]),
  );
  const iterations = reducer.initializeFit(all.map((row) => list(data, row, dimensions)));
  for (let iteration = 1; iteration <= iterations; iteration++) {
    reducer.step();
    yield { iteration, iterations, layout: flat(reducer.getEmbedding()) };
  }
  return flat(reducer.getEmbedding());
}

function flat(embedding: readonly (readonly number[])[]): Float64Array {
  const layout = new Float64Array(2 * embedding.length);
  for (const [at, [x = 0, y = 0]] of embedding.entries()) {
    layout[2 * at] = x;
    layout[2 * at + 1] = y;
  }
  return layout;
}
