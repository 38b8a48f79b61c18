import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  type EmbeddedRow,
  embeddedRowSchema,
  type Embedding,
  embeddingSchema,
} from '../../../src-preload/contract/commands/embed.ts';
import { csvText } from '../../../src-preload/contract/comparison/csv.ts';
import { messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { errorCode } from '../../files/system-errors.ts';

/**
 * A folder of codes:
 *
 *   embedding.json   run, checkpoint with its hash, dataset: written first
 *   index.jsonl      a line a recording, appended after its file was written; the last may be torn by a kill
 *   <name>.npy       `[vectors, numbers]` float32
 *   index.csv        the same index for spreadsheets, at the end
 */
export const embeddingFiles = (folder: string) => ({
  head: path.join(folder, 'embedding.json'),
  index: path.join(folder, 'index.jsonl'),
  table: path.join(folder, 'index.csv'),
});

/** What a folder holds; null where nothing was begun in it. @throws ResynthError embed/no-embedding where that cannot be read. */
export async function readEmbedding(folder: string): Promise<Embedding | null> {
  const { head } = embeddingFiles(folder);
  try {
    return embeddingSchema.parse(JSON.parse(await readFile(head, 'utf8')));
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(thrown) ?? '')) return null;
    throw new ResynthError('embed/no-embedding', { folder, detail: messageOf(thrown) }, { cause: thrown });
  }
}

/** The rows of an index whose files are there, by recording; a torn or damaged line is as one that was not written. */
export async function readRows(folder: string): Promise<Map<string, EmbeddedRow>> {
  const rows = new Map<string, EmbeddedRow>();
  for (const line of (await textOf(embeddingFiles(folder).index)).split('\n')) {
    const row = rowOf(line);
    if (!row) continue;
    const found = await stat(path.join(folder, row.file)).catch(() => null);
    if (found?.isFile()) rows.set(row.recording, row);
  }
  return rows;
}

/** Writes the index anew, without torn lines. */
export async function writeRows(folder: string, rows: Iterable<EmbeddedRow>): Promise<void> {
  await writeFileAtomic(embeddingFiles(folder).index, [...rows].map(lineOf).join(''));
}

/** A row as a line of the index. */
export function lineOf(row: EmbeddedRow): string {
  return `${JSON.stringify(row)}\n`;
}

/** The index as a table; what only decoding needs is left to the other. */
export async function writeTable(folder: string, rows: readonly EmbeddedRow[]): Promise<void> {
  const columns = ['file', 'recording', 'vectors', 'numbers', 'fromSec', 'stepSec', 'seconds'] as const;
  const more = ['label', 'speaker', 'split', 'minDb', 'maxDb'] as const;
  const names = [...columns, ...more];
  const text = csvText(
    names,
    rows.map((row) => names.map((name) => row[name])),
  );
  await writeFileAtomic(embeddingFiles(folder).table, text);
}

function rowOf(line: string): EmbeddedRow | null {
  try {
    return embeddedRowSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return '';
    throw thrown;
  }
}
