import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

interface GeneratedSet {
  id: string;
  recipe: { made: { settings: { seconds?: number; from?: number } } };
  clips: { title: string; sha256: string; givenSec: number | null; lsdDb: number | null }[];
}

/** Two cores may be busy with other tests. */
const patient = { timeout: 150_000 };

// A dynamical model that is trained for a moment: it says nothing, and everything that it makes up is shown and heard.
describe.skipIf(!browserHere)('what a dynamical model makes up', () => {
  let bench: Bench;
  let page: Page;
  let run = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    bench = await openBench();
    await askCommandLine(bench.home, 'corpus', 'make', '--add');
    const small = ['frames=20', 'batchSize=16', 'denseX=16', 'denseZ=8', 'denseHxToZ=8', 'denseHzToX=16'];
    const recipe = [...small, 'denseHToZ=8', 'recurrent=8', 'latentDim=4'].flatMap((one) => ['--set', one]);
    ({ run } = await askCommandLine<{ run: string }>(
      bench.home,
      ...['train', '--dataset', 'sample-corpus', '--preset', 'dvae-vrnn', '--name', 'vrnn', '--epochs', '1'],
      ...recipe,
    ));
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
  const kept = async () => {
    const { sets } = await askCommandLine<{ sets: GeneratedSet[] }>(bench.home, 'generated', 'list', run);
    return sets;
  };

  test('is drawn from the prior at any length, heard and kept beside another', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/runs/${run}?tab=generate`);
    await main()
      .getByText(/drawn frame by frame/)
      .waitFor();
    await main()
      .getByText(/^No sampler can be trained on it: The models of the run vrnn/)
      .waitFor();
    await main().getByLabel('Clips', { exact: true }).fill('3');
    await main().getByLabel('Length').fill('0.5');
    await main().getByRole('button', { name: 'Generate', exact: true }).click();
    const set = main().getByRole('region', { name: 'From the prior, 0.5 s' });
    await set
      .getByRole('button', { name: /^Play / })
      .first()
      .click();
    await set.getByRole('button', { name: 'Keep it for comparing' }).first().click();
    await set
      .getByRole('button', { name: /^Play / })
      .last()
      .click();
    const transport = page.getByRole('region', { name: 'Listening to Generated clips' });
    await transport.getByRole('group', { name: 'Version' }).getByRole('button').nth(2).waitFor();
    await expect.poll(() => set.locator('canvas').count(), patient).toBe(3);
    expect(await accessibilityProblems(page)).toEqual([]);
  }, 300_000);

  test('is made again by its recipe, to the same samples', async () => {
    const [first] = await kept();
    await main()
      .getByRole('region', { name: 'From the prior, 0.5 s' })
      .getByRole('button', { name: /^Delete these clips/ })
      .click();
    await main().getByText('Nothing generated yet').waitFor();
    await main().getByRole('button', { name: 'Generate', exact: true }).click();
    await main().getByRole('region', { name: 'From the prior, 0.5 s' }).waitFor();
    const [again] = await kept();
    expect(again?.clips.map(({ sha256 }) => sha256)).toEqual(first?.clips.map(({ sha256 }) => sha256));
    expect(again?.id).toBe(first?.id);
  }, 300_000);

  test('goes on from a recording', async () => {
    await main().getByText('Continue a recording').click();
    await choose('7_kal_10.wav');
    await main()
      .getByRole('slider', { name: /up to which the recording is given/ })
      .waitFor();
    await main().getByLabel('Continuations').fill('2');
    await main().getByLabel('Then').fill('2');
    await main().getByRole('button', { name: 'Generate', exact: true }).click();
    const set = main().getByRole('region', { name: /^7_kal_10.wav continued from/ });
    await expect.poll(() => set.locator('canvas').count(), patient).toBeGreaterThanOrEqual(2);
    await set
      .getByTitle(/^Given: /)
      .first()
      .waitFor();
    await set.getByRole('button', { name: 'Play through' }).click();
    await set.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    const [made] = await kept();
    expect(made?.clips.some(({ givenSec }) => givenSec !== null && givenSec > 0)).toBe(true);
  }, 300_000);

  test('is free-running beside teacher-forced, with the distance of each', async () => {
    await main().getByText('Free-running', { exact: true }).click();
    await main().getByRole('button', { name: 'Generate', exact: true }).click();
    const set = main().getByRole('region', { name: /teacher-forced and free-running$/ });
    const [made] = await (async () => {
      await set.waitFor();
      return kept();
    })();
    const distances = made?.clips.flatMap(({ lsdDb }) => lsdDb ?? []) ?? [];
    expect(distances).toHaveLength(2);
    for (const lsd of distances)
      await set
        .getByText(`LSD ${lsd.toFixed(2)} dB`)
        .first()
        .waitFor();
    await set.getByRole('button', { name: /^Play .*[Ff]ree-running/ }).click();
    const transport = page.getByRole('region', { name: 'Listening to Generated clips' });
    await transport.getByText('Free-running', { exact: true }).first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  }, 300_000);

  async function choose(recording: string): Promise<void> {
    await main().getByRole('button', { name: 'Choose …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Recording: choose a recording' });
    await dialog.getByRole('searchbox').fill(recording.replace('.wav', '').replaceAll('_', ' '));
    await dialog.getByRole('row').filter({ hasText: recording }).click();
    await dialog.getByRole('button', { name: 'Take this one' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
});
