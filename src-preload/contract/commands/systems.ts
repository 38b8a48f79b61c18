import { z } from 'zod';
import { defineCommand } from '../command.ts';

const which = z
  .string()
  .min(1)
  .meta({ title: 'System', help: 'Its name, its id or the beginning of it: `systems list`.' });

/** A folder of sounds that something else made of a dataset's recordings. */
export const externalSystemSchema = z.strictObject({
  system: z.string(),
  name: z.string(),
  folder: z.string(),
  dataset: z.string(),
  datasetName: z.string(),
  createdMs: z.number(),
  /** Recordings of the dataset that have a file here. */
  matched: z.int(),
  /** Recordings of the dataset without one. */
  missing: z.int(),
  /** Files that match no recording. */
  unmatched: z.int(),
  /** Files that match several recordings, and recordings that several files match: used by nobody. */
  ambiguous: z.int(),
});
export type ExternalSystem = z.output<typeof externalSystemSchema>;

const matchingSchema = externalSystemSchema.extend({
  /** How files were found: by their path below the folder, or by their bare name. */
  matchedBy: z.strictObject({ path: z.int(), name: z.int() }),
  unmatchedFiles: z.array(z.string()).meta({ help: 'At most 200.' }),
  ambiguousFiles: z
    .array(z.strictObject({ file: z.string(), recordings: z.array(z.string()) }))
    .meta({ help: 'At most 200.' }),
  missingRecordings: z.array(z.string()).meta({ help: 'At most 200.' }),
});

export const systemsAdd = defineCommand({
  name: 'systems add',
  summary: 'Make a folder of sounds known as a system: evaluated and compared like any run',
  details:
    "Files are matched to the dataset's recordings by their path below the folder, whatever their ending, and where that finds none by their bare name. A file that two recordings could mean, and a recording that two files could mean, is listed and used by nobody. The folder is read, never written; sounds at other rates are resampled when they are judged, which is said.",
  input: z.strictObject({
    folder: z.string().min(1).meta({ title: 'Folder', path: true, placeholder: 'DIR' }),
    dataset: z.string().min(1).meta({ title: 'Dataset' }),
    name: z.string().min(1).max(80).meta({ title: 'Name' }),
  }),
  output: matchingSchema,
  positionals: ['folder'],
  examples: ['systems add decoded/encodec-6k --dataset librispeech --name encodec-6k'],
});

export const systemsList = defineCommand({
  name: 'systems list',
  readOnly: true,
  summary: 'List the external systems',
  input: z.strictObject({}),
  output: z.strictObject({ systems: z.array(externalSystemSchema) }),
});

export const systemsShow = defineCommand({
  name: 'systems show',
  readOnly: true,
  summary: 'Show how the files of an external system match the recordings of its dataset now',
  input: z.strictObject({ system: which }),
  output: matchingSchema,
  positionals: ['system'],
});

export const systemsRemove = defineCommand({
  name: 'systems remove',
  summary: 'Forget an external system; its folder is not touched, and evaluations of it stay',
  input: z.strictObject({ system: which }),
  output: z.strictObject({ removed: z.string(), folder: z.string() }),
  positionals: ['system'],
});
