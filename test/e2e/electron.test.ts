import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ElectronApplication, type Page, _electron } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connected } from '../helpers/web-host.ts';

const root = path.resolve(import.meta.dirname, '../..');
const script = pathToFileURL(path.join(root, 'scripts', 'electron.mjs')).href;
const { electronBinary, screenObstacle } = (await import(script)) as {
  electronBinary(root: string): string | null;
  screenObstacle(): string | null;
};

const binary = electronBinary(root);
const obstacle = binary === null ? "Electron's binary is not here" : screenObstacle();
if (obstacle !== null)
  console.warn(`SKIPPED: the tests in Electron's window need a screen and Electron: ${obstacle}.`);

describe.skipIf(obstacle !== null)('the window', () => {
  let home: string;
  let application: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [path.join(root, 'scripts', 'build.mjs'), '--electron'],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    home = await mkdtemp(path.join(os.tmpdir(), 'resynth-electron-'));
    application = await _electron.launch({
      executablePath: String(binary),
      // As root, Chromium refuses to start with its sandbox.
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, '--home', home],
      env: { ...process.env, RESYNTH_NODE: process.execPath } as Record<string, string>,
    });
    page = await application.firstWindow();
    await connected(page);
  });

  afterAll(async () => {
    await application?.close();
    if (home) await rm(home, { recursive: true, force: true });
  });

  test('has a sandboxed page with a few functions of ours and nothing of Node', async () => {
    const found = await page.evaluate(() => ({
      bridge: Object.keys(window.resynth ?? {}).sort(),
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
      origin: location.origin,
    }));
    expect(found).toEqual({
      bridge: ['chooseFolder', 'onMenu', 'openPort', 'platform'],
      node: [],
      origin: 'app://resynth',
    });
  });

  test('goes nowhere else and loads nothing from a network', async () => {
    await page.evaluate(() => void window.open('https://evil.example/'));
    await page.evaluate(() => {
      location.href = 'https://evil.example/';
    });
    expect(application.windows()).toHaveLength(1);
    expect(page.url()).toMatch(/^app:\/\/resynth\//);
    await expect(page.evaluate(() => fetch('http://127.0.0.1:47100/'))).rejects.toThrow();
  });
});
