import type { Matrix } from './matrix.ts';

export interface DeltaOptions {
  /** Frames that each value is fitted over; odd, from 3 up. 9 by default, as in librosa (torchaudio: 5). */
  width?: number;
  /** 1 for the slope, 2 for the curvature. */
  order?: 1 | 2;
  /**
   * At the ends: `interp` (librosa's default) fits the first and last whole window, and needs one; `nearest` repeats the end
   * frames (torchaudio's `replicate`).
   */
  mode?: 'interp' | 'nearest';
}

/**
 * Local derivatives along time, `[bins, frames]`: the derivative of the polynomial of that order that fits each frame's
 * neighbours best (A. Savitzky, M. Golay, 1964), as `librosa.feature.delta`.
 */
export function deltas(features: Matrix, options: DeltaOptions = {}): Matrix<Float64Array> {
  const { width = 9, order = 1, mode = 'interp' } = options;
  const { bins, frames, data } = features;
  if (!Number.isInteger(width) || width < 3 || width % 2 === 0)
    throw new RangeError(`A width of ${width} frames for deltas: an odd number from 3 up is needed.`);
  if (mode === 'interp' && width > frames)
    throw new RangeError(`Deltas over ${width} frames need as many; there are ${frames}.`);
  const weights = derivativeWeights(width, order);
  const reach = (width - 1) / 2;
  const output = new Float64Array(data.length);
  for (let bin = 0; bin < bins; bin++) {
    const row = bin * frames;
    for (let frame = 0; frame < frames; frame++) {
      // A derivative as high as the polynomial is constant over its window: the ends take that of the nearest whole one.
      const centre = mode === 'interp' ? Math.max(reach, Math.min(frames - 1 - reach, frame)) : frame;
      let sum = 0;
      for (let offset = -reach; offset <= reach; offset++) {
        const at = Math.max(0, Math.min(frames - 1, centre + offset));
        sum += weights[offset + reach]! * data[row + at]!;
      }
      output[row + frame] = sum;
    }
  }
  return { bins, frames, data: output };
}

/** Of the best polynomial over `width` places, `order` times its leading coefficient's factorial: a Gram polynomial. */
function derivativeWeights(width: number, order: 1 | 2): Float64Array {
  const reach = (width - 1) / 2;
  const meanSquare = (reach * (reach + 1)) / 3;
  const gram = Float64Array.from({ length: width }, (_, i) =>
    order === 1 ? i - reach : (i - reach) ** 2 - meanSquare,
  );
  const norm = gram.reduce((sum, value) => sum + value * value, 0);
  return gram.map((value) => (order * value) / norm);
}
