import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openHome } from '../../src-main/store/home.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('openHome', () => {
  it('makes nothing and takes a folder that is not there yet', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b');
    expect(openHome(folder).runs).toBe(path.join(folder, 'runs'));
  });

  it.each(['', 'below'])('refuses a file as data folder by name (%j)', async (below) => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, 'x');
    expect(() => openHome(path.join(file, below))).toThrow(
      expect.objectContaining({
        code: 'files/home-not-a-folder',
        params: expect.objectContaining({ obstacle: file }),
      }),
    );
  });

  it('names one socket a data folder, short enough for any system', async () => {
    const folder = await temporaryFolder();
    const short = openHome(folder);
    expect(openHome(`${folder}/x/..`).socket).toBe(short.socket);
    expect(openHome(path.join(folder, 'other')).socket).not.toBe(short.socket);
    const deep = openHome(path.join(folder, 'ü'.repeat(60)));
    expect(Buffer.byteLength(deep.socket)).toBeLessThanOrEqual(103);
    expect(deep.socket).not.toBe(openHome(path.join(folder, 'ü'.repeat(61))).socket);
    if (process.platform !== 'win32') expect(path.dirname(short.socket)).toBe(folder);
  });
});
