/**
 * Convolutional VAE over log spectrograms: papers/002 (Ayala Marrero 2024, section 6 and figures 4-6) and papers/001
 * (Pond 2021, section 1.3), both after Velardo's "Generating sound with neural networks": blocks of convolution, ReLU,
 * batch normalisation; a dense bottleneck; a mirrored decoder of transposed convolutions with a sigmoid at its end.
 * Where the presets differ from the papers is data on the presets (resources/presets).
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import type { Family, JointDensity, LossParts, Model } from '../family.ts';
import { registerParameters } from '../parameters.ts';
import type { Weights } from '../parameters.ts';
import {
  checkLayerLists,
  convInputShape,
  convLayerSettings,
  convNetwork,
  convNetworkActivations,
  convNetworkParameters,
  convNormSettings,
} from '../parts/conv-network.ts';
import {
  klToStandardNormal,
  klWithFreeBits,
  logStandardNormal,
  maskedMean,
  reparameterise,
} from '../parts/distributions.ts';
import { negativeLogLikelihood } from '../parts/likelihoods.ts';
import { sizeOf } from '../parameters.ts';

/** Settings of the convolutional VAE; the defaults are those of papers/002. */
export const convVaeSchema = z
  .strictObject({
    ...convLayerSettings,
    reconstruction: z.enum(['mse', 'rmse']).default('mse').meta({
      title: 'Reconstruction error',
      help: 'Of each clip over its pixels, then the mean over clips: mean squared error, or its root.',
    }),
    reconstructionWeight: z.number().positive().max(1e9).default(1_000_000).meta({
      title: 'Weight of the reconstruction error',
      help: 'Against the KL, which is summed over latent dimensions: too small, and the code collapses; too large, and samples of the prior sound like nothing.',
    }),
    ...convNormSettings,
  })
  .superRefine(checkLayerLists);

export type ConvVaeConfig = z.output<typeof convVaeSchema>;

function buildModel(config: ConvVaeConfig, features: FeaturePipelineConfig, weights: Weights): Model {
  const { inputShape, posterior, expected } = convNetwork(config, features, weights);
  return {
    inputShape,
    latentDim: config.latentDim,
    loss({ x, mask, scalars, training, noise, observe }): LossParts {
      const { mean, logVar } = posterior(x, training);
      const eps = noise?.normal('posterior', mean.shape) as tf.Tensor2D | undefined;
      const z = eps ? reparameterise(mean, logVar, eps) : mean;
      const error = tf.sub(expected(z, training), x);
      const msePerClip = tf.mean(tf.square(error), [1, 2, 3]) as tf.Tensor1D;
      const errorPerClip: tf.Tensor1D =
        config.reconstruction === 'mse' ? msePerClip : tf.sqrt(tf.add(msePerClip, rootFloor));
      const reconstruction = tf.mul(maskedMean(errorPerClip, mask), config.reconstructionWeight) as tf.Scalar;
      const { kl, charged, perDimension } = klWithFreeBits(
        klToStandardNormal(mean, logVar),
        mask,
        scalars.freeBits,
      );
      observe?.('klPerDimension', perDimension);
      observe?.('code', mean);
      const total = tf.add(reconstruction, tf.mul(charged, scalars.beta)) as tf.Scalar;
      return { total, reconstruction, mse: maskedMean(msePerClip, mask), kl };
    },
    encode: (x) => posterior(x, false),
    decode: (z) => expected(z, false),
    samplePrior: (count, noise, temperature) =>
      tf.mul(noise.normal('prior', [count, config.latentDim]), temperature) as tf.Tensor2D,
    ...(config.reconstruction === 'mse' ? { density: densityOf(config, inputShape, expected) } : {}),
  };
}

/**
 * The density that the loss is of: a weight W of the mean squared error of N numbers stands for a Gaussian of the variance
 * N / 2W around what the decoder gives (papers/002, section 5.2). The root of an error stands for none.
 */
function densityOf(
  { reconstructionWeight }: ConvVaeConfig,
  inputShape: readonly number[],
  expected: (z: tf.Tensor2D, training: boolean) => tf.Tensor,
): JointDensity {
  const logScale = Math.log(sizeOf(inputShape) / (2 * reconstructionWeight)) / 2;
  return {
    logLikelihood: (x, z) =>
      tf.neg(
        negativeLogLikelihood(x, expected(z, false), {
          likelihood: 'gaussian',
          logScale: tf.scalar(logScale),
          rangeDb: 0,
        }),
      ),
    logPrior: logStandardNormal,
  };
}

/** Keeps the slope of the root finite for a perfect reconstruction; it moves an RMSE of 0.01 by 5e-11. */
const rootFloor = 1e-12;

export const convVae: Family<typeof convVaeSchema> = {
  id: 'conv-vae',
  kind: 'clip',
  title: 'Convolutional VAE of log spectrograms',
  papers: [
    {
      document: '001',
      title: 'Speech Compression and Generation with a Variational Autoencoder',
      authors: 'Pond',
      year: 2021,
      section: '1.3 Architecture',
    },
    {
      document: '002',
      title: 'Autonomous audio generation with variational autoencoders using the FSDD dataset',
      authors: 'Ayala Marrero',
      year: 2024,
      section: '6 Model Implementation of Standard VAE',
    },
  ],
  schema: convVaeSchema,
  inputShape: convInputShape,
  parameters: ({ config, features }) => convNetworkParameters(config, features),
  activations: ({ config, features }) => convNetworkActivations(config, features),
  build: ({ config, features, state, seed }) =>
    buildModel(config, features, registerParameters(convNetworkParameters(config, features), state, seed)),
};
