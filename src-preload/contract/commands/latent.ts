import { z } from 'zod';
import { anyNumber, float32Array, int32Array } from '../binary.ts';
import { defineCommand } from '../command.ts';
import { modelChoice, modelUsedSchema, stagesOption } from './reconstruct.ts';
import { soundSchema, spectrogramPictureSchema, splitSchema } from './recordings.ts';

/** What is asked of the codes of a run: which clips, through which weights. */
export const codesChoice = {
  ...modelChoice,
  split: z
    .enum([...splitSchema.options, 'all'])
    .default('validation')
    .meta({ title: 'Split', help: 'Whose clips are encoded; all three with `all`.' }),
};

/** Positions that the vectors of kept codes are averaged over; null where codes are whole. */
const averagedOver = z.int().nullable();

const errorsChoice = z.boolean().default(false).meta({
  title: 'Reconstruction errors',
  help: 'Decodes every clip too, for its mean squared error: takes some times as long the first time.',
});

/** What a file of codes was made from: its name in the cache is a hash of this. */
export const codesIdentitySchema = z.strictObject({
  run: z.string(),
  step: z.int(),
  /** sha256 of the checkpoint's tensors. */
  weights: z.string(),
  splitHash: z.string(),
});
export type CodesIdentity = z.output<typeof codesIdentitySchema>;

export const latentEncode = defineCommand({
  name: 'latent encode',
  summary: 'Encode the clips of a split: the mean of the posterior of each',
  details:
    'Codes are kept in the data folder by run, checkpoint and split hash, and are not computed again. Of discrete codes of more than 1,024 numbers a clip the mean over their positions is kept. With --out they are written as a NumPy file [clips, dimensions], float32, with the log variances beside it (x.log-variance.npy) and an index (x.index.csv): row, path, label, speaker, split, seconds, KL in nats.',
  input: z.strictObject({
    ...codesChoice,
    errors: errorsChoice,
    out: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'File for the codes', path: true, placeholder: 'FILE.npy' }),
  }),
  output: z.strictObject({
    model: modelUsedSchema,
    identity: codesIdentitySchema,
    split: z.string(),
    count: z.int(),
    latentDim: z.int(),
    averagedOver,
    /** Nothing had to be computed. */
    cached: z.boolean(),
    /** Written with `out`; none without. */
    files: z.array(z.string()),
  }),
  examples: ['latent encode --run my-run --split test --out codes.npy'],
});
export type LatentEncoded = z.output<typeof latentEncode.output>;

export const projectionMethodSchema = z.enum(['pca', 'tsne', 'umap']);
export type ProjectionMethod = z.output<typeof projectionMethodSchema>;

/** Settings of a projection; each method reads its own. */
export const projectionChoice = {
  method: projectionMethodSchema.default('pca').meta({
    title: 'Projection',
    help: 'pca: straight axes of most variance, exact. tsne: keeps neighbours together; distances between clusters mean little. umap: alike, faster on many clips.',
  }),
  seed: z.int().min(0).max(2_147_483_647).default(0).meta({
    title: 'Seed',
    help: 'Of t-SNE and UMAP: the same seed gives the same map. PCA draws nothing.',
  }),
  perplexity: z.number().min(2).max(200).optional().meta({
    title: 'Perplexity',
    help: 'Of t-SNE: how many neighbours each clip counts, softly. At most a third of the clips; 30 if left out, or that third.',
  }),
  iterations: z.int().min(50).max(5000).default(750).meta({
    title: 'Iterations',
    help: 'Of t-SNE: the first 250 pull clusters together.',
  }),
  neighbours: z.int().min(2).max(200).default(15).meta({
    title: 'Neighbours',
    help: 'Of UMAP: few show fine structure, many the large one.',
  }),
  minDist: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .meta({ title: 'Least distance', help: 'Of UMAP: how closely points may be packed.' }),
};

/** What is known of each clip of a map, in its order; columns, since there may be many thousands. */
export const latentPointsSchema = z.strictObject({
  recordings: z.array(z.string()),
  labels: z.array(z.string().nullable()),
  speakers: z.array(z.string().nullable()),
  splits: z.array(splitSchema),
  durationSec: float32Array(),
  /** KL of each posterior from the model's prior, in nats; of a mixture, its closed-form bound. */
  klNats: float32Array(),
  /** Mean squared error of each reconstruction; null where it was not asked for. */
  mse: float32Array().nullable(),
  /** The component of the prior that each clip belongs to most, counted from 1; null where the prior is no mixture. */
  component: int32Array().nullable(),
});
export type LatentPoints = z.output<typeof latentPointsSchema>;

export const latentMap = defineCommand({
  name: 'latent map',
  summary: 'A map in two dimensions of the codes of a split: PCA, t-SNE or UMAP',
  details:
    'The codes are the means of the posteriors; of discrete codes of more than 1,024 numbers a clip the mean over their positions. With --out a CSV is written: row, path, label, speaker, split, x, y, seconds, KL in nats. t-SNE is exact up to 1,000 clips and Barnes-Hut (theta 0.5) above, on the first 50 principal components; its divergence is given as it falls.',
  input: z.strictObject({
    ...codesChoice,
    ...projectionChoice,
    errors: errorsChoice,
    out: z
      .string()
      .min(1)
      .optional()
      .meta({ title: 'File for the map', path: true, placeholder: 'FILE.csv' }),
    watch: z.string().min(1).max(64).optional().meta({
      title: 'Name to watch',
      help: 'Layouts on the way are told as `latent layout` events of this name.',
    }),
  }),
  output: z.strictObject({
    model: modelUsedSchema,
    identity: codesIdentitySchema,
    dataset: z.strictObject({ id: z.string(), name: z.string() }),
    split: z.string(),
    method: projectionMethodSchema,
    latentDim: z.int(),
    averagedOver,
    cached: z.boolean(),
    points: latentPointsSchema,
    x: float32Array(),
    y: float32Array(),
    /** Share of the variance that each of the first principal components explains, most first; at most 50. */
    explained: z.array(z.number()),
    /** How the projection was computed, in words. */
    how: z.string(),
    /** t-SNE's Kullback-Leibler divergence in nats by iteration; empty for the others. */
    divergence: z.strictObject({ iterations: int32Array(), nats: float32Array() }),
    file: z.string().nullable(),
  }),
  examples: [
    'latent map --run my-run --method pca --out map.csv',
    'latent map --run my-run --split all --method tsne --perplexity 40 --seed 1 --out map.csv',
  ],
});
export type LatentMap = z.output<typeof latentMap.output>;

export const latentNeighbours = defineCommand({
  name: 'latent neighbours',
  readOnly: true,
  summary: 'The clips whose codes lie nearest to that of one clip',
  input: z.strictObject({
    ...codesChoice,
    recording: z.string().min(1).meta({ title: 'Clip', help: 'Its path in the dataset.' }),
    n: z.int().min(1).max(1000).default(10).meta({ title: 'How many' }),
  }),
  output: z.strictObject({
    recording: z.string(),
    /** Euclidean distances between means of posteriors, nearest first. */
    neighbours: z.array(
      z.strictObject({
        recording: z.string(),
        label: z.string().nullable(),
        speaker: z.string().nullable(),
        distance: z.number(),
      }),
    ),
  }),
  examples: ['latent neighbours --run my-run --split all --recording recordings/7_theo_1.wav'],
});

export const latentSeparation = defineCommand({
  name: 'latent separation',
  readOnly: true,
  summary: 'How far apart the classes lie in the codes: silhouette, and nearest neighbours leaving one out',
  details:
    'In the space of the codes itself, by Euclidean distance, not on the map. Of more than 4,000 clips a seeded 4,000 are taken, which is said.',
  input: z.strictObject({
    ...codesChoice,
    by: z.enum(['label', 'speaker']).default('label').meta({ title: 'Classes' }),
    k: z.int().min(1).max(50).default(5).meta({ title: 'Neighbours that vote' }),
  }),
  output: z.strictObject({
    by: z.enum(['label', 'speaker']),
    k: z.int(),
    /** Clips with a class that were counted, and how many there are in all. */
    counted: z.int(),
    of: z.int(),
    classes: z.int(),
    /** Mean silhouette over the clips, -1..1; a clip alone in its class counts 0 (Rousseeuw 1987). */
    silhouette: anyNumber(),
    /** Share of clips whose k nearest others vote for their class; a tie goes to the nearest. */
    knnAccuracy: anyNumber(),
    /** What always naming the largest class would reach. */
    chanceAccuracy: anyNumber(),
    perClass: z.array(
      z.strictObject({ name: z.string(), count: z.int(), silhouette: anyNumber(), knnAccuracy: anyNumber() }),
    ),
  }),
  examples: ['latent separation --run my-run --split test --by speaker'],
});
export type LatentSeparation = z.output<typeof latentSeparation.output>;

/** One clip of a map as sound and picture: as it was recorded, without a model, or through this checkpoint. */
export const latentClip = defineCommand({
  name: 'latent clip',
  readOnly: true,
  summary: 'One recording of the dataset of a run: original, ceiling, or through a checkpoint',
  audience: 'window',
  input: z.strictObject({
    ...modelChoice,
    recording: z.string().min(1).meta({ title: 'Clip' }),
    kind: z.enum(['original', 'ceiling', 'reconstruction']).meta({ title: 'What to hear' }),
    stages: stagesOption,
    sound: z.boolean().default(true).meta({ title: 'Sound', help: 'Without it, the picture alone.' }),
  }),
  output: z.strictObject({
    run: z.string(),
    recording: z.string(),
    kind: z.string(),
    step: z.int().nullable(),
    label: z.string(),
    sound: soundSchema.nullable(),
    picture: spectrogramPictureSchema,
  }),
});

/** What a run's model can do with its codes; a reason in words where it cannot. */
export const latentAbilities = defineCommand({
  name: 'latent abilities',
  readOnly: true,
  summary: 'What can be done with the codes of a trained model',
  input: z.strictObject(modelChoice),
  output: z.strictObject({
    model: modelUsedSchema,
    latentDim: z.int(),
    /** Null where it can be done, else why not. */
    encode: z.string().nullable(),
    prior: z.string().nullable(),
    classMeans: z.string().nullable(),
    interpolate: z.string().nullable(),
    components: z.string().nullable(),
    /** Of a prior that is a mixture; null of others. */
    componentCount: z.int().nullable(),
    /** Labels that its prior can be asked for; empty where it was told none. */
    labels: z.array(z.string()),
    continue: z.string().nullable(),
    freeRunning: z.string().nullable(),
    /** Of models that make sequences of any length; null for models of clips. */
    sequences: z
      .strictObject({
        /** Of the sequences that it was trained on: the length of a draw where none is asked for. */
        standardSec: z.number(),
        /** It generates a frame from the frames before: free-running is then another reconstruction than teacher-forced. */
        hearsItself: z.boolean(),
      })
      .nullable(),
  }),
  examples: ['latent abilities --run my-run'],
});
export type LatentAbilities = z.output<typeof latentAbilities.output>;
