import type { StoredEvaluation } from '../../store/database/evaluations.ts';
import { madeBy } from '../evaluation/evaluate.ts';
import { aboutSchema, type EvaluationAbout } from '../evaluation/stored.ts';

/** An evaluation that stands for what a benchmark wants, or why none of those that are there does. */
export interface KeptEvaluation {
  use: StoredEvaluation | null;
  note: string | null;
}

/** What is kept of one system, looked through once for all systems of a benchmark. */
export interface KnownEvaluation {
  stored: StoredEvaluation;
  about: EvaluationAbout;
}

/** Evaluations as the index has them, the newest first. */
export function known(stored: readonly StoredEvaluation[]): KnownEvaluation[] {
  return stored.map((one) => ({ stored: one, about: aboutSchema.parse(one.about) }));
}

/**
 * The evaluation that has the figures of `wanted`: of the same system on the same recordings, judged alike, which may have
 * more metrics where it is finished; finished ones first, then the newest. Where there is none the note tells what keeps the
 * one that is nearest from being used.
 */
export function keptFor(wanted: EvaluationAbout, all: readonly KnownEvaluation[]): KeptEvaluation {
  // As one that was kept reads: with the defaults of what was added later.
  const made = JSON.stringify(madeBy(aboutSchema.parse(wanted).system));
  const ofSystem = all
    .filter(({ about }) => JSON.stringify(madeBy(about.system)) === made)
    .map((one) => ({ ...one, obstacles: obstaclesOf(one, wanted) }));
  const usable = ofSystem.filter(({ obstacles }) => obstacles.length === 0);
  const use = usable.find(({ stored }) => stored.state === 'finished') ?? usable[0];
  if (use) return { use: use.stored, note: null };
  const nearest = ofSystem
    .filter(({ about }) => about.selection.dataset?.id === wanted.selection.dataset?.id)
    .sort((a, b) => a.obstacles.length - b.obstacles.length)[0];
  if (!nearest) return { use: null, note: null };
  const { stored, obstacles } = nearest;
  return { use: null, note: `Evaluation ${stored.id.slice(0, 8)} is not used: ${obstacles.join('; ')}.` };
}

function obstaclesOf({ stored, about }: KnownEvaluation, wanted: EvaluationAbout): string[] {
  const { selection, settings, versions } = about;
  const lacking = wanted.settings.metrics.filter((key) => !settings.metrics.includes(key));
  const extra = settings.metrics.length - (wanted.settings.metrics.length - lacking.length);
  return [
    ...otherRecordings(selection, wanted.selection),
    ...(settings.rateHz === wanted.settings.rateHz ? [] : ['it was judged at another rate']),
    ...(settings.align === wanted.settings.align ? [] : [`its alignment was ${settings.align}`]),
    ...(settings.trim === wanted.settings.trim
      ? []
      : [settings.trim ? 'it was cut to the shorter' : 'it was not cut to the shorter']),
    ...(settings.matchGain === wanted.settings.matchGain
      ? []
      : [settings.matchGain ? 'its gain was matched' : 'its gain was not matched']),
    ...(settings.mostSec === wanted.settings.mostSec
      ? []
      : [settings.mostSec === null ? 'it judged all of each' : `it judged ${settings.mostSec} s of each`]),
    ...(lacking.length === 0 ? [] : [`it did not measure ${lacking.join(', ')}`]),
    // What goes on does so with the metrics that it was begun with.
    ...(extra === 0 || stored.state === 'finished' ? [] : ['it is of more metrics and not finished']),
    ...(versions['metrics'] === wanted.versions['metrics']
      ? []
      : [
          `it is by version ${versions['metrics'] ?? 'unknown'} of the metrics, and ${wanted.versions['metrics'] ?? 'unknown'} is here`,
        ]),
  ];
}

function otherRecordings(
  found: EvaluationAbout['selection'],
  wanted: EvaluationAbout['selection'],
): string[] {
  if (found.itemsHash === wanted.itemsHash) return [];
  const [theirs, ours] = [found.dataset, wanted.dataset];
  if (theirs && ours && theirs.splitHash !== ours.splitHash) {
    const [then, now] = [theirs.splitHash.slice(0, 8), ours.splitHash.slice(0, 8)];
    return [`it is of another division of the dataset (split hash ${then}, now ${now})`];
  }
  if (theirs?.split !== ours?.split) return [`it judged the ${theirs?.split ?? 'listed'} recordings`];
  if (found.recordings !== wanted.recordings) {
    return [`it judged ${found.recordings} recordings, not ${wanted.recordings}`];
  }
  return ['it judged other recordings'];
}
