import type { RealArray } from '../matrix.ts';
import { likeliestPath, type PitchObservations } from './pitch-path.ts';
import { differenceMaker, parabolicShift, type PeriodRange } from './yin.ts';

/** Settings of pYIN; names, meanings and defaults are those of `librosa.pyin` 0.11, which wants `fmin` and `fmax` given. */
export interface PyinOptions {
  sampleRateHz: number;
  /** Lowest and highest pitch; the highest is at most half the rate. */
  fminHz: number;
  fmaxHz: number;
  /** Samples of a frame; 2048 by default. A period of `fminHz` has to fit. */
  frameLength?: number;
  /** Samples from frame to frame; a quarter of a frame by default. */
  hopLength?: number;
  /** Frame t is centred on sample `t * hopLength`, zeros around the signal; true by default. */
  center?: boolean;
  /** Bins of a semitone are `ceil(1 / resolution)`; 0.1 by default. */
  resolution?: number;
  /** Octaves a second that a voice can climb; 35.92 by default. */
  maxTransitionRate?: number;
  /** Of turning voiced or unvoiced from one frame to the next; 0.01 by default. */
  switchProbability?: number;
  /** Of a pitch where no trough is below any threshold; 0.01 by default. */
  noTroughProbability?: number;
}

/** One value a frame. */
export interface Pitch {
  /** NaN where unvoiced. */
  f0Hz: Float32Array<ArrayBuffer>;
  /** 1 where voiced. */
  voiced: Uint8Array<ArrayBuffer>;
  /** Probability that the frame is voiced, before its neighbours were looked at: 0..1. */
  voicedProbability: Float32Array<ArrayBuffer>;
}

/** Thresholds that troughs are held against, and the prior over them: a beta distribution. */
const thresholdCount = 100;
const betaShape = { a: 2, b: 18 };
/** How much shorter periods are preferred. */
const boltzmann = 2;

/**
 * Fundamental frequency by pYIN. M. Mauch, S. Dixon, "pYIN: a fundamental frequency estimator using probabilistic threshold
 * distributions", ICASSP 2014, in the variant of the authors' program and of `librosa.pyin`, which this equals frame by
 * frame but for rounding. `samples` `[time]` is mono.
 *
 * @throws RangeError for settings that have no meaning (the words name them).
 */
export function pyin(samples: RealArray, options: PyinOptions): Pitch {
  const settings = resolve(options);
  const { sampleRateHz, fminHz, fmaxHz, frameLength, hopLength, binsPerSemitone, pitchBins } = settings;
  const range: PeriodRange = {
    least: Math.floor(sampleRateHz / fmaxHz),
    most: Math.min(Math.ceil(sampleRateHz / fminHz), frameLength - 1),
  };
  const padding = settings.center ? Math.floor(frameLength / 2) : 0;
  const covered = samples.length + 2 * padding;
  const frames = covered < frameLength ? 0 : 1 + Math.floor((covered - frameLength) / hopLength);
  const difference = differenceMaker(frameLength, range);
  const candidates = candidateFinder(settings.noTroughProbability);
  const observed: PitchObservations = {
    frames,
    voiced: new Float64Array(frames * pitchBins),
    voicedProbability: new Float64Array(frames),
  };
  const frame = new Float64Array(frameLength);
  for (let t = 0; t < frames; t++) {
    copyFrame(samples, t * hopLength - padding, frame);
    const values = difference(frame);
    const row = observed.voiced.subarray(t * pitchBins, (t + 1) * pitchBins);
    for (const { at, probability } of candidates(values)) {
      const f0Hz = sampleRateHz / (range.least + at + parabolicShift(values, at));
      const bin = Math.max(0, Math.round(12 * binsPerSemitone * Math.log2(f0Hz / fminHz)));
      // Two candidates of one bin: the longer period stays. Above the highest pitch there is no bin.
      if (bin < pitchBins) row[bin] = probability;
    }
    observed.voicedProbability[t] = Math.min(
      1,
      row.reduce((sum, value) => sum + value, 0),
    );
  }
  const path = likeliestPath(observed, settings);
  const f0Hz = new Float32Array(frames);
  const voiced = new Uint8Array(frames);
  for (let t = 0; t < frames; t++) {
    const state = path[t]!;
    voiced[t] = state < pitchBins ? 1 : 0;
    f0Hz[t] = voiced[t] ? fminHz * 2 ** (state / (12 * binsPerSemitone)) : Number.NaN;
  }
  return { f0Hz, voiced, voicedProbability: Float32Array.from(observed.voicedProbability) };
}

function resolve(options: PyinOptions) {
  const { sampleRateHz, fminHz, fmaxHz } = options;
  const frameLength = options.frameLength ?? 2048;
  const hopLength = options.hopLength ?? Math.floor(frameLength / 4);
  const resolution = options.resolution ?? 0.1;
  const switchProbability = options.switchProbability ?? 0.01;
  if (!Number.isInteger(frameLength) || frameLength < 4)
    throw new RangeError(`A frame length of ${frameLength} samples has no meaning.`);
  if (!Number.isInteger(hopLength) || hopLength < 1)
    throw new RangeError(`A hop of ${hopLength} samples has no meaning.`);
  if (!(fminHz > 0 && fminHz < fmaxHz))
    throw new RangeError(
      `Pitches from ${fminHz} to ${fmaxHz} Hz: the lowest must be above 0 and below the highest.`,
    );
  if (fmaxHz > sampleRateHz / 2)
    throw new RangeError(`The highest pitch, ${fmaxHz} Hz, is above half the rate of ${sampleRateHz} Hz.`);
  if (sampleRateHz / fminHz >= frameLength - 1)
    throw new RangeError(`A frame of ${frameLength} samples is too short for a period of ${fminHz} Hz.`);
  if (!(resolution > 0 && resolution < 1))
    throw new RangeError(`A resolution of ${resolution} semitones is not between 0 and 1.`);
  const binsPerSemitone = Math.ceil(1 / resolution);
  const semitonesAFrame = roundHalfEven(
    ((options.maxTransitionRate ?? 35.92) * 12 * hopLength) / sampleRateHz,
  );
  return {
    sampleRateHz,
    fminHz,
    fmaxHz,
    frameLength,
    hopLength,
    center: options.center ?? true,
    binsPerSemitone,
    pitchBins: Math.floor(12 * binsPerSemitone * Math.log2(fmaxHz / fminHz)) + 1,
    transitionWidth: semitonesAFrame * binsPerSemitone + 1,
    switchProbability,
    noTroughProbability: options.noTroughProbability ?? 0.01,
  };
}

/** Samples `from` on into the whole of `frame`, zeros where the signal is not. */
function copyFrame(samples: RealArray, from: number, frame: Float64Array): void {
  const begin = Math.max(0, -from);
  const end = Math.max(begin, Math.min(frame.length, samples.length - from));
  frame.fill(0, 0, begin);
  for (let n = begin; n < end; n++) frame[n] = samples[from + n]!;
  frame.fill(0, end);
}

interface Candidate {
  /** Place in the difference's array. */
  at: number;
  probability: number;
}

/**
 * The troughs of a difference with how probable each is the period: over all thresholds, weighted by their prior, one of the
 * troughs below it, the earlier the likelier; where none is below it, the lowest trough by `noTroughProbability`.
 */
function candidateFinder(noTroughProbability: number): (values: Float64Array) => Candidate[] {
  const prior = thresholdPrior();
  return (values) => {
    const troughs: number[] = [];
    for (let at = 0; at < values.length; at++) if (isTrough(values, at)) troughs.push(at);
    const probabilities = new Float64Array(troughs.length);
    let lowest = 0;
    for (let i = 1; i < troughs.length; i++) if (values[troughs[i]!]! < values[troughs[lowest]!]!) lowest = i;
    for (let threshold = 1; threshold <= thresholdCount && troughs.length > 0; threshold++) {
      const weight = prior[threshold - 1]!;
      const below: number[] = [];
      troughs.forEach((at, i) => {
        if (values[at]! < threshold / thresholdCount) below.push(i);
      });
      below.forEach((trough, position) => {
        probabilities[trough]! += weight * boltzmannPmf(position, below.length);
      });
      if (below.length === 0) probabilities[lowest]! += noTroughProbability * weight;
    }
    return troughs
      .map((at, i) => ({ at, probability: probabilities[i]! }))
      .filter(({ probability }) => probability !== 0);
  };
}

function isTrough(values: Float64Array, at: number): boolean {
  const value = values[at]!;
  if (at === 0) return value < (values[1] ?? Infinity);
  return value < values[at - 1]! && (at === values.length - 1 || value <= values[at + 1]!);
}

/** The truncated discrete exponential over 0 .. count - 1. */
function boltzmannPmf(position: number, count: number): number {
  return ((1 - Math.exp(-boltzmann)) * Math.exp(-boltzmann * position)) / (1 - Math.exp(-boltzmann * count));
}

/** What the beta distribution gives to each of the equal parts of 0..1. */
function thresholdPrior(): Float64Array {
  const prior = new Float64Array(thresholdCount);
  for (let i = 0; i < thresholdCount; i++)
    prior[i] = betaCdf((i + 1) / thresholdCount) - betaCdf(i / thresholdCount);
  return prior;
}

/** The beta distribution function of whole shapes: a sum of binomials. */
function betaCdf(x: number): number {
  const n = betaShape.a + betaShape.b - 1;
  let below = 0;
  let binomial = 1;
  for (let j = 0; j < betaShape.a; j++) {
    below += binomial * x ** j * (1 - x) ** (n - j);
    binomial = (binomial * (n - j)) / (j + 1);
  }
  return 1 - below;
}

/** To the nearest whole number, halves to the even one, as Python rounds. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
