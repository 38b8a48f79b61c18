import { z } from 'zod';
import { defineCommand } from '../command.ts';

/** The layouts that `--layout` takes; the registry in src-main/corpora has one file for each but auto. */
export const layouts = [
  'auto',
  'fsdd',
  'librispeech',
  'wsj0',
  'speech-commands',
  'timit',
  'manifest',
  'folder',
] as const;

const count = z.int().min(0);

/** One dataset as the commands show it. */
export const datasetSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  folder: z.string().meta({ help: 'Where the recordings are; they are never copied or changed.' }),
  /** False when the folder is not reachable now: a disk that is not connected. */
  reachable: z.boolean(),
  manifest: z
    .string()
    .nullable()
    .meta({ help: 'The list in that folder that the recordings come from, where there is one.' }),
  layout: z.string(),
  layoutNote: z.string(),
  recordings: count,
  skippedFiles: count,
  silentRecordings: count,
  excludedRecordings: count.meta({ help: 'Left out of the splits; `datasets include` takes them back.' }),
  warnedRecordings: count.meta({ help: 'Usable, but something is wrong with the file.' }),
  durationSec: z.number().meta({ unit: 's' }),
  hours: z.number().meta({ unit: 'h' }),
  speakers: z.array(z.string()),
  labels: z.array(z.string()),
  splits: z.strictObject({ train: count, validation: count, test: count }),
  splitNote: z.string(),
  splitHash: z.string(),
  bytes: z.number().meta({ unit: 'bytes' }),
  createdMs: z.number(),
  scannedMs: z.number(),
});

/** One line of the list. */
const datasetLineSchema = datasetSummarySchema.pick({
  id: true,
  name: true,
  layout: true,
  recordings: true,
  durationSec: true,
  reachable: true,
  folder: true,
});

/** An entry of the folder that was not taken, and why. */
export const skippedEntrySchema = z.strictObject({
  id: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
});

/** A dataset whose own files cannot be read any more. */
const damagedDatasetSchema = z.strictObject({ id: z.string(), message: z.string(), remedy: z.string() });

const which = z.string().min(1).meta({ title: 'Dataset', help: 'Name or id of the dataset.' });

const warnings = z.array(z.string()).meta({ help: 'What should be known about it, in sentences.' });

export const datasetsAdd = defineCommand({
  name: 'datasets add',
  summary: 'Add a folder of recordings: they are read and indexed where they are',
  input: z.strictObject({
    dir: z.string().min(1).meta({
      title: 'Folder',
      help: 'Folder that holds the recordings, or a list of them (.jsonl, .csv, .tsv).',
      path: true,
    }),
    name: z
      .string()
      .optional()
      .meta({ title: 'Name', help: "Name of the dataset; the folder's name without it." }),
    layout: z.enum(layouts).default('auto').meta({
      title: 'Layout',
      help: 'How the folder is laid out, as `datasets detect` names it; folder is any tree of audio.',
    }),
  }),
  output: datasetSummarySchema.extend({ warnings, skipped: z.array(skippedEntrySchema) }),
  positionals: ['dir'],
  examples: [
    'datasets add ~/speech/fsdd --name fsdd',
    'datasets add ~/recordings --layout folder',
    'datasets add ~/speech/segments.csv',
  ],
});

export const datasetsList = defineCommand({
  name: 'datasets list',
  readOnly: true,
  summary: 'List the datasets',
  input: z.strictObject({}),
  output: z.strictObject({ datasets: z.array(datasetLineSchema), damaged: z.array(damagedDatasetSchema) }),
  examples: ['datasets list --json'],
});

export const datasetsShow = defineCommand({
  name: 'datasets show',
  readOnly: true,
  summary: 'Show one dataset: recordings, splits, speakers, labels, and what was skipped and why',
  input: z.strictObject({
    dataset: which,
    limit: z.int().min(0).default(100).meta({
      title: 'Skipped files shown',
      unit: 'files',
      help: 'At most so many of the skipped files are listed.',
    }),
  }),
  output: datasetSummarySchema.extend({ warnings, skipped: z.array(skippedEntrySchema) }),
  positionals: ['dataset'],
  examples: ['datasets show fsdd', 'datasets show fsdd --json'],
});

export const datasetsRescan = defineCommand({
  name: 'datasets rescan',
  summary: 'Read the folder of a dataset again: only new and changed files are decoded',
  input: z.strictObject({ dataset: which }),
  output: datasetSummarySchema.extend({
    warnings,
    skipped: z.array(skippedEntrySchema),
    changes: z.strictObject({ added: count, changed: count, unchanged: count, removed: count }),
  }),
  positionals: ['dataset'],
  examples: ['datasets rescan fsdd'],
});

export const datasetsRemove = defineCommand({
  name: 'datasets remove',
  summary: 'Forget a dataset; its recordings on disk are not touched',
  input: z.strictObject({ dataset: which }),
  output: z.strictObject({ removed: z.string(), folder: z.string().nullable() }),
  positionals: ['dataset'],
  examples: ['datasets remove fsdd'],
});

export const datasetsDetect = defineCommand({
  name: 'datasets detect',
  readOnly: true,
  summary: 'Look at a folder and say which layout it has and what would be indexed, without indexing it',
  input: z.strictObject({
    dir: z.string().min(1).meta({
      title: 'Folder',
      help: 'Folder that holds the recordings, or a list of them (.jsonl, .csv, .tsv).',
      path: true,
    }),
    layout: z.enum(layouts).default('auto').meta({ title: 'Layout' }),
  }),
  output: z.strictObject({
    folder: z.string(),
    /** What `datasets add` would call it. */
    name: z.string(),
    layout: z.string(),
    layoutTitle: z.string(),
    layoutNote: z.string(),
    /** What each layout makes of the folder. */
    candidates: z.array(
      z.strictObject({ layout: z.string(), title: z.string(), matches: z.boolean(), note: z.string() }),
    ),
    /** Audio files found before the look was ended. */
    files: count,
    bytes: z.number(),
    complete: z.boolean().meta({ help: 'False where there are more than were counted.' }),
    speakers: z.array(z.string()),
    labels: z.array(z.string()),
    subsets: z.array(z.string()),
    splits: z.strictObject({ train: count, validation: count, test: count }),
    examples: z.array(
      z.strictObject({
        id: z.string(),
        speaker: z.string().nullable(),
        label: z.string().nullable(),
        split: z.string(),
        transcript: z.string().nullable(),
      }),
    ),
    /** The dataset that this folder is already, where it is one. */
    already: z.string().nullable(),
    warnings,
  }),
  positionals: ['dir'],
  examples: ['datasets detect ~/speech/fsdd'],
});

export const splitRuleSchema = z.enum(['corpus', 'speakers', 'stratified']);

export const datasetsSplit = defineCommand({
  name: 'datasets split',
  summary:
    "Divide a dataset anew: the corpus's own split, disjoint speakers, or stratified by label, by seed",
  input: z.strictObject({
    dataset: which,
    by: splitRuleSchema.meta({
      title: 'Rule',
      help: "corpus: the layout's own; speakers: no speaker in two splits; stratified: each label in the same shares.",
    }),
    validation: z.number().min(0).max(0.9).default(0.1).meta({ title: 'Share for validation' }),
    test: z.number().min(0).max(0.9).default(0.1).meta({ title: 'Share for test' }),
    seed: z.int().min(0).max(2_147_483_647).default(0).meta({ title: 'Seed' }),
    preview: z
      .boolean()
      .default(false)
      .meta({ title: 'Preview', help: 'Say what it would give and change nothing.' }),
  }),
  output: z.strictObject({
    dataset: z.string(),
    splits: z.strictObject({ train: count, validation: count, test: count }),
    hours: z.strictObject({ train: z.number(), validation: z.number(), test: z.number() }),
    speakers: z.strictObject({ train: count, validation: count, test: count }),
    splitNote: z.string(),
    splitHash: z.string(),
    warnings,
  }),
  positionals: ['dataset'],
  examples: ['datasets split fsdd --by speakers --seed 3', 'datasets split fsdd --by corpus'],
});

export const datasetsRelink = defineCommand({
  name: 'datasets relink',
  summary: 'Tell where the folder of a dataset is now; recordings that are the same are not read again',
  input: z.strictObject({
    dataset: which,
    dir: z.string().min(1).meta({ title: 'Folder', help: 'Where the recordings are now.', path: true }),
  }),
  output: datasetSummarySchema.extend({
    warnings,
    changes: z.strictObject({ added: count, changed: count, unchanged: count, removed: count }),
  }),
  positionals: ['dataset', 'dir'],
  examples: ['datasets relink fsdd /media/disk/fsdd'],
});

export const datasetsRename = defineCommand({
  name: 'datasets rename',
  summary: 'Give a dataset another name',
  input: z.strictObject({ dataset: which, name: z.string().min(1).meta({ title: 'New name' }) }),
  output: datasetSummarySchema,
  positionals: ['dataset', 'name'],
});

export const datasetsRestore = defineCommand({
  name: 'datasets restore',
  summary: 'Bring back a dataset that was removed',
  input: z.strictObject({ dataset: which }),
  output: datasetSummarySchema,
  positionals: ['dataset'],
});

export const datasetsSkipped = defineCommand({
  name: 'datasets skipped',
  readOnly: true,
  summary: 'List the entries of a folder that were not taken, with the reason of each',
  input: z.strictObject({
    dataset: which,
    offset: z.int().min(0).default(0).meta({ title: 'First row' }),
    limit: z.int().min(1).max(1000).default(100).meta({ title: 'Rows' }),
  }),
  output: z.strictObject({
    total: count,
    /** How many for each reason. */
    reasons: z.array(z.strictObject({ code: z.string(), entries: count })),
    rows: z.array(skippedEntrySchema),
  }),
  positionals: ['dataset'],
});
