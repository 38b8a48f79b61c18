import type { FeedbackMode, LatentMode } from '../commands/reconstruct.ts';
import { parseVersion, type RunVersion, versionText } from './versions.ts';

/** A run as it is judged: which of its checkpoints, by which codes, and from which frames it generates the next. */
export interface JudgedRun extends RunVersion {
  latent: LatentMode;
  feedback: FeedbackMode;
}

/** 'vrnn@500+sample+own' is the run 'vrnn' at step 500 with codes that are drawn, hearing its own frames; `evaluate` calls them so. */
export function parseJudgedRun(text: string): JudgedRun {
  const [, version = text, options = ''] = /^(.+?)((?:\+(?:sample|own))+)$/s.exec(text) ?? [];
  const has = (option: string): boolean => options.split('+').includes(option);
  return {
    ...parseVersion(version),
    latent: has('sample') ? 'sample' : 'mean',
    feedback: has('own') ? 'own' : 'recording',
  };
}

/** The text that `parseJudgedRun` reads. */
export function judgedRunText({ latent, feedback, ...version }: JudgedRun): string {
  return [
    versionText(version),
    ...(latent === 'sample' ? ['sample'] : []),
    ...(feedback === 'own' ? ['own'] : []),
  ].join('+');
}

/** How it is judged, where that is not the usual way: 'sampled z, free-running'; empty otherwise. */
export function judgedWords({ latent, feedback }: Pick<JudgedRun, 'latent' | 'feedback'>): string {
  return [
    ...(latent === 'sample' ? ['sampled z'] : []),
    ...(feedback === 'own' ? ['free-running'] : []),
  ].join(', ');
}
