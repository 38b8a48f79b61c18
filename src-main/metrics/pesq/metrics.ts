import { blank, judged, type Judged, type Metric, type SignalPair } from '../metric.ts';
import { narrowBandMos, pesq, wideBandMos, type PesqOutcome } from './pesq.ts';
import type { PesqRateHz } from './settings.ts';

const common = { better: 'higher', needsEqualLengths: false } as const;

/** P.862.1: PESQ on the scale of opinions. */
export const pesqNarrowBand: Metric = {
  ...common,
  key: 'pesq_nb',
  title: 'PESQ-NB',
  variant: 'narrow-band, mapped to MOS-LQO by P.862.1',
  unit: 'MOS-LQO',
  range: [1, 4.549],
  ratesHz: [8000, 16_000],
  source: 'ITU-T P.862 (2001) with P.862.1 (2003)',
  measure: (pair) => scored(pair, 'narrow', narrowBandMos),
};

/** P.862 before any mapping, as old packages and papers give it. */
export const pesqNarrowBandRaw: Metric = {
  ...common,
  key: 'pesq_nb_raw',
  title: 'PESQ-NB raw',
  variant: 'narrow-band, raw score of P.862 without mapping',
  unit: 'MOS',
  range: [-0.5, 4.5],
  ratesHz: [8000, 16_000],
  source: 'ITU-T P.862 (2001)',
  measure: (pair) => scored(pair, 'narrow', (raw) => raw),
};

/** P.862.2, for headphones and 50 Hz to 7 kHz. */
export const pesqWideBand: Metric = {
  ...common,
  key: 'pesq_wb',
  title: 'PESQ-WB',
  variant: 'wide-band, MOS-LQO by P.862.2',
  unit: 'MOS-LQO',
  range: [1, 4.644],
  ratesHz: [16_000],
  source: 'ITU-T P.862.2 (2007)',
  measure: (pair) => scored(pair, 'wide', wideBandMos),
};

const outcomes = {
  narrow: new WeakMap<SignalPair, PesqOutcome>(),
  wide: new WeakMap<SignalPair, PesqOutcome>(),
};

function scored(pair: SignalPair, band: 'narrow' | 'wide', map: (raw: number) => number): Judged {
  // The raw score and the mapped one come of the same comparison, which takes most of the time of all metrics.
  let outcome = outcomes[band].get(pair);
  if (!outcome) {
    outcome = pesq(pair.reference, pair.degraded, pair.sampleRateHz as PesqRateHz, band);
    outcomes[band].set(pair, outcome);
  }
  if ('raw' in outcome) return judged(map(outcome.raw));
  switch (outcome.blank) {
    case 'too-short':
      return blank('too-short', 'PESQ needs at least a quarter of a second');
    case 'silent':
      return blank('no-speech', 'there is nothing between 300 Hz and 3.4 kHz');
    case 'no-utterance':
      return blank('no-speech', 'PESQ finds no speech of 200 ms in both');
  }
}
