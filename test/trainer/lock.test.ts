import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { processStart } from '../../src-main/processes/process-identity.ts';
import { acquireRunLock, lockHolder } from '../../src-main/trainer/lock.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('run lock', () => {
  it('is refused by the number of the process that trains, and free again after', async () => {
    const folder = await temporaryFolder();
    const lock = acquireRunLock(folder);
    expect(lockHolder(folder)?.pid).toBe(process.pid);
    expect(() => acquireRunLock(folder)).toThrow(
      expect.objectContaining({
        code: 'runs/locked',
        params: { run: path.basename(folder), pid: process.pid },
      }),
    );
    lock.release();
    expect(lockHolder(folder)).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken from a process of another machine', async () => {
    const folder = await temporaryFolder();
    const other = {
      pid: process.pid,
      start: processStart(process.pid),
      host: 'elsewhere.example',
      token: 't',
    };
    expect(os.hostname()).not.toBe(other.host);
    writeFileSync(path.join(folder, 'lock'), JSON.stringify(other));
    expect(() => acquireRunLock(folder)).toThrow(/being trained/);
  });

  it('names the file where it cannot be written', async () => {
    const folder = await temporaryFolder();
    expect(() => acquireRunLock(path.join(folder, 'gone'))).toThrow(
      expect.objectContaining({ code: 'files/not-writable', message: expect.stringContaining('gone') }),
    );
  });
});
