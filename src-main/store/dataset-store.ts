import { createHash, randomBytes } from 'node:crypto';
import { readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { asResynthError, messageOf, ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Dataset, Recording, SkippedFile } from '../corpora/recording.ts';
import { createFolderAtomic, writeFileAtomic } from '../files/atomic-file.ts';
import { errorCode } from '../files/system-errors.ts';
import { isTemporaryName, removeStaleTemporaries, temporaryNameFor } from '../files/temporaries.ts';
import {
  type DatasetFile,
  datasetFileSchema,
  type ListFile,
  recordingSchema,
  skippedFileSchema,
} from './dataset-records.ts';
import type { Home } from './home.ts';

/** A dataset with its two lists, recordings in order of id. */
export interface DatasetContent {
  dataset: Dataset;
  recordings: readonly Recording[];
  skipped: readonly SkippedFile[];
}

/** Everything that was found, damaged ones apart, so that one damaged dataset does not hide the others. */
export interface DatasetListing {
  datasets: Dataset[];
  damaged: { id: string; error: ResynthError }[];
}

/** Where datasets are kept. Narrow on purpose: folders now, a database later. */
export interface DatasetStore {
  list(): Promise<DatasetListing>;
  /** @throws ResynthError dataset/unknown, store/damaged. */
  read(id: string): Promise<Dataset>;
  /** @throws ResynthError dataset/unknown, store/damaged. */
  readContent(id: string): Promise<DatasetContent>;
  /** @throws ResynthError dataset/name-taken when one with that id exists; files/disk-full, files/not-writable. */
  create(content: DatasetContent): Promise<void>;
  /** Puts new content in the place of the old, at one moment. */
  replace(content: DatasetContent): Promise<void>;
  /** Whether there was one; damaged ones go as well. */
  remove(id: string): Promise<boolean>;
}

const datasetFileName = 'dataset.json';

/** Datasets as folders: dataset.json, and the lists it names as JSON lines. */
export function openDatasetStore(home: Home): DatasetStore {
  return new FolderDatasetStore(home.datasets);
}

class FolderDatasetStore implements DatasetStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async list(): Promise<DatasetListing> {
    const listing: DatasetListing = { datasets: [], damaged: [] };
    for (const id of await this.#ids()) {
      try {
        listing.datasets.push((await this.#readFile(id)).dataset);
      } catch (thrown) {
        const error = asResynthError(thrown);
        // Removed by somebody else since the folder was listed.
        if (error.code !== 'dataset/unknown') listing.damaged.push({ id, error });
      }
    }
    listing.datasets.sort((a, b) => a.createdMs - b.createdMs || (a.name < b.name ? -1 : 1));
    return listing;
  }

  async read(id: string): Promise<Dataset> {
    return (await this.#readFile(id)).dataset;
  }

  async readContent(id: string): Promise<DatasetContent> {
    const before = await this.#readFile(id);
    try {
      return await this.#readLists(id, before);
    } catch (thrown) {
      // Replaced while we read: then dataset.json names other lists now, and those are whole.
      const after = await this.#readFile(id);
      if (JSON.stringify(after.lists) === JSON.stringify(before.lists)) throw thrown;
      return this.#readLists(id, after);
    }
  }

  async create(content: DatasetContent): Promise<void> {
    const { id, name, folder } = content.dataset;
    await removeStaleTemporaries(this.#root);
    const created = await createFolderAtomic(this.#folder(id), (temporary) =>
      writeContent(temporary, content),
    );
    if (!created) throw new ResynthError('dataset/name-taken', { name, folder });
  }

  async replace(content: DatasetContent): Promise<void> {
    const folder = this.#folder(content.dataset.id);
    const before = await this.#readFile(content.dataset.id);
    await writeContent(folder, content);
    for (const list of Object.values(before.lists)) await rm(path.join(folder, list.file), { force: true });
    await removeStaleTemporaries(folder);
  }

  async remove(id: string): Promise<boolean> {
    if (!(await this.#ids()).includes(id)) return false;
    // Renamed first: killed in the middle of deleting, there must not be half a dataset.
    const doomed = temporaryNameFor(this.#folder(id));
    await rename(this.#folder(id), doomed);
    await rm(doomed, { recursive: true, force: true });
    return true;
  }

  #folder(id: string): string {
    return path.join(this.#root, id);
  }

  async #ids(): Promise<string[]> {
    const entries = await readdir(this.#root, { withFileTypes: true }).catch((thrown: unknown) => {
      if (errorCode(thrown) === 'ENOENT') return [];
      throw thrown;
    });
    return entries.flatMap((entry) =>
      entry.isDirectory() && !isTemporaryName(entry.name) ? [entry.name] : [],
    );
  }

  async #readFile(id: string): Promise<DatasetFile> {
    const file = path.join(this.#folder(id), datasetFileName);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (thrown) {
      const known = await this.#ids();
      if (!known.includes(id)) {
        throw new ResynthError(
          'dataset/unknown',
          { name: id, known: known.join(', ') || 'none' },
          { cause: thrown },
        );
      }
      throw damaged(file, errorCode(thrown) === 'ENOENT' ? 'it is missing' : messageOf(thrown), thrown);
    }
    return parseWith(datasetFileSchema, text, file);
  }

  async #readLists(id: string, { dataset, lists }: DatasetFile): Promise<DatasetContent> {
    const folder = this.#folder(id);
    return {
      dataset,
      recordings: await readLines(
        path.join(folder, lists.recordings.file),
        lists.recordings,
        recordingSchema,
      ),
      skipped: await readLines(path.join(folder, lists.skipped.file), lists.skipped, skippedFileSchema),
    };
  }
}

/** Writes the lists under names of their own, then dataset.json, which is the moment everything changes. */
async function writeContent(folder: string, { dataset, recordings, skipped }: DatasetContent): Promise<void> {
  const revision = randomBytes(4).toString('hex');
  const file: DatasetFile = {
    format: 'resynth-dataset',
    version: 1,
    dataset,
    lists: {
      recordings: await writeLines(folder, `recordings-${revision}.jsonl`, recordings),
      skipped: await writeLines(folder, `skipped-${revision}.jsonl`, skipped),
    },
  };
  await writeFileAtomic(path.join(folder, datasetFileName), `${JSON.stringify(file, null, 2)}\n`);
}

async function writeLines(folder: string, file: string, records: readonly object[]): Promise<ListFile> {
  const hash = createHash('sha256');
  const pieces = function* () {
    for (let start = 0; start < records.length; start += 1000) {
      const piece = records.slice(start, start + 1000).map((record) => `${JSON.stringify(record)}\n`);
      const text = piece.join('');
      hash.update(text);
      yield text;
    }
  };
  await writeFileAtomic(path.join(folder, file), pieces());
  return { file, lines: records.length, sha256: hash.digest('hex') };
}

async function readLines<Row>(file: string, expected: ListFile, schema: z.ZodType<Row>): Promise<Row[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (thrown) {
    throw damaged(file, errorCode(thrown) === 'ENOENT' ? 'it is missing' : messageOf(thrown), thrown);
  }
  if (createHash('sha256').update(bytes).digest('hex') !== expected.sha256) {
    throw damaged(file, 'its content is not what was written');
  }
  const lines = bytes.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => parseWith(schema, line, file));
}

function parseWith<Value>(schema: z.ZodType<Value>, text: string, file: string): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw damaged(file, `it is not JSON (${messageOf(thrown)})`, thrown);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw damaged(file, z.prettifyError(parsed.error).replaceAll('\n', ' '), parsed.error);
  return parsed.data;
}

function damaged(file: string, detail: string, cause?: unknown): ResynthError {
  return new ResynthError('store/damaged', { file, detail }, { cause });
}
