import { mostUtterances, roughDelay, type AlignmentInput, type Utterance } from './alignment.ts';
import { makeWindow } from '../../dsp/window.ts';
import { DelayHistogram } from './delay-histogram.ts';
import { marginSteps } from './settings.ts';

/** Shorter speech (0.8 s) is not cut in two. */
const leastSteps = 200;
const mostCuts = 40;

interface Cut {
  /** Where, in steps of the reference. */
  at: number;
  roughBefore: number;
  roughAfter: number;
  delayBefore: number;
  delayAfter: number;
  /** Null: not measured yet. */
  confidenceBefore: number | null;
  confidenceAfter: number | null;
}

/**
 * Cuts utterances in two wherever both parts are surer of their own delay than the whole is of its: the delay changed
 * in the middle of speech. The parts are tried again.
 */
export function splitUtterances(input: AlignmentInput, utterances: readonly Utterance[]): Utterance[] {
  const result = [...utterances];
  const { power } = input.referenceSpeech;
  for (let index = 0; index < result.length && result.length < mostUtterances;) {
    const whole = result[index]!;
    let [from, to] = [Math.max(0, whole.from), whole.to];
    while (from < whole.to && !(power[from]! > 0)) from++;
    while (to > whole.from && !(power[to]! > 0)) to--;
    to++;
    const cut = to - from >= leastSteps ? bestCut(input, whole, from, to) : null;
    if (cut) result.splice(index, 1, ...parts(input, whole, cut));
    else index++;
  }
  return result;
}

function parts({ settings, degraded }: AlignmentInput, whole: Utterance, cut: Cut): [Utterance, Utterance] {
  const { hop, margin } = settings;
  const later = cut.delayAfter - cut.delayBefore;
  const apart = later < 0 ? 0 : Math.trunc(later / (2 * hop));
  const before: Utterance = {
    ...whole,
    to: cut.at + apart,
    roughDelay: cut.roughBefore,
    delay: cut.delayBefore,
    confidence: cut.confidenceBefore ?? 0,
  };
  const after: Utterance = {
    ...whole,
    from: cut.at - apart,
    roughDelay: cut.roughAfter,
    delay: cut.delayAfter,
    confidence: cut.confidenceAfter ?? 0,
  };
  if ((before.from - marginSteps) * hop + before.delay < 0) {
    before.from = marginSteps + Math.trunc((hop - 1 - before.delay) / hop);
  }
  if (after.to * hop + after.delay > degraded.length - margin) {
    after.to = Math.trunc((degraded.length - after.delay) / hop) - marginSteps;
  }
  return [before, after];
}

/** More than rounding apart: identical signals have a confidence of 1 everywhere. */
function surer(one: number, other: number): boolean {
  return one > other + 1e-7;
}

/** The cut with the most confidence in sum, each part surer than the whole and a step of delay apart; null for none. */
function bestCut(input: AlignmentInput, whole: Utterance, speechFrom: number, speechTo: number): Cut | null {
  const { cuts, window } = candidates(input, whole, speechFrom, speechTo);
  const histogram = new DelayHistogram(window);
  measureBefore(input, whole, cuts, histogram);
  measureAfter(input, whole, cuts, histogram);
  let best: Cut | null = null;
  let bestSum = 0;
  for (const cut of cuts) {
    const before = cut.confidenceBefore ?? 0;
    const after = cut.confidenceAfter ?? 0;
    if (Math.abs(cut.delayAfter - cut.delayBefore) < input.settings.hop) continue;
    if (!surer(before, whole.confidence) || !surer(after, whole.confidence)) continue;
    if (before + after <= bestSum) continue;
    [best, bestSum] = [cut, before + after];
  }
  return best;
}

/**
 * Where to try, with the rough delays on both sides, and the window of the fine search there.
 *
 * The window is Hann's with a flaw that scores depend on: the reference program of P.862 keeps it in the memory into which
 * it also writes the rough correlations, and one of more than three windows' length runs over its beginning. That happens in
 * speech of more than 3 s at 8 kHz, or 6 s at 16 kHz, without a pause; published scores are made with it.
 */
function candidates(
  input: AlignmentInput,
  whole: Utterance,
  speechFrom: number,
  speechTo: number,
): { cuts: Cut[]; window: Float64Array } {
  const { alignFrame, hop } = input.settings;
  const window = makeWindow('hann', alignFrame);
  const rough = (from: number, to: number): number => {
    const { samples, correlation } = roughDelay(input, from, to, whole.roughDelay);
    window.set(correlation.subarray(windowPlace(alignFrame), windowPlace(alignFrame) + alignFrame));
    return samples;
  };
  const length = speechTo - speechFrom;
  const unit = alignFrame / (4 * hop);
  const stride = Math.trunc((0.801 * length + 40 * unit - 1) / (40 * unit)) * unit;
  const edge = Math.max(75, Math.trunc(length / 10));
  const cuts: Cut[] = [];
  let at = speechFrom + edge;
  do {
    cuts.push({
      at,
      roughBefore: rough(whole.from, at),
      roughAfter: rough(at, whole.to),
      delayBefore: 0,
      delayAfter: 0,
      confidenceBefore: null,
      confidenceAfter: null,
    });
    at += stride;
  } while (at <= speechTo - edge && cuts.length < mostCuts);
  return { cuts, window };
}

/** Where the window lies behind the start of the correlations: three spectra of a frame, each with its Nyquist bin. */
function windowPlace(alignFrame: number): number {
  return 3 * (alignFrame + 2);
}

/** Cuts with one rough delay share the frames up to the earlier of them. */
function measureBefore(
  { reference, degraded, settings }: AlignmentInput,
  whole: Utterance,
  cuts: readonly Cut[],
  histogram: DelayHistogram,
): void {
  const { alignFrame, hop } = settings;
  for (const [index, first] of cuts.entries()) {
    if (first.confidenceBefore !== null) continue;
    const rough = first.roughBefore;
    let at = whole.from * hop;
    let degradedAt = at + rough;
    if (degradedAt < 0) [at, degradedAt] = [-rough, 0];
    histogram.clear();
    for (const cut of cuts.slice(index)) {
      if (cut.roughBefore !== rough || cut.confidenceBefore !== null) continue;
      while (degradedAt + alignFrame <= degraded.length && at + alignFrame <= cut.at * hop) {
        histogram.add(reference.data, at, degraded.data, degradedAt);
        at += alignFrame / 4;
        degradedAt += alignFrame / 4;
      }
      const { samples, confidence } = histogram.winner();
      cut.delayBefore = rough + samples;
      cut.confidenceBefore = confidence;
    }
  }
}

/** From the end backwards, only where the part before is surer than the whole. */
function measureAfter(
  { reference, degraded, settings }: AlignmentInput,
  whole: Utterance,
  cuts: readonly Cut[],
  histogram: DelayHistogram,
): void {
  const { alignFrame, hop } = settings;
  const worthIt = cuts
    .filter(({ confidenceBefore }) => surer(confidenceBefore ?? 0, whole.confidence))
    .reverse();
  for (const [index, first] of worthIt.entries()) {
    if (first.confidenceAfter !== null) continue;
    const rough = first.roughAfter;
    let at = whole.to * hop - alignFrame;
    let degradedAt = at + rough;
    if (degradedAt + alignFrame > degraded.length) {
      degradedAt = degraded.length - alignFrame;
      at = degradedAt - rough;
    }
    histogram.clear();
    for (const cut of worthIt.slice(index)) {
      if (cut.roughAfter !== rough || cut.confidenceAfter !== null) continue;
      while (degradedAt >= 0 && at >= cut.at * hop) {
        histogram.add(reference.data, at, degraded.data, degradedAt);
        at -= alignFrame / 4;
        degradedAt -= alignFrame / 4;
      }
      const { samples, confidence } = histogram.winner();
      cut.delayAfter = rough + samples;
      cut.confidenceAfter = confidence;
    }
  }
}
