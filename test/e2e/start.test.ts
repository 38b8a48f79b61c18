import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { askCommandLine } from '../helpers/command-line.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { wavBytes } from '../helpers/wav-bytes.ts';
import { WebHostProcess } from '../helpers/web-host.ts';

const entry = path.resolve(import.meta.dirname, '../../src-main/cli/index.ts');
const execute = promisify(execFile);

/** What `npm start` prints on a data folder that it cannot use. */
async function refusalOn(home: string): Promise<string> {
  const outcome = await WebHostProcess.start({ home }).catch((error: unknown) => String(error));
  if (typeof outcome === 'string') return outcome;
  await outcome.stop();
  throw new Error(`It started:\n${outcome.output}`);
}

describe('a data folder that cannot be used', () => {
  test('with a database of a newer version: says so, touches nothing, and ends', async () => {
    const home = await temporaryFolder();
    await askCommandLine(home, 'datasets', 'list');
    const file = path.join(home, 'resynth.db');
    const database = new Sqlite(file);
    database.pragma('user_version = 999');
    database.close();
    const before = await readFile(file);
    expect(await refusalOn(home)).toMatch(/newer Resynth.*999[\s\S]*Bring this Resynth up to date/);
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  test('which is a file: says so, and ends', async () => {
    const home = path.join(await temporaryFolder(), 'file');
    await writeFile(home, 'not a folder');
    expect(await refusalOn(home)).toMatch(/is a file, not a folder[\s\S]*--home/);
  });

  test('where no folder can be made: says so, and ends', async ({ skip }) => {
    skip(process.platform !== 'linux', 'SKIPPED: only Linux has a /proc that takes no folders');
    expect(await refusalOn('/proc/resynth-test')).toMatch(/\/proc\/resynth-test could not be written/);
  });

  test('which is read-only: says so, and ends', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'SKIPPED: the superuser may write everywhere; run as another user');
    const home = await temporaryFolder();
    await chmod(home, 0o500);
    try {
      expect(await refusalOn(home)).toMatch(/could not be written|may not be written/);
    } finally {
      await chmod(home, 0o700);
    }
  });

  test('with a damaged database and no copy: begins an empty one, keeps the damaged, and tells', async () => {
    const home = await temporaryFolder();
    await writeFile(path.join(home, 'resynth.db'), 'not a database '.repeat(300));
    const host = await WebHostProcess.start({ home });
    const { notices } = await askCommandLine<{ notices: { id: string; message: string }[] }>(
      home,
      'host',
      'info',
    );
    expect(notices).toMatchObject([{ message: expect.stringContaining('was damaged') as string }]);
    await host.stop();
  });
});

describe('a disk that takes no more while a folder is indexed', () => {
  test('leaves nothing half, and takes the folder once there is room', async ({ skip }) => {
    skip(process.platform === 'win32', 'SKIPPED: Windows cannot limit the size of files');
    const home = await temporaryFolder();
    const folder = await temporaryFolder();
    for (let at = 0; at < 3000; at++) {
      const samples = new Uint8Array(Int16Array.from({ length: 400 }, (_, n) => n * at).buffer);
      await writeFile(path.join(folder, `${at}.wav`), wavBytes(samples));
    }
    // No file may grow beyond 250 kB: a database meets the same end as on a full disk, without filling one.
    const line = ['ulimit -f 500', 'exec "$0" "$@"'].join('; ');
    const argv = [entry, 'datasets', 'add', folder, '--name', 'many', '--home', home, '--json'];
    const failure = await execute('sh', ['-c', line, process.execPath, ...argv]).then(
      ({ stdout }) => `it worked: ${stdout}`,
      ({ stdout }: { stdout: string }) => stdout,
    );
    expect(failure).toMatch(/store\/(full|input-output)/);
    expect(await askCommandLine(home, 'datasets', 'list')).toMatchObject({ datasets: [], damaged: [] });
    expect(await askCommandLine(home, 'datasets', 'add', folder, '--name', 'many')).toMatchObject({
      recordings: 3000,
    });
  });
});
