import type { MetricKey, SoundMetricKey } from '../../src-preload/contract/commands/metrics.ts';
import type { RealArray } from '../dsp/matrix.ts';

/** Two sounds of one channel at one rate; full scale is 1. */
export interface SignalPair {
  reference: RealArray;
  degraded: RealArray;
  sampleRateHz: number;
}

/** Why there is no figure. */
export type BlankCode =
  | 'wrong-rate'
  | 'silent-reference'
  | 'silent-degraded'
  | 'too-short'
  | 'too-long'
  | 'not-finite'
  | 'lengths-differ'
  | 'no-speech'
  | 'infinite';

export interface Blank {
  code: BlankCode;
  /** What is the matter, in a sentence without its full stop. */
  text: string;
}

/** A figure, or a flagged blank: never a number that stands for a failure. */
export type Judged = { value: number; blank: null } | { value: null; blank: Blank };

export function judged(value: number): Judged {
  return Number.isFinite(value)
    ? { value, blank: null }
    : blank('infinite', 'the figure is infinite or undefined for these sounds');
}

export function blank(code: BlankCode, text: string): Judged {
  return { value: null, blank: { code, text } };
}

/** What is measured, with everything that makes its figures comparable. */
export interface MetricFacts {
  /** As in output: `si_sdr_db`. */
  readonly key: MetricKey;
  readonly title: string;
  /** The exact variant, since figures of others cannot be compared with it. */
  readonly variant: string;
  /** Empty for a plain number. */
  readonly unit: '' | 'dB' | 'MOS-LQO' | 'MOS' | 'Hz' | 'cents' | 'nats';
  /** Least and largest value; null for no bound. */
  readonly range: readonly [least: number | null, most: number | null];
  readonly better: 'higher' | 'lower';
  /** Rates that it is defined at; null for any. */
  readonly ratesHz: readonly number[] | null;
  /** Where it is defined. */
  readonly source: string;
}

/** A measure of how far one sound is from another. */
export interface Metric extends MetricFacts {
  readonly key: SoundMetricKey;
  /** Whether it compares sample by sample or frame by frame, so that both must have one length. */
  readonly needsEqualLengths: boolean;
  /** The figure of a pair that `judge` (judge.ts) found sound: finite, not silent, of a rate and of lengths that fit. */
  readonly measure: (pair: SignalPair) => Judged;
}
