import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { didYouMean } from '../../src-preload/contract/suggestion.ts';
import type { Baseline, BaselineContext, ReadyBaseline } from './baseline.ts';
import { ceiling } from './ceiling.ts';
import { amrNb, codec2, g722, opus, speex } from './codecs.ts';
import { griffinLimBaseline } from './griffin-lim.ts';
import { lowPass } from './low-pass.ts';
import { mfccInversion } from './mfcc.ts';
import { muLaw } from './mu-law.ts';

/** Every baseline, in the order in which they are shown. */
export const baselines: readonly Baseline[] = [
  ceiling,
  griffinLimBaseline,
  muLaw,
  lowPass,
  mfccInversion,
  opus,
  g722,
  codec2,
  speex,
  amrNb,
];

/** 'griffin-lim:512,128' taken apart. @throws ResynthError baselines/unknown. */
export function namedBaseline(spec: string): { baseline: Baseline; words: string[] } {
  const colon = spec.indexOf(':');
  const name = colon < 0 ? spec : spec.slice(0, colon);
  const baseline = baselines.find((one) => one.name === name);
  if (!baseline) {
    const suggestion = didYouMean(
      name,
      baselines.map((one) => one.name),
    );
    throw new ResynthError('baselines/unknown', { baseline: name, suggestion });
  }
  const words = colon < 0 ? [] : spec.slice(colon + 1).split(',');
  return { baseline, words: words.map((word) => word.trim()) };
}

/**
 * A baseline with its settings, ready to be applied.
 *
 * @throws ResynthError baselines/unknown, baselines/bad-setting, baselines/codec-missing.
 */
export function readyBaseline(spec: string, given: BaselineContext): ReadyBaseline {
  const { baseline, words } = namedBaseline(spec);
  return baseline.prepare(words, given);
}
