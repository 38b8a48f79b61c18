import { NearestList } from './nearest.ts';
import type { Rows } from './pca.ts';

export interface Separation {
  /** Mean silhouette over the rows. */
  silhouette: number;
  /** Share of rows whose k nearest others vote for their class. */
  knnAccuracy: number;
  perClass: { silhouette: number; knnAccuracy: number; count: number }[];
}

/**
 * How far apart classes lie. `classOf` gives each row's class, 0..classes-1. Silhouette (P. Rousseeuw, J. Comput. Appl.
 * Math. 20, 1987): (b - a) / max(a, b), a the mean distance to the others of its class, b the least mean distance to
 * another class; 0 for a row alone in its class. k nearest neighbours leave the row itself out; a tie goes to the class
 * whose member is nearest. O(count² x dimensions).
 */
export function separationOf(rows: Rows, classOf: Int32Array, classes: number, k: number): Separation {
  const { data, count, dimensions } = rows;
  const sizes = new Int32Array(classes);
  for (const one of classOf) sizes[one] = sizes[one]! + 1;
  const sums = new Float64Array(count * classes);
  const lists = Array.from({ length: count }, () => new NearestList(Math.min(k, count - 1)));
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      let squares = 0;
      for (let at = 0; at < dimensions; at++) {
        const difference = data[i * dimensions + at]! - data[j * dimensions + at]!;
        squares += difference * difference;
      }
      const distance = Math.sqrt(squares);
      const toJ = i * classes + classOf[j]!;
      const toI = j * classes + classOf[i]!;
      sums[toJ] = sums[toJ]! + distance;
      sums[toI] = sums[toI]! + distance;
      lists[i]!.offer(j, squares);
      lists[j]!.offer(i, squares);
    }
  }
  const perClass = Array.from(sizes, (size) => ({ silhouette: 0, knnAccuracy: 0, count: size }));
  const all = { silhouette: 0, knnAccuracy: 0 };
  for (let i = 0; i < count; i++) {
    const own = classOf[i]!;
    const width = silhouetteOf(sums.subarray(i * classes, (i + 1) * classes), own, sizes);
    const right = winnerOf(lists[i]!.rows, classOf, classes) === own ? 1 : 0;
    all.silhouette += width;
    all.knnAccuracy += right;
    const mine = perClass[own]!;
    mine.silhouette += width;
    mine.knnAccuracy += right;
  }
  return {
    silhouette: all.silhouette / Math.max(1, count),
    knnAccuracy: all.knnAccuracy / Math.max(1, count),
    perClass: perClass.map((one) => ({
      silhouette: one.silhouette / Math.max(1, one.count),
      knnAccuracy: one.knnAccuracy / Math.max(1, one.count),
      count: one.count,
    })),
  };
}

function silhouetteOf(sums: Float64Array, own: number, sizes: Int32Array): number {
  if (sizes[own]! < 2) return 0;
  const within = sums[own]! / (sizes[own]! - 1);
  let nearest = Infinity;
  for (let other = 0; other < sizes.length; other++) {
    if (other !== own && sizes[other]! > 0) nearest = Math.min(nearest, sums[other]! / sizes[other]!);
  }
  const larger = Math.max(within, nearest);
  return larger === 0 ? 0 : (nearest - within) / larger;
}

function winnerOf(nearest: Int32Array, classOf: Int32Array, classes: number): number {
  const votes = new Int32Array(classes);
  for (const row of nearest) votes[classOf[row]!] = votes[classOf[row]!]! + 1;
  const most = Math.max(...votes);
  // In order of distance: the first of a class with the most votes.
  for (const row of nearest) if (votes[classOf[row]!] === most) return classOf[row]!;
  return -1;
}
