import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { deviationSchema, paperReferenceSchema } from './models.ts';
import { soundSchema, spectrogramPictureSchema, splitSchema } from './recordings.ts';

const preset = z.string().min(1).meta({ title: 'Model preset', help: '`models` lists them.' });
const set = z.record(z.string(), z.string()).default({}).meta({
  title: 'Settings',
  help: 'key=value as `train --set` takes them.',
  placeholder: 'KEY=VALUE',
});
const dataset = z.string().min(1).meta({ title: 'Dataset', help: 'Name or id of the dataset.' });

/** One field of the form, drawn from the schema of the family. */
export const formFieldSchema = z.strictObject({
  /** 'model.latentDim', as `--set` takes it. */
  setting: z.string(),
  section: z.enum(['model', 'training', 'features']),
  title: z.string(),
  help: z.string().nullable(),
  unit: z.string().nullable(),
  kind: z.enum(['number', 'integer', 'boolean', 'choice', 'numbers', 'text']),
  /** Choices of a 'choice'. */
  choices: z.array(z.string()),
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  /** The values that are taken, in words. */
  allowed: z.string(),
  optional: z.boolean().meta({ help: 'May be left empty.' }),
  /** The preset's, as `--set` takes it. */
  preset: z.string(),
  /** With the settings that were given; a derived one follows from another. */
  value: z.string(),
  derived: z.boolean(),
  /** Where the preset is not as its paper. */
  deviation: deviationSchema.nullable(),
  /** Seldom changed: behind "more". */
  advanced: z.boolean(),
});
export type FormField = z.output<typeof formFieldSchema>;

export const trainForm = defineCommand({
  name: 'train form',
  readOnly: true,
  summary: 'The settings of a preset as a form: titles, units, ranges, help, the value of the paper',
  audience: 'window',
  input: z.strictObject({ preset, set }),
  output: z.strictObject({
    preset: z.string(),
    title: z.string(),
    family: z.string(),
    summary: z.string(),
    paper: paperReferenceSchema.nullable(),
    fields: z.array(formFieldSchema),
    /** Settings that are refused, each with its reason; the rest of the answer is then without them. */
    problems: z.array(z.strictObject({ setting: z.string(), message: z.string(), remedy: z.string() })),
    parameters: z.strictObject({ trainable: z.int(), nonTrainable: z.int(), total: z.int() }),
    inputShape: z.array(z.int()),
    kilobitsPerSecond: z.number().nullable(),
    /** Weights, moments and activations of a step: an estimate from shapes. */
    memoryBytes: z.number(),
  }),
});

/** Measured, not guessed: the model is compiled and a few steps are run on the device that would train. */
export const trainEstimate = defineCommand({
  name: 'train estimate',
  summary: 'Measure what a step of a model costs here, and what an epoch of a dataset would take',
  input: z.strictObject({
    dataset,
    preset,
    set,
    steps: z.int().min(1).max(50).default(3).meta({ title: 'Steps to measure' }),
  }),
  output: z.strictObject({
    device: z.string(),
    deviceName: z.string(),
    mode: z.string(),
    parameters: z.int(),
    clips: z.int(),
    stepsPerEpoch: z.int(),
    compileSec: z.number().meta({ unit: 's' }),
    stepMs: z.number().meta({ unit: 'ms' }),
    stepMsRange: z.tuple([z.number(), z.number()]).meta({ help: 'Fastest and slowest of those measured.' }),
    epochSec: z.number().meta({ unit: 's' }),
    epochs: z.int(),
    totalSec: z.number().meta({ unit: 's' }),
    peakMemoryBytes: z.number(),
    notes: z.array(z.string()),
  }),
  examples: ['train estimate --dataset fsdd --preset fsdd-vae-compact'],
});

/** What the model will see of a recording, and the best that could come back: the ceiling, made without a model. */
export const trainPreview = defineCommand({
  name: 'train preview',
  readOnly: true,
  summary:
    'What a model will be given of a recording, and the ceiling: preprocessed and inverted without a model',
  audience: 'window',
  input: z.strictObject({
    dataset,
    preset,
    set,
    recording: z.string().optional().meta({ title: 'Recording', help: 'By default the first of the split.' }),
    split: splitSchema.default('train').meta({ title: 'Split' }),
  }),
  output: z.strictObject({
    recording: z.string(),
    /** Ids around it, to step through. */
    previous: z.string().nullable(),
    next: z.string().nullable(),
    /** Seconds of the recording that the clip leaves out, and of padding in it. */
    cutSec: z.number(),
    paddedSec: z.number(),
    original: z.strictObject({ sound: soundSchema, picture: spectrogramPictureSchema }),
    ceiling: z.strictObject({ sound: soundSchema, picture: spectrogramPictureSchema, method: z.string() }),
    notes: z.array(z.string()),
  }),
});
