import { lsd } from './lsd.ts';
import { mcd } from './mcd.ts';
import type { Metric } from './metric.ts';
import { pesqNarrowBand, pesqNarrowBandRaw, pesqWideBand } from './pesq/metrics.ts';
import { rmse } from './rmse.ts';
import { segmentalSnr } from './segmental-snr.ts';
import { siSdr } from './si-sdr.ts';
import { snr } from './snr.ts';
import { estoi } from './stoi/estoi.ts';
import { stoi } from './stoi/stoi.ts';

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
  lsd,
  mcd,
];
