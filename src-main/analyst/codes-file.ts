import { open, readdir, rm, stat, utimes, type FileHandle } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { CodesIdentity } from '../../src-preload/contract/commands/latent.ts';
import type { ModelUsed } from '../../src-preload/contract/commands/reconstruct.ts';
import type { Split } from '../corpora/recording.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';

/**
 * Codes of one split in a file: eight letters, the length of a JSON head (32 bits), the head, and float32 arrays one after
 * the other. Made by the inference process, read by the host and by what computes maps.
 */

const magic = 'RSCODES2';

/**
 * Columns of a file of codes, each `[count, width]`. `mse` is there where reconstruction errors were asked for,
 * `responsibilities` where the prior is a mixture.
 */
export const codeColumns = [
  'mean',
  'logVar',
  'klNats',
  'minDb',
  'maxDb',
  'spokenSec',
  'mse',
  'responsibilities',
] as const;
export type CodeColumn = (typeof codeColumns)[number];

export interface CodesHead {
  identity: CodesIdentity;
  /** The model as it was when it computed them. */
  model: ModelUsed;
  split: Split;
  count: number;
  latentDim: number;
  /** Of a prior that is a mixture. */
  components?: number;
  /** Positions of the code that mean and logVar are averages over; left out where they are whole. */
  averagedOver?: number;
  /** Recordings in order of row. */
  ids: string[];
  columns: CodeColumn[];
}

export type CodesContent = Omit<CodesHead, 'count' | 'columns'> & {
  data: Partial<Record<CodeColumn, Float32Array>>;
};

/** The file that codes are kept in, or would be: named after all that they follow from. */
export function codesFile(folder: string, identity: CodesIdentity, split: Split): string {
  const { run, step, weights, splitHash } = identity;
  const key = createHash('sha256').update(JSON.stringify([magic, run, step, weights, splitHash, split]));
  return path.join(folder, `${key.digest('hex').slice(0, 40)}.codes`);
}

/** Writes codes whole or not at all. Throws files/disk-full, files/not-writable. */
export async function writeCodes(file: string, { data, ...rest }: CodesContent): Promise<void> {
  const columns = codeColumns.filter((name) => data[name] !== undefined);
  const head: CodesHead = { ...rest, count: rest.ids.length, columns };
  const text = Buffer.from(JSON.stringify(head));
  const start = Buffer.alloc(12);
  start.write(magic, 'latin1');
  start.writeUInt32LE(text.length, 8);
  const arrays = columns.map((name) => {
    const values = data[name] as Float32Array;
    if (values.length !== head.count * widthOf(name, head)) {
      throw new RangeError(`${name} has ${values.length} numbers for ${head.count} clips.`);
    }
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
  await writeFileAtomic(file, Buffer.concat([start, text, ...arrays]));
}

/** The head of a file of codes; null where there is none, or it is damaged: it is then made again. */
export async function readCodesHead(file: string): Promise<CodesHead | null> {
  return withFile(file, async (handle) => (await headOf(handle)).head);
}

/** Columns of a file of codes by name, with its head; null where there is none, it is damaged, or lacks one of them. */
export async function readCodes<Name extends CodeColumn>(
  file: string,
  names: readonly Name[],
): Promise<{ head: CodesHead; data: Record<Name, Float32Array> } | null> {
  return withFile(file, async (handle) => {
    const { head, begin } = await headOf(handle);
    const data = {} as Record<Name, Float32Array>;
    let at = begin;
    for (const column of head.columns) {
      const length = head.count * widthOf(column, head);
      if ((names as readonly string[]).includes(column)) {
        const values = new Float32Array(length);
        const bytes = new Uint8Array(values.buffer);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
        if (bytesRead !== bytes.length) return null;
        data[column as Name] = values;
      }
      at += 4 * length;
    }
    return names.every((name) => name in data) ? { head, data } : null;
  });
}

/** Notes that a file was used, so that others go before it. */
export async function touchCodes(file: string): Promise<void> {
  const now = new Date();
  // Gone this moment, it is made again by whoever needs it.
  await utimes(file, now, now).catch(() => undefined);
}

/** Removes the files that were not used for longest until what is left takes no more than `mostBytes`; never `kept`. */
export async function limitCodes(folder: string, mostBytes: number, kept: readonly string[]): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names
      .filter((name) => name.endsWith('.codes'))
      .map(async (name) => {
        const file = path.join(folder, name);
        const { size = 0, mtimeMs = 0 } = (await stat(file).catch(() => null)) ?? {};
        return { file, size, mtimeMs };
      }),
  );
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { file, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= mostBytes) return;
    if (kept.includes(file)) continue;
    await rm(file, { force: true });
    total -= size;
  }
}

function widthOf(column: CodeColumn, { latentDim, components = 0 }: CodesHead): number {
  if (column === 'responsibilities') return components;
  return column === 'mean' || column === 'logVar' ? latentDim : 1;
}

async function headOf(handle: FileHandle): Promise<{ head: CodesHead; begin: number }> {
  const start = Buffer.alloc(12);
  await handle.read(start, 0, 12, 0);
  if (start.toString('latin1', 0, 8) !== magic) throw new Error('it does not begin as codes do');
  const text = Buffer.alloc(start.readUInt32LE(8));
  await handle.read(text, 0, text.length, 12);
  const head = JSON.parse(text.toString('utf8')) as CodesHead;
  const begin = 12 + text.length;
  const numbers = head.columns.reduce((sum, name) => sum + head.count * widthOf(name, head), 0);
  const { size } = await handle.stat();
  if (size !== begin + 4 * numbers || head.ids.length !== head.count) throw new Error('it is cut off');
  return { head, begin };
}

async function withFile<Result>(
  file: string,
  use: (handle: FileHandle) => Promise<Result>,
): Promise<Result | null> {
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
  try {
    return await use(handle);
  } catch {
    // Cut off by a power cut, or of another version: a cache is made again.
    return null;
  } finally {
    await handle.close();
  }
}
