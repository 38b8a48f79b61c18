/**
 * RealNVP (Dinh, Sohl-Dickstein and Bengio, "Density estimation using Real NVP", ICLR 2017) on the codes of a trained model, as papers/003
 * section 4 tried it on the vectors of its quantisers: multi-scale affine couplings under checkerboard and channel-wise masks, squeezes,
 * and channels that are factored out. What the paper blames for its failure are settings here: what is done to the data before (the pixels' bijector, none, or a
 * sigmoid), the number of blocks, and a base of several modes. Between couplings stands actnorm (Kingma and Dhariwal 2018) in the place of Dinh's batch normalisation.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { NoiseSource } from '../../engine/noise.ts';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import type { Family, Model } from '../family.ts';
import { normalise } from '../flow/actnorm.ts';
import { gaussianBase, mixtureBase } from '../flow/base-density.ts';
import type { BaseDensity } from '../flow/base-density.ts';
import type { Bijection, FlowPass, ImageShape } from '../flow/bijection.ts';
import { multiscaleFlow } from '../flow/multiscale.ts';
import type { MultiscaleFlow } from '../flow/multiscale.ts';
import { sigmoidLogit } from '../flow/preprocess.ts';
import { registerParameters, sizeOf } from '../parameters.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { maskedMean } from '../parts/distributions.ts';
import { buildBase, planBase, samplerLoss, samplerSettings } from '../samplers/base.ts';
import type { BaseCode, BaseFamilies, BasePlan, FrozenBase } from '../samplers/base.ts';

/** Settings of the flow. */
export const realNvpSchema = z.strictObject({
  ...samplerSettings,
  codes: z.enum(['sample', 'mean']).default('sample').meta({
    title: 'Codes that are modelled',
    help: 'Of a model with a posterior: sample draws from it, which is what its decoder was trained on; mean takes its middle. Codes of quantisers are the vectors that they stand for.',
  }),
  preprocess: z.enum(['none', 'sigmoid-logit']).default('none').meta({
    title: 'Bijector before the flow',
    help: 'none: codes as they are, brought to mean 0 and deviation 1; sigmoid-logit: then squashed into 0..1 and opened again as RealNVP does with pixels.',
  }),
  dequantisation: z.enum(['none', 'uniform', 'gaussian']).default('none').meta({
    title: 'Noise on the codes',
    help: 'Codes of quantisers are points, on which a density can grow without end: noise makes them areas. Also for means of posteriors.',
  }),
  dequantisationWidth: z.number().positive().max(4).default(0.1).meta({
    title: 'Width of that noise',
    unit: 'deviations of the codes',
    help: 'Standard deviation of gaussian noise, whole width of uniform noise.',
  }),
  blocks: z.int().min(1).max(16).default(2).meta({
    title: 'Blocks',
    help: 'Times that couplings, a squeeze and couplings follow each other. A code without positions is not squeezed.',
  }),
  couplings: z.int().min(1).max(16).default(3).meta({
    title: 'Couplings of a kind in a block',
    help: 'With a checkerboard before the squeeze, and between channels after it; which half changes alternates.',
  }),
  hidden: z.int().min(1).max(4096).default(128).meta({
    title: 'Channels inside a coupling',
    help: 'Of the net that reads one half and gives scale and shift of the other.',
  }),
  residualBlocks: z.int().min(0).max(16).default(1).meta({
    title: 'Residual blocks of a coupling',
    help: 'Layers of that net between its first and its last.',
  }),
  factorOut: z.boolean().default(true).meta({
    title: 'Factor channels out',
    help: 'After each squeeze but the last, half of the channels goes straight to the base density.',
  }),
  baseComponents: z.int().min(1).max(256).default(1).meta({
    title: 'Gaussians of the base density',
    help: '1 is one standard Gaussian; more are a mixture whose weights, means and deviations are learned.',
  }),
});
export type RealNvpConfig = z.output<typeof realNvpSchema>;

const usualBase = { family: 'conv-vae', model: { filters: [32, 64, 64, 64, 64] } };

/** A flow with all that stands around it. */
interface Plan {
  base: BasePlan;
  shape: ImageShape;
  normalise: ReturnType<typeof normalise>;
  preprocess: Bijection | null;
  flow: MultiscaleFlow;
  density: BaseDensity;
}

function planOf(config: RealNvpConfig, features: FeaturePipelineConfig, families: BaseFamilies): Plan {
  const base = planBase({ config, features }, usualBase, families);
  const shape = imageShapeOf(base.code);
  const size = sizeOf(shape);
  return {
    base,
    shape,
    normalise: normalise('flow.normalise', shape),
    preprocess: config.preprocess === 'none' ? null : sigmoidLogit(shape),
    flow: multiscaleFlow(shape, config),
    density: config.baseComponents === 1 ? gaussianBase(size) : mixtureBase(size, config.baseComponents),
  };
}

/** A code as an image: a vector has one place, a sequence one row. */
function imageShapeOf(code: BaseCode): ImageShape {
  if (code.kind === 'vector') return [1, 1, code.size];
  const { grid, channels } = code;
  const width = grid.at(-1) ?? 1;
  return [sizeOf(grid) / width, width, channels];
}

function parametersOf({ base, normalise, flow, density }: Plan): ParameterSpec[] {
  return [...base.parameters, ...normalise.parameters, ...flow.parameters, ...density.parameters];
}

function buildModel(config: RealNvpConfig, plan: Plan, base: FrozenBase, weights: Weights): Model {
  const size = sizeOf(plan.shape);

  const dequantised = (x: tf.Tensor4D, noise: NoiseSource | null): tf.Tensor4D => {
    const { dequantisation: kind, dequantisationWidth: width } = config;
    if (kind === 'none' || !noise) return x;
    const drawn =
      kind === 'gaussian'
        ? noise.normal('dequantise', x.shape)
        : tf.sub(noise.uniform('dequantise', x.shape), 0.5);
    return tf.add(x, tf.mul(drawn, width));
  };

  /** Log density of each code in nats, `[batch]`. */
  const logDensity = (code: tf.Tensor2D, pass: FlowPass): tf.Tensor1D => {
    const image = tf.reshape(code, [-1, ...plan.shape]) as tf.Tensor4D;
    const normal = plan.normalise.forward(image, pass);
    const noisy = dequantised(normal.y, pass.noise);
    const before = plan.preprocess?.forward(noisy, pass) ?? { y: noisy, logDet: tf.scalar(0) };
    const { z, logDet } = plan.flow.forward(before.y, pass);
    const volume = tf.add(tf.add(logDet, before.logDet), normal.logDet);
    return tf.add(plan.density.logDensity(z, weights), volume);
  };

  return {
    ...base.abilities,
    latentDim: size,
    ...samplerLoss(base, ({ x, mask, training, noise }) => {
      const code = base.codeOf(x, config.codes === 'sample' ? noise : null);
      const nats = maskedMean(tf.neg(logDensity(code, { weights, training, noise })), mask);
      // A number a dimension: learning rate and clipping then mean the same whatever the size of the code.
      const total = tf.div(nats, size) as tf.Scalar;
      return {
        total,
        bitsPerDimension: tf.div(total, Math.LN2) as tf.Scalar,
        constantChannels: plan.normalise.constants(weights),
      };
    }),
    decode: (z) => base.decode(z),
    samplePrior(count, noise, temperature) {
      let image = plan.flow.inverse(plan.density.draw(count, noise, temperature, weights), weights);
      image = plan.preprocess?.inverse(image, weights) ?? image;
      return tf.reshape(plan.normalise.inverse(image, weights), [count, size]) as tf.Tensor2D;
    },
  };
}

/** The family, on models of the families given. */
export const realNvpOn = (families: BaseFamilies): Family<typeof realNvpSchema> => ({
  id: 'realnvp',
  kind: 'sampler',
  withoutKl: true,
  title: 'RealNVP on the codes of a trained model',
  papers: [
    {
      document: '003',
      title: 'Assignment 3 - Question 4 (a VQ-VAE with residual quantisation of spoken digits)',
      authors: 'Imperial College London, CID 00951537',
      year: 2024,
      section: '4 Further modifications to explore',
    },
  ],
  schema: realNvpSchema,
  samples: 'codes',
  inputShape: (features, config) =>
    families((config as RealNvpConfig | undefined)?.frozen?.family ?? usualBase.family).inputShape(features),
  parameters: ({ config, features }) => parametersOf(planOf(config, features, families)),
  activations({ config, features }) {
    const { base, shape } = planOf(config, features, families);
    const size = sizeOf(shape);
    const positions = shape[0] * shape[1];
    // Of each coupling what its net keeps, and what comes of it.
    const ofCoupling = [positions * config.hidden * (2 + 2 * config.residualBlocks), 4 * size];
    const couplings = 2 * config.blocks * config.couplings;
    const ofBase = base.family.activations({ config: base.model, features });
    // Of the base nothing is kept for gradients: the largest of it is there once.
    return [Math.max(...ofBase), ...Array.from({ length: couplings }, () => ofCoupling).flat()];
  },
  build({ config, features, state, seed }) {
    const plan = planOf(config, features, families);
    const base = buildBase(plan.base, { features, state, seed });
    const own = parametersOf(plan).slice(plan.base.parameters.length);
    return buildModel(config, plan, base, registerParameters(own, state, seed));
  },
});
