import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

interface Set {
  id: string;
  clips: { title: string; sha256: string }[];
}

// A run that is really trained, if only for seconds: its codes are laid out, heard, and new clips are made from them.
describe.skipIf(!browserHere)('the latent space of a run', () => {
  let bench: Bench;
  let page: Page;
  let run = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openBench();
    await askCommandLine(bench.home, 'corpus', 'make', '--add');
    const recipe = ['--set', 'filters=4,4,8,8,8', '--set', 'latentDim=8', '--set', 'batchNormMomentum=0.8'];
    await askCommandLine(
      bench.home,
      ...['train', '--dataset', 'sample-corpus', '--preset', 'fsdd-vae-compact-8k'],
      ...[...recipe, '--epochs', '3', '--name', 'tiny'],
    );
    ({ run } = await askCommandLine<{ run: string }>(bench.home, 'runs', 'show', 'tiny'));
    ({ page } = await bench.open());
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
  }, 300_000);

  afterAll(() => bench?.close());

  const open = (tab: string) => page.goto(`${new URL(page.url()).origin}/#/runs/${run}?tab=${tab}`);
  const table = () => page.getByRole('grid', { name: 'Points of the map' });

  test('is shown at once, with figures and a legend that filters', async () => {
    await open('latent');
    await page.getByRole('application', { name: /^Map of 80 clips/ }).waitFor();
    await page.getByText('Silhouette by label').waitFor();
    const clips = page.getByRole('region', { name: 'Points as a table' });
    await clips.getByText('80 clips shown').waitFor();
    await page.getByRole('button', { name: /^7/, pressed: true }).click();
    await clips.getByText('72 clips shown').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 120_000);

  test('moves as t-SNE, the same as the command line makes it', async () => {
    await page.getByText('t-SNE', { exact: true }).click();
    await page.getByRole('button', { name: 'Compute this map' }).click();
    await page.getByText(/divergence fell from/).waitFor();
    const made = await askCommandLine<{ how: string; x: unknown }>(
      ...([
        bench.home,
        'latent',
        'map',
        '--run',
        run,
        '--method',
        'tsne',
        '--out',
        `${bench.home}/map.csv`,
      ] as const),
    );
    await page.getByText(made.how).waitFor();
  }, 120_000);

  test('is walked with the keyboard, and its clips are heard', async () => {
    const map = page.getByRole('application');
    await map.focus();
    await page.keyboard.press('ArrowRight');
    const detail = page.getByRole('region', { name: 'The clip that is looked at' });
    await detail.waitFor();
    await detail.getByRole('listitem').nth(9).waitFor();
    await page.keyboard.press('Enter');
    const transport = page.getByRole('region', { name: /^Listening to/ });
    await transport.getByText('Reconstruction').first().waitFor();
    // The same points are rows.
    await expect.poll(() => table().getByRole('row', { selected: true }).count()).toBe(1);
    const before = await detail.innerText();
    await detail.getByRole('listitem').first().getByRole('button').click();
    await expect.poll(() => detail.innerText()).not.toBe(before);
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 120_000);

  test('gives class means, heard beside each other, that the command line makes again to the same samples', async () => {
    await open('generate');
    await page.getByText('Nothing generated yet').waitFor();
    await page.getByRole('button', { name: 'Generate', exact: true }).click();
    const set = page.getByRole('region', { name: /^Around the mean of each label/ });
    await set.getByRole('button', { name: 'Play 7', exact: true }).click();
    await set.getByRole('button', { name: 'Keep it for comparing' }).nth(7).click();
    await set.getByRole('button', { name: 'Play 3', exact: true }).click();
    const transport = page.getByRole('region', { name: 'Listening to Generated clips' });
    await expect
      .poll(() => transport.getByRole('group', { name: 'Version' }).getByRole('button').count())
      .toBe(3);
    await expect.poll(() => set.locator('canvas').count()).toBe(10);
    expect(await accessibilityProblems(page)).toEqual([]);

    const kept = await askCommandLine<{ sets: Set[] }>(bench.home, 'generated', 'list', run);
    const [first] = kept.sets;
    await askCommandLine(bench.home, 'generated', 'delete', run, first?.id ?? '');
    await page.getByText('Nothing generated yet').waitFor();
    const again = await askCommandLine<{ set: Set; known: boolean }>(
      ...([bench.home, 'generate', 'class-means', '--run', run] as const),
    );
    expect(again).toMatchObject({ known: false, set: { id: first?.id } });
    expect(again.set.clips.map(({ sha256 }) => sha256)).toEqual(first?.clips.map(({ sha256 }) => sha256));
    await set.waitFor();
  }, 120_000);

  test('gives what lies between two clips, played through', async () => {
    await page.getByText('Between two clips').click();
    for (const [label, search] of [
      ['From', '3_slt_10.wav'],
      ['To', '7_kal_10.wav'],
    ] as const) {
      await page.getByRole('button', { name: 'Choose …' }).first().click();
      const dialog = page.getByRole('dialog', { name: `${label}: choose a recording` });
      await dialog.getByRole('searchbox').fill(search.replace('.wav', '').replaceAll('_', ' '));
      await dialog.getByRole('row').filter({ hasText: search }).click();
      await dialog.getByRole('button', { name: 'Take this one' }).click();
      await dialog.waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'Generate', exact: true }).click();
    const set = page.getByRole('region', { name: 'From 3_slt_10.wav to 7_kal_10.wav, linear' });
    await set.getByRole('button', { name: 'Play through' }).click();
    await set.getByRole('button', { name: 'Pause' }).waitFor();
    await set.getByText('Recipe').click();
    await set.getByText('split hash').waitFor();
    expect(await set.getByRole('button', { name: /^Play / }).count()).toBeGreaterThanOrEqual(7);
    await set.getByRole('button', { name: /^Delete these clips/ }).click();
    await set.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  }, 120_000);
});
