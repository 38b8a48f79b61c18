import { z } from 'zod';
import { defineCommand } from '../command.ts';

/** What a dataset's recordings are like, which stand out, and leaving them out of the splits. */

const which = z.string().min(1).meta({ title: 'Dataset', help: 'Name or id of the dataset.' });
const count = z.int().min(0);

/** What is looked at of every recording. */
export const analysisMeasures = ['durationSec', 'peakDb', 'rmsDb', 'prominentHz'] as const;
export const analysisMeasureSchema = z.enum(analysisMeasures);
export type AnalysisMeasure = (typeof analysisMeasures)[number];

/** The rule by which recordings stand out: Tukey's fences. */
const ruleShape = {
  fence: z.number().min(0.5).max(20).default(3).meta({
    title: 'Fence',
    unit: 'quartile ranges',
    help: 'A recording stands out where it lies more than so many times the range between the quartiles outside of them.',
  }),
  within: z.enum(['all', 'label', 'speaker']).default('all').meta({
    title: 'Compared with',
    help: 'The quartiles are those of all recordings, of those with its label, or of those of its speaker.',
  }),
  measures: z
    .array(analysisMeasureSchema)
    .default([...analysisMeasures])
    .meta({ title: 'Measures', help: 'By which of them a recording may stand out.' }),
};

/** How values lie: quartiles by linear interpolation, whiskers at the outermost values within 1.5 quartile ranges. */
const box = z.strictObject({
  count,
  min: z.number(),
  lowWhisker: z.number(),
  lowQuartile: z.number(),
  median: z.number(),
  highQuartile: z.number(),
  highWhisker: z.number(),
  max: z.number(),
  mean: z.number(),
});

const group = box.extend({ value: z.string().nullable() });

const outlier = z.strictObject({
  id: z.string(),
  speaker: z.string().nullable(),
  label: z.string().nullable(),
  durationSec: z.number().meta({ unit: 's' }),
  peakDb: z.number().nullable().meta({ unit: 'dBFS' }),
  rmsDb: z.number().nullable().meta({ unit: 'dBFS' }),
  prominentHz: z.number().nullable().meta({ unit: 'Hz' }),
  /** By which measures it stands out, and to which side. */
  because: z.array(z.strictObject({ measure: analysisMeasureSchema, side: z.enum(['low', 'high']) })),
});

export const datasetsAnalyse = defineCommand({
  name: 'datasets analyse',
  readOnly: true,
  summary:
    'Lengths, levels and prominent frequencies of the recordings, by label and speaker, and which stand out',
  input: z.strictObject({
    dataset: which,
    ...ruleShape,
    limit: z.int().min(0).max(1000).default(100).meta({ title: 'Outliers listed' }),
  }),
  output: z.strictObject({
    dataset: z.string(),
    recordings: count.meta({ help: 'Those that are in a split and hold more than silence.' }),
    rule: z.string(),
    measures: z.array(
      z.strictObject({
        key: analysisMeasureSchema,
        title: z.string(),
        unit: z.string(),
        all: box.nullable(),
        /** Beyond these a recording stands out; null where it is compared with its own group. */
        fences: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
        histogram: z.strictObject({ edges: z.array(z.number()), counts: z.array(z.int()), unit: z.string() }),
        labels: z.array(group),
        speakers: z.array(group),
        outliers: count,
      }),
    ),
    outliers: z.strictObject({ total: count, rows: z.array(outlier) }),
  }),
  positionals: ['dataset'],
  examples: ['datasets analyse fsdd', 'datasets analyse fsdd --within label --fence 1.5 --json'],
});
export type DatasetAnalysis = z.output<typeof datasetsAnalyse.output>;

const changed = z.strictObject({
  dataset: z.string(),
  changed: count.meta({ help: 'Recordings that this changed.' }),
  ids: z.array(z.string()).meta({ help: 'Their ids.' }),
  excluded: count.meta({ help: 'Recordings that are left out now.' }),
  splits: z.strictObject({ train: count, validation: count, test: count }),
  splitHash: z.string(),
});

export const datasetsExclude = defineCommand({
  name: 'datasets exclude',
  summary:
    'Leave recordings out of the splits: some by id, or those that stand out; the files are not touched',
  input: z.strictObject({
    dataset: which,
    recordings: z.array(z.string()).default([]).meta({ title: 'Recordings', help: 'Their ids.' }),
    outliers: z.boolean().default(false).meta({
      title: 'Outliers',
      help: 'Those that `datasets analyse` finds with the same fence, measures and group.',
    }),
    ...ruleShape,
    reason: z.string().max(200).optional().meta({ title: 'Reason', help: 'Kept with each of them.' }),
  }),
  output: changed,
  positionals: ['dataset'],
  examples: [
    'datasets exclude fsdd --outliers --measures durationSec',
    'datasets exclude fsdd --recordings 7_jackson_12.wav',
  ],
});

export const datasetsInclude = defineCommand({
  name: 'datasets include',
  summary: 'Take recordings that were left out back into the splits that they had',
  input: z.strictObject({
    dataset: which,
    recordings: z.array(z.string()).default([]).meta({ title: 'Recordings', help: 'Their ids.' }),
    all: z.boolean().default(false).meta({ title: 'All', help: 'All that are left out.' }),
  }),
  output: changed,
  positionals: ['dataset'],
  examples: ['datasets include fsdd --all'],
});

export const datasetsExport = defineCommand({
  name: 'datasets export',
  summary: 'Write a dataset as a list: every recording with its split, to be read again anywhere',
  input: z.strictObject({
    dataset: which,
    out: z.string().min(1).meta({
      title: 'List',
      help: 'The file to write: .jsonl, .csv or .tsv. Paths in it are relative to it.',
      path: true,
    }),
    overwrite: z.boolean().default(false).meta({ title: 'Replace a file that is there' }),
  }),
  output: z.strictObject({
    dataset: z.string(),
    file: z.string(),
    recordings: count,
    bytes: z.number().meta({ unit: 'bytes' }),
    splitHash: z.string(),
  }),
  positionals: ['dataset'],
  examples: ['datasets export fsdd --out fsdd.jsonl'],
});
