import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';

/** What a baseline made of a recording. */
export interface BaselineSound {
  /** One channel; as long as the recording but for what its rate cannot hold. */
  samples: Float32Array;
  sampleRateHz: number;
  /** Counted in the coded form; null where there is none. */
  codedBits: number | null;
  /** Where in the recording it begins, in seconds; 0 if left out. */
  fromSec?: number;
  /** Of the recording that it covers; all of it where left out. */
  seconds?: number;
  warnings?: string[];
}

/** A baseline with its settings read. */
export interface ReadyBaseline {
  /** All of its settings in words. */
  settings: string;
  apply(samples: Float32Array, sampleRateHz: number): BaselineSound;
}

/** A way to make speech worse that needs no training: what a model is to be compared with. */
export interface Baseline {
  /** As it is asked for: 'opus'. */
  readonly name: string;
  readonly title: string;
  readonly help: string;
  /** With its settings: 'opus:12'. */
  readonly example: string;
  /** Whether it can be had here. */
  readonly available: () => boolean;
  /**
   * Reads its settings: what stands behind the colon, at the commas.
   *
   * @throws ResynthError baselines/bad-setting, baselines/codec-missing.
   */
  readonly prepare: (words: readonly string[], given: BaselineContext) => ReadyBaseline;
}

export interface BaselineContext {
  /** Of the run that a ceiling is of; null for everything else. */
  pipeline: FeaturePipelineConfig | null;
}

/** A whole or broken number among the settings. @throws ResynthError baselines/bad-setting. */
export function numberSetting(
  baseline: Pick<Baseline, 'name' | 'example'>,
  word: string | undefined,
  { title, least, most, otherwise }: { title: string; least: number; most: number; otherwise: number },
): number {
  if (word === undefined) return otherwise;
  const value = Number(word);
  if (word.trim() !== '' && value >= least && value <= most) return value;
  throw badSetting(baseline, word, `${title} is a number from ${least} to ${most}`);
}

export function badSetting(
  { name, example }: Pick<Baseline, 'name' | 'example'>,
  given: string,
  reason: string,
): ResynthError {
  return new ResynthError('baselines/bad-setting', { baseline: name, given, reason, example });
}

/** Refuses settings beyond the last that is known. @throws ResynthError baselines/bad-setting. */
export function noMoreThan(baseline: Baseline, words: readonly string[], count: number): void {
  const extra = words[count];
  if (extra !== undefined)
    throw badSetting(baseline, extra, `it takes ${count === 0 ? 'no' : `at most ${count}`} settings`);
}
