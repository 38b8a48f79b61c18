import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import {
  type folderFiguresSchema,
  type metricsCommand,
  type metricsList,
  type PairFiguresOutput,
  soundMetricKeys,
} from '../../src-preload/contract/commands/metrics.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Measured, MeasureTask } from '../analyst/judging-tasks.ts';
import { wholeFile } from '../analyst/segment.ts';
import { evaluationMetrics } from '../metrics/registry.ts';
import type { HostContext, HostHandler } from './services.ts';

type FolderFigures = z.output<typeof folderFiguresSchema>;
type Named = FolderFigures['pairs'][number];

/**
 * All metrics of two files, or of files of the same name in two folders, by child processes.
 *
 * @throws ResynthError metrics/file-and-folder, metrics/no-pairs, metrics/too-long; any of `audio/*`.
 */
export const handleMetrics: HostHandler<typeof metricsCommand> = async (input, context) => {
  const { align, trim, matchGain } = input;
  const [reference, degraded] = [path.resolve(input.reference), path.resolve(input.degraded)];
  const [folder, other] = [await isFolder(reference), await isFolder(degraded)];
  if (folder !== other) throw new ResynthError('metrics/file-and-folder', { reference, degraded });
  const task = (one: string, another: string): MeasureTask => {
    return {
      kind: 'measure',
      reference: one,
      degraded: another,
      stretch: wholeFile,
      align,
      trim,
      matchGain,
      contentHash: null,
      metrics: null,
      rateHz: null,
      mostSec: null,
    };
  };
  if (!folder) return figuresOf(await measure(task(reference, degraded), context));
  return measureFolders(reference, degraded, task, context);
};

/** What there is to be measured, exactly named. */
export const handleMetricsList: HostHandler<typeof metricsList> = () =>
  Promise.resolve({
    metrics: evaluationMetrics.map(({ key, title, variant, unit, range, better, ratesHz, source }) => {
      const [least, most] = range;
      const rates = ratesHz && [...ratesHz];
      return { key, title, variant, unit, range: [least, most], better, ratesHz: rates, source };
    }),
  });

async function measure(task: MeasureTask, { services, progress }: HostContext): Promise<Measured> {
  const measured = await services.analysts.run(task);
  for (const warning of measured.warnings) progress({ stage: 'Measuring', warning });
  return measured;
}

async function measureFolders(
  reference: string,
  degraded: string,
  task: (one: string, another: string) => MeasureTask,
  context: HostContext,
): Promise<FolderFigures> {
  const [ours, theirs] = [await filesByName(reference), await filesByName(degraded)];
  const names = [...ours.keys()].filter((name) => theirs.has(name)).sort();
  if (names.length === 0) throw new ResynthError('metrics/no-pairs', { reference, degraded });
  const pairs: Named[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < names.length) {
      context.signal.throwIfAborted();
      const index = next++;
      const name = names[index]!;
      pairs[index] = { name, ...(await rowOf(task(ours.get(name)!, theirs.get(name)!), context)) };
      context.progress({ stage: 'Measuring', done: ++done, total: names.length, unit: 'files' });
    }
  };
  await Promise.all(Array.from({ length: context.services.analysts.appetite }, work));
  return {
    pairs,
    summary: summarise(pairs),
    unpaired: {
      reference: [...ours.keys()].filter((name) => !theirs.has(name)).sort(),
      degraded: [...theirs.keys()].filter((name) => !ours.has(name)).sort(),
    },
  };
}

/** A pair that cannot be read is a row of blanks: the others are measured all the same. */
async function rowOf(task: MeasureTask, context: HostContext): Promise<PairFiguresOutput> {
  try {
    return figuresOf(await measure(task, context));
  } catch (thrown) {
    if (!(thrown instanceof ResynthError) || thrown.code === 'internal/cancelled') throw thrown;
    const reasons = Object.fromEntries(figureKeys.map((key) => [key, thrown.message]));
    return { ...emptyFigures(), reasons };
  }
}

const figureKeys = [...soundMetricKeys, 'lag_samples', 'gain_db'] as const;

function emptyFigures(): Omit<PairFiguresOutput, 'reasons'> {
  return Object.fromEntries(figureKeys.map((key) => [key, null])) as Omit<PairFiguresOutput, 'reasons'>;
}

function figuresOf({ values, reasons, lagSamples, gainDb }: Measured): PairFiguresOutput {
  return { ...emptyFigures(), ...values, lag_samples: lagSamples, gain_db: gainDb, reasons };
}

function summarise(pairs: readonly Named[]): FolderFigures['summary'] {
  return Object.fromEntries(
    figureKeys.map((key) => {
      const found = pairs.map((pair) => pair[key]).filter((value) => value !== null);
      found.sort((a, b) => a - b);
      const n = found.length;
      const mean = n === 0 ? null : found.reduce((sum, value) => sum + value, 0) / n;
      const median = n === 0 ? null : (found[(n - 1) >> 1]! + found[n >> 1]!) / 2;
      return [key, { n, mean, median }];
    }),
  );
}

async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch {
    // Whoever opens it says what is wrong with it.
    return false;
  }
}

const audioEndings = new Set(['.wav', '.flac', '.mp3', '.ogg', '.opus', '.aiff', '.aif', '.sph', '.m4a']);

/** Whether a file's ending says that it holds sound. */
export function isAudioName(name: string): boolean {
  return audioEndings.has(path.extname(name).toLowerCase());
}

/** Audio files below a folder by their path in it without the ending. */
async function filesByName(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !isAudioName(entry.name)) continue;
    const ending = path.extname(entry.name);
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file).slice(0, -ending.length).split(path.sep).join('/');
    found.set(name, file);
  }
  return found;
}
