import type { Corpus, Detection, ScanItem } from './corpus.ts';
import { noFacts, type Split } from './recording.ts';
import { skip, walkAudio, type WalkItem } from './walk.ts';
import path from 'node:path';
import { stat } from 'node:fs/promises';

/**
 * The Free Spoken Digit Dataset and what is named like it: `{digit}_{speaker}_{index}.wav`, directly in the folder or
 * under recordings/. Its own README sets the official test set: the recordings with index 0 to 4 of every speaker and
 * digit.
 */

export interface FsddName {
  digit: string;
  speaker: string;
  index: number;
}

/** What an FSDD file name says, or null where it is another kind of name. `name` is without folders. */
export function parseFsddName(name: string): FsddName | null {
  const match = /^(\d)_(.+)_(\d{1,9})\.[^.]+$/s.exec(name);
  const [, digit, speaker, index] = match ?? [];
  if (digit === undefined || speaker === undefined || index === undefined) return null;
  return { digit, speaker, index: Number(index) };
}

/** Test is index 0 to 4, by the corpus' README; validation is index 5 to 9, which is ours. */
export function fsddSplit(index: number): Split {
  return index < 5 ? 'test' : index < 10 ? 'validation' : 'train';
}

/** How many audio files are looked at to recognise the layout. */
const detectionLimit = 500;

/** The share of names that must fit: a few strays do not make another corpus of it. */
const detectionShare = 0.9;

export const fsdd: Corpus = {
  id: 'fsdd',
  title: 'Free Spoken Digit Dataset',
  splitNote:
    'Test is index 0 to 4, as the corpus defines it. Validation is index 5 to 9, which is our choice: the corpus and the ' +
    'papers define none. The rest is for training.',

  async detect(dir, signal): Promise<Detection> {
    const { counts } = await locate(dir, signal);
    const because = `${counts.fitting} of the first ${counts.seen} audio files are named {digit}_{speaker}_{index}`;
    return { fits: counts.seen > 0 && counts.fitting >= detectionShare * counts.seen, because };
  },

  async *scan(dir, options): AsyncGenerator<ScanItem[]> {
    const { prefix } = await locate(dir, options?.signal);
    for await (const items of walkAudio(path.join(dir, prefix), { ...options, recursive: false })) {
      yield items.map((item) => describe(item, prefix));
    }
  },
};

function describe(item: WalkItem, prefix: string): ScanItem {
  if (item.kind === 'skipped') {
    return { kind: 'skipped', skipped: { ...item.skipped, id: prefix + item.skipped.id } };
  }
  const id = prefix + item.file.id;
  const parsed = parseFsddName(item.file.id);
  if (!parsed) return skip(id, 'dataset/name-not-fsdd', { file: id });
  const { digit, speaker, index } = parsed;
  const split = fsddSplit(index);
  return {
    kind: 'file',
    file: { ...item.file, ...noFacts, id, label: digit, speaker, split, transcript: null },
  };
}

interface NameCounts {
  seen: number;
  fitting: number;
}

/** Where the recordings are: recordings/ when more names fit there than directly in the folder. */
async function locate(dir: string, signal?: AbortSignal): Promise<{ prefix: string; counts: NameCounts }> {
  const direct = await countNames(dir, signal);
  const below = path.join(dir, 'recordings');
  const isFolder = await stat(below).then(
    (about) => about.isDirectory(),
    () => false,
  );
  if (!isFolder) return { prefix: '', counts: direct };
  const nested = await countNames(below, signal);
  return nested.fitting > direct.fitting
    ? { prefix: 'recordings/', counts: nested }
    : { prefix: '', counts: direct };
}

async function countNames(dir: string, signal?: AbortSignal): Promise<NameCounts> {
  const counts = { seen: 0, fitting: 0 };
  for await (const items of walkAudio(dir, { recursive: false, namesOnly: true, signal })) {
    for (const item of items) {
      if (item.kind === 'skipped') continue;
      counts.seen++;
      if (parseFsddName(item.file.id)) counts.fitting++;
      if (counts.seen === detectionLimit) return counts;
    }
  }
  return counts;
}
