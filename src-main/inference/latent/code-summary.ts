import { sizeOf } from '../../models/parameters.ts';
import type { LoadedModel, PosteriorValues } from '../loaded-model.ts';

/**
 * Numbers of the code of a clip that are kept at most. A code with positions easily has a hundred times as many (1,024 positions of
 * 128 numbers): a split of thousands of clips would take gigabytes, and its principal components hours.
 */
const mostKept = 1024;

/** Positions whose vectors are averaged where codes are kept; null where they are kept whole. */
export function averagedOver({ grid, latentDim }: Pick<LoadedModel, 'grid' | 'latentDim'>): number | null {
  return grid && latentDim > mostKept ? sizeOf(grid.grid) : null;
}

/** Of codes `[clips, positions * channels]` the mean over their positions, `[clips, channels]`; of variances their logarithm's. */
export function averageOverPositions(
  { mean, logVar, klNats }: PosteriorValues,
  positions: number,
): PosteriorValues {
  const clips = klNats.length;
  const average = (values: Float32Array): Float32Array => {
    const channels = values.length / (clips * positions);
    const sums = new Float64Array(clips * channels);
    for (const [at, value] of values.entries()) {
      const clip = Math.floor(at / (positions * channels));
      sums[clip * channels + (at % channels)]! += value / positions;
    }
    return Float32Array.from(sums);
  };
  return { mean: average(mean), logVar: average(logVar), klNats };
}
