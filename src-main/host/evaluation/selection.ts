import { createHash } from 'node:crypto';
import path from 'node:path';
import type { z } from 'zod';
import type { evaluate } from '../../../src-preload/contract/commands/evaluate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { wholeFile } from '../../analyst/segment.ts';
import { compareIds, isSegment, recordingPath } from '../../corpora/recording.ts';
import { allRecordings } from '../datasets/manifest.ts';
import type { Services } from '../services.ts';
import type { EvaluationAbout, EvaluationItem } from './stored.ts';

export interface Selected {
  selection: EvaluationAbout['selection'];
  items: EvaluationItem[];
}

/**
 * The recordings that are to be judged, in order of id. A limit draws by the hash of the id alone: evenly over the split,
 * the same for every system, and each smaller draw is part of the larger.
 *
 * @throws ResynthError evaluations/no-selection, evaluations/two-selections, evaluations/no-recordings; dataset/unknown.
 */
export async function selectItems(
  input: Pick<z.output<typeof evaluate.input>, 'files' | 'dataset' | 'split' | 'limit'>,
  ownDataset: string | null,
  { database }: Pick<Services, 'database'>,
): Promise<Selected> {
  if (input.files.length > 0) {
    if (input.dataset !== undefined) {
      throw new ResynthError('evaluations/two-selections', { dataset: input.dataset });
    }
    const items = [...new Set(input.files.map((file) => path.resolve(file)))].map((file) => {
      return { recording: file, path: file, contentHash: null, label: null, speaker: null, ...wholeFile };
    });
    return { selection: { dataset: null, recordings: items.length, itemsHash: hashOf(items) }, items };
  }
  const which = input.dataset ?? ownDataset;
  if (which === null) throw new ResynthError('evaluations/no-selection');
  const dataset = await database.readDataset(which);
  const { split, limit } = input;
  const all = (await allRecordings({ database }, dataset.id)).filter(
    (recording) => split === 'all' || recording.split === split,
  );
  if (all.length === 0) throw new ResynthError('evaluations/no-recordings', { dataset: dataset.name, split });
  const chosen = limit === undefined || limit >= all.length ? all : drawn(all, limit);
  const items = chosen.sort(compareIds).map((recording) => {
    const { id, contentHash, label, speaker, startSec, endSec } = recording;
    const file = recordingPath(dataset.folder, recording);
    return { recording: id, path: file, contentHash, label, speaker, startSec, endSec };
  });
  const { id, name, splitHash } = dataset;
  return {
    selection: {
      dataset: { id, name, splitHash, split, limit: limit ?? null },
      recordings: items.length,
      itemsHash: hashOf(items),
    },
    items,
  };
}

function drawn<Item extends { id: string }>(all: readonly Item[], limit: number): Item[] {
  return all
    .map((item) => ({ item, mark: createHash('sha256').update(item.id).digest('hex') }))
    .sort((a, b) => (a.mark < b.mark ? -1 : a.mark > b.mark ? 1 : 0))
    .slice(0, limit)
    .map(({ item }) => item);
}

function hashOf(items: readonly EvaluationItem[]): string {
  const hash = createHash('sha256');
  for (const item of items) {
    const { recording, contentHash, startSec, endSec } = item;
    const stretch = isSegment(item) ? [startSec, endSec] : [];
    hash.update(JSON.stringify([recording, contentHash, ...stretch]));
  }
  return hash.digest('hex');
}
