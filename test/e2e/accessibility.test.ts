import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from '../helpers/axe.ts';
import { askCommandLine } from '../helpers/command-line.ts';
import { type Bench, browserHere, openBench } from '../helpers/web-host.ts';

/** Shifts of what was there already, unasked: 0.1 is what is called good; a workbench is to stand still. */
const mostShift = 0.02;

// Every screen with nothing on it and with data, in both themes: one host, one page.
describe.skipIf(!browserHere)('every screen for everybody', () => {
  let bench: Bench;
  let page: Page;
  let origin = '';

  beforeAll(async () => {
    bench = await openBench();
    ({ page } = await bench.open());
    page.setDefaultTimeout(30_000);
    await page.setViewportSize({ width: 1440, height: 900 });
    origin = new URL(page.url()).origin;
  });

  afterAll(() => bench?.close());

  async function go(place: string): Promise<void> {
    await page.goto(`${origin}/#/${place}`);
    await settled();
  }

  async function settled(): Promise<void> {
    // Whatever still loads; a screen may keep one for as long as nothing is there.
    await page
      .locator('.skeleton')
      .first()
      .waitFor({ state: 'detached', timeout: 2_000 })
      .catch(() => undefined);
    // What is reckoned anew is dimmed until then.
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    // What fades in is half transparent at first, and has less contrast than it will have; one that is taken back is over too.
    await page.evaluate(() =>
      Promise.all(
        document
          .getAnimations()
          .map((one) => one.effect?.getTiming().iterations === Infinity || one.finished.catch(() => null)),
      ),
    );
    await page.waitForTimeout(150);
  }

  /** Everything in light, colours again in dark. */
  async function check(what: string): Promise<void> {
    const found: string[] = [];
    await page.emulateMedia({ colorScheme: 'light' });
    found.push(...(await axeViolations(page)));
    await page.emulateMedia({ colorScheme: 'dark' });
    // Colours that are on their way from one theme to the other belong to neither.
    await settled();
    found.push(...(await axeViolations(page, ['color-contrast'])).map((one) => `dark: ${one}`));
    await page.emulateMedia({ colorScheme: 'light' });
    expect.soft(found, what).toEqual([]);
  }

  /** A screen and each of its tabs. */
  async function checkTabs(place: string): Promise<void> {
    await go(place);
    await check(place);
    const tabs = page.getByRole('main').getByRole('tab');
    for (let at = 1; at < (await tabs.count()); at++) {
      const name = await tabs.nth(at).innerText();
      await tabs.nth(at).click();
      await settled();
      await check(`${place}, ${name.split('\n')[0] ?? ''}`);
    }
  }

  async function screensOfSidebar(): Promise<string[]> {
    const links = page.getByRole('navigation', { name: 'Screens' }).locator('li a');
    const places = await links.evaluateAll((all) =>
      all.map((one) => (one.getAttribute('href') ?? '').slice(2)),
    );
    return [...new Set([...places, 'add', 'runs/none', 'nowhere'])];
  }

  test('says what is wrong and what to do where nothing is yet', async () => {
    for (const place of await screensOfSidebar()) {
      await go(place);
      await check(`empty: ${place}`);
      const main = page.getByRole('main');
      expect.soft((await main.innerText()).length, place).toBeGreaterThan(40);
      // There is always a way on.
      expect
        .soft(await main.getByRole('button').or(main.getByRole('link')).count(), place)
        .toBeGreaterThan(0);
    }
  }, 180_000);

  test('with a dataset and two runs', async () => {
    const { folder } = await askCommandLine<{ folder: string }>(bench.home, 'corpus', 'make');
    const { id } = await askCommandLine<{ id: string }>(
      bench.home,
      'datasets',
      'add',
      folder,
      '--name',
      'digits',
    );
    const train = ['train', '--dataset', 'digits', '--preset', 'fsdd-vae-compact-8k', '--epochs', '1'];
    const runs: string[] = [];
    for (const name of ['first', 'second']) {
      const { run } = await askCommandLine<{ run: string }>(
        bench.home,
        ...[...train, '--set', 'filters=4,4,8,8,8', '--name', name],
      );
      runs.push(run);
    }
    for (const place of [
      ...(await screensOfSidebar()),
      `datasets/${id}`,
      `runs/${runs[0] ?? ''}`,
      `compare?runs=${runs.join(',')}`,
    ]) {
      await checkTabs(place);
    }
  }, 300_000);

  test('dialogs keep the focus and give it back, the palette finds and goes', async () => {
    await go('runs');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await check('shortcuts');
    for (let press = 0; press < 6; press++) await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    const search = page.getByRole('button', { name: /^Search/ }).first();
    await search.focus();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Screens, actions, datasets and runs' }).waitFor();
    await check('palette');
    await page.keyboard.press('Escape');
    await expect.poll(() => search.evaluate((one) => one === document.activeElement)).toBe(true);

    await page.keyboard.press('Control+k');
    await page.keyboard.type('secnd');
    await page.getByRole('option').first().getByText('second').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'second' }).waitFor();

    // What the screen offers is there too: its menu, and from it the export.
    await page.keyboard.press('Control+k');
    await page.keyboard.type('checkpoints');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'Checkpoints', selected: true }).waitFor();
    await page.getByRole('button', { name: 'What can be done with second' }).click();
    await page.getByRole('menuitem', { name: 'Export…' }).click();
    await page.getByRole('dialog').getByText('One HTML file').waitFor();
    await settled();
    await check('export');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    expect((await download).suggestedFilename()).toBe('second.html');
  }, 120_000);

  test('nothing that is there moves while a screen fills', async () => {
    await page.addInitScript(() => {
      const shifts: { value: number; what: string }[] = [];
      Object.assign(globalThis, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
          sources?: { node?: Element }[];
        })[]) {
          if (entry.hadRecentInput) continue;
          const what =
            entry.sources?.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? '').join(' | ') ?? '';
          shifts.push({ value: entry.value, what });
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const { datasets } = await askCommandLine<{ datasets: { id: string }[] }>(bench.home, 'datasets', 'list');
    const { runs } = await askCommandLine<{ runs: { run: string }[] }>(bench.home, 'runs', 'list');
    for (const place of [
      ...['', 'train', 'runs', 'settings', `datasets/${datasets[0]?.id ?? ''}`, `runs/${runs[0]?.run ?? ''}`],
      `compare?runs=${runs.map(({ run }) => run).join(',')}`,
    ]) {
      // A page that is loaded anew, as a click on a bookmark does it.
      await page.goto('about:blank');
      await page.goto(`${origin}/#/${place}`);
      await settled();
      await page.waitForTimeout(600);
      const shifts = await page.evaluate(
        () => (globalThis as unknown as { shifts: { value: number; what: string }[] }).shifts,
      );
      const sum = shifts.reduce((all, { value }) => all + value, 0);
      expect
        .soft(sum, `${place}: ${shifts.map(({ value, what }) => `${value.toFixed(3)} ${what}`).join('; ')}`)
        .toBeLessThan(mostShift);
    }
  }, 120_000);

  test('moves nothing for whoever asked for less motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await go('runs');
    const longest = await page.evaluate(() =>
      Math.max(
        ...[...document.querySelectorAll('*')].flatMap((one) => {
          const style = getComputedStyle(one);
          return [...style.transitionDuration.split(','), ...style.animationDuration.split(',')].map(
            (text) => parseFloat(text) * (text.trim().endsWith('ms') ? 0.001 : 1),
          );
        }),
      ),
    );
    expect(longest).toBeLessThan(0.01);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
  });
});
