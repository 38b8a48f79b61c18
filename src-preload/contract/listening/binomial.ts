/**
 * How likely it is to get at least `correct` of `trials` right by guessing between two: the exact one-sided binomial tail
 * with p = 1/2. Counted in whole numbers, so that it is right to the last bit of a double for any number of trials.
 *
 * @throws RangeError where `correct` is not within 0 to `trials`.
 */
export function binomialTail(correct: number, trials: number): number {
  if (!Number.isInteger(trials) || !Number.isInteger(correct) || correct < 0 || correct > trials) {
    throw new RangeError(`${correct} of ${trials} cannot be right`);
  }
  // Ways to get exactly `right` of them: from all right downwards, C(n, n) = 1.
  let ways = 1n;
  let tail = 0n;
  for (let right = trials; right >= correct; right--) {
    tail += ways;
    ways = (ways * BigInt(right)) / BigInt(trials - right + 1);
  }
  return overPowerOfTwo(tail, trials);
}

/** The fewest that have to be right of `trials` for a tail of at most `level`; null where not even all of them will do. */
export function fewestCorrect(trials: number, level: number): number | null {
  for (let correct = 0; correct <= trials; correct++) {
    if (binomialTail(correct, trials) <= level) return correct;
  }
  return null;
}

/** value / 2^power, also where 2^power or the value is beyond what a double holds. */
function overPowerOfTwo(value: bigint, power: number): number {
  const spare = Math.max(0, value.toString(2).length - 64);
  return Number(value >> BigInt(spare)) * 2 ** (spare - power);
}
