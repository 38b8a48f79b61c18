import type * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { deviationSchema, paperReferenceSchema } from '../../src-preload/contract/commands/models.ts';
import type { ModelKind } from '../../src-preload/contract/model-kinds.ts';
import type { NoiseSource } from '../engine/noise.ts';
import type { FeedSpec } from '../engine/program.ts';
import type { StateRegistry } from '../engine/state.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';
import type { Factors } from './dynamical/factors.ts';
import type { DynamicalFamily } from './dynamical/family.ts';
import type { DynamicalNetwork } from './dynamical/network.ts';
import type { Stage } from './dynamical/stage.ts';
import type { ParameterSpec } from './parameters.ts';

/** Where a model comes from. */
export type PaperReference = z.output<typeof paperReferenceSchema>;

/** One place where a preset does not do as its paper, and why. Shown wherever the preset is shown. */
export type Deviation = z.output<typeof deviationSchema>;

/** What any two models share about a training step: scalars fed each step. */
export interface LossScalars {
  /** Weight of the KL term, after warm-up; scalar tensor. */
  beta: tf.Scalar;
  /** Nats that each latent dimension may carry, as a mean over the batch, at no cost; scalar tensor, 0 for none. */
  freeBits: tf.Scalar;
}

/** Losses of a batch, every one a mean over the clips given weight by `mask`. `total` is what is minimised. */
export interface LossParts {
  total: tf.Scalar;
  /**
   * Named parts: reconstruction, kl, ... as the family reports them. A vector's name says what its numbers are of: the first
   * of `commitment/stage` is logged as `commitment/stage-1`.
   */
  [part: string]: tf.Scalar | tf.Tensor1D;
}

/**
 * What a validation may know beside the losses: `klPerDimension`, the KL of each latent dimension in nats, `[latent]`, a mean
 * over real clips; `code`, the posterior's mean of each clip, `[batch, latent]`; `codeCounts`, how often each code was chosen by
 * each stage in the real clips, `[stages, codebookSize]`; `responsibilities`, the share of
 * each component of the prior in the code of each clip, `[batch, components]`.
 */
export type Observer = (
  name: 'klPerDimension' | 'code' | 'codeCounts' | 'responsibilities',
  value: tf.Tensor,
) => void;

/** Diagonal Gaussian posterior, both `[batch, latent]`. */
export interface Posterior {
  mean: tf.Tensor2D;
  logVar: tf.Tensor2D;
}

/**
 * The shape of a discrete code: a clip is a grid of positions, each of them `stages` indices into codebooks of `codebookSize`, the
 * later stages coding what the earlier left over.
 */
export interface CodeGrid {
  /** Positions of one clip, bins x frames, e.g. `[32, 32]`. */
  readonly grid: readonly number[];
  readonly stages: number;
  readonly codebookSize: number;
  /** Numbers in the vector of one position. */
  readonly channels: number;
}

/** What a model with a discrete code can do beside `loss`. */
export interface DiscreteCodes extends CodeGrid {
  /** Indices of `x` `[batch, ...inputShape]`: int32 `[batch, ...grid, stages]`. */
  encodeIndices(x: tf.Tensor): tf.Tensor;
  /** The vectors that indices stand for, summed over stages: `[batch, ...grid, channels]`. Of the first stages alone where there are fewer. */
  lookUp(indices: tf.Tensor): tf.Tensor;
  /** Expected output `[batch, ...inputShape]` for vectors `[batch, ...grid, channels]`, quantised or not. */
  decodeVectors(vectors: tf.Tensor): tf.Tensor;
}

/** What a model whose prior is a mixture of Gaussians can tell of it. */
export interface MixturePrior {
  readonly components: number;
  /** Weights `[components]`, which add up to 1; means and deviations `[components, latent]`. */
  parameters(): { weights: tf.Tensor1D; means: tf.Tensor2D; deviations: tf.Tensor2D };
  /** p(component | z) for z `[batch, latent]`: `[batch, components]`, each row adding up to 1. */
  responsibilities(z: tf.Tensor2D): tf.Tensor2D;
}

/** The two factors of the joint density of a clip and its code, in nats, each `[batch]`. */
export interface JointDensity {
  logLikelihood(x: tf.Tensor, z: tf.Tensor2D): tf.Tensor1D;
  logPrior(z: tf.Tensor2D): tf.Tensor1D;
}

/**
 * A prior that is drawn from position by position: a program call each, between which `carried` is kept, zeros at first. Shapes are
 * those of one clip; tensors have a batch before them.
 */
export interface AncestralPrior {
  readonly positions: number;
  /** Labels that can be asked for, where there are any: by their place among these from 1 in what is carried as `label`; 0 asks for none. */
  readonly labels?: readonly string[];
  readonly carried: Readonly<Record<string, Required<FeedSpec>>>;
  /** Draws position `at`, a scalar counted from 0, given those before. What it does not give is carried on as it was. */
  draw(
    carried: Readonly<Record<string, tf.Tensor>>,
    at: tf.Scalar,
    noise: NoiseSource,
    temperature: tf.Scalar,
  ): Record<string, tf.Tensor>;
  /** Latents `[batch, latent]` for `decode`, once every position is drawn. */
  latents(carried: Readonly<Record<string, tf.Tensor>>): tf.Tensor2D;
}

/** What a loss is of. */
export interface LossArguments {
  /** Clips `[batch, ...inputShape]`, or what was prepared of them. */
  x: tf.Tensor;
  /** `[batch]`: 1 for a real clip, 0 for padding of a partial batch. */
  mask: tf.Tensor1D;
  scalars: LossScalars;
  /** Chooses batch statistics and updates the running ones. */
  training: boolean;
  /** Noise is drawn in training and out of it, unless this is null (z = mean). */
  noise: NoiseSource | null;
  /** Told what only a validation looks at; absent in training, which then computes no more than its losses. */
  observe?: Observer;
}

/**
 * For models whose loss sees of a clip only what training never changes, as the code by a frozen encoder: a trainer works it out once a
 * clip, and gives it in the clip's place.
 */
export interface PreparedInput {
  /** Numbers of one clip, e.g. `[256]`. */
  readonly shape: readonly number[];
  /** Labels that `loss` is told besides: after the numbers of each clip its label's place among these from 1, 0 where it has none of them. */
  readonly labels?: readonly string[];
  /** Of x `[batch, ...inputShape]`: `[batch, ...shape]`, float32. */
  prepare(x: tf.Tensor): tf.Tensor;
  /** As the model's `loss`, of what `prepare` gave: `[batch, ...shape]`, with the label in a column more where it is told one. */
  loss(args: LossArguments): LossParts;
}

/** A built model: functions over registered state. Optional members are capabilities, asked for before use. */
export interface Model {
  /** Shape of one input clip, e.g. `[bins, frames, 1]`. */
  readonly inputShape: readonly number[];
  readonly latentDim: number;
  /** Vectors in the code of one clip, in order of time, each of `latentDim / vectors` numbers; one where left out. */
  readonly vectors?: number;
  /** Losses of clips. */
  loss(args: LossArguments): LossParts;
  /** Where `loss` of clips is `prepared.loss` of what `prepared.prepare` gives of them. */
  prepared?: PreparedInput;
  /** Posterior of `x` `[batch, ...inputShape]`, with running statistics. */
  encode?(x: tf.Tensor): Posterior;
  /** Expected output `[batch, ...inputShape]` for `z` `[batch, latent]`, with running statistics. */
  decode?(z: tf.Tensor2D): tf.Tensor;
  /** What the model makes of `x`, in its shape, with the mean of its posterior; where `decode(encode(x).mean)` is not that. */
  reconstruct?(x: tf.Tensor): tf.Tensor;
  /** Draws `count` latents from the prior: `[count, latent]`; `temperature` scales how far they lie from its middle, 1 is the prior itself. */
  samplePrior?(count: number, noise: NoiseSource, temperature: tf.Scalar): tf.Tensor2D;
  /** For models whose code is discrete. */
  codes?: DiscreteCodes;
  /** For models that draw a code from their prior place by place, in the place of `samplePrior`. */
  ancestral?: AncestralPrior;
  /** For models whose prior is a mixture of Gaussians. */
  mixture?: MixturePrior;
  /** KL of posteriors from the prior in nats, `[batch]`; left out where the prior is N(0, 1). */
  klOf?(posterior: Posterior): tf.Tensor1D;
  /** For models whose loss is that of a density: what bounds of the likelihood of a clip are reckoned from. */
  density?: JointDensity;
}

/** A named recipe: a complete configuration of a family, with its training settings. */
export interface Preset {
  id: string;
  title: string;
  family: string;
  paper?: PaperReference;
  /** One or two sentences: what it is and what to expect (time, quality). */
  summary: string;
  /** Raw values of the family's schema (validated on load). */
  model: Record<string, unknown>;
  /** Raw values of the training schema. */
  training: Record<string, unknown>;
  features: Record<string, unknown>;
  deviations: Deviation[];
}

/** A model of utterances of any length: its factors, and all stages in the order in which `runUtterance` takes it through them. */
export interface UtteranceStages {
  dims: DynamicalNetwork['dims'];
  factors: Factors;
  stages: readonly Stage[];
}

/** One model family: one file in families/, one line in the registry. */
export interface Family<Schema extends z.ZodType = z.ZodType> {
  id: string;
  /** What one code is of: under which heading its presets are offered. */
  kind: ModelKind;
  title: string;
  papers: PaperReference[];
  /** Settings of the model: units, ranges and help in the schema's metadata. */
  schema: Schema;
  /** Its loss has no KL term, and nothing that would weigh one is to be set. */
  withoutKl?: true;
  /** For samplers, which model the codes of another run's model: any codes, or only indices of a grid. Their setting `base` names the run. */
  samples?: 'codes' | 'indices';
  /** For samplers that can be asked for a label: their setting `labels` is given those of the training recordings, unless `byLabel` is off. */
  asksForLabels?: true;
  /** The shape of one input clip that the feature pipeline must give; of a sampler that of its base, which `config` names. */
  inputShape(features: FeaturePipelineConfig, config?: unknown): readonly number[];
  /**
   * Numbers in the code of one clip, for the bitrate; left out by families whose code is one vector of `latentDim`. Null where
   * it has no fixed size.
   */
  codeNumbers?(args: { config: z.output<Schema>; features: FeaturePipelineConfig }): number | null;
  /** For families whose code is discrete: its shape, known without a backend. */
  codeGrid?(args: { config: z.output<Schema>; features: FeaturePipelineConfig }): CodeGrid;
  /** Of a prior that is a mixture: its components, known without a backend. */
  components?(args: { config: z.output<Schema> }): number;
  /** Every array that `build` will register, in that order, known without a backend: counts come from here. */
  parameters(args: { config: z.output<Schema>; features: FeaturePipelineConfig }): ParameterSpec[];
  /**
   * Numbers in each tensor that the forward pass of a training step keeps for its gradients, for one clip, known without a
   * backend: what memory is estimated from.
   */
  activations(args: { config: z.output<Schema>; features: FeaturePipelineConfig }): number[];
  /** What papers/004 says of a dynamical model: its properties and its factors. */
  dynamical?: Pick<DynamicalFamily, 'name' | 'properties' | 'generation'>;
  /**
   * Its stages, for families that take utterances of any length: variables are registered in `state` with arbitrary numbers, those of a
   * checkpoint are to follow.
   */
  utterances?(args: {
    config: z.output<Schema>;
    features: FeaturePipelineConfig;
    state: StateRegistry;
  }): UtteranceStages;
  /** Registers the variables, initialised from `seed`, and gives the functions over them. */
  build(args: {
    config: z.output<Schema>;
    features: FeaturePipelineConfig;
    state: StateRegistry;
    seed: number;
  }): Model;
}
