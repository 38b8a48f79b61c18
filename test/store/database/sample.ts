import path from 'node:path';
import type { Database as SqliteDatabase } from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import { noFacts, type Recording } from '../../../src-main/corpora/recording.ts';
import { type Database, openDatabase } from '../../../src-main/store/database/client.ts';
import { ColumnCache } from '../../../src-main/store/database/column-cache.ts';
import { openConnection } from '../../../src-main/store/database/connection.ts';
import { createOperations, type Operations } from '../../../src-main/store/database/operations.ts';
import {
  corpusScheme,
  type DatasetFacts,
  everyRecording,
  type RecordingQuery,
} from '../../../src-main/store/database/types.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A recording with everything but what matters to a test. */
export function recording(id: string, facts: Partial<Recording> = {}): Recording {
  return {
    id,
    bytes: 44,
    modifiedMs: 1_700_000_000_000.25,
    contentHash: 'a'.repeat(64),
    sampleRateHz: 8000,
    channels: 1,
    durationSec: 0.5,
    peak: 0.5,
    rms: 0.1,
    speaker: null,
    label: null,
    split: 'train',
    transcript: null,
    ...noFacts,
    warning: null,
    ...facts,
  };
}

export function facts(name: string, more: Partial<DatasetFacts> = {}): DatasetFacts {
  return {
    id: `${name}-id`,
    name,
    folder: `/data/${name}`,
    manifest: null,
    layout: 'folder',
    layoutNote: 'asked for',
    splitNote: 'ours',
    splitScheme: corpusScheme,
    scannedMs: 5,
    ...more,
  };
}

export const firstPage: RecordingQuery = { ...everyRecording, sort: 'id', descending: false, limit: 100 };

/** The operations of a fresh database, in this thread, and the database itself. */
export async function openInThisThread(): Promise<{ operations: Operations; db: SqliteDatabase }> {
  const file = path.join(await temporaryFolder(), 'resynth.db');
  const { db } = openConnection(file);
  onTestFinished(() => void db.close());
  const nothing = () => undefined;
  const operations = createOperations({ db, columns: new ColumnCache(db), wrote: nothing, left: nothing });
  return { operations, db };
}

/** The operations of a fresh database, in this thread. */
export async function openOperations(): Promise<Operations> {
  return (await openInThisThread()).operations;
}

/** A dataset from recordings, as a scan makes it. */
export function addTo(operations: Operations, name: string, recordings: readonly Recording[]): void {
  const { scan } = operations.beginScan(`/data/${name}`, null, 1);
  operations.stageRecordings(scan, recordings);
  operations.finishScan(scan, facts(name), null);
}

/** The same through a thread. */
export async function addOver(
  database: Database,
  name: string,
  recordings: readonly Recording[],
): Promise<void> {
  const { scan } = await database.beginScan(`/data/${name}`, null, 1);
  await database.stageRecordings(scan, recordings);
  await database.finishScan(scan, facts(name), null);
}

/** A database in its thread, closed when the test ends. */
export async function openThread(file: string, maxPages?: number): Promise<Database> {
  const database = await openDatabase({ database: file }, { maxPages });
  onTestFinished(() => database.close());
  return database;
}
