import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../src-main/store/database/client.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { addOver, firstPage, openThread, recording } from './sample.ts';

const clientModule = path.resolve(import.meta.dirname, '../../../src-main/store/database/client.ts');

/** A script that runs on its own Node. */
async function script(text: string): Promise<string> {
  const file = path.join(await temporaryFolder(), 'script.ts');
  await writeFile(file, text);
  return file;
}

describe('a database that cannot be had', () => {
  it('is refused while another process has it, and free when that process is killed', async () => {
    const file = path.join(await temporaryFolder(), 'resynth.db');
    const holder = fork(
      await script(
        `import { openDatabase } from ${JSON.stringify(clientModule)};
         await openDatabase({ database: ${JSON.stringify(file)} });
         process.send('open');`,
      ),
      [],
      { execArgv: [] },
    );
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder, 'message');
    await expect(openDatabase({ database: file })).rejects.toMatchObject({
      code: 'store/locked',
      message: expect.stringContaining(file),
    });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const database = await openThread(file);
    expect(await database.listDatasets()).toEqual([]);
  });

  it('is refused while a tool looks into it for writing', async () => {
    const file = path.join(await temporaryFolder(), 'resynth.db');
    await (await openDatabase({ database: file })).close();
    const tool = new Sqlite(file);
    tool.exec('BEGIN IMMEDIATE');
    await expect(openDatabase({ database: file })).rejects.toMatchObject({ code: 'store/locked' });
    tool.close();
  });

  it('says which folder may not be written', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o755);
    const closed = path.join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o555);
    const file = path.join(closed, 'resynth.db');
    const told = await codeAsNobody(file);
    expect(told.code).toMatch(/^store\/(not-openable|read-only)$/);
    expect(told.message).toContain(file);
  });

  it('says which file may not be written, and leaves it as it is', async () => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o755);
    const file = path.join(folder, 'resynth.db');
    const database = await openDatabase({ database: file });
    await addOver(database, 'one', [recording('x')]);
    await database.close();
    await chmod(file, 0o444);
    await chmod(folder, 0o555);
    const told = await codeAsNobody(file);
    expect(told.code).toMatch(/^store\/(not-openable|read-only)$/);
    await chmod(folder, 0o755);
    expect((await readdir(folder)).sort()).toEqual(['resynth.db', 'resynth.db.copy']);
  });

  it('names the file that stands where its folder should be', async () => {
    const inTheWay = path.join(await temporaryFolder(), 'home');
    await writeFile(inTheWay, 'x');
    await expect(openDatabase({ database: path.join(inTheWay, 'resynth.db') })).rejects.toMatchObject({
      code: 'files/not-writable',
    });
  });
});

describe('a full disk', () => {
  it('fails what was written in words, keeps what was there, and goes on once there is room', async () => {
    const file = path.join(await temporaryFolder(), 'resynth.db');
    const before = await openDatabase({ database: file });
    await addOver(before, 'kept', [recording('x')]);
    await before.close();
    const database = await openDatabase({ database: file }, { maxPages: 100 });
    const { scan } = await database.beginScan('/data/big', null, 1);
    const fill = async () => {
      for (let batch = 0; batch < 50; batch++) {
        await database.stageRecordings(
          scan,
          Array.from({ length: 200 }, (_, index) =>
            recording(`${batch}-${index}`, { transcript: 'word '.repeat(50) }),
          ),
        );
      }
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'files/disk-full',
      message: expect.stringContaining(file),
      remedy: expect.stringContaining('Free some space'),
    });
    expect((await database.listRecordings('kept', firstPage)).total).toBe(1);
    await database.cancelScan(scan, false);
    await database.close();
    const roomy = await openThread(file);
    expect(roomy.notices).toEqual([]);
    await addOver(roomy, 'later', [recording('y')]);
    expect(await roomy.listDatasets()).toHaveLength(2);
  });
});

describe('a closed database', () => {
  it('ends what was asked before, and refuses what is asked after', async () => {
    const file = path.join(await temporaryFolder(), 'resynth.db');
    const database = await openDatabase({ database: file });
    const asked = addOver(database, 'one', [recording('x')]);
    await asked;
    const last = database.listDatasets();
    await database.close();
    expect(await last).toHaveLength(1);
    await expect(database.listDatasets()).rejects.toMatchObject({ code: 'store/closed' });
    await database.close();
  });
});

/** What opening a database tells a user without rights: this process when it has none, else one that gave them up. */
async function codeAsNobody(file: string): Promise<{ code: string; message: string }> {
  const attempt = await script(
    `if (process.getuid?.() === 0) { process.setgid(65534); process.setuid(65534); }
     const { openConnection } = await import(${JSON.stringify(clientModule.replace('client.ts', 'connection.ts'))});
     try { openConnection(${JSON.stringify(file)}); console.log('{}'); }
     catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message })); }`,
  );
  await chmod(path.dirname(attempt), 0o755);
  return JSON.parse(execFileSync(process.execPath, [attempt], { encoding: 'utf8' })) as {
    code: string;
    message: string;
  };
}
