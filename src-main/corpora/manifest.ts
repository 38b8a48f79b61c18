import { stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, systemDetail } from '../files/system-errors.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Corpus, Detection, FoundFile, ScanItem } from './corpus.ts';
import { isListName, type ListedRecording, type ListRow, readList } from './manifest-rows.ts';
import { SeenIds } from './seen-ids.ts';
import { FileStats } from './stats.ts';
import { skip } from './walk.ts';

/**
 * A list of recordings as JSON lines, comma- or tab-separated values: path, and where there are such columns id, label,
 * speaker, split, text, start, end, sex, subset and excluded. Paths are relative to the list. With start and end a
 * recording is a stretch of a file, and a file may hold many.
 */

/** Lists that a folder is read by without being asked to. */
const usualNames = ['manifest.jsonl', 'manifest.csv', 'manifest.tsv'];
const rowsAtOnce = 512;
/** Rows that are read to recognise a list. */
const rowsLooked = 50;

export const manifest: Corpus = {
  id: 'manifest',
  title: 'List of recordings',
  splitNote:
    'As the list says: train, validation or test. Where it says nothing, ours: a hash of the id puts about 80 % of the ' +
    'recordings into train, 10 % into validation and 10 % into test.',

  async detect(dir): Promise<Detection> {
    const list = await listAt(dir);
    if (list === null) {
      return { fits: false, because: `there is no ${usualNames.join(', ')} in it, and it is no list itself` };
    }
    const name = path.basename(list);
    try {
      let rows = 0;
      for await (const row of readList(list)) {
        if ('listed' in row) rows++;
        if (row.line > rowsLooked) break;
      }
      if (rows === 0) return { fits: false, because: `${name} names no recording` };
      return { fits: true, because: `${name} lists recordings by path`, list: name };
    } catch (thrown) {
      if (thrown instanceof ResynthError) return { fits: false, because: thrown.message };
      throw thrown;
    }
  },

  async *scan(dir, options): AsyncGenerator<ScanItem[]> {
    const list = (await listAt(dir)) ?? dir;
    const folder = path.dirname(list);
    const name = path.basename(list);
    const stats = new FileStats();
    const seen = new SeenIds();
    let rows: ListRow[] = [];
    for await (const row of readList(list)) {
      if (options?.signal?.aborted) throw new ResynthError('internal/cancelled');
      rows.push(row);
      if (rows.length < rowsAtOnce) continue;
      yield await itemsOf(rows, { folder, name, stats, seen, namesOnly: options?.namesOnly === true });
      rows = [];
    }
    if (rows.length > 0) {
      yield await itemsOf(rows, { folder, name, stats, seen, namesOnly: options?.namesOnly === true });
    }
  },
};

/** The list that a place means: the file itself, or the usual one in a folder; null where there is none. */
export async function listAt(place: string): Promise<string | null> {
  const about = await stat(place).catch(() => null);
  if (about?.isFile()) return isListName(place) ? place : null;
  if (!about?.isDirectory()) return null;
  for (const name of usualNames) {
    const file = path.join(place, name);
    if (
      await stat(file).then(
        (one) => one.isFile(),
        () => false,
      )
    )
      return file;
  }
  return null;
}

interface Reading {
  folder: string;
  name: string;
  stats: FileStats;
  seen: SeenIds;
  namesOnly: boolean;
}

async function itemsOf(rows: readonly ListRow[], reading: Reading): Promise<ScanItem[]> {
  const { folder, name, stats, seen, namesOnly } = reading;
  const items: ScanItem[] = [];
  const kept: { line: number; listed: ListedRecording }[] = [];
  for (const row of rows) {
    const place = `${name}, line ${row.line}`;
    if ('refused' in row) items.push(skip(place, 'dataset/list-row', { place, detail: row.refused }));
    else if (!seen.add(row.listed.id)) {
      items.push(skip(place, 'dataset/list-duplicate', { place, id: row.listed.id }));
    } else kept.push(row);
  }
  // Many rows may be stretches of one file: it is looked at once.
  const files = [...new Set(kept.map(({ listed }) => path.resolve(folder, listed.file)))];
  const facts = namesOnly ? [] : await stats.of(files.map((file) => ({ path: file })));
  const known = new Map(files.map((file, at) => [file, facts[at]]));
  for (const { line, listed } of kept) {
    const { file, ...rest } = listed;
    const about = known.get(path.resolve(folder, file));
    const found = (bytes: number, modifiedMs: number): FoundFile => ({ ...rest, bytes, modifiedMs });
    if (namesOnly) items.push({ kind: 'file', file: found(0, 0) });
    else if (about !== undefined && !(about instanceof Error)) {
      items.push(
        !about.isFile()
          ? skip(listed.id, 'dataset/not-a-file', { file })
          : about.size === 0
            ? skip(listed.id, 'dataset/file-empty', { file })
            : { kind: 'file', file: found(about.size, about.mtimeMs) },
      );
    } else {
      const missing = errorCode(about) === 'ENOENT' || errorCode(about) === 'ENOTDIR';
      items.push(
        missing
          ? skip(listed.id, 'dataset/list-file-missing', { place: `${name}, line ${line}`, file })
          : skip(listed.id, 'dataset/file-unreadable', { file, detail: systemDetail(about) }),
      );
    }
  }
  return items;
}
