/** The largest rise of a validation loss within a few epochs, of its mean over some validations. */
export interface ValidationRise {
  /** As a share of what it rose from; 0 where it never rose. */
  share: number;
  /** Epochs from and to which it rose most; equal where it never rose. */
  fromEpoch: number;
  toEpoch: number;
  /** The same of single validations, as they are drawn. */
  singleShare: number;
}

/** Rises are looked for within so many epochs. */
export const riseWithinEpochs = 5;
/** Each validation counts as the mean of so many: itself and those before it. */
export const riseMeanOf = 3;
/** Epochs reckoned from steps are whole but for this. */
const rounding = 1e-6;
/** A larger rise than this share is worth a word. */
export const riseWorthTelling = 0.02;

/**
 * How far a validation loss rose at worst, as one number that runs of any length can be held against. Null of fewer validations
 * than one such stretch has, and of losses that are not above zero, of which no share can be said.
 */
export function greatestRise(losses: ArrayLike<number>, epochs: ArrayLike<number>): ValidationRise | null {
  const values = Array.from(losses);
  if (values.length <= riseWithinEpochs || !values.every((value) => Number.isFinite(value) && value > 0)) {
    return null;
  }
  const means = values.map((_, at) => {
    const last = values.slice(Math.max(0, at + 1 - riseMeanOf), at + 1);
    return last.reduce((sum, value) => sum + value, 0) / last.length;
  });
  return { ...worstRise(means, epochs), singleShare: worstRise(values, epochs).share };
}

function worstRise(
  values: readonly number[],
  epochs: ArrayLike<number>,
): Omit<ValidationRise, 'singleShare'> {
  const epochOf = (at: number): number => epochs[at] ?? Number.NaN;
  let worst = { share: 0, fromEpoch: epochOf(0), toEpoch: epochOf(0) };
  for (const [from, low] of values.entries()) {
    for (let to = from + 1; epochOf(to) - epochOf(from) <= riseWithinEpochs + rounding; to++) {
      const share = values[to]! / low - 1;
      // Of equal rises the one within the fewest epochs.
      if (share > 0 && share >= worst.share) {
        worst = { share, fromEpoch: epochOf(from), toEpoch: epochOf(to) };
      }
    }
  }
  return worst;
}

/** A rise in words that follow the name of a loss. */
export function riseText({ share, fromEpoch, toEpoch, singleShare }: ValidationRise): string {
  if (singleShare === 0) return 'fell at every validation';
  const single = `single ones by up to ${percent(singleShare)} within ${riseWithinEpochs} epochs`;
  const smoothed = `as a mean of ${riseMeanOf} validations`;
  if (share === 0) return `fell throughout ${smoothed}; ${single.replace('ones by', 'ones rose by')}`;
  const stretch = `from epoch ${shown(fromEpoch)} to ${shown(toEpoch)} ${smoothed}; ${single}`;
  return `rose by ${share > riseWorthTelling ? '' : 'no more than '}${percent(share)} ${stretch}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Validations in the middle of an epoch count as a part of it. */
function shown(epoch: number): string {
  return String(Number(epoch.toFixed(1)));
}
