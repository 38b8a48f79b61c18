/**
 * A causal prior of discrete codes: a small transformer over the positions of a clip and a net a stage, trained on the indices that the
 * quantisers of a finished run give (papers/003 has none; the way is that of van den Oord et al. 2017, "Neural discrete representation learning",
 * section 3.3, which draws from a prior over codes, with the order of stages of Lee et al. 2022). Beside RealNVP on the same codes it says whether
 * a continuous density is what such codes ask for. Told the label of each clip, but for a share of them in training, it draws clips of one label
 * and of any (labels are left out as Ho and Salimans 2022 do, "Classifier-free diffusion guidance"; their guidance is not used).
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { NoiseSource } from '../../engine/noise.ts';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import { codeStack } from '../code-prior/code-stack.ts';
import type { CodeStack } from '../code-prior/code-stack.ts';
import type { CodeGrid, DiscreteCodes, Family, Model } from '../family.ts';
import { registerParameters } from '../parameters.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { maskedMean } from '../parts/distributions.ts';
import { buildBase, planBase, samplerLoss, samplerSettings } from '../samplers/base.ts';
import type { BaseFamilies, BasePlan, FrozenBase } from '../samplers/base.ts';

/** More are no classes to be asked for. */
export const mostLabels = 512;

/** Settings of the prior. */
export const codePriorSchema = z
  .strictObject({
    ...samplerSettings,
    width: z.int().min(4).max(4096).default(96).meta({
      title: 'Width',
      help: 'Numbers of each position between layers; a multiple of the heads.',
    }),
    heads: z.int().min(1).max(64).default(4).meta({
      title: 'Attention heads',
      help: 'Ways of looking back that each layer has.',
    }),
    layers: z.int().min(1).max(32).default(3).meta({
      title: 'Layers',
      help: 'Of the transformer over positions.',
    }),
    dropout: z.number().min(0).max(0.9).default(0.1).meta({
      title: 'Dropout',
      help: 'Share of what each layer adds that is left out in training: small corpora are learned by heart without it.',
    }),
    byLabel: z.boolean().default(true).meta({
      title: 'Told the labels',
      help: 'Trained with the labels of the recordings where they have any, so that a clip of one label can be drawn.',
    }),
    labelDropout: z.number().min(0).max(1).default(0.15).meta({
      title: 'Labels left out',
      help: 'Share of the clips in training whose label it is not told, so that it draws without being asked for one too.',
    }),
    labels: z.array(z.string()).max(mostLabels).default([]).meta({ hidden: true }),
  })
  .superRefine(({ width, heads }, context) => {
    if (width % heads === 0) return;
    const message = `is ${width}, which ${heads} heads cannot share`;
    context.addIssue({ code: 'custom', path: ['width'], message });
  });
export type CodePriorConfig = z.output<typeof codePriorSchema>;

const usualBase = {
  family: 'rvq-vae',
  model: {
    ...{ filters: [16, 32, 64, 64], kernels: [3, 3, 3, 3], strides: [2, 2, 2, [2, 1]] },
    ...{ codeChannels: 64, stages: 4, codebookSize: 256 },
  },
};

interface Plan {
  base: BasePlan;
  code: CodeGrid;
  stack: CodeStack;
}

function planOf(config: CodePriorConfig, features: FeaturePipelineConfig, families: BaseFamilies): Plan {
  const base = planBase({ config, features }, usualBase, families);
  const { code } = base;
  if (code.kind !== 'discrete') throw new Error('a base without indices is refused where a run is made');
  return { base, code, stack: codeStack(code, config, config.labels.length) };
}

function parametersOf({ base, stack }: Plan): ParameterSpec[] {
  return [...base.parameters, ...stack.parameters];
}

function buildModel(
  config: CodePriorConfig,
  { code, stack }: Plan,
  base: FrozenBase,
  codes: DiscreteCodes,
  weights: Weights,
): Model {
  const { stages } = code;
  const { positions } = stack;
  const { labels } = config;
  const asked = labels.length > 0;
  return {
    ...base.abilities,
    latentDim: base.size,
    ...samplerLoss(
      base,
      ({ x, mask, training, noise }) => {
        const [numbers, column] = asked ? tf.split(x, [positions * stages, 1], 1) : [x, null];
        const indices = tf.reshape(tf.cast(numbers as tf.Tensor, 'int32'), [-1, positions, stages]);
        const label = column && toldLabel(column, training ? noise : null, config.labelDropout);
        const dropping = training && noise && config.dropout > 0 ? { rate: config.dropout, noise } : null;
        const nats = stack.nats(indices as tf.Tensor3D, weights, dropping, label);
        const perStage = tf.split(tf.mean(nats, 1), stages, 1).map((column) => {
          return maskedMean(tf.reshape(column, [-1]) as tf.Tensor1D, mask);
        });
        const bits = tf.div(tf.stack(perStage), Math.LN2) as tf.Tensor1D;
        // Nats an index, whatever the size of the code.
        const total = tf.mean(tf.stack(perStage)) as tf.Scalar;
        return {
          total,
          bitsPerIndex: tf.mean(bits) as tf.Scalar,
          ...{ 'bitsPerIndex/stage': bits },
        };
      },
      labels,
    ),
    decode: (z) => base.decode(z),
    ancestral: {
      positions,
      ...(asked && { labels }),
      carried: {
        ...(asked && { label: { shape: [1], dtype: 'int32' as const } }),
        indices: { shape: [positions, stages], dtype: 'int32' },
        cache: { shape: [...stack.cacheShape], dtype: 'float32' },
      },
      draw(carried, at, noise, temperature) {
        const [indices, cache] = [carried.indices as tf.Tensor3D, carried.cache as tf.Tensor4D];
        const label = asked ? (carried.label as tf.Tensor2D) : null;
        return stack.draw({ indices, label, cache, at, temperature }, noise, weights);
      },
      latents({ indices }) {
        const shaped = tf.reshape(indices as tf.Tensor, [-1, ...code.grid, stages]);
        return tf.reshape(codes.lookUp(shaped), [-1, base.size]) as tf.Tensor2D;
      },
    },
  };
}

/** Labels `[batch, 1]` as numbers, of which a share is left out where `noise` is given: as if those clips had none. */
function toldLabel(label: tf.Tensor, noise: NoiseSource | null, leftOut: number): tf.Tensor2D {
  const kept = noise && leftOut > 0 ? tf.greaterEqual(noise.uniform('label', label.shape), leftOut) : null;
  const told = kept ? tf.mul(label, tf.cast(kept, 'float32')) : label;
  return tf.cast(told, 'int32') as tf.Tensor2D;
}

/** The family, on models of the families given. */
export const codePriorOn = (families: BaseFamilies): Family<typeof codePriorSchema> => ({
  id: 'code-prior',
  kind: 'sampler',
  withoutKl: true,
  title: 'Causal prior of the codes of a trained model',
  papers: [
    {
      document: '003',
      title: 'Assignment 3 - Question 4 (a VQ-VAE with residual quantisation of spoken digits)',
      authors: 'Imperial College London, CID 00951537',
      year: 2024,
      section: '4 Further modifications to explore (a sampling model for the quantised output)',
    },
  ],
  schema: codePriorSchema,
  samples: 'indices',
  asksForLabels: true,
  inputShape: (features, config) => {
    const frozen = (config as CodePriorConfig | undefined)?.frozen ?? usualBase;
    return families(frozen.family).inputShape(features, frozen.model);
  },
  parameters: ({ config, features }) => parametersOf(planOf(config, features, families)),
  activations({ config, features }) {
    const { base, code, stack } = planOf(config, features, families);
    const { width, heads, layers } = config;
    const { positions } = stack;
    const row = positions * width;
    // Of a layer: two norms, the four projections, what the heads weigh, and the net of four times the width.
    const layer = [4 * row, 4 * row, 2 * heads * positions * positions, 8 * row];
    const stage = [3 * row, 4 * row, 2 * positions * code.codebookSize];
    const ofBase = base.family.activations({ config: base.model, features });
    const repeated = (sizes: number[], times: number): number[] =>
      Array.from({ length: times }, () => sizes).flat();
    return [Math.max(...ofBase), ...repeated(layer, layers), ...repeated(stage, code.stages)];
  },
  build({ config, features, state, seed }) {
    const plan = planOf(config, features, families);
    const base = buildBase(plan.base, { features, state, seed });
    const { codes } = base.model;
    if (!codes) throw new Error('a base without indices is refused where a run is made');
    return buildModel(config, plan, base, codes, registerParameters(plan.stack.parameters, state, seed));
  },
});
