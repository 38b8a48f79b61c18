import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type Browser, chromium } from 'playwright';
import { datasetsAdd } from '../../../src-preload/contract/commands/datasets.ts';
import { chromiumExecutable } from '../../helpers/chromium.ts';
import { extremes, median, type BenchRow } from '../report.ts';
import { AppHost } from './app-host.ts';
import { loadNote, type PartOptions, section, withScratch } from './part.ts';
import { fsddFolder } from './speech-folders.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const rounds = 5;
const targetSec = 3;
const what = 'npm start to a library that can be clicked';

/** From `npm start -- --web --no-open` to the page's library, in a browser that is open already, as a user's is. */
export async function benchStart({ dataFolder, progress }: PartOptions): Promise<BenchRow[]> {
  const executablePath = chromiumExecutable();
  const target = `< ${targetSec} s`;
  if (executablePath === null) {
    return [
      { section, what, value: null, unit: 's', target, note: 'no Chromium; RESYNTH_CHROMIUM names one' },
    ];
  }
  return withScratch(async (scratch) => {
    const home = path.join(scratch, 'home');
    const { folder } = fsddFolder(dataFolder, scratch);
    const host = await AppHost.open(home);
    await host.client.call(datasetsAdd, { dir: folder, name: 'fsdd' });
    await host.stop();
    const browser = await openChromium(executablePath);
    try {
      // The page may have to be built first, and programs come from the disk.
      await startOnce(browser, home);
      const starts: Started[] = [];
      for (let round = 0; round < rounds; round++) {
        progress(`app: start, round ${round + 1} of ${rounds}`);
        starts.push(await startOnce(browser, home));
      }
      const seconds = starts.map(({ usableSec }) => usableSec);
      const value = median(seconds);
      const addressSec = median(starts.map((start) => start.addressSec));
      return [
        {
          section,
          what,
          value,
          unit: 's',
          spread: extremes(seconds),
          target,
          ok: value < targetSec,
          note: `with npm; its address was printed after ${addressSec.toFixed(2)} s; ${loadNote()}`,
        },
      ];
    } finally {
      await browser.close();
    }
  });
}

/** A headless Chromium that draws as one with a window does. */
export function openChromium(executablePath: string): Promise<Browser> {
  // As root Chromium has no sandbox of its own; the page has none of our rights either way.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

interface Started {
  addressSec: number;
  usableSec: number;
}

async function startOnce(browser: Browser, home: string): Promise<Started> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const startMs = performance.now();
  const server = startServer(home);
  try {
    const address = await server.address;
    const addressSec = (performance.now() - startMs) / 1000;
    await page.goto(address);
    // Shown, at rest, and nothing lies over it.
    await page.getByRole('link', { name: 'fsdd' }).first().click({ trial: true });
    return { addressSec, usableSec: (performance.now() - startMs) / 1000 };
  } finally {
    await page.close();
    await server.stop();
  }
}

export interface Server {
  /** The address that it prints, with its secret. */
  readonly address: Promise<string>;
  stop(): Promise<void>;
}

/** `npm start` on a data folder, any free port. */
export function startServer(home: string): Server {
  const args = ['start', '--', '--web', '--no-open', '--port', '0', '--home', home];
  // A group of its own: npm does not hand every signal on.
  const child = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  return { address: addressOf(child), stop: () => stop(child) };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const [address] = /http:\S+#secret=\S+/.exec(output) ?? [];
        if (address !== undefined) resolve(address);
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`npm start ended with ${String(code)}:\n${output}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGTERM');
  await closed;
}
