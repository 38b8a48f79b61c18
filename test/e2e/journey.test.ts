import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems, tabThrough } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

interface ShownRun {
  run: string;
  state: string;
  step: number;
  epochs: number;
  pid: number | null;
  folder: string;
  checkpoints: { step: number; last: boolean }[];
}

/** So small a net that a step takes a few milliseconds, and so many steps that there is time to pause and to kill. */
const filters = '4,4,8,8,8';
const epochs = 20;

// One way through the product, each test going on where the one before it ended, as a user's first half hour does.
describe.skipIf(!browserHere)('from the sample corpus to a run that survives a kill', () => {
  let bench: Bench;
  let page: Page;
  let runId = '';
  /** What the browser complained of: nothing is allowed to be here at the end. */
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openBench();
    ({ page } = await bench.open());
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
  });

  afterAll(() => bench?.close());

  const show = (run = runId): Promise<ShownRun> => askCommandLine<ShownRun>(bench.home, 'runs', 'show', run);
  const main = () => page.getByRole('main');
  const tile = (title: string) =>
    page
      .getByRole('region', { name: 'Numbers of the run' })
      .locator('.tile')
      .filter({ hasText: title })
      .locator('.value');
  const state = (name: string) => page.locator('header').getByText(name, { exact: true });

  test('makes the sample corpus, and shows its 600 recordings', async () => {
    await page.getByRole('button', { name: 'Make the sample corpus' }).click();
    await page
      .getByText(/of 600 files/)
      .first()
      .waitFor();
    await page.getByRole('heading', { level: 1, name: 'sample-corpus' }).waitFor({ timeout: 120_000 });
    await main().getByText('600 recordings').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 300_000);

  test('searches, filters and sorts them', async () => {
    const count = main()
      .getByRole('status')
      .filter({ hasText: /recordings|of 600/ });
    await page.keyboard.press('/');
    await page.keyboard.type('slt');
    await count.getByText('150 of 600').waitFor();
    await page.getByRole('button', { name: 'Label', exact: true }).first().click();
    await page.getByRole('group', { name: 'Label' }).getByLabel('7').check();
    await count.getByText('15 of 600').waitFor();
    await page.keyboard.press('Escape');
    const first = page.getByRole('grid').getByRole('row').nth(1);
    const header = page.getByRole('columnheader', { name: 'Duration' });
    await header.click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('ascending');
    await expect.poll(() => first.innerText()).toContain('slt');
    const shortest = await seconds(first);
    await header.click();
    await expect.poll(() => header.getAttribute('aria-sort')).toBe('descending');
    await expect.poll(() => seconds(first)).toBeGreaterThan(shortest);
    await page.getByRole('searchbox', { name: 'Search recordings' }).fill('');
    await count.getByText('60 of 600').waitFor();
  });

  test('plays a recording at its own rate after a click', async () => {
    await page.evaluate(() => {
      const contexts: AudioContext[] = [];
      const Native = AudioContext;
      Object.assign(globalThis, {
        contexts,
        AudioContext: class extends Native {
          constructor(options?: AudioContextOptions) {
            super(options);
            contexts.push(this);
          }
        },
      });
    });
    await page.getByRole('grid').getByRole('row').nth(3).click();
    await page.getByRole('button', { name: 'Play' }).click();
    const played = () =>
      page.evaluate(() => {
        const context = (globalThis as unknown as { contexts: AudioContext[] }).contexts.at(-1);
        return context
          ? { state: context.state, rateHz: context.sampleRate, timeSec: context.currentTime }
          : null;
      });
    await expect.poll(played).toMatchObject({ state: 'running', rateHz: 8000 });
    await expect.poll(async () => (await played())?.timeSec).toBeGreaterThan(0.05);
  });

  test('starts a training from the form', async () => {
    await page.getByRole('main').getByText('Train on it').click();
    const fields = page.getByRole('main');
    // Words at 8 kHz: what is suggested for them is chosen already.
    await fields.getByRole('radio', { name: /compact, at 8 kHz/, checked: true }).waitFor();
    await fields.getByRole('tab', { name: 'Fragments' }).click();
    await fields.getByRole('radio', { name: /^Fragments of 25 ms, 13 numbers each/ }).waitFor();
    await fields.getByRole('tab', { name: 'One code a clip' }).click();
    await fields.locator('label', { hasText: 'FSDD VAE, compact, at 8 kHz' }).click();
    await fields.getByLabel('Filters').fill(filters);
    await fields.getByLabel('Epochs', { exact: true }).fill(String(epochs));
    await fields.getByLabel('Name', { exact: true }).fill('first');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'first' }).waitFor();
    runId = /runs\/([^?]+)/.exec(page.url())?.[1] ?? '';
    expect(runId).not.toBe('');
  });

  test('pauses from the page, with losses and clips, and the command line says the same at the same time', async () => {
    // At once: on a fast machine the whole training takes a few seconds.
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await state('Paused').waitFor();
    const paused = await show();
    expect(paused).toMatchObject({ state: 'paused', epochs });
    await expect.poll(stepShown).toBe(paused.step);
    await page
      .getByText(/kept · mean squared error|kept/)
      .first()
      .waitFor();
    await expect
      .poll(() => page.getByRole('region', { name: /clips/i }).locator('canvas').count())
      .toBeGreaterThan(2);
    expect(await accessibilityProblems(page)).toEqual([]);
    // It stays there: nothing is computed while it waits.
    expect((await show()).step).toBe(paused.step);
  });

  test('goes on, is killed, and says so with its last lines and a way on', async () => {
    const before = await show();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await state('Training').waitFor();
    await expect.poll(stepShown, { timeout: 60_000 }).toBeGreaterThan(before.step);
    const { pid, state: now } = await show();
    expect(now).toBe('running');
    process.kill(pid ?? Number.NaN, 'SIGKILL');
    const trouble = page.getByRole('alert').filter({ hasText: 'Last lines of its log' });
    await trouble.waitFor();
    expect(await trouble.innerText()).toMatch(/killed|SIGKILL|without a word/i);
    expect(await trouble.locator('pre').innerText()).toMatch(/\S/);
    expect((await show()).state).toBe('interrupted');
    await trouble.getByRole('button', { name: 'Resume', exact: true }).waitFor();
  });

  test('resumes from the page and finishes, as if nothing had been', async () => {
    await page.getByRole('alert').getByRole('button', { name: 'Resume', exact: true }).click();
    await state('Finished').waitFor({ timeout: 240_000 });
    const { step, checkpoints } = await show();
    expect(checkpoints.at(-1)?.step).toBe(step);
    const { series } = await askCommandLine<{ series: { split: string; key: string; steps: number[] }[] }>(
      bench.home,
      ...['runs', 'metrics', runId],
    );
    const steps = series.find((one) => one.split === 'train' && one.key === 'total')?.steps;
    expect(steps).toEqual(Array.from({ length: step }, (_, at) => at + 1));
  }, 300_000);

  test('shows a run of the command line as it happens, which ends at the same weights', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click();
    const row = page.getByRole('row').filter({ hasText: 'twin' });
    const settings = [
      '--preset',
      'fsdd-vae-compact-8k',
      '--set',
      `filters=${filters}`,
      '--epochs',
      String(epochs),
    ];
    const twin = askCommandLine<ShownRun>(
      bench.home,
      ...['train', '--dataset', 'sample-corpus', ...settings, '--name', 'twin'],
    );
    await row.waitFor({ timeout: 20_000 });
    await row.getByText('Training').waitFor();
    const { run } = await twin;
    await row.getByText('Finished').waitFor({ timeout: 20_000 });
    expect(await lastWeights(await show(run))).toBe(await lastWeights(await show()));
  }, 300_000);

  test('leaves the page to the mouse when a menu or a dialog has been closed', async () => {
    await page.getByRole('row').filter({ hasText: 'first' }).getByText('first', { exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'first' }).waitFor();
    const menu = page.getByRole('button', { name: 'What can be done with first' });
    const bodyTakesClicks = () =>
      page.evaluate(() => getComputedStyle(document.body).pointerEvents === 'auto');
    await menu.click();
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(bodyTakesClicks).toBe(true);
    await menu.click();
    await page.getByRole('menuitem', { name: 'Copy as command' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(bodyTakesClicks).toBe(true);
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click();
  });

  test('can be gone through with Tab alone, focus always to be seen', async () => {
    await page.reload();
    await page.getByRole('row').filter({ hasText: 'twin' }).waitFor();
    const stops = await tabThrough(page, 14);
    expect(stops[0]?.name).toBe('Skip to the content');
    const names = stops.map(({ name }) => name);
    const first = names.indexOf('Library');
    expect(names.slice(first, first + 10)).toEqual([
      'Library',
      'Train',
      expect.stringMatching(/^Runs/),
      'Compare',
      'Evaluations',
      'Benchmark',
      'Samplers',
      'Listening tests',
      'Record',
      'Machine & settings',
    ]);
    expect(stops.filter(({ shown, insideView }) => !shown || !insideView)).toEqual([]);
  });

  test('made the browser complain of nothing', () => {
    expect(complaints).toEqual([]);
  });

  async function stepShown(): Promise<number> {
    return Number((await tile('Step').first().innerText()).replaceAll(/\D/g, ''));
  }
});

async function seconds(row: { innerText(): Promise<string> }): Promise<number> {
  return Number(/([\d.]+) s\b/.exec(await row.innerText())?.[1]);
}

/** The hash of the last checkpoint's tensors: weights, moments and running averages. */
async function lastWeights({ folder, checkpoints }: ShownRun): Promise<string> {
  const step = checkpoints.find(({ last }) => last)?.step ?? Number.NaN;
  const file = path.join(folder, 'checkpoints', `${String(step).padStart(9, '0')}.safetensors`);
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
