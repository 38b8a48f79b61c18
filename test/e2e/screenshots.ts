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
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright';
import { PNG } from 'pngjs';
import { askCommandLine } from '../helpers/command-line.ts';
import { openBench } from '../helpers/web-host.ts';

const folder = path.resolve(import.meta.dirname, '../../resources/screenshots');
const size = { width: 1440, height: 900 };
const mostBytes = 250_000;
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
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`${origin}/#/`);
    await page.getByRole('main').getByText('four voices').waitFor();
    await page.getByText('Looking at the engine').waitFor({ state: 'detached' });
    await take(page, `library-${theme}`);

    await page.goto(`${origin}/#/datasets/${datasets[0]?.id}`);
    await page.getByRole('row').filter({ hasText: '0_awb_13.wav' }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).first().waitFor();
    await take(page, `dataset-${theme}`);

    await page.goto(`${origin}/#/train`);
    await page.getByText('FSDD VAE, compact, at 8 kHz').click();
    await page.getByText('What the model will see').waitFor();
    await page.getByRole('button', { name: 'Play', exact: true }).first().waitFor();
    await take(page, `train-${theme}`);

    await page.goto(`${origin}/#/runs/${run}`);
    await page.getByText(/\d+ of \d+ kept/).waitFor();
    await take(page, `run-${theme}`);

    const others = made.filter(({ name }) => name !== 'four voices').map((one) => one.run);
    await page.goto(`${origin}/#/compare?runs=${[run, ...others].join(',')}`);
    await page.getByText('What differs').waitFor();
    await page.getByText(/\d+ of \d+ kept/).waitFor();
    await take(page, `compare-${theme}`);

    await page.goto(`${origin}/#/runs/${run}`);
    await page.getByText(/\d+ of \d+ kept/).waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('beta');
    await page.getByRole('option').first().waitFor();
    await take(page, `palette-${theme}`);
    await page.keyboard.press('Escape');
  }

  // The report, as whoever gets the file sees it.
  const report = path.join(bench.home, 'report.html');
  await tell('report', 'run', 'four voices', '--clips', '4', '--out', report);
  await page.goto(pathToFileURL(report).href);
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    await take(page, `report-${theme}`);
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
