import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { puffs } from '../helpers/signals.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

const rateHz = 8000;

describe.skipIf(!browserHere)('evaluations in the window', () => {
  let bench: Bench;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openBench();
    const corpus = path.join(bench.home, 'corpus-of-this-test');
    const theirs = path.join(bench.home, 'theirs-of-this-test');
    await mkdir(corpus);
    await mkdir(theirs);
    for (let of = 0; of < 5; of++) {
      writeWav(path.join(corpus, `${of}_anna_0.wav`), puffs(of, 0.9 * rateHz, rateHz), rateHz);
      const half = puffs(of, 0.9 * rateHz, rateHz).map((sample, n) => (n % 2 === 0 ? sample : 0));
      writeWav(path.join(theirs, `${of}_anna_0.wav`), half, rateHz);
    }
    await askCommandLine(bench.home, 'datasets', 'add', corpus, '--name', 'small', '--layout', 'folder');
    await askCommandLine(bench.home, 'systems', 'add', theirs, '--dataset', 'small', '--name', 'theirs');
    await askCommandLine(bench.home, 'evaluate', '--system', 'theirs', '--split', 'all');
    ({ page } = await bench.open());
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  }, 120_000);

  afterAll(() => bench?.close());

  const main = () => page.getByRole('main');

  test('a baseline is judged from the form, and shown with n, intervals and reasons', async () => {
    await page.getByRole('link', { name: 'Evaluations' }).click();
    await main().getByRole('tab', { name: 'Evaluate', exact: true }).click();
    await main().getByText('Baseline', { exact: true }).first().click();
    await main().getByLabel('With its settings').fill('mu-law');
    await main().getByRole('button', { name: /Split/ }).or(main().getByLabel('Split')).first().click();
    await page.getByRole('option', { name: 'all' }).click();
    await main().getByRole('button', { name: 'Evaluate', exact: true }).click();
    await main().getByRole('columnheader', { name: '95 % interval' }).waitFor();
    const wide = main().getByRole('row').filter({ hasText: 'PESQ-WB' }).filter({ hasText: '16000 Hz' });
    expect(await wide.innerText()).toContain('5: PESQ-WB is defined at 16000 Hz');
    const { evaluations } = await askCommandLine<{
      evaluations: { state: string; done: number; system: { name: string } }[];
    }>(bench.home, 'evaluations', 'list');
    expect(evaluations[0]).toMatchObject({ state: 'finished', done: 5, system: { name: 'mu-law' } });
  });

  test('the worst recording is two clicks from its A/B', async () => {
    await main()
      .getByRole('grid', { name: /worst first/ })
      .getByRole('row')
      .nth(1)
      .click();
    const made = main()
      .getByRole('button', { name: /mu-law/ })
      .or(main().getByRole('radio', { name: /mu-law/ }));
    await made.first().click();
    await main().getByText('the reference').or(main().getByText('matched')).first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('two are compared on what both judged, with differences and p', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/evaluations`);
    for (const name of ['Compare theirs', 'Compare mu-law']) {
      await main().getByRole('checkbox', { name }).check();
    }
    await main().getByText('Compared on 5 recordings that all judged').waitFor();
    const row = main()
      .getByRole('row')
      .filter({ hasText: /^\s*SI-SDR\s+dB/ });
    await row.first().waitFor();
    expect(await row.first().innerText()).toMatch(/p 0\.06/);
    await main().getByText('Where they differ most').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
