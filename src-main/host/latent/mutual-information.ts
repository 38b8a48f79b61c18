/**
 * Normalised mutual information of two divisions of the same things, 2 I(a; b) / (H(a) + H(b)): 0 where one tells nothing
 * of the other, 1 where they are the same but for names (Strehl and Ghosh 2002 have the geometric mean below). A negative
 * number is in no part: such things are left out. Null where nothing is left, or neither side tells anything apart.
 */
export function mutualInformation(first: Int32Array, second: Int32Array): number | null {
  const [ofFirst, ofSecond, together] = [
    new Map<number, number>(),
    new Map<number, number>(),
    new Map<string, number>(),
  ];
  let count = 0;
  for (const [at, one] of first.entries()) {
    const other = second[at];
    if (other === undefined || one < 0 || other < 0) continue;
    count++;
    add(ofFirst, one);
    add(ofSecond, other);
    add(together, `${one} ${other}`);
  }
  if (count === 0 || (ofFirst.size === 1 && ofSecond.size === 1)) return null;
  const entropy = (parts: ReadonlyMap<unknown, number>): number =>
    -[...parts.values()].reduce((sum, part) => sum + (part / count) * Math.log(part / count), 0);
  const [one, other] = [entropy(ofFirst), entropy(ofSecond)];
  return Math.max(0, (2 * (one + other - entropy(together))) / (one + other));
}

/**
 * How pure a division is in another: the share of things that are in the largest part of `classes` within their part of `parts`. 1
 * where no part mixes two. A negative number is in none: such things are left out. Null where nothing is left.
 */
export function purity(parts: Int32Array, classes: Int32Array): number | null {
  const counts = new Map<number, Map<number, number>>();
  let count = 0;
  for (const [at, part] of parts.entries()) {
    const one = classes[at];
    if (one === undefined || part < 0 || one < 0) continue;
    count++;
    const within = counts.get(part) ?? new Map<number, number>();
    counts.set(part, within);
    add(within, one);
  }
  const pure = [...counts.values()].reduce((sum, within) => sum + Math.max(...within.values()), 0);
  return count === 0 ? null : pure / count;
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
