import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { puffs } from '../helpers/signals.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

interface Table {
  rows: {
    title: string;
    state: string;
    parameters: number | null;
    speed: { realTimeFactor: number; threads: number | null } | null;
    cells: Record<string, { n: number; mean: number }>;
  }[];
}

const rateHz = 8000;

describe.skipIf(!browserHere)('a benchmark in the window', () => {
  let bench: Bench;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openBench();
    const corpus = path.join(bench.home, 'corpus-of-this-test');
    await mkdir(corpus);
    for (let of = 0; of < 20; of++) {
      writeWav(path.join(corpus, `${of % 2}_anna_${of}.wav`), puffs(of, 0.9 * rateHz, rateHz), rateHz);
    }
    await askCommandLine(bench.home, 'datasets', 'add', corpus, '--name', 'small', '--layout', 'folder');
    const tiny = ['--preset', 'fsdd-vae-compact-8k', '--set', 'filters=4,4,8,8,8', '--set', 'batchSize=8'];
    await askCommandLine(
      bench.home,
      'train',
      '--dataset',
      'small',
      '--name',
      'tiny',
      '--epochs',
      '1',
      ...tiny,
    );
    ({ page } = await bench.open());
    page.setDefaultTimeout(90_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  }, 600_000);

  afterAll(() => bench?.close());

  const main = () => page.getByRole('main');

  test('is made of a run and a baseline, and judged with progress', async () => {
    await page.getByRole('link', { name: 'Benchmark' }).click();
    await main().getByText('No benchmark yet').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await main().getByRole('button', { name: 'New benchmark' }).click();
    await main().getByRole('textbox', { name: 'Name', exact: true }).fill('first');
    await main()
      .getByRole('textbox', { name: /At most/ })
      .fill('3');
    await main().getByLabel('Split').click();
    await page.getByRole('option', { name: 'all' }).click();
    await main().getByRole('button', { name: 'Add systems' }).click();
    await page.getByRole('menuitem', { name: 'Runs…' }).click();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Choose tiny' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Choose', exact: true }).click();
    await main().getByRole('button', { name: 'Add systems' }).click();
    await page.getByRole('menuitem', { name: /baseline/ }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'With its settings' }).fill('mu-law');
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click();
    await main().getByRole('button', { name: 'Create' }).click();

    await main().getByRole('button', { name: 'Judge what is missing (2)' }).click();
    await main().getByRole('article', { name: 'Benchmark first' }).waitFor();
    await main()
      .getByRole('button', { name: /PESQ-NB raw of mu-law/ })
      .waitFor();
    await main()
      .getByRole('button', { name: /STOI of tiny/ })
      .waitFor();
    const { rows } = await askCommandLine<Table>(bench.home, 'benchmarks', 'show', 'first');
    expect(rows.map(({ title, state }) => [title, state])).toEqual([
      ['tiny', 'finished'],
      ['mu-law', 'finished'],
    ]);
    expect(rows[0]?.speed?.realTimeFactor).toBeGreaterThan(0);
    expect(rows[0]?.parameters).toBeGreaterThan(1000);
    expect(rows[1]).toMatchObject({ speed: null, parameters: null, cells: { stoi: { n: 3 } } });
  });

  test('has the better figure in bold, and is a click from what is behind it', async () => {
    const best = main().getByRole('button', { name: /PESQ-NB raw of mu-law: .*the best/ });
    await best.click();
    await main()
      .getByRole('grid', { name: /worst first/ })
      .getByRole('row')
      .nth(1)
      .click();
    await main()
      .getByRole('button', { name: /tiny, step/ })
      .first()
      .waitFor();
    await main().getByText('the reference').or(main().getByText('matched')).first().waitFor();
    // The address brings it back.
    await page.reload();
    await main()
      .getByRole('grid', { name: /worst first/ })
      .waitFor();
    await main().getByRole('button', { name: 'STOI', exact: false }).first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('compares with one of its systems, in any order, and goes into a paper', async () => {
    await main().getByRole('button', { name: 'What can be done with tiny' }).click();
    await page.getByRole('menuitem', { name: 'Compare the others with it' }).click();
    await main().getByText('reference', { exact: false }).first().waitFor();
    await main()
      .getByText(/^p 0\.25/)
      .first()
      .waitFor();
    const firstRow = () => main().locator('tbody th').first();
    await main()
      .getByRole('button', { name: /^PESQ-NB raw/ })
      .first()
      .click();
    await expect.poll(() => firstRow().innerText()).toContain('mu-law');
    await main()
      .getByRole('button', { name: /^PESQ-NB raw/ })
      .first()
      .click();
    await expect.poll(() => firstRow().innerText()).toContain('tiny');
    for (const [item, holds] of [
      ['Table as CSV', 'mu-law,'],
      ['Table as LaTeX', '\\mathbf{'],
      ['Table and charts as PNG', 'PNG'],
    ] as const) {
      await main().getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item }).click(),
      ]);
      expect((await readFile(await download.path())).toString('latin1')).toContain(holds);
    }
    expect(complaints).toEqual([]);
  });

  test('is forgotten, and brought back', async () => {
    await main().getByRole('button', { name: 'Delete this benchmark' }).click();
    await main().getByText('No benchmark yet').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await main().getByRole('link', { name: 'first' }).waitFor();
  });
});
