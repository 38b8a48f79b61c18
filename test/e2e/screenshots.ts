/**
 * Makes the README's pictures: a real host, the sample corpus and a real training, in light and dark.
 *
 *   node test/e2e/screenshots.ts [HOME]
 *
 * A data folder that is named is kept, and what it has is not made again.
 */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Page } from 'playwright';
import { PNG } from 'pngjs';
import { askCommandLine } from '../helpers/command-line.ts';
import { openBench } from '../helpers/web-host.ts';

const folder = path.resolve(import.meta.dirname, '../../resources/screenshots');
const size = { width: 1440, height: 900 };
const mostBytes = 350_000;
const [, , home] = process.argv;

/**
 * Small enough to be done in minutes on two busy cores. An epoch of the sample corpus is six steps: running averages that
 * forget in a hundred steps would not follow.
 */
const recipe = [
  ...['--dataset', 'sample-corpus', '--preset', 'fsdd-vae-compact-8k'],
  ...['--set', 'filters=16,32,32,32,32', '--set', 'batchNormMomentum=0.9'],
];
const runs = [
  ['narrow code', '--epochs', '4', '--set', 'latentDim=32'],
  ['beta 4', '--epochs', '4', '--set', 'beta=4'],
  ['four voices', '--epochs', '40'],
] as const;

const bench = await openBench(home === undefined ? {} : { home });
try {
  await makeReady();

  const { page } = await bench.open();
  await page.setViewportSize(size);
  await mkdir(folder, { recursive: true });
  // What this machine lacks is nothing that a picture has to tell.
  const notice = page.getByRole('button', { name: 'Take this notice away' });
  while ((await notice.count()) > 0) {
    await notice.first().click();
    await page.waitForTimeout(300);
  }
  const origin = new URL(page.url()).origin;
  const { datasets } = await tell<{ datasets: { id: string }[] }>('datasets', 'list');
  const made = await madeRuns();
  const run = made.find(({ name }) => name === 'four voices')?.run;
  const others = made.filter(({ name }) => name !== 'four voices').map((one) => one.run);
  const { benchmark } = await tell<{ benchmark: string }>(
    ...['benchmark', run ?? '', ...others, 'baseline:opus:12', '--name', 'four voices and others'],
    ...['--dataset', datasets[0]?.id ?? '', '--split', 'validation', '--limit', '40'],
  );
  const screens: readonly { name: string; hash: string; ready(): Promise<void> }[] = [
    {
      name: 'dataset',
      hash: `/datasets/${datasets[0]?.id}`,
      async ready() {
        await page.getByRole('row').filter({ hasText: '0_awb_13.wav' }).click();
        await page.getByRole('button', { name: 'Play', exact: true }).first().waitFor();
      },
    },
    { name: 'run', hash: `/runs/${run}`, ready: clipsThere },
    { name: 'compare', hash: `/compare?runs=${[run, ...others].join(',')}`, ready: clipsThere },
    {
      name: 'latent',
      hash: `/runs/${run}?tab=latent`,
      async ready() {
        const compute = page.getByRole('button', { name: 'Compute this map' });
        const map = page.getByRole('application');
        await compute.or(map).first().waitFor();
        if (await compute.isVisible()) await compute.click();
        await map.waitFor();
      },
    },
    {
      name: 'benchmark',
      hash: `/benchmark/${benchmark}`,
      ready: () => page.getByText('Opus').first().waitFor(),
    },
  ];
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const { name, hash, ready } of screens) {
      await page.goto(`${origin}/#${hash}`);
      await ready();
      await take(page, `${name}-${theme}`);
    }
  }

  async function clipsThere(): Promise<void> {
    await page.getByText(/\d+ of \d+ kept/).waitFor();
  }
} finally {
  await bench.close();
}

function tell<T>(...argv: string[]): Promise<T> {
  return askCommandLine<T>(bench.home, ...argv);
}

async function madeRuns(): Promise<{ run: string; name: string }[]> {
  return (await tell<{ runs: { run: string; name: string }[] }>('runs', 'list')).runs;
}

/** The sample corpus and the runs, as far as they are not there yet. */
async function makeReady(): Promise<void> {
  const { datasets } = await tell<{ datasets: unknown[] }>('datasets', 'list');
  if (datasets.length === 0) {
    process.stderr.write('The sample corpus …\n');
    const { folder: corpus } = await tell<{ folder: string }>('corpus', 'make');
    await tell('datasets', 'add', corpus, '--name', 'sample-corpus');
  }
  const made = await madeRuns();
  for (const [name, ...more] of runs) {
    if (made.some((one) => one.name === name)) continue;
    process.stderr.write(`The run "${name}" …\n`);
    await tell('train', ...recipe, ...more, '--name', name);
  }
}

async function take(page: Page, name: string): Promise<void> {
  // Out of the way of anything that shows more when pointed at, and after what fades in.
  await page.mouse.move(size.width - 2, size.height / 2);
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(1500);
  const file = path.join(folder, `${name}.png`);
  const shot = PNG.sync.read(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
  coarsenRareColours(shot.data);
  await writeFile(file, PNG.sync.write(shot, { colorType: 2, deflateLevel: 9, filterType: -1 }));
  const { size: bytes } = await stat(file);
  process.stderr.write(`${name}.png ${Math.round(bytes / 1000)} kB\n`);
  if (bytes > mostBytes) process.exitCode = 1;
}

/**
 * Rounds colours that few pixels have, which are those of spectrograms: nobody sees it, and it takes a third off the file.
 * What the window itself is drawn with stays exact.
 */
function coarsenRareColours(rgba: Buffer): void {
  const [few, step] = [400, 18];
  const counts = new Map<number, number>();
  for (let at = 0; at < rgba.length; at += 4) {
    const colour = rgba.readUInt32BE(at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  for (let at = 0; at < rgba.length; at += 4) {
    if ((counts.get(rgba.readUInt32BE(at)) ?? 0) >= few) continue;
    for (let channel = at; channel < at + 3; channel++)
      rgba[channel] = Math.min(255, Math.round((rgba[channel] ?? 0) / step) * step);
  }
}
