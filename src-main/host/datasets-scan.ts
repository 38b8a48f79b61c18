import { createHash } from 'node:crypto';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { forEachBounded } from '../processes/bounded.ts';
import { AnalystPool } from '../analyst/pool.ts';
import type { Corpus, FoundFile } from '../corpora/corpus.ts';
import { compareIds, isSilent, type Recording, type SkippedFile, type Split } from '../corpora/recording.ts';
import { realFolder } from '../corpora/walk.ts';

/** What came of the recordings that were known before, and of the others. */
export interface ScanChanges {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
}

export interface ScanResult {
  /** In order of id. */
  recordings: Recording[];
  /** In order of id. */
  skipped: SkippedFile[];
  changes: ScanChanges;
}

/** Errors that are not about one file: going on with the next one would only repeat them. */
const fatalCodes: ReadonlySet<string> = new Set(['internal/cancelled', 'analyst/start-failed']);

/**
 * Finds and opens every recording of a folder. A file that cannot be used is passed over with its reason; one that was
 * known and has neither another size nor another time of change is not opened again.
 *
 * @throws ResynthError dataset/folder-missing, also when the folder vanishes meanwhile; dataset/folder-unreadable;
 *   dataset/no-recordings; internal/cancelled.
 */
export async function scanFolder(
  folder: string,
  corpus: Corpus,
  known: readonly Recording[],
  progress: (event: ProgressEvent) => void,
  signal: AbortSignal,
): Promise<ScanResult> {
  const before = new Map(known.map((recording) => [recording.id, recording]));
  const recordings: Recording[] = [];
  const skipped: SkippedFile[] = [];
  const changes: ScanChanges = { added: 0, changed: 0, unchanged: 0, removed: 0 };
  let seen = 0;
  const report = () =>
    progress({ stage: 'Reading recordings', done: recordings.length + skipped.length, unit: 'files' });

  const take = async (file: FoundFile, pool: AnalystPool): Promise<void> => {
    seen++;
    const old = before.get(file.id);
    const { id, bytes, modifiedMs, speaker, label, split, transcript } = file;
    if (old && old.bytes === bytes && old.modifiedMs === modifiedMs) {
      recordings.push({ ...old, speaker, label, split, transcript });
      changes.unchanged++;
      return;
    }
    try {
      const [one] = (await pool.run({ kind: 'inspect', folder, ids: [id] })).files;
      if (!one) throw new Error('The analyst gave no answer.');
      if ('refused' in one) throw ResynthError.from(one.refused);
      const measured = one.measures;
      recordings.push({ id, ...measured, speaker, label, split, transcript });
      if (!old) changes.added++;
      else if (old.contentHash === measured.contentHash) changes.unchanged++;
      else changes.changed++;
    } catch (thrown) {
      const error = asResynthError(thrown);
      if (fatalCodes.has(error.code)) throw error;
      skipped.push({ id, code: error.code, message: error.message, remedy: error.remedy });
    }
  };

  const pool = new AnalystPool();
  const cancel = () => void pool.close();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    await forEachBounded(flat(corpus.scan(folder, { signal })), pool.appetite, async (item) => {
      if (item.kind === 'skipped') skipped.push(item.skipped);
      else await take(item.file, pool);
      report();
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    await pool.close();
  }
  if (signal.aborted) throw new ResynthError('internal/cancelled');
  // Vanished meanwhile, its files would all have been "skipped": the folder itself is what has to be told.
  await realFolder(folder);
  recordings.sort(compareIds);
  skipped.sort(compareIds);
  if (recordings.length === 0) {
    const firstReason = skipped[0]?.message ?? '';
    throw new ResynthError('dataset/no-recordings', { folder, seen, skipped: skipped.length, firstReason });
  }
  changes.removed = known.length - recordings.reduce((count, { id }) => count + (before.has(id) ? 1 : 0), 0);
  return { recordings, skipped, changes };
}

async function* flat<Item>(batches: AsyncIterable<readonly Item[]>): AsyncGenerator<Item> {
  for await (const batch of batches) yield* batch;
}

/** What a dataset tells about its recordings as a whole. */
export function summarise(recordings: readonly Recording[]): {
  recordings: number;
  silent: number;
  durationSec: number;
  speakers: string[];
  labels: string[];
  splits: Record<Split, number>;
  splitHash: string;
} {
  const speakers = new Set<string>();
  const labels = new Set<string>();
  const splits = { train: 0, validation: 0, test: 0 };
  const hash = createHash('sha256');
  let durationSec = 0;
  let silent = 0;
  for (const recording of recordings) {
    if (recording.speaker !== null) speakers.add(recording.speaker);
    if (recording.label !== null) labels.add(recording.label);
    splits[recording.split]++;
    durationSec += recording.durationSec;
    if (isSilent(recording)) silent++;
    hash.update(JSON.stringify([recording.id, recording.contentHash, recording.split]));
  }
  return {
    recordings: recordings.length,
    silent,
    durationSec,
    speakers: [...speakers].sort(),
    labels: [...labels].sort(),
    splits,
    splitHash: hash.digest('hex'),
  };
}
