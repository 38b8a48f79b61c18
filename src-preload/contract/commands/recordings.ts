import { z } from 'zod';
import { float32Array, uint8Array } from '../binary.ts';
import { tileLevels } from '../tiles.ts';
import { defineCommand } from '../command.ts';

export const splitSchema = z.enum(['train', 'validation', 'test']);

const dataset = z.string().min(1).meta({ title: 'Dataset', help: 'Name or id of the dataset.' });
const recordingId = z
  .string()
  .min(1)
  .meta({ title: 'Recording', help: 'Its path inside the folder of the dataset.' });

/** One recording as a table shows it. */
export const recordingRowSchema = z.strictObject({
  /** Path inside the dataset's folder. */
  id: z.string(),
  bytes: z.int(),
  modifiedMs: z.number(),
  contentHash: z.string(),
  sampleRateHz: z.number(),
  channels: z.int(),
  durationSec: z.number().meta({ unit: 's' }),
  /** Largest magnitude of a sample, 1 being full scale. */
  peak: z.number(),
  rms: z.number(),
  speaker: z.string().nullable(),
  label: z.string().nullable(),
  split: splitSchema,
  transcript: z.string().nullable(),
  sex: z.string().nullable().meta({ help: 'Of the speaker, as the corpus writes it.' }),
  subset: z.string().nullable().meta({ help: 'A part of the corpus that is no split.' }),
  source: z
    .string()
    .nullable()
    .meta({ help: 'The file inside the folder, where the recording has another name.' }),
  startSec: z.number().nullable().meta({ unit: 's', help: 'Of a stretch of a file: where it begins.' }),
  endSec: z.number().nullable().meta({ unit: 's', help: 'Of a stretch of a file: where it ends.' }),
  excluded: z.string().nullable().meta({ help: 'Why it is left out of the splits.' }),
  warning: z.string().nullable().meta({ help: 'What is wrong with the file, though it can be used.' }),
});
export type RecordingRow = z.output<typeof recordingRowSchema>;

export const recordingSortSchema = z.enum([
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
]);

/** Which recordings of a dataset are meant: the same for the table, its count and its histograms. */
export const recordingFilterShape = {
  search: z
    .string()
    .default('')
    .meta({ title: 'Search', help: 'Words of the path, speaker, label or transcript.' }),
  speakers: z.array(z.string()).default([]).meta({ title: 'Speakers' }),
  labels: z.array(z.string()).default([]).meta({ title: 'Labels' }),
  splits: z.array(splitSchema).default([]).meta({ title: 'Splits' }),
  sexes: z.array(z.string()).default([]).meta({ title: 'Sexes' }),
  subsets: z.array(z.string()).default([]).meta({ title: 'Subsets' }),
  minDurationSec: z.number().min(0).optional().meta({ title: 'Not shorter than', unit: 's' }),
  maxDurationSec: z.number().min(0).optional().meta({ title: 'Not longer than', unit: 's' }),
  silent: z
    .boolean()
    .optional()
    .meta({ title: 'Silent', help: 'Only those that hold nothing but zeros, or none of them.' }),
  excluded: z
    .boolean()
    .optional()
    .meta({ title: 'Excluded', help: 'Only those that are left out of the splits, or none of them.' }),
  warned: z.boolean().optional().meta({
    title: 'With a warning',
    help: 'Only those with something wrong in their file, or none of them.',
  }),
};

export const recordingsList = defineCommand({
  name: 'recordings list',
  readOnly: true,
  summary: 'List the recordings of a dataset: search, filter, sort, a page at a time',
  input: z.strictObject({
    dataset,
    ...recordingFilterShape,
    sort: recordingSortSchema.default('id').meta({ title: 'Sort by' }),
    descending: z.boolean().default(false).meta({ title: 'Largest first' }),
    offset: z.int().min(0).default(0).meta({ title: 'First row', help: 'Where there is no cursor.' }),
    cursor: z.string().optional().meta({ title: 'Cursor', help: '`nextCursor` of the page before.' }),
    limit: z.int().min(1).max(1000).default(100).meta({ title: 'Rows' }),
  }),
  output: z.strictObject({
    rows: z.array(recordingRowSchema),
    total: z.int().meta({ help: 'How many there are in all pages.' }),
    offset: z.int(),
    nextCursor: z.string().nullable(),
  }),
  positionals: ['dataset'],
  examples: ['recordings list fsdd --sort durationSec --descending --limit 10'],
});

const facet = z.strictObject({
  value: z.string().nullable(),
  recordings: z.int(),
  durationSec: z.number().meta({ unit: 's' }),
});

const histogram = z.strictObject({
  /** Edges of the bins: one more than there are counts. */
  edges: z.array(z.number()),
  counts: z.array(z.int()),
  unit: z.string(),
});

export const recordingsStats = defineCommand({
  name: 'recordings stats',
  readOnly: true,
  summary:
    'Count the recordings of a dataset by speaker, label and split, with histograms of length and level',
  input: z.strictObject({ dataset, ...recordingFilterShape }),
  output: z.strictObject({
    recordings: z.int(),
    durationSec: z.number().meta({ unit: 's' }),
    bytes: z.number(),
    speakers: z.array(facet),
    labels: z.array(facet),
    splits: z.array(facet),
    sexes: z.array(facet),
    subsets: z.array(facet),
    excluded: z.int(),
    warned: z.int(),
    sampleRates: z.array(facet),
    channels: z.array(facet),
    duration: histogram,
    peakDb: histogram,
    rmsDb: histogram,
  }),
  positionals: ['dataset'],
  examples: ['recordings stats fsdd --json'],
});

export const recordingsShow = defineCommand({
  name: 'recordings show',
  readOnly: true,
  summary: 'Show one recording',
  input: z.strictObject({ dataset, recording: recordingId }),
  output: recordingRowSchema.extend({ path: z.string(), codec: z.string().nullable() }),
  positionals: ['dataset', 'recording'],
});

/** Extremes of the wave in equal spans of time, for drawing: never the samples themselves. */
export const recordingsPeaks = defineCommand({
  name: 'recordings peaks',
  readOnly: true,
  summary: 'The outline of a recording for drawing its wave',
  audience: 'window',
  input: z.strictObject({
    dataset,
    recording: recordingId,
    fromSec: z.number().min(0).default(0),
    toSec: z.number().min(0).optional(),
    spans: z.int().min(1).max(20_000).default(1200),
  }),
  output: z.strictObject({
    sampleRateHz: z.number(),
    channels: z.int(),
    durationSec: z.number(),
    fromSec: z.number(),
    toSec: z.number(),
    /** Lowest and highest sample of each span, over all channels: [min0, max0, min1, max1, ...]. */
    peaks: float32Array(),
  }),
});

/** What a picture of a recording shows: its level, or what the level leaves out. */
export const spectrogramKindSchema = z.enum(['level', 'phase', 'instantaneous-frequency', 'group-delay']);

/** A picture of the spectrum that the page colours itself, on an absolute scale. */
export const spectrogramPictureSchema = z.strictObject({
  sampleRateHz: z.number(),
  fromSec: z.number(),
  toSec: z.number(),
  fftSize: z.int(),
  windowLength: z.int(),
  hopLength: z.int(),
  bins: z.int(),
  frames: z.int(),
  /** [bins, frames], lowest frequency first: 0 is minDb or below, 255 is maxDb. */
  levels: uint8Array(),
  minDb: z.number(),
  maxDb: z.number(),
  /** dB relative to a full-scale sine. */
  reference: z.literal('dBFS'),
  /** Where the levels stand for something else than dB: from `low` (0) to `high` (255) of `unit`. */
  shows: z
    .strictObject({
      quantity: z.enum(['phase', 'instantaneous-frequency', 'group-delay']),
      low: z.number(),
      high: z.number(),
      unit: z.string(),
    })
    .optional(),
});

export const recordingsSpectrogram = defineCommand({
  name: 'recordings spectrogram',
  readOnly: true,
  summary: 'The spectrogram of a recording, at its own rate',
  audience: 'window',
  input: z.strictObject({
    dataset,
    recording: recordingId,
    fromSec: z.number().min(0).default(0),
    toSec: z.number().min(0).optional(),
    /** At most so many columns: a longer stretch takes the loudest of neighbouring frames. */
    columns: z.int().min(1).max(8192).default(1024),
    windowSec: z.number().min(0.002).max(0.5).default(0.025),
    minDb: z.number().default(-100),
    maxDb: z.number().default(0),
    /**
     * phase: against each window's centre; instantaneous-frequency and group-delay: by how much a bin's energy lies beside it.
     * Nothing is shown of them below minDb.
     */
    show: spectrogramKindSchema.default('level'),
  }),
  output: spectrogramPictureSchema,
});

export const recordingsTile = defineCommand({
  name: 'recordings tile',
  readOnly: true,
  summary: 'One tile of the spectrogram of a long recording',
  audience: 'window',
  input: z.strictObject({
    dataset,
    recording: recordingId,
    /** 0 is the finest; each further one has half as many columns a second (contract/tiles.ts). */
    level: z
      .int()
      .min(0)
      .max(tileLevels - 1),
    index: z.int().min(0),
    /** At once, from a few windows a column: what is short may be missing until the tile itself is there. */
    sketch: z.boolean().default(false),
    windowSec: z.number().min(0.002).max(0.5).default(0.025),
    minDb: z.number().default(-100),
    maxDb: z.number().default(0),
    show: spectrogramKindSchema.default('level'),
  }),
  output: spectrogramPictureSchema,
});

/** Samples to play: one channel mix or all, at the file's own rate. */
export const soundSchema = z.strictObject({
  sampleRateHz: z.number(),
  channels: z.int(),
  fromSec: z.number(),
  durationSec: z.number(),
  /** Interleaved where there is more than one channel. */
  samples: float32Array(),
});

export const recordingsSound = defineCommand({
  name: 'recordings sound',
  readOnly: true,
  summary: 'The samples of a recording, for playing it',
  audience: 'window',
  input: z.strictObject({
    dataset,
    recording: recordingId,
    fromSec: z.number().min(0).default(0),
    durationSec: z.number().min(0).max(120).default(60),
  }),
  output: soundSchema,
});
