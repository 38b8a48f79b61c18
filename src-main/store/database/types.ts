import type { CorpusFacts, Dataset, Recording, Split } from '../../corpora/recording.ts';

/** What goes in and comes out of the database: plain data, for it crosses to another thread. */

/** How a dataset is divided: by the corpus's own convention, or by us, from a seed. */
export interface SplitScheme {
  rule: 'corpus' | 'speakers' | 'stratified';
  seed: number;
  /** Shares of the whole, 0 to 1; of no use with the rule 'corpus'. */
  validation: number;
  test: number;
}

export const corpusScheme: SplitScheme = { rule: 'corpus', seed: 0, validation: 0, test: 0 };

/** A dataset as the database keeps it. */
export interface StoredDataset extends Dataset {
  /** Of all its recordings. */
  bytes: number;
  splitScheme: SplitScheme;
  /** When it was removed; null while it is there. */
  removedMs: number | null;
}

/** What a finished reading of a folder says about the dataset itself; the rest is counted. */
export type DatasetFacts = Pick<
  StoredDataset,
  'id' | 'name' | 'folder' | 'manifest' | 'layout' | 'layoutNote' | 'splitNote' | 'splitScheme' | 'scannedMs'
>;

/** A file that a layout found, before it was opened: what tells whether it has to be. */
export type FoundRecording = Pick<
  Recording,
  'id' | 'bytes' | 'modifiedMs' | 'speaker' | 'label' | 'split' | 'transcript' | keyof CorpusFacts
>;

/** What came of the recordings that were known before, and of the others. */
export interface ScanChanges {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
}

export const recordingColumns = [
  'id',
  'durationSec',
  'speaker',
  'label',
  'split',
  'sampleRateHz',
  'channels',
  'peak',
  'rms',
  'bytes',
  'modifiedMs',
  'sex',
  'subset',
] as const;

/** What recordings can be put in order by. */
export type RecordingColumn = (typeof recordingColumns)[number];

/** Which recordings of a dataset are meant. Empty lists mean all; null among the speakers or labels means "has none". */
export interface RecordingFilter {
  /** Words of the path, speaker, label or transcript: every one of them has to begin a word there. */
  search: string;
  speakers: readonly (string | null)[];
  labels: readonly (string | null)[];
  splits: readonly Split[];
  sexes: readonly (string | null)[];
  subsets: readonly (string | null)[];
  minDurationSec?: number | undefined;
  maxDurationSec?: number | undefined;
  /** True: only those that hold nothing but zeros. False: none of them. */
  silent?: boolean | undefined;
  /** True: only those that are left out of the splits. False: none of them. */
  excluded?: boolean | undefined;
  /** True: only those with a warning. False: none of them. */
  warned?: boolean | undefined;
}

export const everyRecording: RecordingFilter = {
  search: '',
  speakers: [],
  labels: [],
  splits: [],
  sexes: [],
  subsets: [],
};

export interface RecordingQuery extends RecordingFilter {
  sort: RecordingColumn;
  descending: boolean;
  /** `nextCursor` of the page before: right even when recordings came and went in between. */
  cursor?: string | undefined;
  /** The row to begin with where there is no cursor. */
  offset?: number | undefined;
  limit: number;
}

export interface RecordingPage {
  rows: Recording[];
  /** In all pages. */
  total: number;
  /** Where the first row of this page is in the whole order. */
  offset: number;
  /** Null after the last row. */
  nextCursor: string | null;
}

/** One value of a column with how many recordings have it. */
export interface Facet<Value> {
  value: Value;
  recordings: number;
  durationSec: number;
}

export interface Histogram {
  /** Edges of the bins, one more than there are counts. A value on an edge counts in the bin above. */
  edges: number[];
  counts: number[];
}

export interface RecordingStats {
  recordings: number;
  durationSec: number;
  bytes: number;
  /** In order of the value; null (has none) last. */
  speakers: Facet<string | null>[];
  labels: Facet<string | null>[];
  /** Of those that are in a split. */
  splits: Facet<Split>[];
  sexes: Facet<string | null>[];
  subsets: Facet<string | null>[];
  excluded: number;
  warned: number;
  sampleRates: Facet<number>[];
  channels: Facet<number>[];
  /** In seconds. */
  duration: Histogram;
  /** dB relative to full scale; silent recordings are left out. */
  peakDb: Histogram;
  rmsDb: Histogram;
}

/**
 * What a division into splits is made from: one entry for each recording in order of id. `speaker` and `label` are indexes
 * into the lists of names, -1 for none; splits are indexes into train, validation, test.
 */
export interface SplitBasis {
  /** Has to be given back with the division: it is refused where the recordings are others by then. */
  revision: string;
  recordings: number;
  speakers: string[];
  labels: string[];
  speaker: Int32Array<ArrayBuffer>;
  label: Int32Array<ArrayBuffer>;
  durationSec: Float64Array<ArrayBuffer>;
  /** 1 where the recording holds nothing but zeros. */
  silent: Uint8Array<ArrayBuffer>;
  /** 1 where it is left out: it is divided all the same, so that taking it back moves no other. */
  excluded: Uint8Array<ArrayBuffer>;
  /** What the corpus says. */
  corpusSplit: Uint8Array<ArrayBuffer>;
  /** What holds now. */
  split: Uint8Array<ArrayBuffer>;
  /** 1 where a scan found the recording for the first time: no split was chosen for it yet. */
  fresh: Uint8Array<ArrayBuffer>;
  /** A number from the id alone, the same whatever else is in the dataset: to shuffle by. */
  idHash: Uint32Array<ArrayBuffer>;
}

/** A division: one split a recording, as indexes into train, validation, test, in the order of the basis. */
export interface Division {
  revision: string;
  split: Uint8Array<ArrayBuffer>;
}

/** A run as the list shows it; `summary` is the host's own, kept as it is. */
export interface StoredRun {
  id: string;
  name: string;
  state: string;
  preset: string;
  dataset: string;
  createdMs: number;
  updatedMs: number;
  step: number;
  epoch: number;
  bestValue: number | null;
  queuePlace: number | null;
  summary: unknown;
}

/** What a user says about a run. */
export interface RunAnnotation {
  notes: string;
  tags: string[];
  colour: string | null;
}

export interface ListedRun extends StoredRun, RunAnnotation {
  /** When it was deleted; null while it is there. */
  deletedMs: number | null;
}

/** A row of metrics.jsonl as the trainer writes it. A row with split 'segment' says where its segment began. */
export interface LoggedRow {
  segment: number;
  step: number;
  epoch: number;
  wallMs: number;
  processMs: number;
  split: string;
  values: Readonly<Record<string, number>>;
}

/** A stretch of a run's metrics.jsonl: bytes `from` to `to`, and the whole rows in it. */
export interface MetricsStretch {
  from: number;
  to: number;
  rows: readonly LoggedRow[];
}

export interface MetricsIngested {
  /** The byte to go on from. Other than the stretch's `to`, nothing of it was taken. */
  next: number;
  /** Whether rows that were there are superseded: a resume went back. */
  superseded: boolean;
}

/** One curve of a run, by step; every step once, however often the run was resumed. */
export interface MetricSeries {
  split: string;
  key: string;
  steps: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
  epochs: Float64Array<ArrayBuffer>;
  wallMs: Float64Array<ArrayBuffer>;
  processMs: Float64Array<ArrayBuffer>;
}

/** A value and the step that it belongs to. */
export interface MetricPoint {
  step: number;
  epoch: number;
  value: number;
}

/** Extremes take finite values only; null where there is none. `last` may be NaN or infinite. */
export interface MetricSummary {
  split: string;
  key: string;
  rows: number;
  min: MetricPoint | null;
  max: MetricPoint | null;
  last: MetricPoint;
}

/** Where one curve of a run stands, for comparing runs. `last` and `at` may be NaN or infinite. */
export interface ComparedMetric {
  split: string;
  key: string;
  rows: number;
  min: { step: number; value: number } | null;
  max: { step: number; value: number } | null;
  last: { step: number; value: number } | null;
  at: { step: number; value: number } | null;
}

export interface StoredClips {
  step: number;
  epoch: number;
  /** Mean squared error of each clip. */
  mse: number[];
}
