import { z } from 'zod';
import { anyNumber, uint8Array } from '../binary.ts';
import { defineCommand } from '../command.ts';
import { backendChoiceSchema } from './doctor.ts';
import { codeChoiceSchema } from './reconstruct.ts';
import { liveProgressSchema } from './runs-live.ts';

const which = z
  .string()
  .min(1)
  .meta({ title: 'Run', help: 'Name or id of the run, or the beginning of its id.' });

const settings = z.record(z.string(), z.string()).default({}).meta({
  title: 'Settings',
  help: 'key=value, as often as needed: --set filters=32,64 --set learningRate=0.001. `models --preset P` lists them.',
  placeholder: 'KEY=VALUE',
});

const epochs = z.int().min(1).max(100_000);
const seed = z.int().min(0).max(2_147_483_647);

const engine = {
  backend: backendChoiceSchema
    .optional()
    .meta({ title: 'Backend', help: 'The best one that is here if left out.' }),
  device: z.string().min(1).optional().meta({ title: 'Device', help: 'cpu, gpu, gpu:1, or software.' }),
  threads: z.int().min(1).max(1024).optional().meta({ title: 'Threads', help: 'Inside one operation.' }),
};

const detach = z.boolean().default(false).meta({
  title: 'In the background',
  help: 'Return once training has begun; it goes on when this terminal is closed. Stop it with: runs stop.',
});

const queue = z.boolean().default(false).meta({
  title: 'Queue',
  help: 'Return at once; it trains when those before it in the queue have ended.',
});

const checkpointChoice = z
  .union([z.enum(['best', 'last']), z.int().min(0)])
  .meta({ title: 'Checkpoint', help: 'best, last, or a step.' });

const best = z
  .strictObject({ step: z.int(), epoch: z.int(), value: z.number(), split: z.string() })
  .nullable()
  .meta({
    help: 'The lowest total loss of a validation; where the dataset has no such split, of an epoch of training.',
  });

/** Where a run stands when a command that trains returns. */
export const trainedSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  steps: z.int(),
  epoch: z.int().meta({ help: 'Epochs done.' }),
  epochs: z.int().meta({ help: 'Epochs to do.' }),
  bestValidation: best,
  checkpoint: z.string().nullable().meta({ help: 'The tensors of the last checkpoint.' }),
  folder: z.string(),
  notes: z.array(z.string()),
  elapsedSec: z.number().meta({ unit: 's' }),
});

export const train = defineCommand({
  name: 'train',
  summary: 'Train a model on a dataset; Ctrl-C saves and stops, `runs resume` goes on',
  input: z.strictObject({
    dataset: z.string().min(1).meta({ title: 'Dataset', help: 'Name or id of the dataset.' }),
    preset: z.string().min(1).meta({ title: 'Model preset', help: '`models` lists them.' }),
    set: settings,
    epochs: epochs
      .optional()
      .meta({ title: 'Epochs', unit: 'epochs', help: "The preset's number if left out." }),
    seed: seed
      .optional()
      .meta({ title: 'Seed', help: 'Of the initial weights, the order of clips and the noise.' }),
    name: z
      .string()
      .optional()
      .meta({ title: 'Name', help: 'Of the run; made from the preset if left out.' }),
    ...engine,
    detach,
    queue,
  }),
  output: trainedSchema,
  examples: [
    'train --dataset fsdd --preset fsdd-vae-compact --epochs 20',
    'train --dataset fsdd --preset fsdd-vae-compact --set filters=32,64 --set beta=0.5 --seed 3 --name small',
  ],
});

/** One run in a list. */
export const runSummarySchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  preset: z.string(),
  dataset: z.string(),
  step: z.int(),
  epoch: z.int(),
  epochs: z.int(),
  bestValidation: best,
  createdMs: z.number(),
  updatedMs: z.number(),
  pid: z.int().nullable().meta({ help: 'The process that trains it now.' }),
  queuePlace: z
    .int()
    .nullable()
    .meta({ help: 'Its place in the queue, 1 being next; null where it is in none.' }),
  notes: z.string(),
  tags: z.array(z.string()),
  colour: z.string().nullable(),
  progress: liveProgressSchema.nullable().meta({ help: 'Of a run that trains now.' }),
});
export type RunSummary = z.output<typeof runSummarySchema>;

export const runsList = defineCommand({
  name: 'runs list',
  readOnly: true,
  summary: 'List the runs: their state, progress and best validation',
  input: z.strictObject({}),
  output: z.strictObject({
    runs: z.array(runSummarySchema),
    damaged: z.array(z.strictObject({ run: z.string(), message: z.string(), remedy: z.string() })),
  }),
  examples: ['runs list', 'runs list --json'],
});

const values = z.record(z.string(), anyNumber());
const measured = z.strictObject({ step: z.int(), epoch: z.int(), values }).nullable();
const setting = z.strictObject({
  setting: z.string(),
  preset: z.unknown(),
  chosen: z.unknown(),
  derived: z.boolean(),
});

export const runsShow = defineCommand({
  name: 'runs show',
  readOnly: true,
  summary:
    'Show one run: state, configuration, what differs from the preset and the paper, losses, checkpoints',
  input: z.strictObject({ run: which }),
  output: runSummarySchema.extend({
    folder: z.string(),
    log: z.string(),
    remarks: z.array(z.string()).meta({ help: 'What should be known of its last start.' }),
    error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
    config: z.strictObject({
      family: z.string(),
      preset: z.string(),
      model: z.record(z.string(), z.unknown()),
      features: z.record(z.string(), z.unknown()),
      training: z.record(z.string(), z.unknown()),
    }),
    codeChoices: z.array(codeChoiceSchema).meta({
      help: 'Which of these mean anything when it reconstructs or is evaluated.',
    }),
    /** Settings that are not as the preset has them. */
    differences: z.array(setting),
    /** Where the preset does not do as its paper. */
    deviations: z.array(
      z.strictObject({ setting: z.string(), paper: z.string(), ours: z.string(), why: z.string() }),
    ),
    source: z.strictObject({ id: z.string(), name: z.string(), folder: z.string(), splitHash: z.string() }),
    environment: z.record(z.string(), z.unknown()).nullable(),
    parent: z.strictObject({ run: z.string(), name: z.string(), step: z.int() }).nullable(),
    extensions: z.array(z.strictObject({ atMs: z.number(), fromEpochs: z.int(), toEpochs: z.int() })),
    metrics: z.strictObject({
      train: measured,
      validation: measured,
      bestValidation: measured,
      segments: z.int(),
    }),
    checkpoints: z.array(
      z.strictObject({
        step: z.int(),
        epoch: z.int().nullable(),
        bytes: z.int().meta({ unit: 'bytes' }),
        savedMs: z.number().nullable(),
        best: z.boolean(),
        last: z.boolean(),
        readable: z
          .boolean()
          .meta({ help: 'Whether its record can be read; its tensors are checked when it is used.' }),
      }),
    ),
  }),
  positionals: ['run'],
  examples: ['runs show fsdd-vae-compact', 'runs show small --json'],
});

export const runsResume = defineCommand({
  name: 'runs resume',
  summary: 'Go on with a run that is paused, stopped, failed or interrupted, from its last checkpoint',
  input: z.strictObject({ run: which, ...engine, detach, queue }),
  output: trainedSchema,
  positionals: ['run'],
  examples: ['runs resume small'],
});

export const runsExtend = defineCommand({
  name: 'runs extend',
  summary: 'Train a run for more epochs; one that trains now just goes on for longer',
  input: z.strictObject({
    run: which,
    epochs: epochs.meta({ title: 'Epochs to add', unit: 'epochs' }),
    detach,
    queue,
  }),
  output: trainedSchema,
  positionals: ['run'],
  examples: ['runs extend small --epochs 10'],
});

export const runsFork = defineCommand({
  name: 'runs fork',
  summary: 'Start a new run from a checkpoint of another, with other settings where the shapes stay',
  input: z.strictObject({
    run: which,
    checkpoint: checkpointChoice.default('last'),
    set: settings,
    epochs: epochs.optional().meta({
      title: 'Epochs to train',
      unit: 'epochs',
      help: 'After the checkpoint; what the first run has left if left out.',
    }),
    seed: seed.optional().meta({ title: 'Seed', help: 'Of the order of clips and the noise from here on.' }),
    name: z
      .string()
      .optional()
      .meta({ title: 'Name', help: "Of the new run; made from the first one's if left out." }),
    ...engine,
    detach,
    queue,
  }),
  output: trainedSchema,
  positionals: ['run'],
  examples: ['runs fork small --checkpoint best --set learningRate=0.0001 --epochs 10 --name small-slow'],
});

/** What a command that only tells a live trainer something gives back. */
const toldSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  state: z.string(),
  step: z.int(),
  checkpoint: z.string().nullable(),
});

export const runsPause = defineCommand({
  name: 'runs pause',
  summary: 'Pause a run before its next step; it keeps its memory and goes on with runs resume',
  input: z.strictObject({ run: which }),
  output: toldSchema,
  positionals: ['run'],
});

export const runsStop = defineCommand({
  name: 'runs stop',
  summary: 'Stop a run before its next step, with a checkpoint',
  input: z.strictObject({ run: which }),
  output: toldSchema,
  positionals: ['run'],
});

export const runsDelete = defineCommand({
  name: 'runs delete',
  summary: 'Delete a run with its checkpoints and metrics',
  input: z.strictObject({ run: which }),
  output: z.strictObject({
    deleted: z.string(),
    name: z.string(),
    freedBytes: z.int().meta({ unit: 'bytes' }),
  }),
  positionals: ['run'],
});

const weightsFormatSchema = z.enum(['safetensors', 'npz']);
export type WeightsFormat = z.output<typeof weightsFormatSchema>;

export const runsExport = defineCommand({
  name: 'runs export',
  summary:
    'Copy a model out: a folder with all that going on takes, or its weights as one file for other programs',
  details:
    "A folder gets the checkpoint (safetensors and JSON), the curves (CSV) and the configuration. safetensors and npz are the model's arrays alone, float32, under its own names: those of the published code's state_dict for the models of papers/004, so that `safetensors.torch.load_file` or `numpy.load` gives what its `load_state_dict` takes.",
  input: z.strictObject({
    run: which,
    out: z.string().min(1).meta({
      title: 'Folder or file',
      help: 'A folder is made if it is not there, and must be empty; a file must not be there.',
      path: true,
      placeholder: 'DIR|FILE',
    }),
    format: z
      .enum(['folder', ...weightsFormatSchema.options])
      .default('folder')
      .meta({
        title: 'Format',
        help: 'folder: to go on with Resynth; safetensors, npz: the weights for other programs.',
      }),
    checkpoint: checkpointChoice.default('best'),
  }),
  output: z.strictObject({
    run: z.string(),
    name: z.string(),
    step: z.int(),
    folder: z.string(),
    files: z.array(z.string()),
    notes: z.array(z.string()),
  }),
  positionals: ['run'],
  examples: [
    'runs export small --out small-export',
    'runs export vrnn --format safetensors --out vrnn.safetensors',
    'runs export vrnn --checkpoint last --format npz --out vrnn.npz',
  ],
});

export const runsWeights = defineCommand({
  name: 'runs weights',
  readOnly: true,
  summary: 'The weights of a run as one file for other programs',
  audience: 'window',
  input: z.strictObject({
    run: which,
    format: weightsFormatSchema,
    checkpoint: checkpointChoice.default('best'),
  }),
  output: z.strictObject({
    fileName: z.string(),
    step: z.int(),
    bytes: uint8Array(),
    notes: z.array(z.string()),
  }),
});
