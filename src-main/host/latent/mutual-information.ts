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

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
