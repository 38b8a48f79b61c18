// @vitest-environment node
import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type Page, chromium } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PageFiles } from '../../../src-main/web/page-files.ts';
import type { Transport } from '../../../src-renderer/audio/transport.ts';
import { chromiumExecutable } from '../../helpers/chromium.ts';

declare const window: {
  transport: Transport;
  errors: string[];
  renderMinute(
    seconds: number,
  ): Promise<Record<'exact' | 'error' | 'sharpest' | 'quietest' | 'frames' | 'switches', number>>;
};

const executablePath = chromiumExecutable();

describe.skipIf(executablePath === null)('the transport in a browser', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-test-'));
  let browser: Browser | undefined;
  let server: Server | undefined;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    // Built as the page is built, so that the audio thread's module is found there too.
    await build({
      configFile: false,
      root: path.join(import.meta.dirname, 'page'),
      base: './',
      logLevel: 'error',
      build: { outDir: folder, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    });
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.on('console', (message) => {
      const icon = message.location().url.endsWith('/favicon.ico');
      if (message.type() === 'error' && !icon) complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => void complaints.push(error.message));
    // As the web host answers, security policy and all.
    const files = new PageFiles(folder);
    server = createServer((request, response) => {
      const { status, headers, body } = files.answer({ path: request.url ?? '/' });
      response.writeHead(status, headers).end(body);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    page.setDefaultTimeout(10_000);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is without gap, click or drift in a minute of switching, looping and seeking', async () => {
    const minute = await page.evaluate(() => window.renderMinute(60));
    expect(minute.frames).toBe(60 * 16_000);
    expect(minute.switches).toBeGreaterThan(100);
    // Every sample outside of a fade is the very one of the very track, at the matched level.
    expect(minute.exact).toBeGreaterThan(0.85);
    expect(minute.error).toBeLessThan(1e-6);
    expect(minute.sharpest).toBeLessThan(0.01);
    expect(minute.quietest).toBeGreaterThan(0.2 / Math.SQRT2);
  });

  it('sounds only from a click on, and then keeps its place while it is switched', async () => {
    expect(await page.evaluate(() => window.transport.playing)).toBe(false);
    await page.click('#play');
    await page.waitForFunction(() => window.transport.positionSec > 0.2);
    const [before, after, chosen] = await page.evaluate(() => {
      const { transport } = window;
      const before = transport.positionSec;
      transport.choose('b');
      return [before, transport.positionSec, transport.chosen] as const;
    });
    expect(chosen).toBe('b');
    expect(after - before).toBeLessThan(0.05);
    expect(after).toBeGreaterThanOrEqual(before);
    await page.evaluate(() => window.transport.setLoop({ fromSec: 0.5, toSec: 0.8 }));
    await page.waitForTimeout(700);
    const looped = await page.evaluate(() => window.transport.positionSec);
    expect(looped).toBeGreaterThanOrEqual(0.49);
    expect(looped).toBeLessThanOrEqual(0.81);
    const rest = await page.evaluate(async () => {
      const { transport } = window;
      transport.pause();
      const at = transport.positionSec;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return [at, transport.positionSec, transport.playing] as const;
    });
    expect(rest[1]).toBe(rest[0]);
    expect(rest[2]).toBe(false);
    expect(await page.evaluate(() => window.errors)).toEqual([]);
  });

  it('ends by itself where nothing is looped', async () => {
    await page.evaluate(() => {
      window.transport.setLoop(null);
      window.transport.seek(1.8);
    });
    await page.click('#play');
    await page.waitForFunction(() => !window.transport.playing);
    expect(await page.evaluate(() => window.transport.positionSec)).toBe(2);
    expect(complaints).toEqual([]);
  });
});
