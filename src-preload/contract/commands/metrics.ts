import { z } from 'zod';
import { defineCommand } from '../command.ts';

const figure = () => z.number().nullable();

/** Every metric of a pair of sounds, in the order in which they are shown. Names end in their unit. */
export const soundMetricKeys = [
  'pesq_nb',
  'pesq_nb_raw',
  'pesq_wb',
  'stoi',
  'estoi',
  'si_sdr_db',
  'snr_db',
  'seg_snr_db',
  'rmse',
  'rmse_normalised',
  'lsd_db',
  'mcd_db',
  'mcd_dtw_db',
  'f0_rmse_cents',
  'f0_rmse_hz',
  'voicing_error',
] as const;
export type SoundMetricKey = (typeof soundMetricKeys)[number];

/** What bounds the likelihood of a recording under a model, from below. */
export const boundKeys = ['elbo_nats', 'iwae_nats'] as const;
export type BoundKey = (typeof boundKeys)[number];

/** Draws from the posterior of each clip that its bounds are reckoned from. */
export const boundDraws = 64;

export const isBound = (key: string): key is BoundKey => (boundKeys as readonly string[]).includes(key);

/** Every metric of an evaluation. */
export const metricKeys = [...soundMetricKeys, ...boundKeys] as const;
export const metricKeySchema = z.enum(metricKeys);
export type MetricKey = z.output<typeof metricKeySchema>;

/** By key; null where `reasons` says why, absent where it was not asked for. */
export const figuresSchema = z.partialRecord(metricKeySchema, figure());
/** By key, why there is no figure. */
export const reasonsSchema = z.record(z.string(), z.string());

/** What every metric says of one pair; null where `reasons` says why. */
const figures = {
  pesq_nb: figure(),
  pesq_nb_raw: figure(),
  pesq_wb: figure(),
  stoi: figure(),
  estoi: figure(),
  si_sdr_db: figure(),
  snr_db: figure(),
  seg_snr_db: figure(),
  rmse: figure(),
  rmse_normalised: figure(),
  lsd_db: figure(),
  mcd_db: figure(),
  mcd_dtw_db: figure(),
  f0_rmse_cents: figure(),
  f0_rmse_hz: figure(),
  voicing_error: figure(),
  /** By how much the degraded sound is late as given, whether that was taken out or not. */
  lag_samples: figure(),
  /** By how much it is louder than the reference in what they share, likewise. */
  gain_db: figure(),
  reasons: reasonsSchema,
} satisfies Record<SoundMetricKey, z.ZodType> & Record<string, z.ZodType>;
export const pairFiguresSchema = z.strictObject(figures);
export type PairFiguresOutput = z.output<typeof pairFiguresSchema>;

export const folderFiguresSchema = z.strictObject({
  pairs: z.array(z.strictObject({ name: z.string(), ...figures })),
  /** By key: over how many pairs, and their mean and median; null of none. */
  summary: z.record(
    z.string(),
    z.strictObject({ n: z.int(), mean: z.number().nullable(), median: z.number().nullable() }),
  ),
  /** Names without a partner, by the side that has them. */
  unpaired: z.strictObject({ reference: z.array(z.string()), degraded: z.array(z.string()) }),
});

export const metricsCommand = defineCommand({
  name: 'metrics',
  readOnly: true,
  summary: 'Measure one sound against another: PESQ, STOI, ESTOI, SI-SDR and the rest',
  details:
    'Two files, or two folders whose files pair by name. Files are judged as they are, so that figures equal those of the reference tools: the lag and the gain between them are reported, and taken out only where --align and --match-gain say so. Two lengths are cut to the shorter unless --no-trim; no rate is ever changed. What cannot be judged is null with its reason, never a number.',
  input: z.strictObject({
    reference: z
      .string()
      .min(1)
      .meta({ title: 'Reference', path: true, placeholder: 'REF', help: 'A file or a folder.' }),
    degraded: z
      .string()
      .min(1)
      .meta({ title: 'Degraded', path: true, placeholder: 'DEG', help: 'A file or a folder.' }),
    align: z.enum(['off', 'integer', 'subsample']).default('off').meta({
      title: 'Alignment',
      help: 'Takes out a lag of up to 0.1 s before measuring: by whole samples, or between samples too.',
    }),
    trim: z.boolean().default(true).meta({
      title: 'Trim',
      help: 'Cuts both to the shorter; without it most metrics have no answer to two lengths.',
    }),
    matchGain: z.boolean().default(false).meta({
      title: 'Match the gain',
      help: 'Takes the gain against the reference out before measuring, by least squares.',
    }),
  }),
  output: z.union([pairFiguresSchema, folderFiguresSchema]),
  positionals: ['reference', 'degraded'],
  examples: ['metrics clean.wav decoded.wav --json', 'metrics originals/ decoded/ --align subsample'],
});

export const metricsList = defineCommand({
  name: 'evaluations metrics',
  readOnly: true,
  summary: 'List the metrics: variant, unit, range, direction, valid rates and source of each',
  input: z.strictObject({}),
  output: z.strictObject({
    metrics: z.array(
      z.strictObject({
        key: metricKeySchema,
        title: z.string(),
        variant: z.string(),
        unit: z.string(),
        range: z.tuple([z.number().nullable(), z.number().nullable()]),
        better: z.enum(['higher', 'lower']),
        ratesHz: z.array(z.int()).nullable(),
        source: z.string(),
      }),
    ),
  }),
});
export type MetricFacts = z.output<typeof metricsList.output>['metrics'][number];
