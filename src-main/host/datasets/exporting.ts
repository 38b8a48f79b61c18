import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import type { datasetsExport } from '../../../src-preload/contract/commands/datasets-analysis.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { isListName } from '../../corpora/manifest-rows.ts';
import { type Recording, recordingPath } from '../../corpora/recording.ts';
import { csvLine, tsvLine } from '../../corpora/table-text.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { expandHome } from '../folders/paths.ts';
import type { HostHandler } from '../services.ts';
import { everyBatch } from './manifest.ts';

/** Columns of an exported list, as manifest-rows.ts reads them. */
const columns = [
  'path',
  'id',
  'label',
  'speaker',
  'split',
  'text',
  'start',
  'end',
  'sex',
  'subset',
  'excluded',
] as const;

type Cells = Record<(typeof columns)[number], string | number | null>;

/**
 * Writes a dataset as a list beside which its recordings lie where its paths say: read again, it gives the same recordings,
 * splits and split hash.
 *
 * @throws ResynthError dataset/unknown, dataset/list-name, dataset/list-exists, files/not-writable, files/disk-full.
 */
export const handleDatasetsExport: HostHandler<typeof datasetsExport> = async (
  input,
  { services, progress, signal },
) => {
  const file = path.resolve(expandHome(input.out));
  if (!isListName(file)) throw new ResynthError('dataset/list-name', { file });
  const there = await access(file).then(
    () => true,
    () => false,
  );
  if (there && !input.overwrite) throw new ResynthError('dataset/list-exists', { file });
  const dataset = await services.database.readDataset(input.dataset);
  const base = path.dirname(file);
  const lineOf = /\.csv$/i.test(file) ? csvLine : /\.tsv$/i.test(file) ? tsvLine : null;
  let done = 0;

  async function* pieces(): AsyncGenerator<string> {
    if (lineOf) yield lineOf([...columns]);
    for await (const batch of everyBatch(services, dataset.id)) {
      if (signal.aborted) throw new ResynthError('internal/cancelled');
      const cells = batch.map((recording) => cellsOf(recording, dataset.folder, base));
      done += batch.length;
      progress({ stage: 'Writing the list', done, total: dataset.recordings, unit: 'files' });
      yield cells
        .map((one) =>
          lineOf ? lineOf(columns.map((column) => one[column])) : `${JSON.stringify(withoutBlanks(one))}\n`,
        )
        .join('');
    }
  }

  await writeFileAtomic(file, pieces());
  const { size } = await stat(file);
  return { dataset: dataset.id, file, recordings: done, bytes: size, splitHash: dataset.splitHash };
};

function cellsOf(recording: Recording, folder: string, base: string): Cells {
  const { id, label, speaker, split, transcript, startSec, endSec, sex, subset, excluded } = recording;
  const relative = path.relative(base, recordingPath(folder, recording));
  // On another disk there is no way from here to there.
  const own = path.sep === '\\' ? relative.replaceAll('\\', '/') : relative;
  return {
    path: own,
    id,
    label,
    speaker,
    split,
    text: transcript,
    start: startSec,
    end: endSec,
    sex,
    subset,
    excluded,
  };
}

function withoutBlanks(cells: Cells): Partial<Cells> {
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== null));
}
