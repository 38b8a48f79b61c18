import type { MetricKey } from '../../src-preload/contract/commands/metrics.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';
import type { PairFigures, Preparation } from '../metrics/measure-pair.ts';
import type { FileStretch } from './segment.ts';

/** What the analysts are asked when sounds are judged: measured, made worse, heard. */

/** All metrics of two files (measure.ts). */
export interface MeasureTask extends Preparation {
  kind: 'measure';
  reference: string;
  /** Of the reference's file; what was made of it is taken whole. */
  stretch: FileStretch;
  degraded: string;
  /** Where in the reference the degraded begins, in seconds; 0 if left out. */
  fromSec?: number;
  /** What the reference's bytes must hash to; null where that is not known. */
  contentHash: string | null;
  /** Null for all. */
  metrics: readonly MetricKey[] | null;
  /** Resample to this rate, or to the reference's own; null refuses two rates. */
  rateHz: number | 'own' | null;
  /** Judge so many seconds from the beginning of either at most. */
  mostSec: number | null;
}

export interface Measured extends PairFigures {
  kind: 'measure';
  judgedSec: number | null;
  sampleRateHz: number | null;
  /** What the user should know of the files. */
  warnings: string[];
}

/** Put a recording through a baseline, and write what came out (degrade.ts). */
export interface DegradeTask {
  kind: 'degrade';
  source: string;
  stretch: FileStretch;
  /** What the source's bytes must hash to; null where that is not known. */
  contentHash: string | null;
  /** As given: 'opus:12'. */
  baseline: string;
  /** Of the run that a ceiling is of. */
  pipeline: FeaturePipelineConfig | null;
  /** Of the source at most, from its beginning. */
  mostSec: number | null;
  out: string;
}

export interface Degraded {
  kind: 'degrade';
  /** Where in the source it begins. */
  fromSec: number;
  seconds: number;
  /** Of the coded form; null where there is none. */
  codedBits: number | null;
  warnings: string[];
}

/** The mean of a file's channels, at a rate of one's own (hear.ts). */
export interface HearTask {
  kind: 'hear';
  path: string;
  stretch: FileStretch;
  /** What its bytes must hash to; null where that is not known. */
  contentHash: string | null;
  /** Null for the file's own. */
  rateHz: number | null;
  mostSec: number;
}

export interface Heard {
  kind: 'hear';
  sampleRateHz: number;
  samples: Float32Array;
}
