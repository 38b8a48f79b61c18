import type { RealArray } from './matrix.ts';

/**
 * What stands before the first sample: `librosa` goes on the line through the first two (`librosa.effects`, its default
 * `zi = 2 y[0] - y[1]`); `zero` is silence (scipy's `lfilter`, torchaudio).
 */
export type PreEmphasisStart = 'librosa' | 'zero';

/** `y[n] - coefficient * y[n - 1]`. */
export function preEmphasis(
  samples: RealArray,
  coefficient = 0.97,
  start: PreEmphasisStart = 'librosa',
): Float64Array {
  const output = new Float64Array(samples.length);
  for (let n = samples.length - 1; n > 0; n--) output[n] = samples[n]! - coefficient * samples[n - 1]!;
  if (samples.length > 0)
    output[0] = samples[0]! + (start === 'librosa' ? 2 * samples[0]! - (samples[1] ?? 0) : 0);
  return output;
}

/** The inverse of `preEmphasis` with the same start. */
export function deEmphasis(
  samples: RealArray,
  coefficient = 0.97,
  start: PreEmphasisStart = 'librosa',
): Float64Array {
  const output = new Float64Array(samples.length);
  if (samples.length === 0) return output;
  let last = samples[0]!;
  if (start === 'librosa') {
    // x[0] = 3 y[0] - y[1] and x[1] = y[1] - c y[0].
    const second = samples.length > 1 ? samples[1]! : 0;
    last = (samples[0]! + second) / (3 - coefficient);
    if (samples.length === 1) last = samples[0]! / 3;
  }
  output[0] = last;
  for (let n = 1; n < samples.length; n++) {
    last = samples[n]! + coefficient * last;
    output[n] = last;
  }
  return output;
}
