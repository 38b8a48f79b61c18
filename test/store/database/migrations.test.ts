import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openConnection } from '../../../src-main/store/database/connection.ts';
import { migrate, newestVersion, versionOf } from '../../../src-main/store/database/migrations/index.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { refusal } from '../../helpers/refusal.ts';
import { openThread } from './sample.ts';

function schemaOf(db: Sqlite.Database): unknown[] {
  return db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all();
}

it.each(Array.from({ length: newestVersion + 1 }, (_, version) => version))(
  'brings format %i to the newest, the same as from nothing',
  async (version) => {
    const file = path.join(await temporaryFolder(), 'resynth.db');
    const old = new Sqlite(file);
    migrate(old, file, version);
    expect(versionOf(old)).toBe(version);
    old.close();
    const { db, notices } = openConnection(file);
    const fresh = new Sqlite(':memory:');
    migrate(fresh, file);
    expect(versionOf(db)).toBe(newestVersion);
    expect(schemaOf(db)).toEqual(schemaOf(fresh));
    expect(notices).toEqual([]);
    db.close();
  },
);

it('finds what an older format has when its full-text index is made anew', async () => {
  const file = path.join(await temporaryFolder(), 'resynth.db');
  const old = new Sqlite(file);
  migrate(old, file, 4);
  old
    .prepare(
      `INSERT INTO recordings (rowKey, collection, bytes, modifiedMs, sampleRateHz, channels, durationSec, peak, rms,
         split, corpusSplit, id, contentHash, transcript) VALUES (7, 1, 1, 1, 8000, 1, 1, 1, 1, 0, 0, 'a.wav', x'00', 'over the sea')`,
    )
    .run();
  old.close();
  const { db } = openConnection(file);
  const find = db.prepare('SELECT rowid FROM recordings_fts WHERE recordings_fts MATCH ?').pluck();
  for (const typed of ['"o"*', '"ov"*', '"ove"*', '"over"*', '"a wav"']) expect(find.all(typed)).toEqual([7]);
  expect(find.all('"vo"*')).toEqual([]);
  // What is changed and deleted later goes through the same triggers.
  db.exec("UPDATE recordings SET transcript = 'under' WHERE rowKey = 7");
  expect(find.all('"ov"*')).toEqual([]);
  expect(find.all('"un"*')).toEqual([7]);
  db.exec('DELETE FROM recordings');
  expect(find.all('"un"*')).toEqual([]);
  db.close();
});

it('does nothing to the newest format', async () => {
  const file = path.join(await temporaryFolder(), 'resynth.db');
  openConnection(file).db.close();
  const before = await readFile(file);
  openConnection(file).db.close();
  expect(await readFile(file)).toEqual(before);
});

it('refuses a newer format in words and touches nothing', async () => {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'resynth.db');
  const newer = new Sqlite(file);
  newer.pragma('journal_mode = WAL');
  newer.exec('CREATE TABLE things_to_come (x)');
  newer.pragma(`user_version = ${newestVersion + 1}`);
  newer.close();
  const before = await readFile(file);
  const error = refusal(() => openConnection(file));
  expect(error.code).toBe('store/newer-version');
  expect(error.message).toContain(file);
  expect(error.remedy).toMatch(/up to date.*--home/);
  await expect(openThread(file)).rejects.toMatchObject({ code: 'store/newer-version' });
  expect(await readFile(file)).toEqual(before);
});

it('refuses a newer format that is still in the log of changes', async () => {
  const file = path.join(await temporaryFolder(), 'resynth.db');
  openConnection(file).db.close();
  const newer = new Sqlite(file);
  newer.pragma('wal_autocheckpoint = 0');
  newer.pragma(`user_version = ${newestVersion + 1}`);
  // A copy of both files as a killed process leaves them.
  const killed = path.join(await temporaryFolder(), 'resynth.db');
  const { copyFile } = await import('node:fs/promises');
  await copyFile(file, killed);
  await copyFile(`${file}-wal`, `${killed}-wal`);
  newer.close();
  expect(refusal(() => openConnection(killed)).code).toBe('store/newer-version');
});
