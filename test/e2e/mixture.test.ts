import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

// Trained for a moment only: what its components stand for is chance.
describe.skipIf(!browserHere)('a mixture prior in the window', () => {
  let bench: Bench;
  let page: Page;
  let run: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openBench();
    const ask = (...argv: string[]) => askCommandLine<{ run: string }>(bench.home, ...argv);
    await ask('corpus', 'make', '--add');
    const small = ['filters=4,4,8,8,8', 'latentDim=8', 'components=3'];
    ({ run } = await ask(
      ...['train', '--dataset', 'sample-corpus', '--preset', 'gm-vae-compact', '--name', 'mixture'],
      ...['--epochs', '2', ...small.flatMap((setting) => ['--set', setting])],
    ));
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
  const open = (tab: string) => page.goto(`${new URL(page.url()).origin}/#/runs/${run}?tab=${tab}`);

  test('its components are told with their labels, and the mean of each is heard', async () => {
    await open('components');
    const table = main().getByRole('table', { name: /^Components, and how much/ });
    await expect.poll(() => table.locator('tbody tr').count()).toBe(3);
    expect(await table.locator('thead th').allInnerTexts()).toEqual(
      expect.arrayContaining(['Component', 'Weight', '0', '9']),
    );
    await main()
      .getByText(/of 3 components used/)
      .waitFor();
    await main()
      .getByText(/^purity/)
      .waitFor();
    await main().getByRole('button', { name: 'Hear the mean of component 2' }).click();
    await main().getByRole('button', { name: 'Stop the mean of component 2' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 180_000);

  test('draws of a component are generated', async () => {
    await open('generate');
    await main().getByRole('radiogroup').getByText('Components', { exact: true }).click();
    await main().getByRole('button', { name: 'Generate', exact: true }).click();
    const set = main().getByRole('region', { name: /component/i });
    await set
      .getByRole('button', { name: /^Play / })
      .first()
      .waitFor();
  }, 120_000);

  test('it is evaluated by bounds of its likelihood, which somebody has to ask for', async () => {
    await open('evaluate');
    await main().getByText('How it is judged').click();
    const bound = main().getByRole('checkbox', { name: 'IWAE bound' });
    expect(await bound.isChecked()).toBe(false);
    await bound.check();
    await main()
      .getByRole('textbox', { name: /^At most/ })
      .first()
      .fill('4');
    await main().getByRole('button', { name: 'Evaluate', exact: true }).click();
    const row = main().getByRole('row', { name: /^IWAE bound nats/ });
    await expect.poll(async () => (await row.innerText()).split(/\s*\t\s*/)[4]).toBe('4');
    expect(complaints).toEqual([]);
  }, 180_000);
});
