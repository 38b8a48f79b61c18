import type { z } from 'zod';
import {
  type RecordingRow,
  recordingSortSchema,
  splitSchema,
} from '../../../src-preload/contract/commands/recordings.ts';
import type { Column } from '../../components/table-column.ts';
import {
  formatBytes,
  formatDuration,
  formatLevel,
  formatRate,
  formatTime,
  nothing,
} from '../../state/format.ts';

export type Split = z.output<typeof splitSchema>;
export type RecordingSort = z.output<typeof recordingSortSchema>;

/** What a table of recordings shows: the filter and the order. */
export interface RecordingQuery {
  search: string;
  speakers: string[];
  labels: string[];
  splits: Split[];
  sexes: string[];
  subsets: string[];
  /** Only what is left out of the splits, or only what is in one. */
  excluded?: boolean | undefined;
  /** Only what has a warning. */
  warned?: boolean | undefined;
  sort: RecordingSort;
  descending: boolean;
}

export const wholeDataset: RecordingQuery = {
  search: '',
  speakers: [],
  labels: [],
  splits: [],
  sexes: [],
  subsets: [],
  sort: 'id',
  descending: false,
};

/** Whether it lets through everything. */
export function isUnfiltered(query: RecordingQuery): boolean {
  const { search, speakers, labels, splits, sexes, subsets, excluded, warned } = query;
  const chosen = [...speakers, ...labels, ...splits, ...sexes, ...subsets];
  return search.trim() === '' && chosen.length === 0 && excluded === undefined && warned === undefined;
}

/** Columns that may be shown, in their order. */
export const recordingColumns: readonly Column<RecordingRow>[] = [
  { id: 'id', title: 'Recording', width: 'minmax(160px, 2fr)', sortable: true, text: (row) => row.id },
  {
    id: 'durationSec',
    title: 'Duration',
    width: '88px',
    align: 'end',
    sortable: true,
    text: (row) => formatDuration(row.durationSec),
  },
  {
    id: 'speaker',
    title: 'Speaker',
    width: 'minmax(80px, 0.7fr)',
    sortable: true,
    text: (row) => row.speaker ?? nothing,
  },
  {
    id: 'label',
    title: 'Label',
    width: 'minmax(56px, 0.5fr)',
    sortable: true,
    text: (row) => row.label ?? nothing,
  },
  {
    id: 'sex',
    title: 'Sex',
    width: '56px',
    sortable: true,
    help: 'Of the speaker, as the corpus writes it',
    text: (row) => row.sex ?? nothing,
  },
  {
    id: 'subset',
    title: 'Subset',
    width: 'minmax(84px, 0.6fr)',
    sortable: true,
    help: 'A part of the corpus that is no split',
    text: (row) => row.subset ?? nothing,
  },
  { id: 'split', title: 'Split', width: '88px', sortable: true, text: (row) => row.split },
  {
    id: 'peak',
    title: 'Peak',
    width: '84px',
    align: 'end',
    sortable: true,
    help: 'Largest magnitude, in dB below full scale',
    text: (row) => formatLevel(row.peak),
  },
  {
    id: 'rms',
    title: 'RMS',
    width: '84px',
    align: 'end',
    sortable: true,
    help: 'Root of the mean square, in dB below full scale',
    text: (row) => formatLevel(row.rms),
  },
  {
    id: 'sampleRateHz',
    title: 'Rate',
    width: '84px',
    align: 'end',
    sortable: true,
    text: (row) => formatRate(row.sampleRateHz),
  },
  {
    id: 'channels',
    title: 'Channels',
    width: '84px',
    align: 'end',
    sortable: true,
    text: (row) => String(row.channels),
  },
  {
    id: 'bytes',
    title: 'Size',
    width: '80px',
    align: 'end',
    sortable: true,
    text: (row) => formatBytes(row.bytes),
  },
  {
    id: 'modifiedMs',
    title: 'Modified',
    width: '132px',
    sortable: true,
    text: (row) => formatTime(row.modifiedMs),
  },
  {
    id: 'transcript',
    title: 'Transcript',
    width: 'minmax(120px, 2fr)',
    text: (row) => row.transcript ?? nothing,
  },
];

const standardColumns = ['id', 'durationSec', 'speaker', 'label', 'sex', 'subset', 'split', 'peak', 'rms'];

/** What a corpus has something in. */
export interface FilledColumns {
  speakers: boolean;
  labels: boolean;
  sexes: boolean;
  subsets: boolean;
  transcripts: boolean;
}

/** The columns that are shown where nobody chose any: those that this corpus has something in. */
export function defaultColumns(has: FilledColumns): string[] {
  const empty = new Set([
    has.speakers ? '' : 'speaker',
    has.labels ? '' : 'label',
    has.sexes ? '' : 'sex',
    has.subsets ? '' : 'subset',
  ]);
  const left = standardColumns.filter((id) => !empty.has(id));
  // Words need the room of the numbers.
  return has.transcripts ? left.filter((id) => id !== 'rms' && id !== 'peak').concat('transcript') : left;
}

export function isSort(id: string): id is RecordingSort {
  return recordingSortSchema.safeParse(id).success;
}
