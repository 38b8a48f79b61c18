import type { Utterance } from './alignment.ts';
import { overTime, timeWeights } from './average.ts';
import { badIntervals, realign } from './bad-intervals.ts';
import { FrameComparison, type Disturbances } from './disturbance.ts';
import { Ear, type Density } from './loudness.ts';
import { marginSteps, type PesqSettings, type PesqSignal } from './settings.ts';

/** Both signals at equal level, through the input filter, and how they lie to each other. */
export interface PerceptualInput {
  reference: PesqSignal;
  degraded: PesqSignal;
  utterances: readonly Utterance[];
  settings: PesqSettings;
}

/** The raw score of P.862, -0.5..4.5. */
export function rawScore(input: PerceptualInput): number {
  const { settings, utterances } = input;
  const longest = Math.max(input.reference.length, input.degraded.length);
  const reference = lengthened(input.reference.data, longest + settings.tail);
  const degraded = lengthened(input.degraded.data, longest + settings.tail);
  const { from, to } = framesWithSound(reference, degraded, longest, settings);
  const ear = new Ear(settings);
  const heard = hearBoth(ear, reference, degraded, longest, to, utterances, settings);
  const wholeFrames = Math.trunc((longest - 2 * settings.margin + settings.tail) / (settings.frame / 2)) - 1;
  equaliseResponse(ear, heard, to, wholeFrames, settings);
  const comparison = new FrameComparison(ear, settings.bands);
  const levels = new Float64Array(to + 1);
  const found: Disturbances = {
    symmetric: new Float64Array(to + 1),
    asymmetric: new Float64Array(to + 1),
  };
  comparison.restart();
  for (let frame = 0; frame <= to; frame++) {
    levels[frame] = ear.audible(heard.reference, frame, 1);
    comparison.followGain(levels[frame]!, heard.degraded, frame);
    const { symmetric, asymmetric } = comparison.compare(heard.reference, heard.degraded, frame);
    found.symmetric[frame] = symmetric;
    found.asymmetric[frame] = asymmetric;
  }
  forgiveLostFrames(found, utterances, to, settings);
  const intervals = badIntervals(found.symmetric, to);
  if (intervals.length > 0) {
    const inPlace = delayed(degraded, utterances, longest, settings);
    const moved = realign(intervals, reference, inPlace, longest, settings);
    for (const interval of intervals) {
      for (let frame = interval.from; frame < interval.to; frame++) {
        ear.hear(moved, settings.margin + (frame * settings.frame) / 2, heard.degraded, frame);
      }
      comparison.restart();
      for (let frame = interval.from; frame < interval.to; frame++) {
        comparison.followGain(ear.audible(heard.reference, frame, 1), heard.degraded, frame);
        const { symmetric, asymmetric } = comparison.compare(heard.reference, heard.degraded, frame);
        found.symmetric[frame] = Math.min(found.symmetric[frame]!, symmetric);
        found.asymmetric[frame] = Math.min(found.asymmetric[frame]!, asymmetric);
      }
    }
  }
  const weights = timeWeights(to + 1, Math.trunc((longest - 2 * settings.margin) / (settings.frame / 2)) - 1);
  for (let frame = 0; frame <= to; frame++) {
    // A disturbance in a loud frame weighs a little less, and none weighs more than 45.
    const loudness = ((levels[frame]! + 1e5) / 1e7) ** 0.04;
    found.symmetric[frame] = Math.min(45, found.symmetric[frame]! / loudness);
    found.asymmetric[frame] = Math.min(45, found.asymmetric[frame]! / loudness);
  }
  return (
    4.5 -
    0.1 * overTime(found.symmetric, from, to, weights) -
    0.0309 * overTime(found.asymmetric, from, to, weights)
  );
}

function lengthened(data: Float64Array, length: number): Float64Array {
  if (data.length >= length) return data;
  const longer = new Float64Array(length);
  longer.set(data);
  return longer;
}

/** Frames of the reference between its leading and trailing silence; the last counts from 0, both included. */
function framesWithSound(
  reference: Float64Array,
  degraded: Float64Array,
  longest: number,
  { margin, tail, frame }: PesqSettings,
): { from: number; to: number } {
  const most = Math.trunc(longest / 2);
  const skipped = (at: number, direction: 1 | -1): number => {
    for (let skip = 0; skip < most; skip++) {
      let sum = 0;
      for (let n = 0; n < 5; n++) sum += Math.abs(reference[at + direction * (skip + n)] ?? 0);
      if (sum >= 500) return skip;
    }
    return most;
  };
  const atStart = skipped(margin, 1);
  const atEnd = skipped(longest - margin + tail - 1, -1);
  return {
    from: Math.trunc(atStart / (frame / 2)),
    to: Math.trunc((longest - 2 * margin + tail - atEnd) / (frame / 2)) - 1,
  };
}

interface Heard {
  reference: Density;
  degraded: Density;
}

/** Power densities of both, frame by frame, the degraded taken where its utterance has it. */
function hearBoth(
  ear: Ear,
  reference: Float64Array,
  degraded: Float64Array,
  longest: number,
  lastFrame: number,
  utterances: readonly Utterance[],
  { margin, tail, frame, hop, bands }: PesqSettings,
): Heard {
  const heard = {
    reference: new Float64Array((lastFrame + 1) * bands.count),
    degraded: new Float64Array((lastFrame + 1) * bands.count),
  };
  for (let row = 0; row <= lastFrame; row++) {
    const at = margin + (row * frame) / 2;
    ear.hear(reference, at, heard.reference, row);
    const degradedAt = at + delayAt(at, utterances, hop);
    // Where the degraded has ended there is nothing to hear.
    if (degradedAt > 0 && degradedAt + frame < longest + tail)
      ear.hear(degraded, degradedAt, heard.degraded, row);
  }
  return heard;
}

/** The delay of the utterance that sample `at` belongs to. */
function delayAt(at: number, utterances: readonly Utterance[], hop: number): number {
  for (let index = utterances.length - 1; index >= 0; index--) {
    if (utterances[index]!.from * hop <= at) return utterances[index]!.delay;
  }
  return utterances[0]!.delay;
}

/** Gives the reference the mean spectrum of the degraded, within 20 dB: a linear filter disturbs little. */
function equaliseResponse(
  ear: Ear,
  heard: Heard,
  lastFrame: number,
  wholeFrames: number,
  { bands: { count, threshold } }: PesqSettings,
): void {
  const speech: boolean[] = [];
  for (let row = 0; row <= lastFrame; row++) speech.push(ear.audible(heard.reference, row, 100) >= 1e7);
  const mean = (density: Density, band: number): number => {
    let sum = 0;
    for (let row = 0; row <= lastFrame; row++) {
      const power = density[row * count + band]!;
      if (speech[row] && power > 100 * threshold[band]!) sum += power;
    }
    return sum / wholeFrames;
  };
  for (let band = 0; band < count; band++) {
    const ratio = (mean(heard.degraded, band) + 1000) / (mean(heard.reference, band) + 1000);
    const gain = Math.max(0.01, Math.min(100, ratio));
    for (let row = 0; row <= lastFrame; row++) heard.reference[row * count + band]! *= gain;
  }
}

/** Where the delay fell by more than half a frame, speech was left out: those frames are not counted. */
function forgiveLostFrames(
  { symmetric, asymmetric }: Disturbances,
  utterances: readonly Utterance[],
  lastFrame: number,
  { frame, hop }: PesqSettings,
): void {
  for (let index = 1; index < utterances.length; index++) {
    const [one, next] = [utterances[index - 1]!, utterances[index]!];
    const jump = next.delay - one.delay;
    if (jump >= -frame / 2) continue;
    const begins = Math.floor(((next.from - marginSteps) * hop + next.delay) / (frame / 2));
    const ends = Math.floor(((one.to - marginSteps) * hop + one.delay) / (frame / 2));
    const from = Math.max(0, Math.min(begins, ends));
    const to = Math.trunc(((next.from - marginSteps) * hop + Math.abs(jump)) / (frame / 2)) + 1;
    for (let row = from; row <= to && row < lastFrame; row++) {
      symmetric[row] = 0;
      asymmetric[row] = 0;
    }
  }
}

/** The degraded with each utterance put where the reference has it. */
function delayed(
  degraded: Float64Array,
  utterances: readonly Utterance[],
  longest: number,
  { margin, tail, hop }: PesqSettings,
): Float64Array {
  const whole = longest + tail;
  const inPlace = new Float64Array(whole);
  for (let n = margin; n < whole - margin; n++) {
    const at = n + delayAt(n, utterances, hop);
    inPlace[n] = degraded[Math.max(margin, Math.min(whole - margin - 1, at))]!;
  }
  return inPlace;
}
