import type { SamplerFigures } from '../../src-preload/contract/commands/samplers.ts';
import { embeddingSize } from './net.ts';

/** What a classifier says of sounds: `[count, classes]` and `[count, embeddingSize]`. */
export interface Classified {
  count: number;
  classes: number;
  probabilities: Float32Array;
  embeddings: Float32Array;
}

/** The likeliest class of each sound, and how likely. */
export function verdicts({
  count,
  classes,
  probabilities,
}: Classified): { label: number; confidence: number }[] {
  return Array.from({ length: count }, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    const confidence = own.reduce((most, value) => Math.max(most, value), 0);
    return { label: own.indexOf(confidence), confidence };
  });
}

/** The row of `among` that lies nearest to each row of `of`, by Euclidean distance of embeddings; -1 where there is none. */
export function nearest(of: Classified, among: Classified): { row: number; distance: number }[] {
  return Array.from({ length: of.count }, (_, row) => {
    let best = { row: -1, distance: Infinity };
    for (let other = 0; other < among.count; other++) {
      const distance = distanceBetween(of, row, among, other);
      if (distance < best.distance) best = { row: other, distance };
    }
    return best;
  });
}

/**
 * Figures of a set of sounds. `labels` are the right classes, null where there are none; `real` scales its confidence; `train` is what
 * neighbours are looked for in.
 */
export function figuresOf(
  set: Classified,
  context: { labels: readonly number[] | null; real: Classified; train: Classified },
): SamplerFigures {
  const { labels, real, train } = context;
  const own = verdicts(set);
  const counts = new Float64Array(set.classes);
  for (const { label } of own) counts[label]!++;
  const confidence = mean(own.map((one) => one.confidence));
  const right = labels && own.filter(({ label }, row) => label === labels[row]).length / set.count;
  return {
    count: set.count,
    accuracy: right,
    confidence,
    confidenceOfReal: confidence / mean(verdicts(real).map((one) => one.confidence)),
    labelEntropyBits: counts.reduce((sum, count) => sum - plogp(count / set.count), 0),
    labels: counts.filter((count) => count > 0).length,
    diversity: meanDistance(set),
    nearestDistance: median(nearest(set, train).map(({ distance }) => distance)),
  };
}

function plogp(share: number): number {
  return share === 0 ? 0 : share * Math.log2(share);
}

/** Mean distance of two different sounds of a set; 0 for one sound. */
function meanDistance(set: Classified): number {
  let [sum, pairs] = [0, 0];
  for (let row = 0; row < set.count; row++) {
    for (let other = 0; other < row; other++, pairs++) sum += distanceBetween(set, row, set, other);
  }
  return pairs === 0 ? 0 : sum / pairs;
}

function distanceBetween(one: Classified, row: number, other: Classified, otherRow: number): number {
  let squares = 0;
  for (let at = 0; at < embeddingSize; at++) {
    squares +=
      (one.embeddings[row * embeddingSize + at]! - other.embeddings[otherRow * embeddingSize + at]!) ** 2;
  }
  return Math.sqrt(squares);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
