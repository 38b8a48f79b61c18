import { mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import type { corpusMake } from '../../../src-preload/contract/commands/corpus.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { forEachBounded } from '../../processes/bounded.ts';
import { ChildPool } from '../../processes/child-pool.ts';
import { makeFolder } from '../../files/folders.ts';
import { asWriteError, errorCode } from '../../files/system-errors.ts';
import { removeStaleTemporaries } from '../../files/temporaries.ts';
import { expandHome } from '../folders/paths.ts';
import { addDataset } from '../datasets/datasets.ts';
import type { HostContext, HostHandler } from '../services.ts';
import {
  type Manifest,
  makeManifest,
  manifestName,
  readCompleteManifest,
  writeManifest,
} from './sample-corpus-manifest.ts';
import { sampleCorpusRecipe, voices } from './sample-corpus-recipe.ts';
import type { SpeakTask, SpokenFile } from './sample-corpus-voice.ts';

export interface MadeCorpus {
  folder: string;
  manifest: Manifest;
  /** True when the complete corpus was there already. */
  reused: boolean;
}

/**
 * Makes the sample corpus in a folder of its own: 600 spoken digits, named as FSDD names them. A complete one is
 * recognised and left; one that was interrupted is made again over what is there, each file changing at one moment;
 * cancelling takes away what this call has made.
 *
 * @throws ResynthError corpus/folder-in-use when the folder holds anything else; corpus/voice-failed; files/disk-full,
 *   files/not-writable; internal/cancelled.
 */
export async function makeSampleCorpus(
  { out, nodePath }: { out: string; nodePath?: string | undefined },
  progress: (event: ProgressEvent) => void,
  signal: AbortSignal,
): Promise<MadeCorpus> {
  const folder = path.resolve(out);
  const utterances = sampleCorpusRecipe();
  const there = await listFolder(folder);
  refuseForeignFiles(folder, there ?? [], utterances);
  const complete = await readCompleteManifest(folder);
  if (complete) return { folder, manifest: complete, reused: true };

  await removeStaleTemporaries(folder);
  const scratch = await makeScratch(folder);
  const pool = new ChildPool<SpeakTask, SpokenFile>({
    entry: path.join(import.meta.dirname, 'sample-corpus-entry.ts'),
    nodePath,
    // node:wasi says that it is experimental; that is our affair, not the user's.
    nodeOptions: ['--disable-warning=ExperimentalWarning'],
  });
  const cancel = () => void pool.close();
  signal.addEventListener('abort', cancel, { once: true });
  const made: SpokenFile[] = [];
  try {
    if (signal.aborted) throw new ResynthError('internal/cancelled');
    await rm(path.join(folder, manifestName), { force: true });
    await forEachBounded(utterances, pool.appetite, async (utterance) => {
      made.push(await pool.run({ utterance, folder, scratch }, utterance.file));
      const detail = 'four synthetic voices, ten digits, fifteen variants';
      progress({
        stage: 'Speaking the sample corpus',
        done: made.length,
        total: utterances.length,
        unit: 'files',
        detail,
      });
    });
    await pool.close();
    await rm(scratch, { recursive: true });
    made.sort((a, b) => (a.file < b.file ? -1 : 1));
    const manifest = makeManifest(made);
    await writeManifest(folder, manifest);
    return { folder, manifest, reused: false };
  } catch (thrown) {
    await pool.close();
    await rm(scratch, { recursive: true, force: true });
    // A child may have written a file and been killed before it could say so: all that was not there before goes.
    const kept = new Set(there ?? []);
    const written = new Set(made.map(({ file }) => file));
    for (const { file } of utterances) {
      if (written.has(file) || !kept.has(file)) await rm(path.join(folder, file), { force: true });
    }
    if (there === null) await removeIfEmpty(folder);
    throw thrown;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** `corpus make`. */
export const handleCorpusMake: HostHandler<typeof corpusMake> = async (input, context) => {
  const { services, progress, signal } = context;
  const startedMs = performance.now();
  const out =
    input.out === undefined ? path.join(services.home.root, 'sample-corpus') : expandHome(input.out);
  const { nodePath } = services;
  const { folder, manifest, reused } = await makeSampleCorpus({ out, nodePath }, progress, signal);
  const dataset = input.add ? await addedDataset(folder, context) : null;
  return {
    folder,
    dataset,
    recordings: manifest.files.length,
    speakers: voices.map(({ name }) => name),
    durationSec: manifest.files.reduce((sum, { durationSec }) => sum + durationSec, 0),
    contentHash: manifest.contentHash,
    reused,
    elapsedSec: (performance.now() - startedMs) / 1000,
  };
};

/** Id of the dataset of the corpus's folder: the one that there is, or a new one. */
async function addedDataset(folder: string, context: HostContext): Promise<string> {
  const there = (await context.services.database.listDatasets()).find((one) => one.folder === folder);
  if (there) return there.id;
  const added = await addDataset(context.services, { dir: folder, layout: 'fsdd' }, context);
  return added.id;
}

/** The names in a folder, null where there is none. */
async function listFolder(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    const code = errorCode(thrown);
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR') throw new ResynthError('dataset/not-a-folder', { folder }, { cause: thrown });
    throw asWriteError(thrown, folder);
  }
}

const scratchPrefix = '.tmp-speaking-';

function refuseForeignFiles(
  folder: string,
  names: readonly string[],
  own: readonly { file: string }[],
): void {
  const expected = new Set([manifestName, ...own.map(({ file }) => file)]);
  const example = names.find((name) => !expected.has(name) && !name.startsWith('.'));
  if (example !== undefined) throw new ResynthError('corpus/folder-in-use', { folder, example });
}

async function makeScratch(folder: string): Promise<string> {
  try {
    await makeFolder(folder);
    return await mkdtemp(path.join(folder, scratchPrefix));
  } catch (thrown) {
    throw asWriteError(thrown, folder);
  }
}

/** What was there before, or is somebody else's by now, stays. */
async function removeIfEmpty(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length === 0) await rmdir(folder);
}
