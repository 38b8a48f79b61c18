import type { Matrix, RealArray } from './matrix.ts';
import { denormalise, type Extremes, generatedExtremes } from './minmax.ts';
import type { SynthesisOptions } from './representation.ts';

/**
 * What every representation begins and ends with when it makes sound of levels again: `features` `[bins, frames]` in 0..1 to dB
 * by `extremes` (null where nothing was stored, as for what was generated: -80 to 0 dB), and what `signalOf` makes of them as
 * `[samples]`, zeros where it ends before. Equal extremes are those of a silent clip, and give silence.
 *
 * @throws RangeError where there are more or fewer values than bins x frames.
 */
export function soundOfLevels(
  features: RealArray,
  extremes: Extremes | null,
  { bins, frames, samples }: { bins: number; frames: number; samples: number },
  signalOf: (levelsDb: Float64Array) => RealArray,
): Float32Array<ArrayBuffer> {
  if (features.length !== bins * frames) {
    throw new RangeError(
      `A spectrogram of this pipeline has ${bins} x ${frames} values, not ${features.length}.`,
    );
  }
  const { minDb, maxDb } = extremes ?? generatedExtremes;
  const output = new Float32Array(samples);
  if (minDb === maxDb) return output;
  const signal = signalOf(denormalise(features, { minDb, maxDb }));
  output.set(signal.subarray(0, output.length));
  return output;
}

/** The phase that a way of inverting is given, `[bins, frames]`; null has Griffin-Lim find one. */
export function phaseFor(
  { method = 'griffin-lim', phase }: SynthesisOptions,
  bins: number,
  frames: number,
): Matrix | null {
  if (method === 'griffin-lim') return null;
  if (method === 'zero-phase') return { bins, frames, data: new Float64Array(bins * frames) };
  if (!phase) throw new RangeError('The original phase is needed to invert with it: analyse with withPhase.');
  return phase;
}

/** The Nyquist row put back as zeros: `[bins, frames]` to `[bins + 1, frames]`. */
export function withNyquist({ bins, frames, data }: Matrix): Matrix<Float64Array> {
  const padded = new Float64Array((bins + 1) * frames);
  padded.set(data);
  return { bins: bins + 1, frames, data: padded };
}
