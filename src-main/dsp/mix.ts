import { activeSpeechLevel } from './active-level.ts';
import { dbfs, rms } from './level.ts';
import type { RealArray } from './matrix.ts';

export interface NoiseMix {
  /** Speech plus noise, as long as the speech; it may exceed full scale. */
  mixed: Float32Array<ArrayBuffer>;
  /** The noise as it was added. */
  noise: Float32Array<ArrayBuffer>;
  /** What the noise was multiplied with, in dB. */
  noiseGainDb: number;
}

/**
 * Adds noise to speech at a signal-to-noise ratio in dB: the speech's level is its active level by ITU-T P.56, so that pauses do
 * not count, the noise's its RMS over what is used of it. Noise that is too short is repeated from its beginning; `noiseStart`
 * is the sample of it to begin with.
 *
 * @throws RangeError where the speech has no active level, or the noise no level at all.
 */
export function mixAtSnr(
  speech: RealArray,
  noise: RealArray,
  sampleRateHz: number,
  snrDb: number,
  noiseStart = 0,
): NoiseMix {
  if (noise.length === 0) throw new RangeError('There is no noise to mix with.');
  const used = new Float64Array(speech.length);
  for (let n = 0; n < used.length; n++) used[n] = noise[(noiseStart + n) % noise.length]!;
  const speechDb = activeSpeechLevel(speech, sampleRateHz).levelDbfs;
  const noiseDb = dbfs(rms(used));
  if (speechDb === -Infinity) throw new RangeError('The speech is silent: it has no signal-to-noise ratio.');
  if (noiseDb === -Infinity) throw new RangeError('The noise is silent: no gain brings it to a level.');
  const noiseGainDb = speechDb - snrDb - noiseDb;
  const gain = 10 ** (noiseGainDb / 20);
  const scaled = Float32Array.from(used, (value) => gain * value);
  return { mixed: Float32Array.from(scaled, (value, n) => speech[n]! + value), noise: scaled, noiseGainDb };
}
