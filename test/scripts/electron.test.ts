import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const file = path.resolve(import.meta.dirname, '../../scripts/electron.mjs');

interface ElectronScript {
  electronBinary(root: string, env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string | null;
  screenObstacle(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null;
  chooseShell(
    root: string,
    wishes: { web: boolean; electron: boolean },
    env: NodeJS.ProcessEnv,
    platform: NodeJS.Platform,
  ): { shell: string; because?: string; binary?: string };
}

const { electronBinary, screenObstacle, chooseShell } = (await import(
  pathToFileURL(file).href
)) as ElectronScript;

async function clone(withBinary: boolean): Promise<string> {
  const root = await temporaryFolder();
  const dist = path.join(root, 'node_modules', 'electron', 'dist');
  mkdirSync(dist, { recursive: true });
  writeFileSync(path.join(dist, '..', 'path.txt'), 'electron');
  if (withBinary) writeFileSync(path.join(dist, 'electron'), '');
  return root;
}

const display = { DISPLAY: ':0' };
const nothing = { web: false, electron: false };

describe("Electron's binary", () => {
  test('is looked for, never loaded', async () => {
    expect(readFileSync(file, 'utf8')).not.toMatch(/(require|import)\(['"]electron['"]\)|from 'electron'/);
    expect(electronBinary(await clone(false), {})).toBeNull();
    const root = await clone(true);
    expect(electronBinary(root, {})).toBe(path.join(root, 'node_modules', 'electron', 'dist', 'electron'));
  });

  test('may be elsewhere', async () => {
    const [root, other] = [await clone(false), await clone(true)];
    const folder = path.join(other, 'node_modules', 'electron', 'dist');
    expect(electronBinary(root, { ELECTRON_OVERRIDE_DIST_PATH: folder })).toBe(path.join(folder, 'electron'));
  });
});

describe('npm start', () => {
  test('opens the window where Electron and a display are', async () => {
    const root = await clone(true);
    expect(chooseShell(root, nothing, display, 'linux')).toEqual({
      shell: 'electron',
      binary: electronBinary(root, {}),
    });
  });

  test('serves the page otherwise, and says why', async () => {
    const [without, root] = [await clone(false), await clone(true)];
    const why = (...args: Parameters<typeof chooseShell>): string | undefined => {
      const { shell, because } = chooseShell(...args);
      expect(shell).toBe('web');
      return because;
    };
    expect(why(root, nothing, {}, 'linux')).toBe('there is no display');
    expect(why(root, nothing, { SSH_CONNECTION: 'x' }, 'linux')).toContain('ssh');
    expect(why(root, nothing, { SSH_CONNECTION: 'x' }, 'darwin')).toContain('ssh');
    expect(why(without, nothing, display, 'linux')).toContain('--electron');
    expect(why(root, { web: true, electron: false }, display, 'linux')).toBe('--web was given');
  });

  test('fetches Electron when asked to, but not for a machine without a screen', async () => {
    const root = await clone(false);
    const wish = { web: false, electron: true };
    expect(chooseShell(root, wish, display, 'linux')).toEqual({ shell: 'fetch' });
    expect(chooseShell(root, wish, {}, 'linux').shell).toBe('web');
  });

  test.each<[NodeJS.ProcessEnv, NodeJS.Platform]>([
    [{ DISPLAY: ':10', SSH_CONNECTION: 'x' }, 'linux'],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'],
    [{}, 'win32'],
    [{}, 'darwin'],
  ])('takes %o on %s for a screen', (env, platform) => expect(screenObstacle(env, platform)).toBeNull());
});
