import { z } from 'zod';
import { uint8Array } from '../binary.ts';
import { defineCommand } from '../command.ts';

const which = z
  .string()
  .min(1)
  .meta({ title: 'Run', help: 'Name or id of the run, or the beginning of its id.' });

const options = {
  out: z
    .string()
    .min(1)
    .optional()
    .meta({ title: 'File', help: 'The HTML file to write.', path: true, placeholder: 'FILE.html' }),
  step: z.int().min(0).optional().meta({
    title: 'Step',
    help: 'Of the clips; the last that was kept at or before it, the last of all if left out.',
  }),
  clips: z.int().min(0).max(64).default(8).meta({ title: 'Clips', help: 'How many recordings to put in.' }),
  maxAudioMb: z.number().min(0).max(200).default(24).meta({
    title: 'Audio limit',
    unit: 'MB',
    help: 'Clips that would go beyond it are left out, and the report says so.',
  }),
};

/** What was written, or the page itself where no file was asked for. */
export const reportOutputSchema = z.strictObject({
  title: z.string(),
  /** A name for the file, from the names of the runs. */
  fileName: z.string(),
  file: z.string().nullable(),
  /** The page in UTF-8; null where it went into a file. */
  html: uint8Array().nullable(),
  bytes: z.int().meta({ unit: 'bytes' }),
  clips: z.int(),
  /** What a reader of the report is told first: clips that were left out, recordings that could not be read. */
  notes: z.array(z.string()),
});
export type ReportOutput = z.output<typeof reportOutputSchema>;

export const reportRun = defineCommand({
  name: 'report run',
  readOnly: true,
  summary:
    'Write a run as one HTML file: configuration, curves, clips to see and hear; it opens anywhere, offline',
  input: z.strictObject({ run: which, ...options }),
  output: reportOutputSchema,
  positionals: ['run'],
  examples: ['report run small --out small.html', 'report run small --step 2000 --clips 4 --out small.html'],
});

export const reportCompare = defineCommand({
  name: 'report compare',
  readOnly: true,
  summary: 'Write a comparison of runs as one HTML file: what differs, curves, the same clips from each',
  input: z.strictObject({
    runs: z
      .array(z.string().min(1))
      .min(2)
      .max(8)
      .meta({ title: 'Runs', help: 'Two to eight names or ids.', placeholder: 'RUN' }),
    ...options,
  }),
  output: reportOutputSchema,
  positionals: ['runs'],
  examples: ['report compare small large --out small-large.html'],
});

export const runsClipsExport = defineCommand({
  name: 'runs save-clips',
  readOnly: true,
  summary:
    'Write the clips of a run as WAV and PNG files whose names say run, step and clip, with a CSV of them',
  input: z.strictObject({
    run: which,
    out: z.string().min(1).meta({
      title: 'Folder',
      help: 'Made if it is not there; must be empty.',
      path: true,
      placeholder: 'DIR',
    }),
    steps: z
      .array(z.int().min(0))
      .default([])
      .meta({ title: 'Steps', help: 'Kept steps; the last one if left out.', placeholder: 'STEP' }),
    clips: z
      .array(z.int().min(0))
      .default([])
      .meta({ title: 'Clips', help: 'Their indices in `runs clips`; all if left out.', placeholder: 'N' }),
  }),
  output: z.strictObject({
    run: z.string(),
    name: z.string(),
    folder: z.string(),
    files: z.array(z.string()),
    bytes: z.int().meta({ unit: 'bytes' }),
    notes: z.array(z.string()),
  }),
  positionals: ['run'],
  examples: [
    'runs save-clips small --out small-clips',
    'runs save-clips small --steps 500 --steps 1000 --out clips',
  ],
});
