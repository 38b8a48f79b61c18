import type { z } from 'zod';
import type { datasetsSplit } from '../../../src-preload/contract/commands/datasets.ts';
import { splits } from '../../corpora/recording.ts';
import { corpusById } from '../../corpora/registry.ts';
import { corpusScheme, type SplitBasis, type SplitScheme } from '../../store/database/types.ts';
import type { Services } from '../services.ts';
import { tell } from './datasets.ts';
import { divide } from './division.ts';
import { emptySplitWarnings } from './summary.ts';

type Request = z.output<typeof datasetsSplit.input>;
type Outcome = z.output<typeof datasetsSplit.output>;

/**
 * Divides a dataset anew, or only says what that would give.
 *
 * @throws ResynthError dataset/unknown, dataset/split-shares, dataset/split-speakers, dataset/split-speakers-unknown;
 *   store/recordings-changed where the dataset was read again in between.
 */
export async function splitDataset(services: Services, request: Request): Promise<Outcome> {
  const { database } = services;
  const { validation, test, seed, by, preview } = request;
  const before = await database.readDataset(request.dataset);
  const basis = await database.readSplitBasis(before.id);
  const scheme: SplitScheme = by === 'corpus' ? corpusScheme : { rule: by, seed, validation, test };
  const division = divide(basis, scheme, before.name);
  const splitNote = noteOf(scheme, before.layout);
  const counted = countSplits(basis, division.split);
  const outcome = {
    dataset: before.id,
    ...counted,
    splitNote,
    warnings: emptySplitWarnings(counted.splits),
  };
  if (preview) return { ...outcome, splitHash: await database.splitHashOf(before.id, division) };
  const dataset = await database.divideDataset(
    before.id,
    scheme,
    splitNote,
    by === 'corpus' ? null : division,
  );
  await tell(services, dataset);
  return { ...outcome, splitHash: dataset.splitHash };
}

/** Says in words where a division comes from. */
export function noteOf(scheme: SplitScheme, layout: string): string {
  if (scheme.rule === 'corpus') return corpusById(layout).splitNote;
  const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;
  const shares = `${percent(scheme.validation)} for validation and ${percent(scheme.test)} for test`;
  return scheme.rule === 'speakers'
    ? `Ours, by seed ${scheme.seed}: no speaker is in two splits; of the hours about ${shares}.`
    : `Ours, by seed ${scheme.seed}: of the recordings of every label ${shares}.`;
}

function countSplits(basis: SplitBasis, split: Uint8Array): Pick<Outcome, 'splits' | 'hours' | 'speakers'> {
  const counts = [0, 0, 0];
  const seconds = [0, 0, 0];
  const speakers = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (let row = 0; row < split.length; row++) {
    const at = split[row]!;
    if (basis.excluded[row] === 1) continue;
    counts[at] = counts[at]! + 1;
    seconds[at] = seconds[at]! + basis.durationSec[row]!;
    if (basis.speaker[row]! >= 0) speakers[at]!.add(basis.speaker[row]!);
  }
  const bySplit = (value: (at: number) => number) => ({
    train: value(splits.indexOf('train')),
    validation: value(splits.indexOf('validation')),
    test: value(splits.indexOf('test')),
  });
  return {
    splits: bySplit((at) => counts[at]!),
    hours: bySplit((at) => seconds[at]! / 3600),
    speakers: bySplit((at) => speakers[at]!.size),
  };
}
