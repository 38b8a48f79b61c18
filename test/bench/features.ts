import { clipSeconds } from '../../src-main/dsp/pipeline.ts';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { decodeAudio, mixToMono } from '../../src-main/audio/decode.ts';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { analyse } from '../../src-main/dsp/representation.ts';
import { featurePipelineSchema } from '../../src-main/dsp/pipeline.ts';
import { uniformNumbers } from '../../src-main/dsp/random.ts';
import { extremes, median, type BenchRow } from './report.ts';

/**
 * Feature extraction (decode, resample 8 to 22.05 kHz, STFT, dB, min-max) against librosa, one thread each. Both sides
 * take turns every few hundred clips, so that what else the machine does hits both alike.
 */

const rounds = 3;
const pieceClips = 250;
/** The frequency bin whose mean shows that both sides did the same work; one, as adding all of them up takes time. */
const checkRow = 10;
const config = featurePipelineSchema.parse({ kind: 'log-spectrogram' });
const beside = path.resolve(import.meta.dirname, '../../../shared/data/fsdd/recordings');

export interface FeatureTimes {
  clips: number;
  /** Median over the rounds. */
  oursSec: number;
  librosaSec: number | null;
  /** librosa's time over ours, round by round; empty without librosa. */
  ratios: number[];
  /** The same in processor time, which a busy machine disturbs less. */
  cpuRatio: number | null;
  /** The mean of one row of the features by either side: a check that both did the same work. */
  means: { ours: number; librosa: number | null };
  note: string;
}

/** The row of `npm run bench -- features`. */
export async function benchFeatures(options: {
  dataFolder: string | undefined;
  progress: (message: string) => void;
}): Promise<BenchRow[]> {
  const times = await measureFeatures(options.dataFolder, options.progress);
  const perClip = (sec: number): number => (1000 * sec) / times.clips;
  const rows: BenchRow[] = [
    {
      section: 'features',
      what: 'one clip, one thread',
      value: perClip(times.oursSec),
      unit: 'ms',
      note: `${times.clips} clips${times.librosaSec === null ? '' : `; librosa ${perClip(times.librosaSec).toFixed(3)} ms`}`,
    },
  ];
  const cpu = times.cpuRatio === null ? '' : `; ${times.cpuRatio.toFixed(2)} x in processor time`;
  const note = times.note + cpu;
  const common = {
    section: 'features',
    what: 'speed over librosa',
    unit: 'x',
    target: '>= 1',
    note,
  };
  if (times.ratios.length === 0) rows.push({ ...common, value: null });
  else {
    const value = median(times.ratios);
    rows.push({ ...common, value, spread: extremes(times.ratios), ok: value >= 1 });
  }
  return rows;
}

/** Times both sides on the WAV files of a folder, of FSDD beside the checkout, or on made-up ones. */
export async function measureFeatures(
  dataFolder: string | undefined,
  progress: (message: string) => void,
): Promise<FeatureTimes> {
  const folder = dataFolder ?? (existsSync(beside) ? beside : undefined);
  const made = folder ? null : makeClips();
  try {
    const from = folder ?? made ?? '';
    const names = readdirSync(from).filter((name) => name.toLowerCase().endsWith('.wav'));
    if (names.length === 0) throw new Error(`There are no WAV files in ${from}.`);
    return await timeBoth(
      names.sort().map((name) => path.join(from, name)),
      progress,
    );
  } finally {
    if (made) rmSync(made, { recursive: true, force: true });
  }
}

/** Time of one side in one round. */
interface Spent {
  sec: number;
  cpuSec: number;
  /** Sum over the clips of the mean of that row. */
  sum: number;
}

async function timeBoth(files: string[], progress: (message: string) => void): Promise<FeatureTimes> {
  const librosa = startLibrosa(files);
  try {
    const version = 'missing' in librosa ? null : await librosa.version;
    extract(files);
    const ours: Spent[] = [];
    const theirs: Spent[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`Features of ${files.length} clips, round ${round} of ${rounds}`);
      const [our, their] = [
        { sec: 0, cpuSec: 0, sum: 0 },
        { sec: 0, cpuSec: 0, sum: 0 },
      ];
      for (let first = 0; first < files.length; first += pieceClips) {
        const end = Math.min(first + pieceClips, files.length);
        add(our, extract(files.slice(first, end)));
        if (!('missing' in librosa)) add(their, await librosa.extract(first, end));
      }
      ours.push(our);
      if (version !== null) theirs.push(their);
    }
    const cpu = (all: readonly Spent[]): number => all.reduce((total, { cpuSec }) => total + cpuSec, 0);
    const known = theirs.length > 0;
    return {
      clips: files.length,
      oursSec: median(ours.map(({ sec }) => sec)),
      librosaSec: known ? median(theirs.map(({ sec }) => sec)) : null,
      ratios: theirs.map(({ sec }, round) => sec / (ours[round]?.sec ?? Number.NaN)),
      cpuRatio: known ? cpu(theirs) / cpu(ours) : null,
      means: {
        ours: (ours[0]?.sum ?? Number.NaN) / files.length,
        librosa: known ? (theirs[0]?.sum ?? Number.NaN) / files.length : null,
      },
      note: 'missing' in librosa ? librosa.missing : `librosa ${version}, 1 thread each`,
    };
  } finally {
    if (!('missing' in librosa)) librosa.close();
  }
}

function add(total: Spent, part: Spent): void {
  total.sec += part.sec;
  total.cpuSec += part.cpuSec;
  total.sum += part.sum;
}

function extract(files: readonly string[]): Spent {
  const start = performance.now();
  const startCpu = process.cpuUsage();
  let sum = 0;
  for (const file of files) {
    const { channels, sampleRateHz } = decodeAudio(file, { maxDurationSec: clipSeconds(config) });
    const { features, frames } = analyse(mixToMono(channels), sampleRateHz, config);
    for (const value of features.subarray(checkRow * frames, (checkRow + 1) * frames)) sum += value / frames;
  }
  const { user, system } = process.cpuUsage(startCpu);
  return { sec: (performance.now() - start) / 1000, cpuSec: (user + system) / 1e6, sum };
}

interface Librosa {
  version: Promise<string>;
  /** Has the files from `first` to before `end` done. */
  extract(first: number, end: number): Promise<Spent>;
  close(): void;
}

/** A Python with librosa (RESYNTH_PYTHON, else python3) that waits for rounds, or why there is none. */
function startLibrosa(files: readonly string[]): Librosa | { missing: string } {
  const python = process.env.RESYNTH_PYTHON || 'python3';
  const probe = spawnSync(python, ['-c', 'import librosa'], { encoding: 'utf8' });
  if (probe.status !== 0) {
    const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1) ?? `exit ${probe.status}`;
    return { missing: `no librosa to compare with: ${python}: ${reason}; name a Python with RESYNTH_PYTHON` };
  }
  const script = path.join(import.meta.dirname, 'torch', 'librosa_features.py');
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const line = await lines.next();
    if (line.done) throw new Error('The librosa side of the benchmark ended early; its message is above.');
    return JSON.parse(line.value);
  };
  child.stdin.write(`${JSON.stringify(files)}\n`);
  return {
    version: answer().then((first) => (first as { version: string }).version),
    extract: async (first, end) => {
      child.stdin.write(`${JSON.stringify([first, end])}\n`);
      return (await answer()) as Spent;
    },
    close: () => void child.stdin.end(),
  };
}

/** 300 files of 0.3 to 0.7 s of noise at 8 kHz, in a folder of their own. */
function makeClips(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-bench-'));
  for (let clip = 0; clip < 300; clip++) {
    const samples = Float32Array.from(uniformNumbers(clip, 2400 + 10 * clip), (value) => value - 0.5);
    writeWav(path.join(folder, `${clip}.wav`), samples, 8000);
  }
  return folder;
}
