import { z } from 'zod';
import { controlCommandSchema } from './control.ts';
import { bestSchema, runStateSchema, runStatusSchema } from './run-status.ts';

/** What the host tells its trainer. */
export const toTrainerSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('start'),
    /** The run folder. */
    folder: z.string(),
    /** The data folder. */
    home: z.string(),
    /** A detached trainer goes on when its host is gone; any other stops and saves. */
    detached: z.boolean(),
    /** Epochs to add before it goes on. */
    extendEpochs: z.int().min(1).nullable(),
  }),
  z.strictObject({ type: z.literal('control'), control: controlCommandSchema }),
]);

export type ToTrainer = z.output<typeof toTrainerSchema>;

// The codec brings a diverged loss as it is, but zod's number refuses what is not finite.
const anyNumber = z.custom<number>((value) => typeof value === 'number');

export const trainingProgressEventSchema = z.strictObject({
  phase: z.enum(['training', 'validation']),
  step: z.int(),
  steps: z.int(),
  epoch: z.int(),
  epochs: z.int(),
  values: z.record(z.string(), anyNumber),
  msPerStep: z.number(),
  clipsPerSec: z.number(),
  /** Null until a step was measured. */
  etaSec: z.number().nullable(),
  /** Tensors alive in the trainer: it must not grow. */
  tensors: z.int(),
  rssBytes: z.int(),
  /** Share of the time of steps that reading their batches took. */
  feedingShare: z.number(),
});

export type TrainingProgressEvent = z.output<typeof trainingProgressEventSchema>;

export const trainerEndSchema = z.strictObject({
  type: z.literal('end'),
  state: z.enum(['finished', 'stopped', 'failed']),
  reason: z.string(),
  error: runStatusSchema.shape.error,
  step: z.int(),
  epoch: z.int(),
  best: bestSchema.nullable(),
  lastCheckpoint: z.int().nullable(),
});

export type TrainerEnd = z.output<typeof trainerEndSchema>;

/** What a trainer tells its host. */
export const fromTrainerSchema = z.discriminatedUnion('type', [
  /** It has the run's lock; from here on its files tell what it does. */
  z.strictObject({ type: z.literal('locked'), pid: z.int() }),
  /** Work before the first step: features, compiling. */
  z.strictObject({
    type: z.literal('preparing'),
    stage: z.string(),
    done: z.number().optional(),
    total: z.number().optional(),
    unit: z.enum(['files', 'bytes', 'steps', 'epochs', 'clips']).optional(),
    detail: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('state'), state: runStateSchema, reason: z.string().nullable() }),
  z.strictObject({ type: z.literal('note'), text: z.string() }),
  z.strictObject({ type: z.literal('progress'), progress: trainingProgressEventSchema }),
  z.strictObject({ type: z.literal('checkpoint'), step: z.int(), epoch: z.int() }),
  trainerEndSchema,
]);

export type FromTrainer = z.output<typeof fromTrainerSchema>;
