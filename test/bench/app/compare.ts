import path from 'node:path';
import type { Page } from 'playwright';
import { localAddress } from '../../../src-main/host/connection/local-address.ts';
import { connectLocally } from '../../../src-main/host/connection/local-socket.ts';
import { createClient } from '../../../src-preload/contract/client.ts';
import { datasetsAdd, datasetsList } from '../../../src-preload/contract/commands/datasets.ts';
import { runsCompare } from '../../../src-preload/contract/commands/runs-compare.ts';
import { runsList } from '../../../src-preload/contract/commands/runs.ts';
import { chromiumExecutable } from '../../helpers/chromium.ts';
import { WebHostProcess } from '../../helpers/web-host.ts';
import { extremes, median, type BenchRow } from '../report.ts';
import { AppHost } from './app-host.ts';
import { makeRuns } from './made-up-runs.ts';
import { loadNote, type PartOptions, section, withScratch } from './part.ts';
import { fsddFolder } from './speech-folders.ts';
import { openChromium } from './start.ts';

const runs = 1000;
const compared = 8;
const rounds = 7;
const paintMs = 100;

/** A data folder with a dataset and 1,000 runs, of which the first eight have clips. */
export async function makeSweep(
  scratch: string,
  dataFolder: string | undefined,
  count = runs,
): Promise<{ home: string; ids: string[] }> {
  const home = path.join(scratch, 'home');
  const { folder } = fsddFolder(dataFolder, scratch);
  const host = await AppHost.open(home);
  await host.client.call(datasetsAdd, { dir: folder, name: 'fsdd' });
  const { datasets } = await host.client.call(datasetsList, {});
  await host.stop();
  const id = datasets[0]?.id ?? '';
  const ids = await makeRuns(home, { id, name: 'fsdd', folder, splitHash: 'made up' }, count, compared);
  return { home, ids };
}

/** The list of 1,000 runs, and eight of them compared: first paint and all there, in Chromium, and what the host takes. */
export async function benchCompare({ dataFolder, progress }: PartOptions): Promise<BenchRow[]> {
  const executablePath = chromiumExecutable();
  if (executablePath === null) {
    const what = 'first paint of a comparison';
    return [{ section, what, value: null, unit: 'ms', note: 'no Chromium; RESYNTH_CHROMIUM names one' }];
  }
  return withScratch(async (scratch) => {
    progress(`app: write ${runs} runs`);
    const { home, ids } = await makeSweep(scratch, dataFolder);
    const host = await WebHostProcess.start({ home });
    const browser = await openChromium(executablePath);
    const client = createClient({
      open: () => connectLocally(localAddress(home, 'owner')),
      reconnect: false,
    });
    try {
      progress('app: take in their curves');
      await takenIn(client, ids);
      const rows: BenchRow[] = [];
      const asked = async (what: string, some: readonly string[]): Promise<void> => {
        const times = await timed(() => client.call(runsCompare, { runs: [...some] }));
        rows.push({ section, what, value: median(times), unit: 'ms', spread: extremes(times) });
      };
      await asked(`runs compare: ${compared} of ${runs}, at the host`, ids.slice(0, compared));
      await asked(`runs compare: all ${runs}, at the host`, ids);
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.goto(host.address);
      await page.getByRole('navigation').first().waitFor();
      const list = { hash: '#/runs', first: 'main h1', all: 'main [role=grid] [role=gridcell] a' };
      rows.push(...(await painted(page, `list of ${runs} runs`, list, progress)));
      const chosen = ids.slice(0, compared).join(',');
      const comparison = {
        hash: `#/compare?runs=${chosen}`,
        first: 'main header li',
        all: `main [aria-label="Validation clips"] canvas`,
      };
      rows.push(...(await painted(page, `${compared} of ${runs} runs compared`, comparison, progress)));
      return rows;
    } finally {
      client.close();
      await browser.close();
      await host.stop();
    }
  });
}

/** Resolves when the host has taken in the curves of the last run. */
async function takenIn(client: ReturnType<typeof createClient>, ids: readonly string[]): Promise<void> {
  for (;;) {
    const { runs: known } = await client.call(runsList, {});
    const { runs: last } = await client.call(runsCompare, { runs: [ids[0] ?? '', ids.at(-1) ?? ''] });
    if (known.length === ids.length && last.every(({ metrics }) => metrics.length > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function timed(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now();
    await work();
    times.push(performance.now() - startMs);
  }
  return times;
}

interface Place {
  hash: string;
  /** What is there with the first paint of the screen. */
  first: string;
  /** What is there when it is all there. */
  all: string;
}

async function painted(
  page: Page,
  what: string,
  place: Place,
  progress: (message: string) => void,
): Promise<BenchRow[]> {
  const times: { first: number; all: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    progress(`app: ${what}, round ${round + 1} of ${rounds}`);
    await page.evaluate(() => (location.hash = '#/machine'));
    await page.waitForTimeout(400);
    times.push(await page.evaluate(goTo, place));
  }
  // The first round loads the screen's code.
  const [cold] = times;
  const warm = times.slice(1);
  const first = median(warm.map((one) => one.first));
  return [
    {
      ...{ section, what: `first paint: ${what}`, value: first, unit: 'ms', target: `< ${paintMs} ms` },
      spread: extremes(warm.map((one) => one.first)),
      ok: first < paintMs,
      note: `${cold?.first.toFixed(0)} ms the first time; ${loadNote()}`,
    },
    {
      ...{ section, what: `all there: ${what}`, value: median(warm.map((one) => one.all)), unit: 'ms' },
      spread: extremes(warm.map((one) => one.all)),
    },
  ];
}

/** In the page: goes to a screen, and tells after how long what was asked for had been painted. */
async function goTo({ hash, first, all }: Place): Promise<{ first: number; all: number }> {
  const startMs = performance.now();
  const seen = (selector: string): Promise<number> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (document.querySelector(selector) === null) {
          requestAnimationFrame(look);
          return;
        }
        // A message that is posted in a frame comes after that frame was painted.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - startMs);
          port2.postMessage(null);
        });
      };
      look();
    });
  location.hash = hash;
  // What was there before is of another screen.
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const [firstMs, allMs] = await Promise.all([seen(first), seen(all)]);
  return { first: firstMs, all: allMs };
}
