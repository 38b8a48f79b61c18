import { existsSync } from 'node:fs';
import { open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src-main/store/database/client.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { addOver, firstPage, openThread, recording } from './sample.ts';

const many = Array.from({ length: 400 }, (_, index) =>
  recording(`folder/${index}.wav`, { transcript: 'x'.repeat(200) }),
);

/** A closed database with one dataset, which its copy has as well, and a second one that only the file has. */
async function grown(): Promise<string> {
  const file = path.join(await temporaryFolder(), 'resynth.db');
  const first = await openDatabase({ database: file });
  await addOver(first, 'copied', many);
  await first.close();
  expect(existsSync(`${file}.copy`)).toBe(true);
  const kept = await readFile(`${file}.copy`);
  const second = await openDatabase({ database: file });
  await addOver(second, 'later', [recording('x')]);
  await second.close();
  await writeFile(`${file}.copy`, kept);
  return file;
}

async function overwrite(file: string, at: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, at);
  await handle.close();
}

const junk = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 37 + 11) % 256);

const damages: [string, (file: string) => Promise<void>][] = [
  [
    'bytes overwritten in the middle',
    async (file) => overwrite(file, Math.floor((await stat(file)).size / 8192) * 4096, junk(3 * 4096)),
  ],
  ['cut short', async (file) => truncate(file, Math.floor((await stat(file)).size / 2))],
  ['its header overwritten', async (file) => overwrite(file, 0, junk(100))],
  ['emptied', async (file) => truncate(file, 0)],
  [
    'another kind of file',
    async (file) => writeFile(file, 'Dear diary, today I was no database at all. '.repeat(99)),
  ],
];

describe('a damaged database', () => {
  it.each(damages)(
    '(%s) is put aside and restored from its last good copy, and says so',
    async (_name, damage) => {
      const file = await grown();
      await damage(file);
      const damaged = await readFile(file);
      const database = await openThread(file);
      expect((await database.listDatasets()).map(({ name }) => name)).toEqual(['copied']);
      expect((await database.listRecordings('copied', firstPage)).total).toBe(400);
      const [notice] = database.notices;
      expect(notice?.code).toBe('store/restored');
      expect(notice?.message).toContain(file);
      const aside = String(notice?.params.aside);
      expect(await readFile(path.join(path.dirname(file), aside))).toEqual(damaged);
      // It is a database like any other again.
      await addOver(database, 'later', [recording('x')]);
      await database.close();
      const again = await openThread(file);
      expect(again.notices).toEqual([]);
      expect(await again.listDatasets()).toHaveLength(2);
    },
  );

  it('that is missing comes back from its copy', async () => {
    const file = await grown();
    await rm(file);
    const database = await openThread(file);
    expect(database.notices.map(({ code }) => code)).toEqual(['store/restored']);
    expect(await database.listDatasets()).toHaveLength(1);
  });

  it('without a good copy begins anew, keeps the damaged file, and says so', async () => {
    const file = await grown();
    await overwrite(file, 0, junk(4096));
    await overwrite(`${file}.copy`, 4096, junk(8192));
    const database = await openThread(file);
    expect(database.notices.map(({ code }) => code)).toEqual(['store/begun-anew']);
    expect(await database.listDatasets()).toEqual([]);
    await addOver(database, 'new', [recording('x')]);
  });

  it('is met while it is open: what was asked fails in words, and the next thing works', async () => {
    const file = await grown();
    const notices: string[] = [];
    const database = await openThread(file);
    database.onNotice(({ code }) => notices.push(code));
    await overwrite(file, 4096, junk((await stat(file)).size - 4096));
    // Pages that were read when it was opened are remembered; what was not is read from the file.
    const asked = [
      database.listSkipped('copied', 0, 10),
      database.recordingsAfter('copied', null, 400),
      database.listRecordings('copied', { ...firstPage, search: 'xxx' }),
      database.readMetrics('nobody', 0, []),
    ];
    const codes = (await Promise.allSettled(asked)).flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as { code: string }).code] : [],
    );
    if (codes.includes('store/interrupted-by-damage')) {
      expect(notices).toContain('store/restored');
      expect((await database.listDatasets()).map(({ name }) => name)).toEqual(['copied']);
    } else {
      // All of it was in memory: then it is met at the next opening.
      await database.close();
      const again = await openThread(file);
      expect(again.notices.map(({ code }) => code)).toEqual(['store/restored']);
    }
  });

  it('does not replace the good copy', async () => {
    const file = await grown();
    const before = await readFile(`${file}.copy`);
    const database = await openDatabase({ database: file });
    await database.setSetting('a', 1);
    await overwrite(file, 8192, junk(20 * 4096));
    await database.close();
    const after = await readFile(`${file}.copy`);
    // Either the damage was seen while copying, or pages from memory made a whole copy.
    if (!after.equals(before)) {
      await rm(file);
      const restored = await openThread(file);
      expect((await restored.listRecordings('copied', firstPage)).total).toBe(400);
    }
  });
});

describe('a copy', () => {
  it('is made at the end where something changed, and leaves nothing beside itself', async () => {
    const file = path.join(await temporaryFolder(), 'resynth.db');
    const first = await openDatabase({ database: file });
    await first.close();
    expect(await readdir(path.dirname(file))).toEqual(['resynth.db']);
    const second = await openDatabase({ database: file });
    await second.setSetting('a', 1);
    await second.close();
    expect((await readdir(path.dirname(file))).sort()).toEqual(['resynth.db', 'resynth.db.copy']);
    const { mtimeMs } = await stat(`${file}.copy`);
    const third = await openDatabase({ database: file });
    await third.readSettings();
    await third.close();
    expect((await stat(`${file}.copy`)).mtimeMs).toBe(mtimeMs);
  });

  it('is made soon after a dataset was added, without anybody waiting for it', async () => {
    const file = path.join(await temporaryFolder(), 'resynth.db');
    const database = await openThread(file);
    await addOver(database, 'one', many);
    await expect.poll(() => existsSync(`${file}.copy`), { timeout: 20_000 }).toBe(true);
    expect(database.notices).toEqual([]);
  });
});
