import { z } from 'zod';
import { defineCommand } from '../command.ts';
import { modelKindSchema } from '../model-kinds.ts';

const count = z.int().nonnegative();
const counts = { trainable: count, nonTrainable: count, total: count };

/** The paper that a model is after. */
export const paperReferenceSchema = z.strictObject({
  /** Number of the project's document, e.g. '002'. */
  document: z.string(),
  title: z.string(),
  authors: z.string(),
  year: z.int(),
  /** Section, figure or equation that describes this model. */
  section: z.string().optional(),
  url: z.string().optional(),
});

/** Where a preset is not as its paper, with the reason. */
export const deviationSchema = z.strictObject({
  setting: z.string().min(1),
  paper: z.string().min(1),
  ours: z.string().min(1),
  why: z.string().min(1),
});

/** One preset as it is listed: what it is, its settings, how many numbers it has, and where it leaves its paper. */
export const modelListing = z.strictObject({
  preset: z.string(),
  title: z.string(),
  family: z.string(),
  kind: modelKindSchema.meta({ help: 'What one code is of.' }),
  summary: z.string(),
  paper: paperReferenceSchema.optional(),
  deviations: z.array(deviationSchema),
  inputShape: z.array(z.int()).meta({ help: 'Of one clip: bins, frames, channels.' }),
  samples: z.enum(['codes', 'indices']).nullable().meta({
    help: 'Of a sampler: what it models of the run that its setting `base` names, any codes or only those of quantisers. Its counts are on a usual base.',
  }),
  parameters: z.strictObject({
    ...counts,
    layers: z.array(z.strictObject({ layer: z.string(), ...counts })),
  }),
  dynamical: z
    .strictObject({
      name: z.string().meta({ help: 'As papers/004 calls it.' }),
      autoregressive: z.boolean().meta({ help: 'A frame is generated from the frames before it.' }),
      truePosterior: z.boolean().meta({ help: 'Inference has the dependencies of the true posterior.' }),
      dynamicalLatent: z.boolean().meta({ help: 'The prior of a latent depends on what was before it.' }),
      generationOfZ: z.string(),
      generationOfX: z.string(),
    })
    .optional()
    .meta({
      help: 'Of a dynamical VAE: the columns of the table of papers/004, and the factors of its generation.',
    }),
  bitrate: z
    .strictObject({
      codeNumbers: count,
      bitsPerCodeNumber: z.number(),
      sideNumbers: count,
      bitsPerSideNumber: count,
      bitsPerClip: z.number(),
      seconds: z.number(),
      secondsMeaning: z.enum(['padded', 'spoken']),
      bitsPerSecond: z.number(),
      kilobitsPerSecond: z.number(),
    })
    .nullable()
    .meta({ help: 'Null for a model whose code alone does not give its output back.' }),
  bitrateClaim: z
    .strictObject({ statedKilobitsPerSecond: z.number(), explanation: z.string() })
    .optional()
    .meta({ help: "The paper's own figure where it does not follow from the paper's numbers." }),
  model: z.record(z.string(), z.unknown()),
  training: z.record(z.string(), z.unknown()),
  features: z.record(z.string(), z.unknown()),
  settings: z
    .array(
      z.strictObject({
        setting: z.string(),
        value: z.string().meta({ help: 'As `train --set` takes it.' }),
        title: z.string(),
        unit: z.string().optional(),
        allowed: z.string().meta({ help: 'The values that are taken, in words.' }),
        help: z.string().optional(),
      }),
    )
    .meta({ help: 'Every setting that `train --set` takes.' }),
});

export const modelsCommand = defineCommand({
  name: 'models',
  readOnly: true,
  summary: 'List the model presets: size, paper, deviations from it, settings',
  input: z.strictObject({
    preset: z.string().min(1).optional().meta({ title: 'Preset', help: 'Show only this one, in full.' }),
  }),
  output: z.strictObject({ models: z.array(modelListing) }),
  examples: ['models', 'models --preset fsdd-vae-compact', 'models --preset fsdd-vae --json'],
});
