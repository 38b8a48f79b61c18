import type { Database as SqliteDatabase } from 'better-sqlite3';
import type { Recording } from '../../corpora/recording.ts';
import { firstKey, lastKey, numberOf } from './context.ts';
import { splitCode } from './rows.ts';
import type { FoundRecording } from './types.ts';

/** What a scan has to know of a row to tell whether its file is the same. */
export interface KnownRow {
  rowKey: number;
  bytes: number;
  modifiedMs: number;
  speaker: string | null;
  label: string | null;
  corpusSplit: number;
  transcript: string | null;
  sex: string | null;
  subset: string | null;
  source: string | null;
  startSec: number | null;
  endSec: number | null;
}

const corpusColumns = 'sex, subset, source, startSec, endSec, excluded, warning';
const corpusValues = ':sex, :subset, :source, :startSec, :endSec, :excluded';
const corpusUpdate = `sex = excluded.sex, subset = excluded.subset, source = excluded.source,
         startSec = excluded.startSec, endSec = excluded.endSec, excluded = excluded.excluded,
         warning = excluded.warning`;

/** The statements with which a scan writes into its own collection, prepared once. */
export function stagingStatements(db: SqliteDatabase) {
  const find = db.prepare<[number, string], KnownRow>(
    `SELECT rowKey, bytes, modifiedMs, speaker, label, corpusSplit, transcript, sex, subset, source, startSec, endSec
     FROM recordings
     WHERE collection = ? AND id = ?`,
  );
  const put = db
    .prepare<unknown[], number>(
      `INSERT INTO recordings (rowKey, collection, bytes, modifiedMs, sampleRateHz, channels, durationSec, peak, rms,
         split, corpusSplit, speaker, label, id, contentHash, transcript, ${corpusColumns})
       VALUES (:rowKey, :collection, :bytes, :modifiedMs, :sampleRateHz, :channels, :durationSec, :peak, :rms,
         :split, :split, :speaker, :label, :id, :contentHash, :transcript, ${corpusValues}, :warning)
       ON CONFLICT (collection, id) DO UPDATE SET bytes = excluded.bytes, modifiedMs = excluded.modifiedMs,
         sampleRateHz = excluded.sampleRateHz, channels = excluded.channels, durationSec = excluded.durationSec,
         peak = excluded.peak, rms = excluded.rms, split = excluded.split, corpusSplit = excluded.corpusSplit,
         speaker = excluded.speaker, label = excluded.label, contentHash = excluded.contentHash,
         transcript = excluded.transcript, ${corpusUpdate}
       RETURNING rowKey`,
    )
    .pluck();
  const copyWith = db
    .prepare<unknown[], number>(
      `INSERT INTO recordings (rowKey, collection, bytes, modifiedMs, sampleRateHz, channels, durationSec, peak, rms,
         split, corpusSplit, speaker, label, id, contentHash, transcript, ${corpusColumns})
       SELECT :rowKey, :collection, bytes, modifiedMs, sampleRateHz, channels, durationSec, peak, rms,
         split, :split, :speaker, :label, id, contentHash, :transcript, ${corpusValues}, warning
       FROM recordings WHERE rowKey = :from
       ON CONFLICT (collection, id) DO UPDATE SET bytes = excluded.bytes, modifiedMs = excluded.modifiedMs,
         sampleRateHz = excluded.sampleRateHz, channels = excluded.channels, durationSec = excluded.durationSec,
         peak = excluded.peak, rms = excluded.rms, split = excluded.split, corpusSplit = excluded.corpusSplit,
         speaker = excluded.speaker, label = excluded.label, contentHash = excluded.contentHash,
         transcript = excluded.transcript, ${corpusUpdate}
       RETURNING rowKey`,
    )
    .pluck();
  const setFacts = db.prepare(
    `UPDATE recordings SET speaker = :speaker, label = :label, split = :split, corpusSplit = :split,
       transcript = :transcript, sex = :sex, subset = :subset, excluded = :excluded WHERE rowKey = :rowKey`,
  );
  const highest = db
    .prepare<[number, number], number | null>(
      'SELECT max(rowKey) FROM recordings WHERE rowKey BETWEEN ? AND ?',
    )
    .pluck();
  const count = db
    .prepare<[number, number], number>('SELECT count(*) FROM recordings WHERE rowKey BETWEEN ? AND ?')
    .pluck();

  return {
    find: (collection: number, id: string): KnownRow | undefined => find.get(collection, id),

    /** Writes a recording under a number that is free, or over the one of the same id; gives back its row key. */
    put(collection: number, number: number, recording: Recording): number {
      const { contentHash, split, ...rest } = recording;
      const rowKey = put.get({
        ...rest,
        rowKey: firstKey(collection) + number,
        collection,
        contentHash: Buffer.from(contentHash, 'hex'),
        split: splitCode(split),
      });
      return Number(rowKey);
    },

    /** Copies a row with what the layout says about its file now; gives back the copy's row key. */
    copyWith(collection: number, number: number, from: number, file: FoundRecording): number {
      const { id: _id, bytes: _bytes, modifiedMs: _modified, split, ...facts } = file;
      return Number(
        copyWith.get({
          ...facts,
          split: splitCode(split),
          rowKey: firstKey(collection) + number,
          collection,
          from,
        }),
      );
    },

    setFacts(rowKey: number, file: FoundRecording): void {
      const { speaker, label, split, transcript, sex, subset, excluded } = file;
      setFacts.run({ speaker, label, split: splitCode(split), transcript, sex, subset, excluded, rowKey });
    },

    /** A number above all that are taken. */
    nextNumber(collection: number): number {
      const top = highest.get(firstKey(collection), lastKey(collection));
      return top === null || top === undefined ? 0 : numberOf(top) + 1;
    },

    count: (collection: number): number => count.get(firstKey(collection), lastKey(collection)) ?? 0,
  };
}
