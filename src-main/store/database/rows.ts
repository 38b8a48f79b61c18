import type { Database as SqliteDatabase } from 'better-sqlite3';
import { z } from 'zod';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { type Recording, splits } from '../../corpora/recording.ts';
import type { StoredDataset } from './types.ts';

/** Rows as SQLite gives them, and what they mean. */

export const datasetSelect = `SELECT * FROM datasets`;

export interface DatasetRow {
  collection: number;
  id: string;
  name: string;
  folder: string;
  layout: string;
  layoutNote: string;
  splitNote: string;
  splitRule: string;
  splitSeed: number;
  splitValidation: number;
  splitTest: number;
  splitHash: string;
  manifest: string | null;
  excluded: number;
  warned: number;
  createdMs: number;
  scannedMs: number;
  removedMs: number | null;
  revision: number;
  recordings: number;
  skipped: number;
  silent: number;
  bytes: number;
  durationSec: number;
  train: number;
  validation: number;
  test: number;
  speakers: string;
  labels: string;
}

const names = z.array(z.string());
const rule = z.enum(['corpus', 'speakers', 'stratified']);

export function datasetOf(row: DatasetRow): StoredDataset {
  const { id, name, folder, manifest, layout, layoutNote, splitNote, splitHash } = row;
  const { createdMs, scannedMs, removedMs, excluded, warned } = row;
  const { recordings, skipped, silent, bytes, durationSec, train, validation, test } = row;
  return {
    id,
    name,
    folder,
    manifest,
    layout,
    layoutNote,
    excluded,
    warned,
    createdMs,
    scannedMs,
    recordings,
    skipped,
    silent,
    durationSec,
    bytes,
    speakers: names.parse(JSON.parse(row.speakers)),
    labels: names.parse(JSON.parse(row.labels)),
    splits: { train, validation, test },
    splitNote,
    splitHash,
    splitScheme: {
      rule: rule.parse(row.splitRule),
      seed: row.splitSeed,
      validation: row.splitValidation,
      test: row.splitTest,
    },
    removedMs,
  };
}

/** How datasets are looked up: by id, else by name, those that were removed left out. */
export function datasetFinder(db: SqliteDatabase) {
  const named = db.prepare<{ which: string }, DatasetRow>(
    `${datasetSelect} WHERE removedMs IS NULL AND (id = :which OR name = :which) ORDER BY id <> :which`,
  );
  const names = db.prepare<[], string>('SELECT name FROM datasets WHERE removedMs IS NULL').pluck();
  return {
    find: (which: string): DatasetRow | undefined => named.get({ which }),

    /** @throws ResynthError dataset/unknown naming those there are. */
    need(which: string): DatasetRow {
      const row = named.get({ which });
      if (!row) throw unknownDataset(which, names.all());
      return row;
    },
  };
}

/** The columns of a recording in the order of `recordingOf`. */
export const recordingSelect = `SELECT id, bytes, modifiedMs, lower(hex(contentHash)) AS contentHash, sampleRateHz, channels,
  durationSec, peak, rms, speaker, label, split, transcript, sex, subset, source, startSec, endSec, excluded, warning
  FROM recordings`;

export type RecordingRow = Omit<Recording, 'split'> & { split: number };

export function recordingOf(row: RecordingRow): Recording {
  return { ...row, split: splits[row.split] ?? 'train' };
}

export function splitCode(split: Recording['split']): number {
  return splits.indexOf(split);
}

/** @throws ResynthError dataset/unknown naming those there are. */
export function unknownDataset(name: string, known: readonly string[]): ResynthError {
  return new ResynthError('dataset/unknown', { name, known: known.join(', ') || 'none' });
}
