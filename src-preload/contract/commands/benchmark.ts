import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { evaluationSummarySchema, metricSummarySchema, speedSchema, splitChoice } from './evaluate.ts';
import { differenceSchema } from './evaluate-compare.ts';
import { metricKeySchema } from './metrics.ts';
import { modelListing } from './models.ts';

/** What is judged and on what. Systems are texts that last: 'ID@STEP' or 'ID@STEP+sample+own' of a run, 'baseline:opus:12', 'external:ID'. */
const definition = {
  systems: z.array(z.string()),
  /** The system that the others are compared with; null for none. */
  against: z.string().nullable(),
  split: splitChoice,
  limit: z.int().nullable(),
  metrics: z.array(metricKeySchema),
};

/** A benchmark that is kept. */
export const benchmarkSummarySchema = z.strictObject({
  benchmark: z.string(),
  name: z.string(),
  createdMs: z.number(),
  changedMs: z.number(),
  ...definition,
  dataset: z.strictObject({ id: z.string(), name: z.string() }),
});
export type BenchmarkSummary = z.output<typeof benchmarkSummarySchema>;

/** One figure of one system. */
export const benchmarkCellSchema = metricSummarySchema.extend({
  /** Paired, recording by recording, from the system that the others are compared with. */
  difference: differenceSchema.nullable(),
});
export type BenchmarkCell = z.output<typeof benchmarkCellSchema>;

export const benchmarkRowSchema = z.strictObject({
  system: z.string(),
  kind: z.enum(['run', 'external', 'baseline']),
  title: z.string(),
  /** Of a run: which, at which checkpoint, of which family. Null for others, and where the run is gone. */
  run: z
    .strictObject({
      run: z.string(),
      step: z.int(),
      epoch: z.int(),
      family: z.string(),
      dataset: z.string().meta({ help: 'That it learned from.' }),
      origin: z.string().nullable().meta({ help: 'Where its weights are from, if not from here.' }),
    })
    .nullable(),
  /** The columns of the table of papers/004; null for what is no dynamical model. */
  dynamical: modelListing.shape.dynamical.unwrap().nullable(),
  parameters: z.int().nullable(),
  /** 'none': not judged yet; 'gone': the system is not there any more. */
  state: z.enum([...evaluationSummarySchema.shape.state.options, 'none', 'gone']),
  evaluation: z.string().nullable(),
  done: z.int(),
  failed: z.int(),
  error: evaluationSummarySchema.shape.error,
  /** By metric; without one where nothing is judged. */
  cells: z.partialRecord(metricKeySchema, benchmarkCellSchema),
  speed: speedSchema.nullable(),
  /** What a paper reports of this model, by metric. */
  published: z
    .strictObject({
      name: z.string(),
      figures: z.partialRecord(metricKeySchema, z.number()),
      note: z.string().nullable(),
    })
    .nullable(),
  /** Why evaluations that are there are not used, and what else to know. */
  notes: z.array(z.string()),
});
export type BenchmarkRow = z.output<typeof benchmarkRowSchema>;

export const benchmarkTableSchema = z.strictObject({
  /** Null where it is not kept. */
  benchmark: z.string().nullable(),
  name: z.string().nullable(),
  ...definition,
  dataset: z.strictObject({ id: z.string(), name: z.string(), splitHash: z.string() }),
  recordings: z.int(),
  columns: z.array(
    z.strictObject({
      key: metricKeySchema,
      title: z.string(),
      variant: z.string(),
      unit: z.string(),
      better: z.enum(['higher', 'lower']),
      source: z.string(),
    }),
  ),
  rows: z.array(benchmarkRowSchema),
  /** Where published figures are from; null where no row has any. */
  published: z
    .strictObject({
      document: z.string(),
      citation: z.string(),
      table: z.string(),
      dataset: z.string(),
      note: z.string(),
    })
    .nullable(),
  /** How the intervals were reckoned. */
  interval: z.string(),
  /** What keeps the rows from being about the same thing. */
  warnings: z.array(z.string()),
  files: z.array(z.string()).meta({ help: 'Written for --out.' }),
  text: z.string().nullable().meta({ help: 'The table in the format that was asked for.' }),
});
export type BenchmarkTable = z.output<typeof benchmarkTableSchema>;

const which = z
  .string()
  .min(1)
  .meta({ title: 'Benchmark', help: 'Its name, its id or the beginning of it: `benchmarks list`.' });

const systems = z.array(z.string().min(1)).max(32).meta({
  title: 'Systems',
  placeholder: 'RUN[@STEP][+sample][+own]',
  help: 'Runs, at their best checkpoint or at STEP; +sample draws the codes from the posterior, +own lets an autoregressive model hear its own frames (both as in `evaluate`); baseline:opus:12 and external:NAME stand beside them.',
});

const choice = {
  dataset: z.string().min(1).optional().meta({ title: 'Dataset' }),
  split: splitChoice.default('test').meta({ title: 'Split' }),
  limit: z
    .int()
    .min(1)
    .optional()
    .meta({ title: 'At most so many recordings', help: 'Drawn evenly, the same for every system.' }),
  metrics: z.array(z.string().min(1)).default([]).meta({
    title: 'Metrics',
    placeholder: 'KEY,KEY',
    help: 'Those of papers/004 if left out: rmse_normalised, pesq_nb_raw (its PESQ is the raw narrow-band score), stoi.',
  }),
  against: z.string().min(1).optional().meta({
    title: 'Against',
    placeholder: 'RUN[@STEP]',
    help: 'One of the systems: paired differences from it, with p of the Wilcoxon signed-rank test.',
  }),
};

const given = {
  format: z.enum(['table', 'csv', 'latex']).default('table').meta({ title: 'Format of what is printed' }),
  out: z.string().min(1).optional().meta({
    title: 'File',
    path: true,
    placeholder: 'FILE.csv|.tex|.json',
    help: 'Writes the table, in the format that the ending says.',
  }),
};

const failedInPart = ({ rows }: BenchmarkTable): boolean =>
  rows.some(({ state, failed }) => state === 'failed' || state === 'gone' || failed > 0);

export const benchmark = defineCommand({
  name: 'benchmark',
  summary: 'One table of checkpoints on the same recordings, beside what papers/004 reports',
  details:
    'Evaluations that are there are used, and what is missing is judged first: the same recordings, trimming, alignment and version of the metrics for every system. What is there and not used is said, with the reason. Each run is timed before it is judged, while nothing else of this command computes: seconds of computing a second of sound, from decoded samples to samples, on this machine. Means have 95 % intervals (seeded percentile bootstrap over recordings). With --name it is kept; with --name alone the kept one is brought up to date.',
  input: z.strictObject({
    systems: systems.default([]),
    name: z
      .string()
      .min(1)
      .max(80)
      .optional()
      .meta({ title: 'Name', help: 'Keep it under this name, or use the one that is kept under it.' }),
    ...choice,
    ...given,
  }),
  output: benchmarkTableSchema,
  positionals: ['systems'],
  examples: [
    'benchmark vae dkf vrnn --dataset librispeech --split test --limit 50',
    'benchmark vae vrnn@4000 baseline:opus:12 --dataset librispeech --against vae --name first',
    'benchmark srnn srnn+sample srnn+own --dataset librispeech --limit 20',
    'benchmark --name first --format latex',
  ],
  partlyFailed: failedInPart,
});

export const benchmarksShow = defineCommand({
  name: 'benchmarks show',
  readOnly: true,
  summary: 'Show a benchmark that is kept, as far as it is judged',
  input: z.strictObject({ benchmark: which, ...given }),
  output: benchmarkTableSchema,
  positionals: ['benchmark'],
  examples: ['benchmarks show first', 'benchmarks show first --out table.tex'],
});

export const benchmarksList = defineCommand({
  name: 'benchmarks list',
  readOnly: true,
  summary: 'List the benchmarks that are kept',
  input: z.strictObject({}),
  output: z.strictObject({ benchmarks: z.array(benchmarkSummarySchema) }),
});

export const benchmarksSave = defineCommand({
  name: 'benchmarks save',
  summary: 'Keep a benchmark under a name, or change one; nothing is judged',
  input: z.strictObject({
    systems,
    name: z.string().trim().min(1).max(80).meta({ title: 'Name' }),
    benchmark: z.string().min(1).optional().meta({
      title: 'Id',
      help: 'Of the one that is changed, where its name changes too; else the name says which.',
    }),
    ...choice,
    dataset: z.string().min(1).meta({ title: 'Dataset' }),
  }),
  output: benchmarkSummarySchema,
  positionals: ['systems'],
  examples: ['benchmarks save vae vrnn --name first --dataset librispeech --limit 50'],
});

export const benchmarksDelete = defineCommand({
  name: 'benchmarks delete',
  summary: 'Forget a benchmark; its evaluations stay',
  input: z.strictObject({ benchmark: which }),
  output: benchmarkSummarySchema.meta({ help: 'As it was: `benchmarks save` keeps it again.' }),
  positionals: ['benchmark'],
});
