import { existsSync, globSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ChildPool } from '../../../src-main/processes/child-pool.ts';
import { extremes, median, type BenchRow } from '../report.ts';
import type { SectionOptions } from '../sections.ts';
import { startLibrosa, type Librosa } from './librosa.ts';
import { benchLongFile } from './long-file.ts';
import { workOn, type Done, type Kind, type Work } from './work.ts';

/**
 * The signal chain against soundfile and librosa: a tree of FLAC files decoded and transformed by as many processes as there
 * are cores, against a loop in Python; mel and MFCC in one thread each. Sides alternate piece by piece, so that what else the
 * machine does hits both alike.
 */

const rounds = 3;
const pieces = 4;
const singleFiles = 60;
const filesATask = 6;
const beside = path.resolve(import.meta.dirname, '../../../../shared/data/LibriSpeech');

export async function benchSignal({ dataFolder, only, progress }: SectionOptions): Promise<BenchRow[]> {
  const folder = dataFolder ?? (existsSync(beside) ? beside : null);
  const files = folder === null ? [] : globSync('**/*.flac', { cwd: folder }).sort();
  if (folder === null || files.length === 0) {
    const note = 'a folder of FLAC files is needed: --data DIR';
    return [{ section: 'signal', what: 'decode and STFT over librosa', value: null, unit: 'x', note }];
  }
  const paths = files.map((file) => path.join(folder, file));
  const librosa = await startLibrosa(paths[0]!);
  const partner = 'missing' in librosa ? null : librosa;
  const missing = 'missing' in librosa ? librosa.missing : '';
  const rows: BenchRow[] = [];
  const wanted = (part: string): boolean => only === undefined || part.includes(only);
  try {
    if (wanted('tree')) rows.push(await acrossCores(paths, partner, missing, progress));
    for (const kind of (['mel', 'mfcc'] as const).filter(wanted))
      rows.push(await inOneThread(kind, paths.slice(0, singleFiles), partner, missing, progress));
  } finally {
    partner?.close();
  }
  if (wanted('long')) rows.push(...(await benchLongFile(progress)));
  return rows;
}

/** Seconds of either side in one round, and what they made. */
interface Round {
  ours: number;
  theirs: number;
}

async function acrossCores(
  files: readonly string[],
  librosa: Librosa | null,
  missing: string,
  progress: (message: string) => void,
): Promise<BenchRow> {
  const pool = new ChildPool<Work, Done>({ entry: path.join(import.meta.dirname, 'entry.ts') });
  try {
    // Every process starts, and warms up, as ours stay up between files.
    const warm = files.slice(0, 2 * filesATask * os.availableParallelism());
    await inPool(pool, 'stft', warm);
    await inPool(pool, 'stft', warm);
    const times: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`Decode and STFT of ${files.length} files, round ${round} of ${rounds}`);
      times.push(await alternate(files, 'stft', (part) => inPool(pool, 'stft', part), librosa));
    }
    const note = `${files.length} files, ${os.availableParallelism()} processes against a loop in one`;
    return ratioRow('decode and STFT of a tree over librosa', times, librosa, missing, 2, note);
  } finally {
    await pool.close();
  }
}

async function inOneThread(
  kind: Kind,
  files: readonly string[],
  librosa: Librosa | null,
  missing: string,
  progress: (message: string) => void,
): Promise<BenchRow> {
  workOn({ kind, files: files.slice(0, 10) });
  const times: Round[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`${kind} of ${files.length} files in one thread, round ${round} of ${rounds}`);
    times.push(
      await alternate(files, kind, (part) => Promise.resolve(workOn({ kind, files: part })), librosa),
    );
  }
  return ratioRow(
    `decode and ${kind} over librosa, one thread each`,
    times,
    librosa,
    missing,
    1,
    `${files.length} files`,
  );
}

/** One round: both sides do piece after piece in turn. */
async function alternate(
  files: readonly string[],
  kind: Kind,
  ours: (part: readonly string[]) => Promise<Done>,
  librosa: Librosa | null,
): Promise<Round> {
  const round: Round = { ours: 0, theirs: 0 };
  const step = Math.ceil(files.length / pieces);
  for (let first = 0; first < files.length; first += step) {
    const part = files.slice(first, first + step);
    const start = performance.now();
    const made = await ours(part);
    round.ours += (performance.now() - start) / 1000;
    if (!librosa) continue;
    const theirs = await librosa.run({ kind, files: part });
    round.theirs += theirs.sec;
    if (theirs.frames !== made.frames || Math.abs(theirs.sum / made.sum - 1) > 1e-3) {
      throw new Error(`The sides disagree on ${kind}: ${JSON.stringify({ made, theirs })}`);
    }
  }
  return round;
}

async function inPool(pool: ChildPool<Work, Done>, kind: Kind, files: readonly string[]): Promise<Done> {
  const tasks: Promise<Done>[] = [];
  for (let first = 0; first < files.length; first += filesATask) {
    const part = files.slice(first, first + filesATask);
    tasks.push(pool.run({ kind, files: part }, part[0]!));
  }
  const done = await Promise.all(tasks);
  return {
    sum: done.reduce((total, one) => total + one.sum, 0),
    frames: done.reduce((total, one) => total + one.frames, 0),
    cpuSec: done.reduce((total, one) => total + one.cpuSec, 0),
  };
}

function ratioRow(
  what: string,
  times: readonly Round[],
  librosa: Librosa | null,
  missing: string,
  target: number,
  note: string,
): BenchRow {
  const common = { section: 'signal', what, unit: 'x', target: `>= ${target}` };
  const seconds = median(times.map(({ ours }) => ours)).toFixed(2);
  if (!librosa) return { ...common, value: null, note: `${missing}; ours ${seconds} s` };
  const ratios = times.map(({ ours, theirs }) => theirs / ours);
  const value = median(ratios);
  return {
    ...common,
    value,
    spread: extremes(ratios),
    ok: value >= target,
    note: `${note}; ours ${seconds} s; ${librosa.versions}`,
  };
}
