import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { codePlaces } from '../../src-main/electron/code-places.ts';
import { profileFolder } from '../../src-main/electron/profile-folder.ts';
import { refusal } from '../helpers/refusal.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('the plain Node and the code that it runs', () => {
  test('are those of the clone', () => {
    expect(
      codePlaces({
        isPackaged: false,
        appPath: '/clone',
        resourcesPath: '/electron/resources',
        platform: 'linux',
        env: { RESYNTH_NODE: process.execPath },
      }),
    ).toEqual({ node: process.execPath, root: '/clone' });
  });

  test.each<[NodeJS.Platform, string]>([
    ['linux', 'bin/node'],
    ['darwin', 'bin/node'],
    ['win32', 'bin/node.exe'],
  ])('are those of the package on %s', async (platform, name) => {
    const resourcesPath = await temporaryFolder();
    const node = path.join(resourcesPath, 'node', name);
    mkdirSync(path.dirname(node), { recursive: true });
    writeFileSync(node, '');
    // Somebody's variable does not lead a package astray.
    const env = { RESYNTH_NODE: '/elsewhere/node' };
    expect(codePlaces({ isPackaged: true, appPath: '/x/app.asar', resourcesPath, platform, env })).toEqual({
      node,
      root: path.join(resourcesPath, 'app.asar.unpacked'),
    });
  });

  test.each([{}, { RESYNTH_NODE: '/nowhere/node' }])('have to be there: %o', (env) => {
    const error = refusal(() =>
      codePlaces({ isPackaged: false, appPath: '/clone', resourcesPath: '/r', platform: 'linux', env }),
    );
    expect(error.code).toBe('electron/no-node');
  });
});

test('each data folder has a window of its own, the usual one in the usual place', () => {
  expect(profileFolder('/config', '/home/data', '/home/data')).toBe('/config');
  const [first, second] = ['/a', '/b'].map((home) => profileFolder('/config', home, '/home/data'));
  expect(first).toMatch(/^\/config\/homes\/[0-9a-f]{16}$/);
  expect(second).not.toBe(first);
});
