/** What a code of discrete cells carries. */
export interface CodeFigures {
  /** Mean over the positions of a code of the entropy of the cells used there, in bits a number. */
  entropyBits: number;
  /** 2 to the entropy: as many cells, used alike, would carry as much. */
  perplexity: number;
}

/**
 * Entropy and perplexity of codes: C. E. Shannon, "A mathematical theory of communication", 1948, from the relative
 * frequencies of the cells (the plug-in estimate, which is low for few clips). `codes` is `[clips, positions]`, each number
 * the index of a cell. Null without codes.
 */
export function codeFigures(codes: ArrayLike<number>, positions: number): CodeFigures | null {
  const clips = positions > 0 ? Math.floor(codes.length / positions) : 0;
  if (clips === 0) return null;
  let sum = 0;
  for (let position = 0; position < positions; position++) {
    const counts = new Map<number, number>();
    for (let clip = 0; clip < clips; clip++) {
      const cell = codes[clip * positions + position]!;
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    for (const count of counts.values()) sum -= (count / clips) * Math.log2(count / clips);
  }
  const entropyBits = Math.max(0, sum / positions);
  return { entropyBits, perplexity: 2 ** entropyBits };
}
