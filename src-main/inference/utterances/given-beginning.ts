import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { peak } from '../../dsp/level.ts';
import type { Matrix } from '../../dsp/matrix.ts';
import { type PowerSpectrogramConfig, powerOf, trimmed } from '../../dsp/pipelines/power-spectrogram.ts';

/** The beginning of a recording that a model is given, and all of it to compare with. */
export interface GivenBeginning {
  /** `[bins, frames]` of the frames that lie before the cut with all of their samples. */
  power: Matrix<Float32Array>;
  /** In radians, of the same shape. */
  phase: Matrix;
  frames: number;
  /** Up to where the frames give back the samples themselves, in seconds. */
  sec: number;
  /** The recording without the silence at its ends, on the scale of the beginning. */
  whole: { samples: Float64Array; power: Matrix<Float32Array> };
  notes: string[];
}

/**
 * Cuts a recording at `from` seconds. The beginning is at a peak of 1 by itself and its frames end before the cut: of what follows, nothing
 * reaches the model.
 *
 * @throws ResynthError latent/nothing-given where less than a frame lies before the cut.
 */
export function givenBeginning(
  { samples, sampleRateHz }: { samples: Float32Array; sampleRateHz: number },
  config: PowerSpectrogramConfig,
  { name, from }: { name: string; from: number },
): GivenBeginning {
  const { nFft, hopLength } = config;
  const { kept, span } = trimmed(samples, sampleRateHz, config);
  const rate = config.sampleRateHz;
  const cut = Math.min(kept.length, Math.round(from * rate) - span.start);
  const beginning = kept.subarray(0, Math.max(0, cut));
  const scale = peak(beginning);
  if (cut < nFft || scale === 0) {
    const begins = span.start / rate;
    throw new ResynthError('latent/nothing-given', {
      ...{ recording: name, from },
      begins: begins.toFixed(2),
      least: (begins + nFft / rate).toFixed(2),
      ends: (span.end / rate).toFixed(2),
    });
  }
  const scaled = Float64Array.from(kept, (sample) => sample / scale);
  const spectra = powerOf(scaled.subarray(0, cut), config);
  const frames = 1 + Math.floor((cut - nFft / 2) / hopLength);
  const sec = ((frames - 1) * hopLength) / rate;
  const notes = [
    `The model was given ${sec.toFixed(2)} s${span.start > 0 ? `, after ${(span.start / rate).toFixed(2)} s of silence that were cut` : ''}.`,
  ];
  if (from * rate > span.end) {
    notes.push(`The recording ends at ${(span.end / rate).toFixed(2)} s: it was given whole.`);
  }
  return {
    power: firstFrames(spectra.power, frames, (count) => new Float32Array(count)),
    phase: firstFrames(spectra.phase, frames, (count) => new Float64Array(count)),
    frames,
    sec,
    whole: { samples: scaled, power: powerOf(scaled, config).power },
    notes,
  };
}

function firstFrames<Data extends Float32Array | Float64Array>(
  all: Matrix<Data>,
  frames: number,
  make: (count: number) => Data,
): Matrix<Data> {
  const data = make(all.bins * frames);
  for (let bin = 0; bin < all.bins; bin++) {
    data.set(all.data.subarray(bin * all.frames, bin * all.frames + frames), bin * frames);
  }
  return { bins: all.bins, frames, data };
}
