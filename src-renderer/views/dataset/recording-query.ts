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
  sort: RecordingSort;
  descending: boolean;
}

export const wholeDataset: RecordingQuery = {
  search: '',
  speakers: [],
  labels: [],
  splits: [],
  sort: 'id',
  descending: false,
};

/** Whether it lets through everything. */
export function isUnfiltered({ search, speakers, labels, splits }: RecordingQuery): boolean {
  return search.trim() === '' && speakers.length === 0 && labels.length === 0 && splits.length === 0;
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

const standardColumns = ['id', 'durationSec', 'speaker', 'label', 'split', 'peak', 'rms'];

/** The columns that are shown where nobody chose any: those that this corpus has something in. */
export function defaultColumns(has: { speakers: boolean; labels: boolean; transcripts: boolean }): string[] {
  const left = standardColumns.filter(
    (id) => (id !== 'speaker' || has.speakers) && (id !== 'label' || has.labels),
  );
  // Words need the room of the numbers.
  return has.transcripts ? left.filter((id) => id !== 'rms').concat('transcript') : left;
}

export function isSort(id: string): id is RecordingSort {
  return recordingSortSchema.safeParse(id).success;
}
