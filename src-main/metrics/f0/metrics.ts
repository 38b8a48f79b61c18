import { blank, judged, type Metric, type SignalPair } from '../metric.ts';
import { isBlank, pitchPair, pitchVariant, type PitchPair } from './pitch-pair.ts';

const common = {
  better: 'lower',
  ratesHz: null,
  needsEqualLengths: true,
} as const satisfies Partial<Metric>;

/** How far the pitch is off, as one hears it: 100 cents are a semitone. */
export const f0ErrorCents: Metric = {
  ...common,
  key: 'f0_rmse_cents',
  title: 'F0 error',
  variant: `root mean square over the frames voiced in both of 1200 log2 of the ratio; ${pitchVariant}`,
  unit: 'cents',
  range: [0, null],
  source: 'Mauch and Dixon: pYIN, ICASSP 2014, for the pitch; the error as is usual in voice conversion',
  measure: (pair) => rootMeanSquare(pair, (one, other) => 1200 * Math.log2(other / one)),
};

/** The same in Hz. */
export const f0ErrorHz: Metric = {
  ...common,
  key: 'f0_rmse_hz',
  title: 'F0 error in Hz',
  variant: `root mean square over the frames voiced in both of the difference in Hz; ${pitchVariant}`,
  unit: 'Hz',
  range: [0, null],
  source: 'Mauch and Dixon: pYIN, ICASSP 2014, for the pitch; the error as is usual in voice conversion',
  measure: (pair) => rootMeanSquare(pair, (one, other) => other - one),
};

/** How often one is voiced and the other is not. */
export const voicingError: Metric = {
  ...common,
  key: 'voicing_error',
  title: 'Voicing error',
  variant: `share of all frames that are voiced in one and not in the other; ${pitchVariant}`,
  unit: '',
  range: [0, 1],
  source: 'Nakatani et al.: A method for fundamental frequency estimation and voicing decision, 2008',
  measure(pair) {
    const pitch = pitchPair(pair);
    if (isBlank(pitch)) return pitch;
    const { frames, reference, degraded } = pitch;
    if (frames === 0) return blank('too-short', 'there is no frame for the pitch');
    if (!hasVoice(pitch)) return blank('no-speech', 'no frame of the reference is voiced');
    let wrong = 0;
    for (let frame = 0; frame < frames; frame++) {
      if (reference.voiced[frame] !== degraded.voiced[frame]) wrong++;
    }
    return judged(wrong / frames);
  },
};

function rootMeanSquare(pair: SignalPair, error: (one: number, other: number) => number) {
  const pitch = pitchPair(pair);
  if (isBlank(pitch)) return pitch;
  const { voicedInBoth, reference, degraded } = pitch;
  if (!hasVoice(pitch)) return blank('no-speech', 'no frame of the reference is voiced');
  if (voicedInBoth.length === 0) return blank('no-speech', 'no frame is voiced in both');
  let sum = 0;
  for (const frame of voicedInBoth) sum += error(reference.f0Hz[frame]!, degraded.f0Hz[frame]!) ** 2;
  return judged(Math.sqrt(sum / voicedInBoth.length));
}

function hasVoice({ reference }: PitchPair): boolean {
  return reference.voiced.includes(1);
}
