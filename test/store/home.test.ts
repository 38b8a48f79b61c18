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
});
