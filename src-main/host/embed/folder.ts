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

/**
 * The rows of an index whose files are there, by recording; a torn or damaged line is as one that was not written, for what can be
 * encoded again.
 */
export async function readKeptRows(folder: string): Promise<Map<string, EmbeddedRow>> {
  const rows = new Map<string, EmbeddedRow>();
  for (const line of (await textOf(embeddingFiles(folder).index)).split('\n')) {
    const row = rowOf(line);
    if (!('recording' in row)) continue;
    const found = await stat(path.join(folder, row.file)).catch(() => null);
    if (found?.isFile()) rows.set(row.recording, row);
  }
  return rows;
}

/**
 * Every row of an index, in its order. What a kill left of a last line is none.
 *
 * @throws ResynthError embed/index-unreadable, which names the line: somebody changed it, and would miss what is left out.
 */
export async function readAllRows(folder: string): Promise<EmbeddedRow[]> {
  const { index } = embeddingFiles(folder);
  const rows = new Map<string, EmbeddedRow>();
  const files = new Set<string>();
  for (const [at, line] of (await textOf(index)).split('\n').slice(0, -1).entries()) {
    const row = rowOf(line);
    const refuse = (why: string): ResynthError =>
      new ResynthError('embed/index-unreadable', { file: index, detail: `line ${at + 1}: ${why}` });
    if (!('recording' in row)) throw refuse(row.why);
    if (files.has(row.file)) throw refuse(`${row.file} was named before`);
    files.add(row.file);
    rows.set(row.recording, row);
  }
  return [...rows.values()];
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

function rowOf(line: string): EmbeddedRow | { why: string } {
  try {
    const parsed = embeddedRowSchema.safeParse(JSON.parse(line));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return { why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is no row'}` };
  } catch (thrown) {
    return { why: messageOf(thrown) };
  }
}

/** @throws ResynthError embed/index-unreadable where there is something that is no text file. */
async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return '';
    throw new ResynthError('embed/index-unreadable', { file, detail: messageOf(thrown) }, { cause: thrown });
  }
}
