import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright';
import { localAddress } from '../../../src-main/host/connection/local-address.ts';
import { connectLocally } from '../../../src-main/host/connection/local-socket.ts';
import { createClient } from '../../../src-preload/contract/client.ts';
import { runsMetrics } from '../../../src-preload/contract/commands/runs-live.ts';
import { chromiumExecutable } from '../../helpers/chromium.ts';
import { WebHostProcess } from '../../helpers/web-host.ts';
import { median, type BenchRow } from '../report.ts';
import { openLiveRun } from './live-run.ts';
import { type FrameScript, frameScript, traceCategories } from './page-trace.ts';
import { loadNote, type PartOptions, quantile, section, withScratch } from './part.ts';
import { openChromium } from './start.ts';

const points = 100_000;
const watchMs = 15_000;
const settleMs = 5000;
const targetMs = 8;
const what = 'script per frame with live curves, p95';
const target = `< ${targetMs} ms`;

/** The page of a run with 100,000 points a curve that grows four times a second, through the real host, in Chromium. */
export async function benchFrames({ progress }: PartOptions): Promise<BenchRow[]> {
  const executablePath = chromiumExecutable();
  if (executablePath === null) {
    return [
      { section, what, value: null, unit: 'ms', target, note: 'no Chromium; RESYNTH_CHROMIUM names one' },
    ];
  }
  return withScratch(async (scratch) => {
    const home = path.join(scratch, 'home');
    progress(`app: write a run of ${points} steps`);
    const run = await openLiveRun(home, points);
    const host = await WebHostProcess.start({ home });
    const browser = await openChromium(executablePath);
    try {
      await takenIn(home, run.id, progress);
      const page = await openRun(browser, host.address, run.id);
      run.begin();
      await setTimeout(settleMs);
      progress(`app: watch the page of the run for ${watchMs / 1000} s`);
      const live = await traced(browser, page, () => setTimeout(watchMs));
      progress('app: the same while the pointer moves over the curves');
      const pointed = await traced(browser, page, () => movePointer(page, watchMs / 2));
      const charts = await page.getByRole('region', { name: 'Curves' }).locator('canvas').count();
      const value = quantile(live.ms, 0.95);
      return [
        {
          section,
          what,
          value,
          unit: 'ms',
          target,
          ok: value < targetMs,
          note: `${charts} charts in view, ${points} points a curve, 4 updates/s; ${textOf(live)}; ${loadNote()}`,
        },
        {
          section,
          what: 'script per frame while the pointer moves over them, p95',
          value: quantile(pointed.ms, 0.95),
          unit: 'ms',
          note: textOf(pointed),
        },
      ];
    } finally {
      run.end();
      await browser.close();
      await host.stop();
    }
  });
}

function textOf({ ms, cpuMs }: FrameScript): string {
  return (
    `${ms.length} frames with script, median ${median(ms).toFixed(1)}, worst ${Math.max(...ms).toFixed(1)} ms; ` +
    `p95 of processor time ${quantile(cpuMs, 0.95).toFixed(1)} ms`
  );
}

/** Resolves when the host has taken in what the run had logged. */
async function takenIn(home: string, run: string, progress: (message: string) => void): Promise<void> {
  const startMs = performance.now();
  const client = createClient({ open: () => connectLocally(localAddress(home, 'owner')), reconnect: false });
  try {
    while ((await client.call(runsMetrics, { run, sinceStep: points, keys: ['total'] })).lastStep < points) {
      await setTimeout(500);
    }
  } finally {
    client.close();
  }
  progress(`app: taken in after ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}

async function openRun(browser: Browser, address: string, id: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(address);
  await page.getByRole('navigation').first().waitFor();
  await page.evaluate((hash) => (location.hash = hash), `#/runs/${id}`);
  // Charts are drawn when they come into view.
  const curves = page.getByRole('region', { name: 'Curves' });
  await curves.locator('canvas').first().waitFor({ timeout: 60_000 });
  return page;
}

/** Chromium's trace of what happens meanwhile. */
async function traced(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<FrameScript> {
  await browser.startTracing(page, { categories: traceCategories });
  await work();
  return frameScript((await browser.stopTracing()).toString('utf8'));
}

async function movePointer(page: Page, durationMs: number): Promise<void> {
  const box = await page.getByRole('region', { name: 'Curves' }).locator('canvas').first().boundingBox();
  if (!box) throw new Error('The curves are not to be seen.');
  const startMs = performance.now();
  for (let at = 0; performance.now() - startMs < durationMs; at += 7) {
    await page.mouse.move(box.x + 60 + (at % (box.width - 80)), box.y + box.height / 2);
    await setTimeout(16);
  }
}
