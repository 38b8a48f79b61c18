import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, browserHere, connected, openBench } from '../helpers/web-host.ts';

describe.skipIf(!browserHere)('the page in a browser', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench();
  });

  afterAll(() => bench.close());

  test('connects, hides the secret, and comes back after a reload', async () => {
    const { page, complaints } = await bench.open();
    expect(page.url()).not.toContain('secret');
    await page.reload();
    await connected(page);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('says what to do when its address was used already, and goes on with a new one pasted into it', async () => {
    const address = await bench.host.newAddress(bench.home);
    const first = await bench.open({ address });
    const context = await bench.browser.newContext();
    const { page } = await bench.open({ address, context, wait: false });
    await page.getByText('Open the address that npm start printed.').waitFor();
    // Only the fragment differs, so nothing is loaded by itself.
    await page.goto(await bench.host.newAddress(bench.home));
    await connected(page);
    await context.close();
    await first.page.close();
  });

  test('has two tabs, each with an address of its own', async () => {
    const [first, second] = [await bench.open(), await bench.open()];
    await first.page.reload();
    await connected(first.page);
    await connected(second.page);
    await first.page.close();
    await second.page.close();
  });

  test('says so when the host that it belonged to is gone', async () => {
    const { page } = await bench.open();
    await bench.restart('SIGKILL');
    await page.reload();
    await page.getByText('Open the address that npm start printed.').waitFor();
    await page.close();
  });
});
