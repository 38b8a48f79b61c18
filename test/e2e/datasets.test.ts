import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { noise } from '../helpers/signals.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

const [rate, stretches] = [8000, 40];

// A list of stretches of two files, one of them far louder than the rest, from the list to its copy.
describe.skipIf(!browserHere)('a dataset from a list', () => {
  let bench: Bench;
  let page: Page;
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'resynth-list-'));
    await mkdir(path.join(folder, 'sounds'));
    const rows = ['id,path,label,speaker,split,text,start,end'];
    for (const file of [0, 1]) {
      const samples = Float32Array.from(noise((rate * stretches) / 4, file), (value, n) => {
        const loud = file === 0 && n < rate / 2 ? 0.9 : 0.01 + 0.002 * Math.sin(n / 3000);
        return loud * value;
      });
      writeWav(path.join(folder, `sounds/${file}.wav`), samples, rate);
    }
    for (let n = 0; n < stretches; n++) {
      const [file, from] = [n % 2, Math.floor(n / 2) / 2];
      const split = n % 8 === 2 ? 'validation' : n % 8 === 5 ? 'test' : 'train';
      rows.push(`said ${n},sounds/${file}.wav,word,anna,${split},"one, two",${from},${from + 0.5}`);
    }
    rows.push('gone,sounds/none.wav,word,anna,train,,,');
    await writeFile(path.join(folder, 'said.csv'), `\uFEFF${rows.join('\r\n')}\r\n`);
    bench = await openBench();
    ({ page } = await bench.open());
    page.setDefaultTimeout(30_000);
    await page.setViewportSize({ width: 1440, height: 900 });
  }, 120_000);

  afterAll(async () => {
    await bench?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const shown = (which: string) =>
    askCommandLine<{ recordings: number; splits: Record<string, number>; splitHash: string }>(
      bench.home,
      ...['datasets', 'show', which],
    );

  test('is added in the window, and what was not taken is told', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/add`);
    await page.getByLabel('Folder of recordings, or a list of them').fill(path.join(folder, 'said.csv'));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Index this folder' }).click();
    await page.getByRole('button', { name: 'Open the dataset' }).click();
    await page.getByRole('tab', { name: /Skipped/ }).click();
    await page.getByText('sounds/none.wav does not exist').waitFor();
    expect(await shown('said')).toMatchObject({ recordings: stretches, splits: { validation: 5, test: 5 } });
  }, 60_000);

  test('shows a stretch by its length, in magnitude and in phase', async () => {
    await page.getByRole('tab', { name: /Recordings/ }).click();
    await page.getByRole('row').filter({ hasText: 'said 3' }).first().click();
    await page.getByText('Stretch of the file').waitFor();
    await page.getByRole('button', { name: 'How the spectrogram is drawn' }).click();
    const choice = page.getByRole('radiogroup', { name: 'What the picture shows' });
    for (const view of ['Phase', 'Inst. freq.', 'Delay', 'Level']) {
      await choice.getByText(view, { exact: true }).click();
      await page.getByRole('radio', { name: view, exact: true, checked: true }).waitFor();
    }
    await page.keyboard.press('Escape');
  }, 60_000);

  test('leaves out what stands out, and takes it back', async () => {
    const before = await shown('said');
    await page.getByRole('tab', { name: 'Analysis' }).click();
    const row = page.getByRole('row').filter({ hasText: 'said 0' });
    await row.getByRole('button', { name: 'Leave out' }).click();
    await page.getByRole('button', { name: /Undo/ }).waitFor();
    expect((await shown('said')).splitHash).not.toBe(before.splitHash);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: /Undo/ }).click();
    await row.waitFor();
    await expect
      .poll(async () => (await shown('said')).splitHash, { timeout: 20_000 })
      .toBe(before.splitHash);
  }, 120_000);

  test('is exported, and the list gives the same dataset again', async () => {
    const out = path.join(folder, 'again.tsv');
    await page.getByRole('button', { name: 'Export as a list' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('TSV').click();
    await dialog.getByLabel('File', { exact: true }).fill(out);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByText(`${stretches} recordings written to`).waitFor();
    expect(existsSync(out)).toBe(true);
    expect(readFileSync(out, 'utf8').split('\n')[0]).toContain('start');
    await askCommandLine(bench.home, 'datasets', 'add', out, '--name', 'again');
    expect((await shown('again')).splitHash).toBe((await shown('said')).splitHash);
  }, 60_000);
});
