import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { datasetsAdd, datasetsRemove } from '../../../src-preload/contract/commands/datasets.ts';
import { extremes, median, type BenchRow } from '../report.ts';
import { AppHost } from './app-host.ts';
import { loadNote, type PartOptions, section, withScratch } from './part.ts';
import { fsddFolder } from './speech-folders.ts';

/**
 * FSDD through `datasets add`, over the local socket into a host of its own, against the loop that a researcher writes in
 * Python (index_loop.py). Rounds take turns: first index of a host that has just started, Python, and the same folder once
 * more in that host, whose helpers are up by then as in a window that is open.
 */

const rounds = 5;
const target = 3;
const script = path.join(import.meta.dirname, 'index_loop.py');
const told = z.object({ files: z.int(), sec: z.number(), soundfile: z.string() });

export function benchIndexing({ dataFolder, progress }: PartOptions): Promise<BenchRow[]> {
  return withScratch(async (scratch) => {
    const { folder, note } = fsddFolder(dataFolder, scratch);
    const python = findPython();
    const firstSec: number[] = [];
    const warmSec: number[] = [];
    const pythonSec: number[] = [];
    let version = '';
    let files = 0;
    for (let round = 0; round < rounds; round++) {
      progress(`app: index ${note}, round ${round + 1} of ${rounds}`);
      const host = await AppHost.open(path.join(scratch, `home${round}`));
      try {
        const first = await index(host, folder, 'first');
        files = first.files;
        firstSec.push(first.sec);
        if ('python' in python) {
          const { stdout } = await run(python.python, [script, folder, path.join(scratch, `${round}.db`)]);
          const loop = told.parse(JSON.parse(stdout));
          version = `soundfile ${loop.soundfile}`;
          pythonSec.push(loop.sec);
        }
        warmSec.push((await index(host, folder, 'again')).sec);
      } finally {
        await host.stop();
      }
    }
    const missing = 'missing' in python ? python.missing : null;
    const ratios = (ours: readonly number[]): number[] =>
      pythonSec.map((sec, round) => sec / (ours[round] ?? Number.NaN));
    const common = `${files} files; ${loadNote()}`;
    return [
      ...rowsOf('index FSDD, host is warm', warmSec, ratios(warmSec), missing, common),
      ...rowsOf('index FSDD, first index after start', firstSec, ratios(firstSec), missing, common),
      ...(pythonSec.length > 0
        ? [timeRow('index FSDD, Python loop', pythonSec, `${version}, without starting Python`)]
        : []),
    ];
  });
}

const run = promisify(execFile);

function rowsOf(
  what: string,
  sec: readonly number[],
  ratios: readonly number[],
  missing: string | null,
  note: string,
): BenchRow[] {
  const speed: BenchRow = {
    section,
    what: `${what}: speed over Python`,
    value: null,
    unit: 'x',
    target: `>= ${target} x`,
  };
  if (missing !== null) speed.note = missing;
  else {
    speed.value = median(ratios);
    speed.spread = extremes(ratios);
    speed.ok = speed.value >= target;
    speed.note = note;
  }
  return [timeRow(what, sec, note), speed];
}

function timeRow(what: string, sec: readonly number[], note: string): BenchRow {
  return { section, what, value: median(sec), unit: 's', spread: extremes(sec), note };
}

/** Seconds from asking to the answer; the dataset is removed again. */
async function index(host: AppHost, dir: string, name: string): Promise<{ sec: number; files: number }> {
  const startMs = performance.now();
  const { recordings } = await host.client.call(datasetsAdd, { dir, name });
  const sec = (performance.now() - startMs) / 1000;
  await host.client.call(datasetsRemove, { dataset: name });
  return { sec, files: recordings };
}

/** A Python with soundfile and numpy (RESYNTH_PYTHON, else python3), or why there is none. */
function findPython(): { python: string } | { missing: string } {
  const python = process.env.RESYNTH_PYTHON || 'python3';
  const probe = spawnSync(python, ['-c', 'import numpy, soundfile, sqlite3'], { encoding: 'utf8' });
  if (probe.status === 0) return { python };
  const reason = probe.error?.message ?? probe.stderr.trim().split('\n').at(-1) ?? `exit ${probe.status}`;
  return { missing: `no soundfile to compare with: ${python}: ${reason}; name a Python with RESYNTH_PYTHON` };
}
