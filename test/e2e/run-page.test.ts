import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askCommandLine } from '../helpers/command-line.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

const isSound = (name: string): boolean => name.endsWith('.wav');
const isPicture = (name: string): boolean => name.endsWith('.png');

// What is left of a training once it has ended: its curves, clips, code, checkpoints, and what is taken away as files.
describe.skipIf(!browserHere)('the page of a run', () => {
  let bench: Bench;
  let page: Page;
  let run = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openBench();
    await askCommandLine(bench.home, 'corpus', 'make', '--add');
    ({ run } = await askCommandLine<{ run: string }>(
      bench.home,
      ...['train', '--dataset', 'sample-corpus', '--preset', 'fsdd-vae-compact-8k', '--epochs', '2'],
      ...['--set', 'filters=4,4,8,8,8', '--set', 'latentDim=8', '--name', 'tiny'],
    ));
    ({ page } = await bench.open());
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
  }, 300_000);

  afterAll(() => bench?.close());

  const open = (query = '') => page.goto(`${new URL(page.url()).origin}/#/runs/${run}${query}`);
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  const grid = () => page.getByRole('region', { name: 'Validation clips' });
  const kept = async (): Promise<number[]> => {
    const { steps } = await askCommandLine<{ steps: { step: number }[] }>(bench.home, 'runs', 'clips', run);
    return steps.map(({ step }) => step).sort((a, b) => a - b);
  };

  test('has curves over every axis, linear and logarithmic, with the values under the pointer', async () => {
    await open();
    const curves = page.getByRole('region', { name: 'Curves' });
    const chart = curves.locator('canvas').first();
    await chart.waitFor();
    for (const axis of ['Epoch', 'Time', 'Training time', 'Step']) {
      await curves.getByText(axis, { exact: true }).click();
      await expect.poll(() => curves.getByRole('radio', { name: axis, exact: true }).isChecked()).toBe(true);
    }
    for (const which of ['Log x', 'Log y']) await curves.getByLabel(which).check();
    for (const which of ['Log x', 'Log y']) await curves.getByLabel(which).uncheck();
    // A chart is made anew for another scale.
    await expect.poll(() => chart.boundingBox()).not.toBeNull();
    const box = await chart.boundingBox();
    if (!box) throw new Error('The chart is not to be seen.');
    await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.5 * box.height);
    await curves
      .getByText(/^step \d+/i)
      .first()
      .waitFor();
  });

  test('shows the clips of one step, with time, Hz and level under the pointer', async () => {
    const steps = await kept();
    const cells = (step: number | undefined) =>
      grid().getByRole('button', { name: new RegExp(`^Play the reconstruction at step ${step} of`) });
    await expect.poll(() => cells(steps.at(-1)).count()).toBe(4);
    await grid().getByRole('slider', { name: 'Step of the clips' }).fill('0');
    await expect.poll(() => cells(steps[0]).count()).toBe(4);
    expect(await cells(steps.at(-1)).count()).toBe(0);
    await cells(steps[0]).first().hover();
    await grid()
      .getByText(/\d\.\d{3} s\s+[\d,]+ Hz/)
      .waitFor();
    await grid()
      .getByText(/[−\d]+ dBFS$/)
      .first()
      .waitFor();
    await grid()
      .getByText(/^RMS \d+\.\d dB/)
      .first()
      .waitFor();
    await grid().getByRole('button', { name: 'Latest' }).click();
    await expect.poll(() => cells(steps.at(-1)).count()).toBe(4);
  });

  test('switches what is heard by keys alone, and hears what is left', async () => {
    const deck = page.getByRole('region', { name: /^Listening to/ });
    const version = (name: string) =>
      deck.getByRole('group', { name: 'Version' }).getByRole('button', { name });
    const heard = (name: string) =>
      expect.poll(() => version(name).first().getAttribute('aria-pressed')).toBe('true');
    // A button that has the focus takes the space bar for itself.
    await grid().getByRole('heading', { name: 'Validation clips' }).click();
    await page.keyboard.press('Space');
    await expect.poll(() => version('Reconstruction').innerText()).toMatch(/[+−]?\d+\.\d dB/);
    await page.keyboard.press('l');
    await deck.getByText(/loop 0\.000–0\.7\d\d s/).waitFor();
    for (const [key, name] of [
      ['2', 'Ceiling'],
      ['b', 'Ceiling'],
      ['3', 'Reconstruction'],
      ['a', 'Original'],
      ['x', 'Reconstruction'],
      ['r', 'Residual'],
    ] as const) {
      await page.keyboard.press(key);
      await heard(name);
    }
    await deck.getByText(/−\d+\.\d dBFS, .* against Original/).waitFor();
  });

  test('tells what the code carries and costs, as the command line does', async () => {
    await tab('Code and bitrate');
    const { rates } = await askCommandLine<{
      rates: { bitsPerNumber: number; kilobitsPerSecond: number }[];
    }>(bench.home, 'runs', 'bitrate', run);
    const widest = rates.find(({ bitsPerNumber }) => bitsPerNumber === 32);
    await page
      .getByRole('row')
      .filter({ has: page.getByText('32', { exact: true }) })
      .getByText(widest?.kilobitsPerSecond.toFixed(2) ?? 'none', { exact: true })
      .waitFor();
    await page.getByText(/^[0-8] of 8/).waitFor();
    await page.getByRole('img', { name: /^KL of 8 latent dimensions at step/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/^Dimension \d$/).waitFor();
  });

  test('has its configuration, with what was changed, and its log', async () => {
    await tab('Configuration and notes');
    const main = page.getByRole('main');
    await main.getByText('Learning rate', { exact: true }).waitFor();
    await page.getByLabel('Only what differs').check();
    await main.getByText('Latent dimensions').waitFor();
    await expect.poll(() => main.getByText('Adam beta 2').count()).toBe(0);
    await tab('Log');
    await main.getByText(/finished: all 2 epochs done/).waitFor();
  });

  test('hears, tries, exports and forks any checkpoint', async () => {
    const act = async (name: string): Promise<void> => {
      await open('?tab=checkpoints');
      await page.getByRole('row').last().getByRole('button', { name, exact: true }).click();
    };
    await act('Hear');
    await grid()
      .getByText(/^Step 0/)
      .waitFor();
    await act('Try');
    await page.getByText(/^The model is loaded/).waitFor();
    expect(page.url()).toMatch(/checkpoint=0/);
    const out = path.join(bench.home, 'checkpoint');
    await act('Export');
    await saveInto(out);
    await expect.poll(() => filesIn(out).some((name) => name.endsWith('.safetensors'))).toBe(true);
    await act('Fork');
    await expect.poll(() => page.url()).toMatch(new RegExp(`train\\?fork=${run}&checkpoint=0`));
    await page.getByText(/tiny/).first().waitFor();
  }, 120_000);

  test('gives its curves, its clips and its codes away as files', async () => {
    await open();
    const exporting = async (what: string): Promise<void> => {
      await page.getByRole('button', { name: 'What can be done with tiny' }).click();
      await page.getByRole('menuitem', { name: 'Export…' }).click();
      await page.getByRole('dialog').getByText(what, { exact: true }).click();
    };
    await exporting('Curves');
    const arriving = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('button', { name: 'Download', exact: true }).last().click();
    const csv = await readFile(await (await arriving).path(), 'utf8');
    expect(csv).toMatch(/^split,step,epoch,/);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await exporting('Clips');
    const out = path.join(bench.home, 'clips');
    await saveInto(out);
    await expect.poll(() => filesIn(out).filter(isSound).length).toBe(12);
    await expect.poll(() => filesIn(out).filter(isPicture).length).toBe(12);
    await exporting('Codes');
    const codes = path.join(bench.home, 'codes');
    await saveInto(codes);
    await page.getByText(/Saved the codes of 600 recordings/).waitFor();
    expect(filesIn(codes)).toContain(path.join('tiny-codes', 'index.csv'));
  });

  test('made the browser complain of nothing', () => {
    expect(complaints).toEqual([]);
  });

  async function saveInto(folder: string): Promise<void> {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Folder' }).fill(folder);
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }
});

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    // It is not there yet.
    return [];
  }
}
