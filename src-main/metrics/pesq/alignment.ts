import { correlateEnvelopes } from './delay-by-envelope.ts';
import { makeWindow } from '../../dsp/window.ts';
import { DelayHistogram } from './delay-histogram.ts';
import { marginSteps, type PesqSettings, type PesqSignal } from './settings.ts';
import type { SpeechActivity } from './speech-activity.ts';
import { splitUtterances } from './split.ts';

/** A stretch of the reference with one delay of the degraded. */
export interface Utterance {
  /** In steps of the reference. */
  from: number;
  to: number;
  /** The stretch in which its delay is looked for, in steps. */
  searchFrom: number;
  searchTo: number;
  /** By which the degraded is late, in samples, from envelopes: good to a step. */
  roughDelay: number;
  /** The same to a sample. */
  delay: number;
  confidence: number;
}

/** Both signals as the alignment sees them: filtered, with their speech activity. */
export interface AlignmentInput {
  reference: PesqSignal;
  degraded: PesqSignal;
  referenceSpeech: SpeechActivity;
  degradedSpeech: SpeechActivity;
  settings: PesqSettings;
}

/** More are not looked for. */
export const mostUtterances = 50;
/** Utterances that are shorter in one of both signals are left to their neighbours. */
const shortestUtterance = 50;

/** Utterances in order with the delay of each; none where there is no speech of 200 ms in both. */
export function alignUtterances(input: AlignmentInput): Utterance[] {
  const { settings, referenceSpeech, degradedSpeech } = input;
  const offset = correlateEnvelopes(referenceSpeech.envelope, degradedSpeech.envelope).steps * settings.hop;
  const found = searchWindows(input, offset).slice(0, mostUtterances);
  const histogram = new DelayHistogram(makeWindow('hann', settings.alignFrame));
  for (const utterance of found) {
    utterance.roughDelay = roughDelay(input, utterance.searchFrom, utterance.searchTo, offset).samples;
    const { samples, confidence } = fineDelay(input, histogram, utterance);
    utterance.delay = utterance.roughDelay + samples;
    utterance.confidence = confidence;
  }
  if (found.length === 0) return [];
  placeBounds(input, found);
  return splitUtterances(input, found);
}

/** Bursts of speech in the reference that are long enough and whose counterpart lies inside of the degraded. */
function searchWindows(input: AlignmentInput, offset: number): Utterance[] {
  const { hop } = input.settings;
  const { power } = input.referenceSpeech;
  const steps = power.length;
  const earliest = shortestUtterance - Math.trunc(offset / hop);
  const latest = Math.trunc((input.degraded.length - offset) / hop) - shortestUtterance;
  const found: Utterance[] = [];
  let from = -1;
  for (let step = 0; step < steps; step++) {
    if (power[step]! > 0 && from < 0) from = step;
    if (from >= 0 && (power[step] === 0 || step === steps - 1)) {
      if (step - from >= shortestUtterance && from < latest && step > earliest) {
        found.push({
          from,
          to: step,
          searchFrom: Math.max(0, from - marginSteps),
          searchTo: Math.min(steps - 1, step + marginSteps),
          roughDelay: offset,
          delay: offset,
          confidence: 0,
        });
      }
      from = -1;
    }
  }
  return found;
}

/** The delay of a stretch in samples, from envelopes that are compared around `offset`, with their correlation. */
export function roughDelay(
  input: AlignmentInput,
  from: number,
  to: number,
  offset: number,
): { samples: number; correlation: Float64Array } {
  const { hop } = input.settings;
  const degradedSteps = Math.trunc(input.degraded.length / hop);
  const offsetSteps = Math.trunc(offset / hop);
  const [start, degradedStart] = from + offsetSteps < 0 ? [-offsetSteps, 0] : [from, from + offsetSteps];
  const count = Math.max(0, to - start);
  const degradedCount = Math.max(0, Math.min(count, degradedSteps - degradedStart));
  const { steps, values } = correlateEnvelopes(
    input.referenceSpeech.envelope.subarray(start, start + count),
    input.degradedSpeech.envelope.subarray(degradedStart, degradedStart + degradedCount),
  );
  return { samples: steps * hop + offset, correlation: values };
}

function fineDelay(input: AlignmentInput, histogram: DelayHistogram, utterance: Utterance) {
  const { reference, degraded, settings } = input;
  const { alignFrame, hop } = settings;
  let at = utterance.searchFrom * hop;
  let degradedAt = at + utterance.roughDelay;
  if (degradedAt < 0) [at, degradedAt] = [-utterance.roughDelay, 0];
  histogram.clear();
  while (degradedAt + alignFrame <= degraded.length && at + alignFrame <= utterance.searchTo * hop) {
    histogram.add(reference.data, at, degraded.data, degradedAt);
    at += alignFrame / 4;
    degradedAt += alignFrame / 4;
  }
  return histogram.winner();
}

/** Lets utterances meet halfway, and keeps them inside of both signals. */
function placeBounds({ settings, degraded, referenceSpeech }: AlignmentInput, utterances: Utterance[]): void {
  const { hop, margin } = settings;
  const first = utterances[0]!;
  const last = utterances.at(-1)!;
  first.from = marginSteps;
  last.to = referenceSpeech.power.length - marginSteps + 1;
  pairs(utterances, (one, next) => {
    const middle = Math.trunc((next.from + one.to) / 2);
    one.to = middle;
    next.from = middle;
  });
  if (first.from * hop + first.delay < margin) {
    first.from = marginSteps + Math.trunc((hop - 1 - first.delay) / hop);
  }
  if (last.to * hop + 1 + last.delay > degraded.length - margin + 1) {
    last.to = Math.trunc((degraded.length - last.delay) / hop) - marginSteps;
  }
  pairs(utterances, (one, next) => {
    const begins = next.from * hop + next.delay;
    const ends = one.to * hop + one.delay;
    if (begins >= ends) return;
    const middle = Math.trunc((begins + ends) / 2);
    next.from = Math.trunc((hop - 1 + middle - next.delay) / hop);
    one.to = Math.trunc((middle - one.delay) / hop);
  });
}

function pairs(utterances: readonly Utterance[], visit: (one: Utterance, next: Utterance) => void): void {
  for (let n = 1; n < utterances.length; n++) visit(utterances[n - 1]!, utterances[n]!);
}
