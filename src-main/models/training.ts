import { z } from 'zod';

/**
 * Settings of a training run, the same for every family. One schema is validation, defaults, flags, help and form; what is
 * seldom changed is `advanced` there.
 * Counts of steps are optimiser steps; an epoch is one pass over the full batches of the training split.
 */
export const trainingSchema = z.strictObject({
  epochs: z.int().min(1).max(100_000).default(100).meta({
    title: 'Epochs',
    unit: 'epochs',
    help: 'Passes over the training split. A run can be extended afterwards.',
  }),
  batchSize: z.int().min(1).max(4096).default(64).meta({
    title: 'Batch size',
    unit: 'clips',
    help: 'Clips of one step. The last, partial batch of an epoch is left out in training and masked in evaluation.',
  }),
  learningRate: z.number().positive().max(1).default(5e-4).meta({
    title: 'Learning rate',
    help: 'Adam step size before the schedule and after its warm-up.',
  }),
  schedule: z.enum(['constant', 'cosine', 'step']).default('constant').meta({
    title: 'Learning-rate schedule',
    help: 'constant; cosine: falls to 0 at the last step; step: multiplied by stepDecay every stepEveryEpochs.',
  }),
  warmupSteps: z.int().min(0).max(1_000_000).default(0).meta({
    title: 'Learning-rate warm-up',
    advanced: true,
    unit: 'steps',
    help: 'The rate rises linearly from 0 over this many steps; 0 starts at the full rate.',
  }),
  stepEveryEpochs: z.int().min(1).max(100_000).default(50).meta({
    title: 'Epochs between steps of the rate',
    advanced: true,
    unit: 'epochs',
    help: 'Only with schedule=step.',
  }),
  stepDecay: z.number().positive().max(1).default(0.5).meta({
    title: 'Factor of each step of the rate',
    advanced: true,
    help: 'Only with schedule=step.',
  }),
  adamBeta1: z.number().min(0).lt(1).default(0.9).meta({
    title: 'Adam beta 1',
    advanced: true,
    help: 'Decay of the running mean of gradients: 0.9 looks back over some ten steps.',
  }),
  adamBeta2: z.number().min(0).lt(1).default(0.999).meta({
    title: 'Adam beta 2',
    advanced: true,
    help: 'Decay of the running mean of squared gradients: 0.999 looks back over some thousand steps.',
  }),
  adamEpsilon: z.number().positive().max(1).default(1e-7).meta({
    title: 'Adam epsilon',
    advanced: true,
    help: 'Added to the root of the second moment; 1e-7 as in Keras.',
  }),
  clipNorm: z.number().min(0).default(0).meta({
    title: 'Gradient clipping',
    advanced: true,
    help: 'Largest norm of all gradients together; larger ones are scaled down to it. 0 switches it off.',
  }),
  beta: z.number().min(0).max(1e6).default(1).meta({
    title: 'Weight of the KL term',
    help: 'beta of the beta-VAE, after its warm-up; 0 trains a plain autoencoder with noise.',
  }),
  betaWarmupEpochs: z.number().min(0).max(100_000).default(0).meta({
    title: 'Warm-up of beta',
    unit: 'epochs',
    help: 'beta rises linearly from 0 over this many epochs; 0 starts at the full weight.',
  }),
  freeBits: z.number().min(0).max(100).default(0).meta({
    title: 'Free bits',
    unit: 'nats per latent dimension',
    help: 'The KL of a dimension, averaged over the batch, costs nothing below this floor (Kingma et al. 2016).',
  }),
  earlyStoppingPatience: z.int().min(0).max(100_000).default(0).meta({
    title: 'Early stopping',
    unit: 'validations',
    help: 'Stops after this many validations without a better total loss; 0 switches it off.',
  }),
  validateEveryEpochs: z.int().min(1).max(100_000).default(1).meta({
    title: 'Epochs between validations',
    advanced: true,
    unit: 'epochs',
    help: 'A validation measures the losses on recordings that are not trained on, and chooses the best checkpoint.',
  }),
  checkpointEverySteps: z.int().min(0).max(10_000_000).default(0).meta({
    title: 'Steps between checkpoints',
    advanced: true,
    unit: 'steps',
    help: 'Beside those at the end of an epoch (when the last is 10 s old) and every minute within one; 0 writes only those.',
  }),
  keepEveryEpochs: z.int().min(0).max(100_000).default(0).meta({
    title: 'Keep every Nth checkpoint',
    advanced: true,
    unit: 'epochs',
    help: 'Best, last and the one before it are kept anyway; 0 keeps no others. Kept epochs always get one.',
  }),
  diskBudgetMb: z.number().min(0).max(1e9).default(0).meta({
    title: 'Disk for checkpoints',
    advanced: true,
    unit: 'MB',
    help: 'Oldest kept checkpoints are deleted above this, never the best and the last; 0 sets no limit.',
  }),
  clips: z.int().min(0).max(64).default(4).meta({
    title: 'Clips to listen to',
    unit: 'clips',
    help: 'Recordings of the validation split, spread over labels and speakers, that are decoded while the model trains; all are kept. 0 keeps none.',
  }),
  clipsEveryEpochs: z.int().min(0).max(100_000).default(1).meta({
    title: 'Epochs between clips',
    advanced: true,
    unit: 'epochs',
    help: 'How often those clips are decoded; 0 never decodes them.',
  }),
  seed: z.int().min(0).max(2_147_483_647).default(0).meta({
    title: 'Seed',
    help: 'Of the initial weights, the order of the clips and the noise.',
  }),
});

/** The same for models whose loss has no KL term: what weighs one is nothing to set. */
export const trainingWithoutKlSchema = trainingSchema.extend(
  Object.fromEntries(
    (['beta', 'betaWarmupEpochs', 'freeBits'] as const).map((name) => {
      const setting = trainingSchema.shape[name];
      return [name, setting.meta({ ...setting.meta(), hidden: true })];
    }),
  ),
);

export type TrainingConfig = z.output<typeof trainingSchema>;
