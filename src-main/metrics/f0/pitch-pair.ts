import { pyin, type Pitch } from '../../dsp/f0/pyin.ts';
import { nextPowerOfTwo } from '../../dsp/fft.ts';
import { blank, type Judged, type SignalPair } from '../metric.ts';

/** Voices of adults and children; beyond it pYIN would find octaves that nobody spoke. */
const [fminHz, fmaxHz] = [60, 600];

/** How pitch is found, for the variants of the metrics that stand on it. */
export const pitchVariant =
  'pYIN (Mauch and Dixon 2014, as in librosa) from 60 to 600 Hz, frames of 64 ms (a power of two in samples) every 10 ms';

/** Below this rate a period of the highest pitch is too few samples. */
const leastRateHz = 4000;

/** Pitch of both sounds, frame by frame. */
export interface PitchPair {
  reference: Pitch;
  degraded: Pitch;
  /** Frames of both. */
  frames: number;
  /** Of the frames, those that are voiced in both. */
  voicedInBoth: number[];
}

let last: { pair: SignalPair; pitch: PitchPair } | null = null;

/** The pitch of a pair, once for all metrics that need it; a blank where there is no frame to judge. */
export function pitchPair(pair: SignalPair): PitchPair | Judged {
  const { reference, degraded, sampleRateHz } = pair;
  if (sampleRateHz < leastRateHz) return blank('wrong-rate', `pitch needs a rate of ${leastRateHz} Hz`);
  if (last?.pair.reference === reference && last.pair.degraded === degraded) return last.pitch;
  const frameLength = nextPowerOfTwo(0.064 * sampleRateHz * (1 - 1e-9));
  const hopLength = Math.round(0.01 * sampleRateHz);
  const options = { sampleRateHz, fminHz, fmaxHz, frameLength, hopLength };
  const [one, other] = [pyin(reference, options), pyin(degraded, options)];
  const frames = Math.min(one.voiced.length, other.voiced.length);
  const voicedInBoth: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    if (one.voiced[frame] === 1 && other.voiced[frame] === 1) voicedInBoth.push(frame);
  }
  const pitch = { reference: one, degraded: other, frames, voicedInBoth };
  last = { pair, pitch };
  return pitch;
}

/** Whether it is a blank. */
export function isBlank(pitch: PitchPair | Judged): pitch is Judged {
  return 'blank' in pitch;
}
