import type { MetricKey, SoundMetricKey } from '../../src-preload/contract/commands/metrics.ts';
import { align, placed } from '../dsp/alignment.ts';
import { shiftBy } from '../dsp/fractional-shift.ts';
import { dbfs, energy } from '../dsp/level.ts';
import { judge } from './judge.ts';
import type { SignalPair } from './metric.ts';
import { dot } from './products.ts';
import { metrics } from './registry.ts';

/** What is done to the degraded sound before it is judged. Nothing is done that is not asked for here. */
export interface Preparation {
  /** Take the lag out: not at all, by whole samples, or between samples too. */
  align: 'off' | 'integer' | 'subsample';
  /** Cut both to the shorter of the two. */
  trim: boolean;
  /** Take the gain against the reference out, by least squares. */
  matchGain: boolean;
}

export interface PairFigures {
  /** By metric key; null where `reasons` says why. */
  values: Partial<Record<SoundMetricKey, number | null>>;
  reasons: Record<string, string>;
  /** By how much the degraded is late as given, whether it was taken out or not. */
  lagSamples: number | null;
  /** By how much it is louder than the reference's part of it, likewise. */
  gainDb: number | null;
  /** Parts in a million by which it runs slow; null where that cannot be told. */
  driftPpm: number | null;
}

const unalignedTexts = {
  silent: 'one of the sounds is silent',
  'too-short': 'the sounds are too short to tell a lag',
  unrelated: 'the sounds have too little in common to tell a lag',
} as const;

/** The metrics `keys` of a pair, all by default, after what `preparation` asks for. */
export function measurePair(
  pair: SignalPair,
  preparation: Preparation,
  keys: readonly MetricKey[] | null = null,
): PairFigures {
  const reasons: Record<string, string> = {};
  const { reference, sampleRateHz } = pair;
  let { degraded } = pair;
  const alignment = align(reference, degraded, sampleRateHz);
  if (alignment.reason) reasons['lag_samples'] = unalignedTexts[alignment.reason];
  else if (preparation.align === 'subsample') degraded = placed(degraded, alignment);
  else if (preparation.align === 'integer') {
    const lag = Math.round(alignment.lagSamples);
    degraded = shiftBy(degraded, lag, Math.max(0, degraded.length - lag));
  }
  const inPlace =
    preparation.align === 'off' && !alignment.reason ? placed(pair.degraded, alignment) : degraded;
  const gain = dot(inPlace, reference) / energy(reference.subarray(0, inPlace.length));
  const gainDb = dbfs(Math.abs(gain));
  if (!Number.isFinite(gainDb)) reasons['gain_db'] = 'one of the sounds is silent';
  else if (preparation.matchGain) degraded = Float64Array.from(degraded, (sample) => sample / gain);
  const length = preparation.trim ? Math.min(reference.length, degraded.length) : Infinity;
  const prepared: SignalPair = {
    reference: reference.subarray(0, Math.min(length, reference.length)),
    degraded: degraded.subarray(0, Math.min(length, degraded.length)),
    sampleRateHz,
  };
  const values: PairFigures['values'] = {};
  for (const metric of metrics) {
    if (keys && !keys.includes(metric.key)) continue;
    const { value, blank } = judge(metric, prepared);
    values[metric.key] = value;
    if (blank) reasons[metric.key] = blank.text;
  }
  return {
    values,
    reasons,
    lagSamples: alignment.reason ? null : alignment.lagSamples,
    gainDb: Number.isFinite(gainDb) ? gainDb : null,
    driftPpm: alignment.reason ? null : alignment.driftPpm,
  };
}
