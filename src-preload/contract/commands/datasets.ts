import { z } from 'zod';
import { defineCommand } from '../command.ts';

/** The layouts that `--layout` takes; the registry in src-main/corpora has one file for each but auto. */
export const layouts = ['auto', 'fsdd', 'folder'] as const;

const count = z.int().min(0);

/** One dataset as the commands show it. */
export const datasetSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  folder: z.string().meta({ help: 'Where the recordings are; they are never copied or changed.' }),
  /** False when the folder is not reachable now: a disk that is not connected. */
  reachable: z.boolean(),
  layout: z.string(),
  layoutNote: z.string(),
  recordings: count,
  skippedFiles: count,
  silentRecordings: count,
  durationSec: z.number().meta({ unit: 's' }),
  hours: z.number().meta({ unit: 'h' }),
  speakers: z.array(z.string()),
  labels: z.array(z.string()),
  splits: z.strictObject({ train: count, validation: count, test: count }),
  splitNote: z.string(),
  splitHash: z.string(),
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
    dir: z.string().min(1).meta({ title: 'Folder', help: 'Folder that holds the recordings.' }),
    name: z
      .string()
      .optional()
      .meta({ title: 'Name', help: "Name of the dataset; the folder's name without it." }),
    layout: z.enum(layouts).default('auto').meta({
      title: 'Layout',
      help: 'How the folder is laid out: fsdd ({digit}_{speaker}_{index}.wav), folder (any tree), or auto.',
    }),
  }),
  output: datasetSummarySchema.extend({ warnings, skipped: z.array(skippedEntrySchema) }),
  positionals: ['dir'],
  examples: ['datasets add ~/speech/fsdd --name fsdd', 'datasets add ~/recordings --layout folder'],
});

export const datasetsList = defineCommand({
  name: 'datasets list',
  summary: 'List the datasets',
  input: z.strictObject({}),
  output: z.strictObject({ datasets: z.array(datasetLineSchema), damaged: z.array(damagedDatasetSchema) }),
  examples: ['datasets list --json'],
});

export const datasetsShow = defineCommand({
  name: 'datasets show',
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
