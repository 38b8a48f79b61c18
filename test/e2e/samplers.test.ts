import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

interface Run {
  run: string;
  state: string;
  epoch: number;
  parent: { name: string } | null;
}

/** Two cores may be busy with other tests. */
const patient = { timeout: 150_000 };

// Trained for a moment only: what is drawn is noise, and judged as such.
describe.skipIf(!browserHere)('samplers in the window', () => {
  let bench: Bench;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openBench();
    const ask = (...argv: string[]) => askCommandLine(bench.home, ...argv);
    await ask('corpus', 'make', '--add');
    const nameless = path.join(bench.home, 'sounds-without-labels');
    await mkdir(nameless);
    for (let at = 0; at < 3; at++)
      writeWav(path.join(nameless, `sound${at}.wav`), new Float32Array(4000), 8000);
    await ask('datasets', 'add', nameless, '--name', 'nameless', '--layout', 'folder');
    const train = ['train', '--dataset', 'sample-corpus'];
    const small = ['filters=4,4,8,8', 'codeChannels=8', 'codebookSize=16', 'stages=2'];
    await ask(
      ...[...train, '--preset', 'rvq-vae-coarse', '--name', 'coarse', '--epochs', '2'],
      ...small.flatMap((setting) => ['--set', setting]),
    );
    const vae = ['--set', 'filters=4,4,8,8,8', '--set', 'latentDim=8'];
    await ask(...train, '--preset', 'fsdd-vae-compact-8k', '--name', 'vae', '--epochs', '1', ...vae);
    ({ page } = await bench.open());
    page.setDefaultTimeout(patient.timeout);
    await page.setViewportSize({ width: 1440, height: 900 });
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
  }, 600_000);

  afterAll(() => bench?.close());

  const main = () => page.getByRole('main');
  const show = (run: string) => askCommandLine<Run>(bench.home, 'runs', 'show', run);
  const open = async (name: string) => {
    const { run } = await show(name);
    await page.goto(`${new URL(page.url()).origin}/#/runs/${run}?tab=generate`);
  };

  test('a code prior is trained on a run with one click', async () => {
    await open('coarse');
    await main().getByText('This model has no prior to draw clips from').waitFor();
    await main()
      .getByRole('button', { name: /^Code prior/ })
      .click();
    await main().getByRole('heading', { name: 'code-prior' }).waitFor();
    await expect.poll(async () => (await show('code-prior')).epoch, patient).toBeGreaterThan(0);
    await main().getByRole('button', { name: 'Stop and save' }).click();
    await main().getByText('Stopped', { exact: true }).first().waitFor();
    expect((await show('code-prior')).parent).toMatchObject({ name: 'coarse' });
  }, 300_000);

  test('where it cannot be, the page says why', async () => {
    await open('vae');
    await main()
      .getByText(/^Not Code prior of a run's codes: The code of the run vae .* is continuous/)
      .waitFor();
    await main()
      .getByRole('button', { name: /^RealNVP/ })
      .waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 300_000);

  test('what it draws is offered first, asked for a label, and heard', async () => {
    await open('code-prior');
    await main().getByRole('radio', { name: 'Prior', checked: true }).waitFor();
    await main().getByLabel('Label', { exact: true }).click();
    await page.getByRole('option', { name: '7' }).click();
    await main().getByLabel('Clips', { exact: true }).fill('3');
    await main().getByRole('button', { name: 'Generate', exact: true }).click();
    const set = main().getByRole('region', { name: 'From the prior, asked for 7' });
    await set.getByRole('button', { name: /^Play .*7, draw 1/ }).click();
    // It is heard for a second only: what was heard stays in the transport.
    await page
      .getByRole('region', { name: 'Listening to Generated clips' })
      .getByText('7, draw 1', { exact: true })
      .first()
      .waitFor();
    await expect.poll(() => set.locator('canvas').count(), patient).toBe(3);
  }, 300_000);

  test('without labels there is no classifier: the screen says so', async () => {
    await main().getByRole('link', { name: 'Compare what it draws with others' }).click();
    await main().getByText('Nothing drawn yet').waitFor();
    await main().getByLabel('Labels of').click();
    await page.getByRole('option', { name: 'nameless' }).click();
    await main().getByRole('button', { name: 'Draw and compare' }).click();
    await main()
      .getByText(/fewer than two labels: there is nothing to classify/)
      .waitFor();
  }, 300_000);

  test('it is compared with a run that has a prior, with real recordings and with noise', async () => {
    await main().getByLabel('Labels of').click();
    await page.getByRole('option', { name: "First run's dataset" }).click();
    await main().getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Choose vae' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Choose', exact: true }).click();
    await main().getByLabel('Clips of each').fill('6');
    await main().getByRole('button', { name: 'Draw and compare' }).click();
    const table = main().getByRole('table', { name: 'What each source is like' });
    await table.waitFor();
    expect(await table.locator('tbody th').allInnerTexts()).toEqual([
      expect.stringContaining('Real recordings'),
      expect.stringContaining('code-prior'),
      expect.stringContaining('vae'),
      'White noise',
    ]);
    // It was asked for one label after the other: of the VAE nobody knows what a clip is meant to be.
    const rightly = table.locator('tbody tr').locator('td:nth-of-type(2)');
    expect(await rightly.allInnerTexts()).toEqual([
      expect.stringMatching(/%$/),
      expect.stringMatching(/%$/),
      '–',
      '–',
    ]);
    const clip = main().getByRole('button', { name: /^Play \d of code-prior/ });
    await expect.poll(() => clip.count(), patient).toBe(6);
    await clip.first().click();
    const transport = page.getByRole('region', { name: 'Listening to Drawn and real clips' });
    await transport
      .getByText(/^code-prior: \d$/)
      .first()
      .waitFor();
    await main()
      .getByRole('button', { name: /^Play the nearest training recording/ })
      .first()
      .click();
    await transport
      .getByText(/^Real: \d$/)
      .first()
      .waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      main().getByRole('button', { name: 'Save CSV' }).click(),
    ]);
    const csv = (await readFile(await download.path(), 'utf8')).split(/\r?\n/);
    expect(csv[0]).toContain('confidence');
    expect(csv[2]).toContain('code-prior');
    // The command line judges the same clips, by the classifier that is kept.
    const runs = [(await show('code-prior')).run, (await show('vae')).run];
    const again = await askCommandLine<{
      classifier: { cached: boolean };
      sources: { figures: { confidence: number } }[];
    }>(bench.home, 'samplers', 'compare', ...runs, '--n', '6');
    expect(again.classifier.cached).toBe(true);
    expect(csv[2]).toContain(String(again.sources[1]?.figures.confidence));
    expect(complaints).toEqual([]);
  }, 300_000);
});
