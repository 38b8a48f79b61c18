import { linkSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askCommandLine } from '../helpers/command-line.ts';
import { CuttableLine } from '../helpers/cuttable-line.ts';
import { wavBytes } from '../helpers/wav-bytes.ts';
import { type Bench, browserHere, connected, openBench } from '../helpers/web-host.ts';

/** So many recordings take seconds to index. */
// So many that a fast machine, too, is seen at it before it is done.
const many = 40_000;
const contents = 100;

describe.skipIf(!browserHere)('a page that loses what it stands on', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench();
  });

  afterAll(async () => {
    await bench?.close();
    await rm(recordings(), { recursive: true, force: true });
  });

  const recordings = (): string => `${bench.home}-recordings`;

  const tell = <T>(...argv: string[]): Promise<T> => askCommandLine<T>(bench.home, ...argv);
  const datasetLinks = (page: Page) => page.getByRole('navigation').getByRole('link', { name: /^set-/ });

  test('a reload cancels nothing: long work is the host’s, not the page’s', async () => {
    const { page } = await bench.open();
    await page.getByRole('button', { name: 'Make the sample corpus' }).click();
    const card = page.getByRole('main').getByText(/\d+ of 600 files/);
    const done = async (): Promise<number> => Number.parseInt(await card.innerText(), 10);
    await card.waitFor({ timeout: 60_000 });
    const before = await done();
    await page.reload();
    await connected(page);
    await card.waitFor();
    await expect.poll(done, { timeout: 30_000 }).toBeGreaterThan(before);
    await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
    await card.waitFor({ state: 'detached' });
    // What was begun is taken away, and the page offers it again.
    await expect.poll(() => readdir(bench.home), { timeout: 30_000 }).not.toContain('sample-corpus');
    await page.getByRole('button', { name: 'Make the sample corpus' }).waitFor();
    await page.close();
  });

  describe('its line, cut and mended', () => {
    let line: CuttableLine;
    let page: Page;

    beforeEach(async () => {
      line = await CuttableLine.to(Number(new URL(bench.host.address).port));
      const address = await bench.host.newAddress(bench.home);
      ({ page } = await bench.open({ address: address.replace(/:\d+\//, `:${line.port}/`) }));
      return async () => {
        await page.close();
        await line.close();
      };
    });

    test('says so, comes back by itself, and shows each thing that happened meanwhile once', async () => {
      await tell('datasets', 'add', await folderOf(3, 'a'), '--name', 'set-before');
      await expect.poll(() => datasetLinks(page).allInnerTexts()).toEqual(['set-before']);
      const banner = page.getByText("The connection to Resynth's host is lost.");
      line.cut();
      await banner.waitFor();
      for (const name of ['set-1', 'set-2', 'set-3'])
        await tell('datasets', 'add', await folderOf(name === 'set-1' ? 100 : 2, name), '--name', name);
      await tell('datasets', 'remove', 'set-before');
      // What was on screen stays on screen.
      expect(await datasetLinks(page).allInnerTexts()).toEqual(['set-before']);
      line.mend();
      await banner.waitFor({ state: 'detached' });
      await expect
        .poll(async () => (await datasetLinks(page).allInnerTexts()).sort())
        .toEqual(['set-1', 'set-2', 'set-3']);
    });

    test('does not tell of a line that was lost for a moment', async () => {
      line.cut();
      line.mend();
      await tell('datasets', 'rename', 'set-3', 'set-4');
      await datasetLinks(page).getByText('set-4').waitFor();
      expect(await page.getByText("The connection to Resynth's host is lost.").count()).toBe(0);
    });
  });

  test('two tabs show the same, whichever of them changes it', async () => {
    const [first, second] = [await bench.open(), await bench.open()];
    await datasetLinks(first.page).getByText('set-1').click();
    await first.page.getByRole('heading', { level: 1, name: 'set-1' }).waitFor();
    await datasetLinks(second.page).getByText('set-2').click();
    await second.page.getByRole('button', { name: 'Remove from the library' }).click();
    await expect
      .poll(async () => (await datasetLinks(first.page).allInnerTexts()).sort())
      .toEqual(['set-1', 'set-4']);
    await first.page.close();
    await second.page.close();
  });

  test('a host that is killed while it indexes leaves nothing half, and says so at its next start', async () => {
    const { page } = await bench.open();
    const folder = await folderOf(many, 'many');
    const adding = tell('datasets', 'add', folder, '--name', 'set-many').catch(() => 'lost');
    await page
      .getByRole('main')
      .getByText(/[\d,]+ of 40,000 files/)
      .first()
      .waitFor({ timeout: 30_000 });
    await bench.restart('SIGKILL');
    await adding;
    // The page is of the host that is gone: it says where to get another.
    await page.getByText('This page is not connected').waitFor({ timeout: 30_000 });
    const { page: next } = await bench.open();
    await expect
      .poll(async () => (await datasetLinks(next).allInnerTexts()).sort())
      .toEqual(['set-1', 'set-4']);
    expect(await tell('datasets', 'add', folder, '--name', 'set-many')).toMatchObject({ recordings: many });
    await datasetLinks(next).getByText('set-many').click();
    await next.getByRole('main').getByText('40,000 recordings').waitFor();
    await page.close();
    await next.close();
  });

  test('a trainer outlives its host; the next host shows it live, and can stop it', async () => {
    const settings = ['--preset', 'fsdd-vae-compact-8k', '--set', 'filters=4,4,8,8,8', '--epochs', '2000'];
    const { run } = await tell<{ run: string }>('train', '--dataset', 'set-1', ...settings, '--detach');
    const { page } = await bench.open();
    await page.goto(`${new URL(page.url()).origin}/#/runs/${run}`);
    const step = async (of: Page): Promise<number> => {
      const tile = of.locator('.tile').filter({ hasText: 'Step' }).first();
      return Number((await tile.locator('.value').innerText()).replaceAll(/\D/g, ''));
    };
    await expect.poll(() => step(page), { timeout: 60_000 }).toBeGreaterThan(0);
    const before = await step(page);
    await bench.restart('SIGKILL');
    const { page: next } = await bench.open();
    await next.goto(`${new URL(next.url()).origin}/#/runs/${run}`);
    await expect.poll(() => step(next), { timeout: 60_000 }).toBeGreaterThan(before);
    await next.getByRole('button', { name: 'Pause', exact: true }).click();
    await next.locator('header').getByText('Paused', { exact: true }).waitFor({ timeout: 30_000 });
    await next.getByRole('button', { name: 'Stop and save', exact: true }).click();
    await next.locator('header').getByText('Stopped', { exact: true }).waitFor({ timeout: 30_000 });
    const status = JSON.parse(await readFile(path.join(bench.home, 'runs', run, 'status.json'), 'utf8')) as {
      state: string;
    };
    expect(status.state).toBe('stopped');
    await page.close();
    await next.close();
  });

  /** A folder of `count` short recordings with at most `contents` different contents. */
  async function folderOf(count: number, name: string): Promise<string> {
    const folder = path.join(recordings(), name);
    await mkdir(folder, { recursive: true });
    const fileAt = (at: number): string => path.join(folder, `${at}.wav`);
    for (let at = 0; at < count; at++) {
      const samples = Int16Array.from({ length: 1600 }, (_, n) => 8000 * Math.sin((n * (at + 1)) / 90));
      // Links are made ten times as fast as files.
      if (at < contents) writeFileSync(fileAt(at), wavBytes(new Uint8Array(samples.buffer)));
      else linkSync(fileAt(at % contents), fileAt(at));
    }
    return folder;
  }
});
