import type { Database as SqliteDatabase } from 'better-sqlite3';
import { splits } from '../../corpora/recording.ts';
import { firstKey, lastKey, numberOf } from './context.ts';
import { stableOrder } from './order.ts';
import type { RecordingColumn } from './types.ts';

/**
 * The columns of one collection as typed arrays, position by position in order of id: any order, filter, count and
 * histogram of 300,000 recordings then takes milliseconds, where an index for each column would make the file three times
 * as large and every scan slower. About 60 bytes a recording. SQLite stays the truth: a change drops them.
 */
export class Columns {
  readonly count: number;
  /** Numbers of the rows inside the collection. */
  readonly numbers: Uint32Array;
  readonly numeric: Record<NumericColumn, Float64Array>;
  readonly speaker: NamedColumn;
  readonly label: NamedColumn;
  readonly sex: NamedColumn;
  readonly subset: NamedColumn;
  readonly split: Uint8Array;
  /** 1 where a recording is left out of the splits. */
  readonly excluded: Uint8Array;
  /** 1 where it has a warning. */
  readonly warned: Uint8Array;
  /** Position by row number. */
  readonly #positions: Uint32Array;
  readonly #orders = new Map<string, Uint32Array>();
  /** What was searched for last, with 1 where a position meets it. */
  readonly #searched = new Map<string, Uint8Array>();

  constructor(db: SqliteDatabase, collection: number) {
    const keys = db
      .prepare<[number], number>('SELECT rowKey FROM recordings WHERE collection = ? ORDER BY id')
      .pluck()
      .all(collection);
    this.count = keys.length;
    this.numbers = Uint32Array.from(keys, numberOf);
    let highest = -1;
    for (const number of this.numbers) if (number > highest) highest = number;
    this.#positions = new Uint32Array(highest + 1);
    for (let position = 0; position < this.count; position++) {
      this.#positions[this.numbers[position] as number] = position;
    }
    const column = () => new Float64Array(this.count);
    this.numeric = {
      durationSec: column(),
      peak: column(),
      rms: column(),
      bytes: column(),
      modifiedMs: column(),
      sampleRateHz: column(),
      channels: column(),
    };
    this.split = new Uint8Array(this.count);
    this.excluded = new Uint8Array(this.count);
    this.warned = new Uint8Array(this.count);
    const names = () => new NameReader(this.count);
    const read = { speaker: names(), label: names(), sex: names(), subset: names() };
    this.#read(db, collection, read);
    this.speaker = read.speaker.column();
    this.label = read.label.column();
    this.sex = read.sex.column();
    this.subset = read.subset.column();
  }

  /** The position of a row by its number, which has to be one of the collection's. */
  positionOf(number: number): number {
    return this.#positions[number] ?? -1;
  }

  /** All positions in the order of a column, equal ones by id; those without a value last in either direction. */
  order(column: RecordingColumn, descending: boolean): Uint32Array {
    const name = `${column} ${descending}`;
    const known = this.#orders.get(name);
    if (known) return known;
    const keyAt = this.#keys(column, descending);
    const keys = new Float64Array(this.count);
    for (let position = 0; position < this.count; position++) keys[position] = keyAt(position);
    const order = stableOrder(keys);
    this.#orders.set(name, order);
    return order;
  }

  /** 1 for every position that meets a search. `search` gives the numbers of the rows, and is asked once. */
  searched(text: string, search: () => Iterable<number>): Uint8Array {
    const known = this.#searched.get(text);
    if (known) return known;
    const met = new Uint8Array(this.count);
    for (const number of search()) met[this.positionOf(number)] = 1;
    for (const oldest of this.#searched.keys()) {
      if (this.#searched.size < keptSearches) break;
      this.#searched.delete(oldest);
    }
    this.#searched.set(text, met);
    return met;
  }

  /** The number that a position is put in order by: the smaller, the earlier. */
  keyAt(column: RecordingColumn, descending: boolean, position: number): number {
    return this.#keys(column, descending)(position);
  }

  /** The same for a value, of which there need not be any. */
  keyOf(column: RecordingColumn, descending: boolean, value: string | number | null): number {
    if (column === 'id') return 0;
    if (isNamed(column)) {
      return typeof value === 'string' ? signed(this[column].rankOf(value), descending) : Infinity;
    }
    if (column === 'split')
      return signed(
        splits.findIndex((split) => split === value),
        descending,
      );
    return typeof value === 'number' ? signed(value, descending) : Infinity;
  }

  #keys(column: RecordingColumn, descending: boolean): (position: number) => number {
    // Positions are in order of id already; the other way round is the only order in which equal ones cannot be.
    if (column === 'id') return descending ? (position) => -position : () => 0;
    if (isNamed(column)) {
      const { code } = this[column];
      return (position) => {
        const at = code[position] as number;
        return at < 0 ? Infinity : signed(at, descending);
      };
    }
    const values = column === 'split' ? this.split : this.numeric[column];
    return (position) => signed(values[position] as number, descending);
  }

  #read(db: SqliteDatabase, collection: number, names: Record<NamedColumnName, NameReader>): void {
    const batch = db
      .prepare<[number, number, number], ColumnRow>(
        `SELECT rowKey, durationSec, peak, rms, bytes, modifiedMs, sampleRateHz, channels, split, speaker, label,
           sex, subset, excluded IS NOT NULL, warning IS NOT NULL
         FROM recordings WHERE rowKey > ? AND rowKey <= ? ORDER BY rowKey LIMIT ?`,
      )
      .raw();
    const { durationSec, peak, rms, bytes, modifiedMs, sampleRateHz, channels } = this.numeric;
    let after = firstKey(collection) - 1;
    for (;;) {
      const rows = batch.all(after, lastKey(collection), 5000);
      for (const row of rows) {
        const position = this.positionOf(numberOf(row[0]));
        durationSec[position] = row[1];
        peak[position] = row[2];
        rms[position] = row[3];
        bytes[position] = row[4];
        modifiedMs[position] = row[5];
        sampleRateHz[position] = row[6];
        channels[position] = row[7];
        this.split[position] = row[8];
        names.speaker.put(position, row[9]);
        names.label.put(position, row[10]);
        names.sex.put(position, row[11]);
        names.subset.put(position, row[12]);
        this.excluded[position] = row[13];
        this.warned[position] = row[14];
      }
      const last = rows.at(-1);
      if (!last) return;
      after = last[0];
    }
  }
}

const namedColumns = ['speaker', 'label', 'sex', 'subset'] as const;
type NamedColumnName = (typeof namedColumns)[number];
type NumericColumn = Exclude<RecordingColumn, 'id' | 'split' | NamedColumnName>;

function isNamed(column: RecordingColumn): column is NamedColumnName {
  return (namedColumns as readonly string[]).includes(column);
}

type ColumnRow = [
  rowKey: number,
  durationSec: number,
  peak: number,
  rms: number,
  bytes: number,
  modifiedMs: number,
  sampleRateHz: number,
  channels: number,
  split: number,
  speaker: string | null,
  label: string | null,
  sex: string | null,
  subset: string | null,
  excluded: number,
  warned: number,
];

function signed(value: number, descending: boolean): number {
  return descending ? -value : value;
}

/** A column of names as numbers: `code` is an index into `names`, which are in order; -1 for none. */
export interface NamedColumn {
  names: string[];
  code: Int32Array;
  /** The index of a name; for one that there is not, a half before the next. */
  rankOf(name: string): number;
}

class NameReader {
  readonly #codes = new Map<string, number>();
  readonly #code: Int32Array;

  constructor(count: number) {
    this.#code = new Int32Array(count).fill(-1);
  }

  put(position: number, name: string | null): void {
    if (name === null) return;
    let code = this.#codes.get(name);
    if (code === undefined) {
      code = this.#codes.size;
      this.#codes.set(name, code);
    }
    this.#code[position] = code;
  }

  column(): NamedColumn {
    const names = [...this.#codes.keys()].sort(naturally);
    const rank = new Int32Array(names.length);
    for (const [index, name] of names.entries()) rank[this.#codes.get(name) ?? 0] = index;
    const code = this.#code.map((one) => (one < 0 ? -1 : (rank[one] as number)));
    const rankOf = (name: string): number => {
      let low = 0;
      let high = names.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (naturally(names[middle] as string, name) < 0) low = middle + 1;
        else high = middle;
      }
      return names[low] === name ? low : low - 0.5;
    };
    return { names, code, rankOf };
  }
}

const collator = new Intl.Collator('en', { numeric: true });

/** Speaker 9 before speaker 10; different names are never equal. */
function naturally(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** A user types a word letter by letter, and takes letters back. */
const keptSearches = 16;

/** Columns of the collections that were asked for last; all of them together hold at most so many recordings. */
const keptRecordings = 2_000_000;

/** Keeps the columns of what is looked at, and forgets those longest not asked for. */
export class ColumnCache {
  readonly #db: SqliteDatabase;
  readonly #kept = new Map<number, Columns>();

  constructor(db: SqliteDatabase) {
    this.#db = db;
  }

  of(collection: number): Columns {
    const known = this.#kept.get(collection);
    const columns = known ?? new Columns(this.#db, collection);
    this.#kept.delete(collection);
    this.#kept.set(collection, columns);
    let held = 0;
    for (const one of this.#kept.values()) held += one.count;
    for (const [key, one] of this.#kept) {
      if (held <= keptRecordings || key === collection) break;
      this.#kept.delete(key);
      held -= one.count;
    }
    return columns;
  }

  /** To be called whenever the recordings of a collection, or their splits, are others. */
  drop(collection: number): void {
    this.#kept.delete(collection);
  }
}
