import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { FoundFile } from '../../corpora/corpus.ts';
import { placeOf } from '../../corpora/recording.ts';
import { scanFolder } from '../../corpora/scout.ts';
import { realFolder } from '../../corpora/walk.ts';
import type { DatasetFacts, ScanChanges, SplitBasis, StoredDataset } from '../../store/database/types.ts';
import type { Services } from '../services.ts';
import { extendDivision } from './division.ts';
import { type ReadFiles, ReadingQueue } from './reading.ts';
import { ScanProgress } from './scan-progress.ts';
import { Staging } from './staging.ts';

export interface ScanContext {
  progress(event: ProgressEvent): void;
  signal: AbortSignal;
}

export interface FinishedScan {
  dataset: StoredDataset;
  changes: ScanChanges;
}

/**
 * Reads a folder into a new dataset, or again into one that is there (`base`, its id). A file that was known and has
 * neither another size nor another time of change is not opened; one that cannot be used is passed over with its reason.
 * `check` sees what the dataset would hold, and may refuse it. Everything changes at one moment, at the end: cancelled, failed or killed, it leaves what was there before.
 *
 * @throws ResynthError dataset/folder-missing, also when the folder vanishes meanwhile; dataset/folder-unreadable;
 *   dataset/no-recordings; dataset/name-taken; store/scan-under-way; files/disk-full; internal/cancelled.
 */
export async function scanInto(
  { database, analysts }: Pick<Services, 'database' | 'analysts'>,
  facts: DatasetFacts,
  base: string | null,
  { progress, signal }: ScanContext,
  check?: (basis: SplitBasis) => void,
): Promise<FinishedScan> {
  const { folder, layout } = facts;
  const place = placeOf(facts);
  const { scan } = await database.beginScan(place, base, Date.now());
  const shown = new ScanProgress(place, layout, progress);
  const staging = new Staging(database, scan);
  const counts = { seen: 0, recordings: 0, skipped: 0 };
  let firstReason = '';

  const take = async ({ recordings, skipped }: ReadFiles): Promise<void> => {
    if (recordings.length + skipped.length === 0) return;
    await staging.add({ recordings, skipped });
    counts.recordings += recordings.length;
    counts.skipped += skipped.length;
    firstReason ||= skipped[0]?.message ?? '';
    shown.done(recordings.length + skipped.length);
  };

  const queue = new ReadingQueue(analysts, folder, take);
  try {
    for await (const { files, skipped } of scanFolder(place, layout, signal)) {
      counts.seen += files.length;
      shown.found(files.length + skipped.length);
      await take({ recordings: [], skipped });
      const { toRead, unchanged } = await database.compareFound(scan, files);
      counts.recordings += unchanged;
      if (unchanged > 0) shown.done(unchanged);
      await queue.add(pick(files, toRead));
    }
    shown.allFound();
    await queue.finish();
    await staging.flush();
    if (signal.aborted) throw new ResynthError('internal/cancelled');
    // Vanished meanwhile, its files would all have been "skipped": the folder itself is what has to be told.
    await realFolder(folder);
    if (counts.recordings === 0) {
      throw new ResynthError('dataset/no-recordings', {
        folder,
        seen: counts.seen,
        skipped: counts.skipped,
        firstReason,
      });
    }
    const scheme = facts.splitScheme;
    const ours = scheme.rule !== 'corpus';
    const basis = ours || check ? await database.readScanSplitBasis(scan) : null;
    if (basis) check?.(basis);
    const division = basis && ours ? extendDivision(basis, scheme) : null;
    return await database.finishScan(scan, facts, division);
  } catch (thrown) {
    await queue.abandon();
    // What was measured before a disk was pulled out is worth keeping; who cancels wants it gone.
    if (!signal.aborted) await staging.flush().catch(() => undefined);
    await database.cancelScan(scan, !signal.aborted);
    throw signal.aborted ? new ResynthError('internal/cancelled', {}, { cause: thrown }) : thrown;
  } finally {
    shown.end();
  }
}

/** The files whose ids are wanted, which come in the same order. */
function pick(files: readonly FoundFile[], ids: readonly string[]): readonly FoundFile[] {
  if (ids.length === files.length) return files;
  const wanted = new Set(ids);
  return files.filter(({ id }) => wanted.has(id));
}
