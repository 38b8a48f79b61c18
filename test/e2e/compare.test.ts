import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { abxOrder } from '../../src-preload/contract/listening/abx-order.ts';
import { binomialTail } from '../../src-preload/contract/listening/binomial.ts';
import { accessibilityProblems } from '../helpers/accessibility.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';
import { type Corpus, type TrainedRun, trainRuns } from './trained-runs.ts';

const fsdd = referenceFolder('data', 'fsdd', 'recordings');
const corpora: { name: string; corpus: Corpus }[] = [
  { name: 'the sample corpus', corpus: { kind: 'sample' } },
  ...(fsdd ? [{ name: 'FSDD', corpus: { kind: 'folder', dir: fsdd, name: 'fsdd' } as const }] : []),
];
const trials = 6;
const seed = 7;

// Three real short runs, compared by curves, by table, by eye and by ear, and told apart blind; as a researcher would.
describe.skipIf(!browserHere).each(corpora)('comparing three runs of $name', ({ corpus }) => {
  let bench: Bench;
  let page: Page;
  let runs: TrainedRun[] = [];
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
    runs = await trainRuns(bench.home, corpus);
  }, 300_000);

  afterAll(() => bench?.close());

  const grid = () => page.getByRole('region', { name: 'Validation clips' });
  const cells = (name: RegExp) => grid().getByRole('button', { name });
  const deck = () => page.getByRole('region', { name: /^Listening to/ });
  const version = (name: string) =>
    deck().getByRole('group', { name: 'Version' }).getByRole('button', { name });
  const heard = async (name: string) =>
    expect.poll(() => version(name).getAttribute('aria-pressed')).toBe('true');
  const positionSec = async () => Number(await deck().locator('.time b').innerText());
  /** The comparison of all runs in the order in which they were trained: A, B, C. */
  const compareAll = () =>
    page.evaluate((ids) => (location.hash = `#/compare?runs=${ids}`), runs.map(({ run }) => run).join(','));
  const last = (name: string) => runs.find((run) => run.name === name)?.step ?? Number.NaN;

  test('takes ticked runs to their curves over each other', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click();
    for (const { name } of runs) await page.getByRole('checkbox', { name: `Choose ${name}` }).check();
    await page.getByRole('button', { name: 'Compare', exact: true }).click();
    const curves = page.getByRole('region', { name: 'Curves' });
    await curves.locator('canvas').nth(2).waitFor();
    for (const { name } of runs)
      await curves
        .getByText(new RegExp(`^[ABC] ${name}$`))
        .first()
        .waitFor();
  });

  test('shows what differs and nothing else, and says what cannot be compared', async () => {
    await compareAll();
    const table = page.getByRole('grid', { name: 'What differs between the runs' });
    await table.getByText('0.004').waitFor();
    const shown = () => table.getByRole('columnheader').allInnerTexts();
    // Titles of settings come with the form that they were set in.
    await expect.poll(shown).toEqual(expect.arrayContaining(['Run', 'Epochs', 'Learning rate', 'Preset']));
    const heads = await shown();
    expect(heads.filter((head) => /latent|batch|filters|seed/i.test(head))).toEqual([]);
    const cautions = page.getByRole('list', { name: 'What cannot be compared' });
    await cautions.getByText(/8 kHz \(.*\), 22\.05 kHz \(fine\)|22\.05 kHz \(fine\), 8 kHz/).waitFor();
    const values = page.getByRole('radiogroup', { name: 'Value of each metric' });
    await values.getByText('Last', { exact: true }).click();
    await table
      .getByText(`step ${last('small')}`)
      .first()
      .waitFor();
  });

  test('moves the clips of all by one slider, each labelled with the step that it shows', async () => {
    await expect.poll(() => cells(/^Play \w small at step/).count()).toBe(4);
    const slider = grid().getByRole('slider', { name: 'Step of all clips' });
    await slider.fill('0');
    const first = runs[0]?.kept[0] ?? Number.NaN;
    await expect.poll(() => cells(new RegExp(`small at step ${first},`)).count()).toBe(4);
    await expect.poll(() => grid().locator('canvas').count()).toBe(4 * 5);
    await grid().getByRole('button', { name: 'Latest' }).click();
    await expect.poll(() => cells(new RegExp(`small at step ${last('small')},`)).count()).toBe(4);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('holds a step of a run as a column of its own', async () => {
    const step = runs[0]?.kept[1] ?? Number.NaN;
    await page.getByRole('button', { name: 'Compare steps of small' }).click();
    await page
      .getByRole('group', { name: 'Steps of small' })
      .getByLabel(new RegExp(`step ${step} epoch`))
      .check();
    await page.keyboard.press('Escape');
    await expect.poll(() => cells(new RegExp(`small @ ${step} at step ${step},`)).count()).toBe(4);
    await page
      .getByRole('grid', { name: 'What differs between the runs' })
      .getByText('Held at step')
      .waitFor();
  });

  test('switches between versions in mid-phrase, with gain, and hears what differs', async () => {
    await cells(/^Play Original/)
      .first()
      .click();
    await heard('Original');
    // At once, while the sound may still be on its way.
    await page.keyboard.press('l');
    await deck()
      .getByText(/loop 0\.000–/)
      .waitFor({ timeout: 10_000 });
    await expect.poll(positionSec).toBeGreaterThan(0);
    // A is the first run here, as its column says.
    await page.keyboard.press('a');
    await heard('A small');
    await expect.poll(() => version('A small').innerText()).toMatch(/[+−]?\d+\.\d dB/);
    expect(await deck().getByRole('button', { name: 'Pause', exact: true }).count()).toBe(1);
    await page.keyboard.press('2');
    await heard('Ceiling');
    await page.keyboard.press('x');
    await heard('A small');
    await page.keyboard.press('r');
    await expect.poll(() => version('Residual').first().innerText()).toMatch(/dBFS/);
    await page.keyboard.press('r');
    await heard('A small');
  });

  test('repeats a stretch that is dragged on the picture of any clip', async () => {
    const cell = cells(/^Play Ceiling/).nth(2);
    // The player lies over the lower edge of the page.
    await cell.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const box = await cell.boundingBox();
    if (!box) throw new Error('The clip is not to be seen.');
    await page.mouse.move(box.x + 0.1 * box.width, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.3 * box.width, box.y + 20, { steps: 4 });
    await page.mouse.move(box.x + 0.5 * box.width, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await deck()
      .getByText(/loop 0\.0\d+–0\.3\d+ s/)
      .waitFor();
    await heard('Ceiling');
    await page.keyboard.press('Space');
    await deck().getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  test('tells two runs apart blind, by keys alone, and exports every trial', async () => {
    await compareAll();
    await expect.poll(() => version('B quick').count()).toBe(1);
    await page.getByRole('button', { name: 'Listening test' }).click();
    await page.getByRole('spinbutton', { name: 'Trials' }).fill(String(trials));
    await page.getByRole('spinbutton', { name: 'Seed' }).fill(String(seed));
    await page.getByRole('textbox', { name: 'Listener' }).fill('e2e');
    const begin = page.getByRole('button', { name: 'Begin' });
    await expect.poll(() => begin.isEnabled()).toBe(true);
    await begin.focus();
    await page.keyboard.press('Enter');
    const trial = (number: number) => page.getByRole('status').getByText(`Trial ${number} of ${trials}`);
    for (let number = 1; number <= trials; number++) {
      await trial(number).waitFor();
      await page.getByText('The sounds are on their way').waitFor({ state: 'detached' });
      expect(await page.getByRole('main').innerText()).not.toMatch(/\bright\b|\bwrong\b|p =/);
      for (const key of ['x', 'a', 'b']) await page.keyboard.press(key);
      await page.keyboard.press(number % 2 === 0 ? '2' : 'ArrowLeft');
    }
    const order = abxOrder(seed, trials, 4);
    const correct = order.filter(({ x }, at) => x === (at % 2 === 0 ? 'a' : 'b')).length;
    await page.getByText(`${correct} of ${trials} right`, { exact: true }).waitFor();
    await page.getByText(`order from seed ${seed}`).waitFor();
    const arriving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV', exact: true }).click();
    const csv = await readFile(await (await arriving).path(), 'utf8');
    const [titles = '', ...lines] = csv.trim().split('\r\n');
    expect(lines).toHaveLength(trials);
    const column = (title: string): string[] => {
      const at = titles.split(',').indexOf(title);
      return lines.map((line) => line.split(',')[at] ?? '');
    };
    const [small, quick] = runs;
    expect(new Set(column('aRun'))).toEqual(new Set([small?.run]));
    expect(new Set(column('bRun'))).toEqual(new Set([quick?.run]));
    expect(new Set(column('bStep'))).toEqual(new Set([String(quick?.step)]));
    expect(column('x')).toEqual(order.map(({ x }) => x));
    expect(column('clip').every((clip) => clip.endsWith('.wav'))).toBe(true);
    expect(Number(column('pValue')[0])).toBeCloseTo(binomialTail(correct, trials), 12);
    const { tests } = await askCommandLine<{ tests: { state: string; result: { correct: number } }[] }>(
      bench.home,
      ...['listening', 'list'],
    );
    expect(tests).toMatchObject([{ state: 'finished', result: { correct } }]);
  });

  test('keeps a test that was given up as given up, without a score', async () => {
    await page.getByRole('button', { name: 'Once more' }).click();
    await page.getByRole('button', { name: 'Begin' }).click();
    await page
      .getByRole('status')
      .getByText(/Trial 1 of/)
      .waitFor();
    await page.getByText('The sounds are on their way').waitFor({ state: 'detached' });
    for (const key of ['x', 'a', '1']) await page.keyboard.press(key);
    await page
      .getByRole('status')
      .getByText(/Trial 2 of/)
      .waitFor();
    await page.getByRole('button', { name: 'Give up' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Give up' }).click();
    await page.getByText(/^Given up after 1 of/).waitFor();
    expect(await page.getByRole('main').innerText()).not.toMatch(/p =/);
  });

  test('made the browser complain of nothing', () => {
    expect(complaints).toEqual([]);
  });
});
