import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { browserOpener } from '../../src-main/web/open-in-browser.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('the program that opens a browser', () => {
  test('is the system own', () => {
    expect(browserOpener({}, 'darwin')).toEqual({ program: 'open', args: [] });
    expect(browserOpener({}, 'win32')).toMatchObject({ program: 'rundll32' });
  });

  test('on Linux is xdg-open, where it and a display are', async () => {
    const folder = await temporaryFolder();
    writeFileSync(path.join(folder, 'xdg-open'), '');
    chmodSync(path.join(folder, 'xdg-open'), 0o755);
    const PATH = `/nowhere${path.delimiter}${folder}`;
    expect(browserOpener({ DISPLAY: ':0', PATH }, 'linux')).toEqual({ program: 'xdg-open', args: [] });
    expect(browserOpener({ WAYLAND_DISPLAY: 'wayland-0', PATH }, 'linux')).toMatchObject({ args: [] });
    expect(browserOpener({ PATH }, 'linux')).toEqual({ missing: 'there is no display' });
    expect(browserOpener({ DISPLAY: ':0', PATH: '/nowhere' }, 'linux')).toEqual({
      missing: 'xdg-open is not installed',
    });
  });

  test.each<NodeJS.Platform>(['linux', 'darwin', 'win32'])('is not had over ssh: %s', (platform) => {
    expect(browserOpener({ SSH_CONNECTION: '1 2 3 4' }, platform)).toEqual({
      missing: 'this is an ssh session',
    });
  });
});
