/** What the signed-rank test says of paired differences. */
export interface SignedRank {
  /** Sum of the ranks of the positive differences. */
  positiveRankSum: number;
  /** Differences that are not zero: only they are ranked. */
  n: number;
  /** Two-sided. */
  pValue: number;
  method: 'exact' | 'normal';
}

/** Above this the exact distribution says what the normal one says. */
const mostExact = 50;

/**
 * The Wilcoxon signed-rank test of whether `differences` lie about zero: F. Wilcoxon, "Individual comparisons by ranking
 * methods", Biometrics Bulletin 1, 1945. Zeros are left out (as Wilcoxon did), equal sizes share the mean of their ranks.
 * Exact up to 50 differences without ties; else the normal approximation with the variance corrected for ties and half a
 * rank for continuity. Null where no difference is left.
 */
export function signedRank(differences: readonly number[]): SignedRank | null {
  const signed = differences.filter((difference) => difference !== 0);
  const n = signed.length;
  if (n === 0) return null;
  const order = signed.map((value) => ({ size: Math.abs(value), value })).sort((a, b) => a.size - b.size);
  let positiveRankSum = 0;
  let tieTerm = 0;
  for (let from = 0; from < n;) {
    let to = from;
    while (to < n && order[to]!.size === order[from]!.size) to++;
    // Ranks from + 1 .. to share their mean.
    const rank = (from + 1 + to) / 2;
    const equal = to - from;
    tieTerm += equal ** 3 - equal;
    for (let at = from; at < to; at++) if (order[at]!.value > 0) positiveRankSum += rank;
    from = to;
  }
  const exact = n <= mostExact && tieTerm === 0;
  const pValue = exact ? exactPValue(n, positiveRankSum) : normalPValue(n, positiveRankSum, tieTerm);
  return { positiveRankSum, n, pValue, method: exact ? 'exact' : 'normal' };
}

/** Of all 2^n sign patterns, the share whose rank sum is at least as far from the middle. */
function exactPValue(n: number, rankSum: number): number {
  const most = (n * (n + 1)) / 2;
  // ways[s]: sign patterns of the ranks so far whose positive ones sum to s, as a share of all of them.
  const ways = new Float64Array(most + 1);
  ways[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = most; sum >= 0; sum--) {
      ways[sum] = 0.5 * (ways[sum]! + (sum >= rank ? ways[sum - rank]! : 0));
    }
  }
  const tail = Math.min(rankSum, most - rankSum);
  let share = 0;
  for (let sum = 0; sum <= tail; sum++) share += ways[sum]!;
  return Math.min(1, 2 * share);
}

function normalPValue(n: number, rankSum: number, tieTerm: number): number {
  const mean = (n * (n + 1)) / 4;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tieTerm / 48;
  const distance = Math.max(0, Math.abs(rankSum - mean) - 0.5);
  return Math.min(1, 2 * upperTail(distance / Math.sqrt(variance)));
}

/** Probability above `z` of the standard normal: the continued fraction far out, the series near zero. */
function upperTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    let [term, sum] = [z, z];
    for (let k = 1; Math.abs(term) > 1e-17 * sum; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / (z + fraction);
  return density / (z + fraction);
}
