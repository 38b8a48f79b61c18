import { f0ErrorCents, f0ErrorHz, voicingError } from './f0/metrics.ts';
import { likelihoodBounds } from './likelihood-bounds.ts';
import { lsd } from './lsd.ts';
import { mcdByDtw } from './mcd-dtw.ts';
import { mcd } from './mcd.ts';
import type { Metric, MetricFacts } from './metric.ts';
import { pesqNarrowBand, pesqNarrowBandRaw, pesqWideBand } from './pesq/metrics.ts';
import { rmse, rmseNormalised } from './rmse.ts';
import { segmentalSnr } from './segmental-snr.ts';
import { siSdr } from './si-sdr.ts';
import { snr } from './snr.ts';
import { estoi } from './stoi/estoi.ts';
import { stoi } from './stoi/stoi.ts';

/** To be raised whenever a metric gives other figures than before: kept figures are then not mixed with new ones. */
export const metricsVersion = 1;

/** Every metric of a pair of sounds, in the order in which they are shown. */
export const metrics: readonly Metric[] = [
  pesqNarrowBand,
  pesqNarrowBandRaw,
  pesqWideBand,
  stoi,
  estoi,
  siSdr,
  snr,
  segmentalSnr,
  rmse,
  rmseNormalised,
  lsd,
  mcd,
  mcdByDtw,
  f0ErrorCents,
  f0ErrorHz,
  voicingError,
];

/** What an evaluation may measure: those of sounds, and what is known of a run alone. */
export const evaluationMetrics: readonly MetricFacts[] = [...metrics, ...likelihoodBounds];
