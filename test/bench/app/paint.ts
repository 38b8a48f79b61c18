import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { createRun } from '../../../src-main/host/runs/runs.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { chromiumExecutable } from '../../helpers/chromium.ts';
import { openBench } from '../../helpers/web-host.ts';
import { extremes, median, type BenchRow } from '../report.ts';
import { fillLibrary } from './large-library.ts';
import { loadNote, type PartOptions, section, withScratch } from './part.ts';

const dataset = 'large';
const recordings = 300_000;
const runs = 1000;
const rounds = 5;
const targetMs = 100;

/** From the press of a link to the first frame that has the screen, in a window with 1,000 runs and 300,000 recordings. */
export async function benchPaint({ progress }: PartOptions): Promise<BenchRow[]> {
  const target = `< ${targetMs} ms`;
  if (chromiumExecutable() === null) {
    const note = 'no Chromium; RESYNTH_CHROMIUM names one';
    return [{ section, what: 'first paint of any screen', value: null, unit: 'ms', target, note }];
  }
  return withScratch(async (scratch) => {
    const root = path.join(scratch, 'home');
    progress(`app: fill a database with ${recordings} recordings, and make ${runs} runs`);
    await fillLibrary(root, dataset, recordings);
    const ids = await makeRuns(root);
    const bench = await openBench({ home: root });
    try {
      const { page } = await bench.open();
      page.setDefaultTimeout(60_000);
      await page.setViewportSize({ width: 1440, height: 900 });
      const screens: Record<string, string> = {
        library: '',
        dataset: `datasets/${dataset}`,
        train: 'train',
        runs: 'runs',
        run: `runs/${ids[0] ?? ''}`,
        'compare of eight': `compare?runs=${ids.slice(0, 8).join(',')}`,
        'listening tests': 'listen',
        settings: 'settings',
      };
      // What is read once (columns of the dataset, the list of runs) is not the screens' to answer for.
      for (const place of Object.values(screens)) await shown(page, place, 1500);
      const rows: BenchRow[] = [];
      for (const [name, place] of Object.entries(screens)) {
        progress(`app: first paint, ${name}`);
        const times: number[] = [];
        for (let round = 0; round < rounds; round++) {
          await shown(page, 'add', 250);
          times.push(await shown(page, place, 400));
        }
        const value = median(times);
        rows.push({
          section,
          what: `first paint: ${name}, 1,000 runs and 300,000 recordings`,
          value,
          unit: 'ms',
          spread: extremes(times),
          target,
          ok: value < targetMs,
          note: loadNote(),
        });
      }
      return rows;
    } finally {
      await bench.close();
    }
  });
}

/** Goes to a screen; milliseconds until a frame that has its heading was painted. Then rests. */
async function shown(page: Page, place: string, restMs: number): Promise<number> {
  const ms = await page.evaluate(async (to) => {
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const view = document.querySelector('#content .view');
    const before = view?.firstElementChild;
    const startMs = performance.now();
    location.hash = `#/${to}`;
    for (let frames = 0; frames < 600; frames++) {
      await frame();
      const now = view?.firstElementChild;
      if (now !== before && view?.querySelector('h1')) break;
    }
    // The frame in which it was found is painted when the next task runs.
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - startMs;
  }, place);
  await page.waitForTimeout(restMs);
  return ms;
}

/** The first is made as runs are made; the others are copies of it, not flushed one by one. */
async function makeRuns(root: string): Promise<string[]> {
  const home = openHome(root);
  const { folder, record } = await createRun(home, {
    config: resolveConfig({ preset: 'fsdd-vae-compact-8k' }),
    dataset: { id: dataset, name: dataset, folder: `/data/${dataset}`, splitHash: 'h' },
    ...{ name: 'sweep', nameFrom: 'sweep', parent: null },
    engine: { backend: null, device: null, threads: null },
  });
  const ids = [record.id];
  for (let number = 1; number < runs; number++) {
    const id = `20260101-000000-${number.toString(16).padStart(4, '0')}`;
    const copy = path.join(home.runs, id);
    cpSync(folder, copy, { recursive: true });
    const own = { ...record, id, name: `sweep ${number}`, createdMs: record.createdMs - number };
    writeFileSync(runFiles(copy).record, JSON.stringify(own));
    ids.push(id);
  }
  return ids;
}
