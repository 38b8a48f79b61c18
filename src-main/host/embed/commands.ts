import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { EmbeddedRow, embed, Embedding, unembed } from '../../../src-preload/contract/commands/embed.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { didYouMean } from '../../../src-preload/contract/suggestion.ts';
import { compareIds, type Recording, recordingPath } from '../../corpora/recording.ts';
import { codeUnitOf } from '../../dsp/representation.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { makeFolder } from '../../files/folders.ts';
import { asWriteError } from '../../files/system-errors.ts';
import { resultNames } from '../../inference/file-names.ts';
import { codeGridOf } from '../../models/code-size.ts';
import { parseConfig } from '../../models/config.ts';
import { allRecordings } from '../datasets/manifest.ts';
import { datasetFolder, recordingsOf } from '../latent/known-recordings.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import type { Run } from '../runs/runs.ts';
import type { HostHandler, Services } from '../services.ts';
import {
  embeddingFiles,
  lineOf,
  readAllRows,
  readEmbedding,
  readKeptRows,
  writeRows,
  writeTable,
} from './folder.ts';

/** Recordings of one request: what a kill costs at most. */
const recordingsAtOnce = 8;

/** Encodes the recordings of a dataset into a folder, and goes on with one that was begun. */
export const handleEmbed: HostHandler<typeof embed> = async (input, context) => {
  const { services, progress, signal } = context;
  const { trainers, inference } = services;
  const run = await trainers.resolve(input.run);
  const config = parseConfig(run.record.config);
  const dataset = await datasetOf(run, input.dataset, services);
  const recordings = dataset.recordings
    .filter(({ split, excluded }) => excluded === null && (input.split === 'all' || split === input.split))
    .sort(compareIds);
  if (recordings.length === 0) {
    throw new ResynthError('dataset/split-empty', { name: dataset.name, split: input.split });
  }
  // Loaded first: a damaged checkpoint has another in its stead, which is the one to name.
  const { used, weights } = await inference.request(
    'abilities',
    { model: referenceTo(run, input.checkpoint) },
    optionsOf(context),
  );
  const { id, name, splitHash } = dataset;
  const embedding: Embedding = {
    ...{ schema: 1, run: run.record.id, name: run.record.name, preset: config.preset, family: config.family },
    ...{ step: used.step, weights, dataset: { id, name, splitHash }, split: input.split },
    sampleRateHz: config.features.sampleRateHz,
    grid: codeGridOf(config)?.grid.slice() ?? null,
  };
  const folder = path.resolve(input.out);
  const rows = await begin(folder, embedding);
  const kept = rows.size;
  const names = resultNames(recordings.map(({ id: recording }) => recording));
  const open = recordings
    .map((recording, at) => ({ recording, file: `${names[at] ?? String(at)}.npy` }))
    .filter(({ recording }) => !rows.has(recording.id));
  const stepSec = embedding.grid ? null : codeUnitOf(config.features).seconds;
  const failed: Awaited<ReturnType<typeof handleEmbed>>['failed'] = [];
  const stage = `Encoding ${dataset.name}`;
  for (let first = 0; first < open.length; first += recordingsAtOnce) {
    signal.throwIfAborted();
    progress({ stage, done: kept + first, total: recordings.length, unit: 'files' });
    const batch = open.slice(first, first + recordingsAtOnce);
    const { embedded } = await inference.request(
      'embedRecordings',
      {
        model: referenceTo(run, used.step),
        files: batch.map(({ recording, file }) => {
          const { id: of, contentHash, startSec, endSec } = recording;
          const from = recordingPath(dataset.folder, recording);
          return {
            id: of,
            path: from,
            contentHash,
            stretch: { startSec, endSec },
            out: path.join(folder, file),
          };
        }),
      },
      optionsOf(context),
    );
    const lines: string[] = [];
    for (const [at, one] of embedded.entries()) {
      const { recording, file } = batch[at] as (typeof batch)[number];
      if ('refused' in one) {
        const { code, message, remedy } = one.refused;
        failed.push({ source: recording.id, code, message, remedy });
        progress({ stage, warning: message });
        continue;
      }
      const { label, speaker, split } = recording;
      const row: EmbeddedRow = { recording: recording.id, file, label, speaker, split, stepSec, ...one };
      rows.set(recording.id, row);
      lines.push(lineOf(row));
    }
    await append(embeddingFiles(folder).index, lines.join(''));
  }
  const all = recordings.flatMap(({ id: recording }) => rows.get(recording) ?? []);
  await writeTable(folder, all);
  return {
    embedding,
    folder,
    index: embeddingFiles(folder).table,
    recordings: all.length,
    kept,
    vectors: all.reduce((sum, { vectors }) => sum + vectors, 0),
    numbers: all[0]?.numbers ?? 0,
    failed,
  };
};

/** A dataset as it is now; that of the run as it was when the run began, which may be gone from the library. */
async function datasetOf(
  run: Run,
  named: string | undefined,
  services: Services,
): Promise<{
  id: string;
  name: string;
  splitHash: string;
  folder: string;
  recordings: readonly Recording[];
}> {
  if (named !== undefined) {
    const dataset = await services.database.readDataset(named);
    return { ...dataset, recordings: await allRecordings(services, dataset.id) };
  }
  const recordings = [...(await recordingsOf(services, run)).values()];
  return { ...run.record.dataset, folder: await datasetFolder(services, run), recordings };
}

/** The rows that a folder has of the same codes. @throws ResynthError embed/other-there. */
async function begin(folder: string, embedding: Embedding): Promise<Map<string, EmbeddedRow>> {
  await makeFolder(folder);
  const there = await readEmbedding(folder);
  if (there) {
    const what = differenceOf(there, embedding);
    if (what !== null) throw new ResynthError('embed/other-there', { folder, what });
  } else {
    await writeFileAtomic(embeddingFiles(folder).head, `${JSON.stringify(embedding, null, 2)}\n`);
  }
  const rows = await readKeptRows(folder);
  // A torn line would be joined by the next that is appended.
  await writeRows(folder, rows.values());
  return rows;
}

/** In words; null where both mean the same codes. Names may have changed meanwhile. */
function differenceOf(there: Embedding, wanted: Embedding): string | null {
  if (there.weights !== wanted.weights) return `those of step ${there.step} of run "${there.name}"`;
  if (there.dataset.splitHash === wanted.dataset.splitHash && there.split === wanted.split) return null;
  return `those of the split ${there.split} of "${there.dataset.name}"`;
}

async function append(file: string, text: string): Promise<void> {
  try {
    await appendFile(file, text);
  } catch (thrown) {
    throw asWriteError(thrown, file);
  }
}

/** Makes sound of a folder of codes, by the checkpoint that made them. */
export const handleUnembed: HostHandler<typeof unembed> = async (input, context) => {
  const { services, progress, signal } = context;
  const from = path.resolve(input.folder);
  const embedding = await readEmbedding(from);
  const rows = await readAllRows(from);
  if (!embedding || rows.length === 0) {
    const detail = embedding ? 'its index is empty' : 'there is no embedding.json';
    throw new ResynthError('embed/no-embedding', { folder: from, detail });
  }
  const chosen =
    input.recordings.length === 0 ? rows : input.recordings.map((one) => rowNamed(one, rows, from));
  const run = await services.trainers.resolve(embedding.run);
  const model = referenceTo(run, embedding.step);
  const gone = { folder: from, run: embedding.name, step: embedding.step };
  const { weights, used } = await services.inference.request('abilities', { model }, optionsOf(context));
  if (weights !== embedding.weights || used.step !== embedding.step) {
    throw new ResynthError('embed/weights-gone', gone);
  }
  const folder = path.resolve(input.out);
  await makeFolder(folder);
  const { iterations, seed } = input;
  const sounds: Awaited<ReturnType<typeof handleUnembed>>['sounds'] = [];
  const failed: Awaited<ReturnType<typeof handleUnembed>>['failed'] = [];
  const stage = 'Decoding codes';
  for (let first = 0; first < chosen.length; first += recordingsAtOnce) {
    signal.throwIfAborted();
    progress({ stage, done: first, total: chosen.length, unit: 'files' });
    const batch = chosen.slice(first, first + recordingsAtOnce).map((row) => {
      return {
        row,
        npy: path.join(from, row.file),
        out: path.join(folder, `${path.parse(row.file).name}.wav`),
      };
    });
    const files = batch.map(({ row, npy, out }) => {
      const { vectors, numbers, fromSec, seconds, minDb, maxDb, scale, whole } = row;
      return { npy, out, facts: { vectors, numbers, fromSec, seconds, minDb, maxDb, scale, whole } };
    });
    const { decoded } = await services.inference.request(
      'decodeEmbeddings',
      { model, files, iterations, seed },
      optionsOf(context),
    );
    for (const [at, one] of decoded.entries()) {
      const { row, npy, out } = batch[at] as (typeof batch)[number];
      if ('refused' in one) {
        const { code, message, remedy } = one.refused;
        failed.push({ source: npy, code, message, remedy });
        progress({ stage, warning: message });
      } else sounds.push({ recording: row.recording, file: out, ...one });
    }
  }
  return { embedding, folder, sounds, failed };
};

function rowNamed(recording: string, rows: readonly EmbeddedRow[], folder: string): EmbeddedRow {
  const name = path.basename(recording);
  const row = rows.find((one) => one.recording === recording) ?? rows.find(({ file }) => file === name);
  if (row) return row;
  const known = rows.map((one) => one.recording);
  const suggestion = didYouMean(recording, known);
  throw new ResynthError('embed/recording-unknown', { recording, folder, count: rows.length, suggestion });
}
