import { z } from 'zod';
import { defineCommand } from '../command.ts';

export const demoOutputSchema = z.strictObject({
  /** The finished page: one file, no network. */
  page: z.string(),
  address: z.string(),
  /** Whether a finished demo with these settings was found and nothing had to be done. */
  reused: z.boolean(),
  run: z.string(),
  dataset: z.string(),
  preset: z.string(),
  epochs: z.int(),
  trainedSec: z.number(),
  validationMse: z.number().nullable(),
  clips: z.int(),
  samples: z.int(),
  notes: z.array(z.string()),
  next: z.array(z.string()),
});
export type DemoOutput = z.output<typeof demoOutputSchema>;

export const demo = defineCommand({
  name: 'demo',
  summary: 'From nothing to a page to hear: recordings, a few minutes of training, reconstructions',
  details:
    'Makes the sample corpus (or takes --data), trains for a few minutes, reconstructs test clips, draws samples, and writes one HTML page that needs no network. A finished demo with the same settings is shown again at once; an interrupted one goes on where it was.',
  input: z.strictObject({
    data: z.string().min(1).optional().meta({
      title: 'Folder of recordings',
      path: true,
      help: 'Instead of the sample corpus; it is read, never changed.',
      placeholder: 'DIR',
    }),
    out: z.string().min(1).optional().meta({
      title: 'Folder for the page',
      path: true,
      help: 'Without it, demo in the data folder.',
      placeholder: 'DIR',
    }),
    minutes: z.number().min(0.01).max(600).default(2.5).meta({
      title: 'Time to train',
      unit: 'min',
      help: 'The number of epochs follows from the measured time of a step.',
    }),
    preset: z.string().min(1).default('fsdd-vae-compact-8k').meta({
      title: 'Model preset',
      help: '`models` lists them.',
    }),
    set: z.record(z.string(), z.string()).default({}).meta({
      title: 'Other settings',
      help: 'As `train --set` takes them: filters=16,32.',
    }),
    clips: z.int().min(1).max(48).default(6).meta({ title: 'Test clips to reconstruct', unit: 'clips' }),
    samples: z.int().min(1).max(48).default(6).meta({ title: 'Clips to draw from the prior', unit: 'clips' }),
    seed: z.int().min(0).max(2_147_483_647).default(0).meta({ title: 'Seed' }),
    again: z.boolean().default(false).meta({
      title: 'Again',
      help: 'Train anew even where a finished demo with the same settings is there.',
    }),
  }),
  output: demoOutputSchema,
  examples: ['demo', 'demo --minutes 5', 'demo --data recordings --preset fsdd-vae-compact'],
});
