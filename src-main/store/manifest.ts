import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { compareIds, isSegment, type Recording } from '../corpora/recording.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { errorCode, shownName } from '../files/system-errors.ts';
import type { Home } from './home.ts';

/**
 * The recordings that a run trains on, as a file named by their split hash: what the trainer reads in the place of the
 * database. One recording a line; the last line says how many there are and what all before it hash to.
 */

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const recordingSchema = z.strictObject({
  id: z.string().min(1),
  bytes: count,
  modifiedMs: z.number(),
  contentHash: sha256,
  sampleRateHz: z.number().positive(),
  channels: z.int().min(1),
  durationSec: z.number().min(0),
  peak: z.number().min(0),
  rms: z.number().min(0),
  speaker: z.string().nullable(),
  label: z.string().nullable(),
  split: z.enum(['train', 'validation', 'test']),
  transcript: z.string().nullable(),
  // Lists that were written before there were these lack them.
  sex: z.string().nullable().default(null),
  subset: z.string().nullable().default(null),
  source: z.string().nullable().default(null),
  startSec: z.number().nullable().default(null),
  endSec: z.number().nullable().default(null),
  excluded: z.string().nullable().default(null),
  warning: z.string().nullable().default(null),
}) satisfies z.ZodType<Recording>;

const endSchema = z.strictObject({ format: z.literal('resynth-manifest-1'), recordings: count, sha256 });

/** What a split hash is made of: every recording in order of id, with its stretch where it is not all of its file. */
export class SplitHash {
  readonly #hash = createHash('sha256');

  add({ id, contentHash, split, startSec, endSec }: HashedRecording): void {
    const stretch = isSegment({ startSec, endSec }) ? [startSec, endSec] : [];
    this.#hash.update(JSON.stringify([id, contentHash, split, ...stretch]));
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

/** Where the manifest of a split hash is, or would be. */
export function manifestFile(home: Pick<Home, 'manifests'>, splitHash: string): string {
  return path.join(home.manifests, `${splitHash}.jsonl`);
}

/** Whether there is one. It is read through when it is used: see `readManifest`. */
export function hasManifest(home: Pick<Home, 'manifests'>, splitHash: string): Promise<boolean> {
  return access(manifestFile(home, splitHash)).then(
    () => true,
    () => false,
  );
}

/**
 * Writes a manifest, batch by batch, in the place of one that may be there. The recordings come in any order of ids that
 * has each once; they have to hash to `splitHash`, or nothing is written.
 *
 * @throws ResynthError store/manifest-damaged when they do not (the dataset was changed while it was read);
 *   files/disk-full, files/not-writable.
 */
export async function writeManifest(
  home: Pick<Home, 'manifests'>,
  splitHash: string,
  batches: AsyncIterable<readonly Recording[]> | Iterable<readonly Recording[]>,
): Promise<void> {
  const file = manifestFile(home, splitHash);
  const hashed: HashedRecording[] = [];
  await writeFileAtomic(file, pieces());

  async function* pieces(): AsyncGenerator<string> {
    const hash = createHash('sha256');
    for await (const batch of batches) {
      let text = '';
      for (const recording of batch) {
        text += `${JSON.stringify(recording)}\n`;
        const { id, contentHash, split, startSec, endSec } = recording;
        hashed.push({ id, contentHash, split, startSec, endSec });
      }
      hash.update(text);
      yield text;
    }
    if (splitHashOf(hashed) !== splitHash) {
      throw damaged(file, 'the recordings were changed while it was written');
    }
    const end: z.output<typeof endSchema> = {
      format: 'resynth-manifest-1',
      recordings: hashed.length,
      sha256: hash.digest('hex'),
    };
    yield `${JSON.stringify(end)}\n`;
  }
}

type HashedRecording = Pick<Recording, 'id' | 'contentHash' | 'split' | 'startSec' | 'endSec'>;

/** Sorts its argument. */
function splitHashOf(recordings: HashedRecording[]): string {
  recordings.sort(compareIds);
  const hash = new SplitHash();
  for (const recording of recordings) hash.add(recording);
  return hash.digest();
}

/**
 * The recordings of a manifest in order of id.
 *
 * @throws ResynthError store/manifest-missing; store/manifest-damaged when a byte is another than was written, or the
 *   recordings are not those of the split hash.
 */
export async function readManifest(home: Pick<Home, 'manifests'>, splitHash: string): Promise<Recording[]> {
  const file = manifestFile(home, splitHash);
  const recordings: Recording[] = [];
  const hash = createHash('sha256');
  let end: z.output<typeof endSchema> | undefined;
  try {
    for await (const line of linesOf(file)) {
      if (end) throw damaged(file, 'there is more after its end');
      const value: unknown = JSON.parse(line);
      if (isEnd(value)) {
        end = parse(endSchema, value, file);
        continue;
      }
      hash.update(`${line}\n`);
      recordings.push(parse(recordingSchema, value, file));
    }
  } catch (thrown) {
    if (thrown instanceof ResynthError) throw thrown;
    if (errorCode(thrown) === 'ENOENT') {
      throw new ResynthError('store/manifest-missing', { file: shownName(file) }, { cause: thrown });
    }
    throw damaged(file, messageOf(thrown), thrown);
  }
  if (!end) throw damaged(file, 'its end is missing');
  if (end.recordings !== recordings.length || end.sha256 !== hash.digest('hex')) {
    throw damaged(file, 'its content is not what was written');
  }
  recordings.sort(compareIds);
  if (splitHashOf([...recordings]) !== splitHash) {
    throw damaged(file, 'its recordings are not those that its name stands for');
  }
  return recordings;
}

/** Lines as they were written: an id may hold any other sign that some take for the end of a line. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of createReadStream(file, { encoding: 'utf8', highWaterMark: 2 ** 20 })) {
    const lines = (rest + String(piece)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function isEnd(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value;
}

function parse<Value>(schema: z.ZodType<Value>, value: unknown, file: string): Value {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw damaged(file, z.prettifyError(parsed.error).replaceAll('\n', ' '), parsed.error);
  return parsed.data;
}

function damaged(file: string, detail: string, cause?: unknown): ResynthError {
  return new ResynthError('store/manifest-damaged', { file: shownName(file), detail }, { cause });
}
