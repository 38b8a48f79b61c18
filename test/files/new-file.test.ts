import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { realDisk } from '../../src-main/files/atomic-file.ts';
import { writeNewFileSync } from '../../src-main/files/new-file.ts';
import { refusal } from '../helpers/refusal.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const bytes = Buffer.from('take');

describe('a new file', () => {
  it('is written whole, and nothing else is left', async () => {
    const folder = await temporaryFolder();
    writeNewFileSync(path.join(folder, 'a.wav'), bytes);
    expect(await readdir(folder)).toEqual(['a.wav']);
    expect(await readFile(path.join(folder, 'a.wav'), 'utf8')).toBe('take');
  });

  it('never replaces one that is there', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'a.wav');
    await writeFile(file, 'old');
    expect(refusal(() => writeNewFileSync(file, bytes))).toMatchObject({ code: 'files/exists' });
    expect(await readFile(file, 'utf8')).toBe('old');
    await mkdir(path.join(folder, 'b.wav'));
    expect(refusal(() => writeNewFileSync(path.join(folder, 'b.wav'), bytes)).code).toBe('files/exists');
    expect(await readdir(folder)).toEqual(['a.wav', 'b.wav']);
  });

  it('is not there when the disk is full', async () => {
    const folder = await temporaryFolder();
    const full = {
      ...realDisk,
      write: (): number => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      },
    };
    const error = refusal(() => writeNewFileSync(path.join(folder, 'a.wav'), bytes, full));
    expect(error).toMatchObject({ code: 'files/disk-full' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('needs its folder', async () => {
    const folder = await temporaryFolder();
    expect(refusal(() => writeNewFileSync(path.join(folder, 'no', 'a.wav'), bytes)).code).toBe(
      'files/not-writable',
    );
  });
});
