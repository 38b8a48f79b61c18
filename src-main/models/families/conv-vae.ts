/**
 * Convolutional VAE over log spectrograms: papers/002 (Ayala Marrero 2024, section 6 and figures 4-6) and papers/001
 * (Pond 2021, section 1.3), both after Velardo's "Generating sound with neural networks": blocks of convolution, ReLU,
 * batch normalisation; a dense bottleneck; a mirrored decoder of transposed convolutions with a sigmoid at its end.
 * Where the presets differ from the papers is data on the presets (resources/presets).
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { featureShape } from '../../dsp/pipeline.ts';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import type { Family, LossParts, Model, Posterior } from '../family.ts';
import { registerParameters, sizeOf } from '../parameters.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { batchNorm, batchNormParameters } from '../parts/batch-norm.ts';
import {
  convolutionParameters,
  convolve,
  convolveTransposed,
  sameSize,
  transposedConvolutionParameters,
} from '../parts/convolution.ts';
import type { ConvolutionShape, Size } from '../parts/convolution.ts';
import { dense, denseParameters } from '../parts/dense.ts';
import { klToStandardNormal, klWithFreeBits, maskedMean, reparameterise } from '../parts/distributions.ts';

const extent = z.int().min(1).max(64);
const size = z.union([extent, z.tuple([extent, extent])]);

/** Settings of the convolutional VAE; the defaults are those of papers/002. */
export const convVaeSchema = z
  .strictObject({
    filters: z.array(z.int().min(1).max(4096)).min(1).max(12).default([512, 256, 128, 64, 32]).meta({
      title: 'Filters',
      help: 'Channels of each encoder convolution, from the input inwards; the decoder mirrors them.',
    }),
    kernels: z.array(size).min(1).max(12).default([3, 3, 3, 3, 3]).meta({
      title: 'Kernel sizes',
      unit: 'bins x frames',
      help: 'One a convolution: 3, or 5x3 for 5 bins by 3 frames.',
    }),
    strides: z
      .array(size)
      .min(1)
      .max(12)
      .default([2, 2, 2, 2, [2, 1]])
      .meta({
        title: 'Strides',
        unit: 'bins x frames',
        help: 'One a convolution: 2, or 2x1 to halve the bins and keep the frames.',
      }),
    latentDim: z.int().min(1).max(4096).default(128).meta({
      title: 'Latent dimensions',
      help: 'Numbers in the code of one clip: more keep more detail, and cost more bits.',
    }),
    decoder: z.enum(['mirror-plus-output', 'mirror']).default('mirror-plus-output').meta({
      title: 'Decoder',
      advanced: true,
      help: 'mirror-plus-output: a transposed convolution for each encoder one and then an output convolution; mirror: the transposed convolution that mirrors the first encoder one is the output.',
    }),
    paddingSide: z.enum(['end', 'start']).default('end').meta({
      title: 'Side of the odd padding',
      advanced: true,
      help: 'Where a convolution of stride 2 puts its odd row of zeros: end, as Keras does; start, which leaves low bins and onsets whole.',
    }),
    reconstruction: z.enum(['mse', 'rmse']).default('mse').meta({
      title: 'Reconstruction error',
      help: 'Of each clip over its pixels, then the mean over clips: mean squared error, or its root.',
    }),
    reconstructionWeight: z.number().positive().max(1e9).default(1_000_000).meta({
      title: 'Weight of the reconstruction error',
      help: 'Against the KL, which is summed over latent dimensions: too small, and the code collapses; too large, and samples of the prior sound like nothing.',
    }),
    batchNorm: z.boolean().default(true).meta({
      title: 'Batch normalisation',
      help: 'After the ReLU of every layer but the output: statistics of the batch in training, running averages afterwards.',
    }),
    batchNormMomentum: z.number().min(0).lt(1).default(0.99).meta({
      title: 'Momentum of the running averages',
      advanced: true,
      help: 'Share of the old average kept at each step: 0.99 looks back over some hundred steps. Short trainings want less.',
    }),
    batchNormEpsilon: z.number().positive().max(1).default(1e-3).meta({
      title: 'Added to the variance',
      advanced: true,
      help: 'Of batch normalisation, so that a channel that never changes is not divided by zero.',
    }),
  })
  .superRefine((config, context) => {
    for (const key of ['kernels', 'strides'] as const) {
      if (config[key].length === config.filters.length) continue;
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `has ${config[key].length} entries, but filters has ${config.filters.length}: one a convolution is needed`,
      });
    }
  });

export type ConvVaeConfig = z.output<typeof convVaeSchema>;

/** Every layer with its sizes, from the configuration alone. */
interface Plan {
  inputShape: readonly [bins: number, frames: number, channels: number];
  encoder: ConvolutionShape[];
  /** Last encoder image, `[height, width, channels]`, flattened into the heads. */
  bottleneck: readonly [number, number, number];
  decoder: ConvolutionShape[];
  output: ConvolutionShape;
  outputTransposed: boolean;
}

function planLayers(config: ConvVaeConfig, features: FeaturePipelineConfig): Plan {
  const inputShape = inputShapeOf(features);
  const encoder: ConvolutionShape[] = [];
  let inputSize: Size = [inputShape[0], inputShape[1]];
  let inputChannels = 1;
  for (const [index, filters] of config.filters.entries()) {
    const stride = sizeAt(config.strides, index);
    const outputSize = sameSize(inputSize, stride);
    const kernel = sizeAt(config.kernels, index);
    encoder.push({
      name: `encoder.conv${index}`,
      kernel,
      stride,
      inputSize,
      inputChannels,
      outputSize,
      outputChannels: filters,
    });
    inputSize = outputSize;
    inputChannels = filters;
  }
  const bottleneck = [...inputSize, inputChannels] as const;

  const mirrored = config.decoder === 'mirror' ? encoder.slice(1) : encoder;
  const decoder = mirrored.toReversed().map((layer, index): ConvolutionShape => {
    const shape = {
      ...layer,
      name: `decoder.conv${index}`,
      inputSize: layer.outputSize,
      inputChannels,
      outputSize: layer.inputSize,
    };
    inputChannels = layer.outputChannels;
    return shape;
  });
  const first = encoder[0] as ConvolutionShape;
  const outputTransposed = config.decoder === 'mirror';
  const output: ConvolutionShape = {
    name: 'decoder.output',
    kernel: first.kernel,
    stride: outputTransposed ? first.stride : [1, 1],
    inputSize: outputTransposed ? first.outputSize : first.inputSize,
    inputChannels,
    outputSize: first.inputSize,
    outputChannels: 1,
  };
  return { inputShape, encoder, bottleneck, decoder, output, outputTransposed };
}

function inputShapeOf(features: FeaturePipelineConfig): Plan['inputShape'] {
  const { bins, frames } = featureShape(features);
  if (!Number.isInteger(bins) || bins < 1 || !Number.isInteger(frames) || frames < 1) {
    throw new ResynthError('models/input-shape', { nFft: features.nFft, bins, frames });
  }
  return [bins, frames, 1];
}

function sizeAt(sizes: ConvVaeConfig['kernels'], index: number): Size {
  const entry = sizes[index];
  if (entry === undefined) throw new Error(`No size for layer ${index}: the schema checks the lengths.`);
  return typeof entry === 'number' ? [entry, entry] : entry;
}

function parametersOf(config: ConvVaeConfig, plan: Plan): ParameterSpec[] {
  const flat = sizeOf(plan.bottleneck);
  const norm = (name: string, channels: number): ParameterSpec[] =>
    config.batchNorm ? batchNormParameters(name, channels) : [];
  return [
    ...plan.encoder.flatMap((layer, index) => [
      ...convolutionParameters(layer),
      ...norm(`encoder.norm${index}`, layer.outputChannels),
    ]),
    ...denseParameters('encoder.mean', flat, config.latentDim),
    ...denseParameters('encoder.logVar', flat, config.latentDim),
    ...denseParameters('decoder.dense', config.latentDim, flat),
    ...plan.decoder.flatMap((layer, index) => [
      ...transposedConvolutionParameters(layer),
      ...norm(`decoder.norm${index}`, layer.outputChannels),
    ]),
    ...(plan.outputTransposed ? transposedConvolutionParameters : convolutionParameters)(plan.output),
  ];
}

/** Per layer the convolution with its bias, the ReLU, and what batch normalisation makes of it; and the ends of the net. */
function activationsOf(config: ConvVaeConfig, plan: Plan): number[] {
  const block = (layer: ConvolutionShape): number[] => {
    const size = sizeOf(layer.outputSize) * layer.outputChannels;
    return config.batchNorm ? [size, size, size] : [size, size];
  };
  const { latentDim } = config;
  const input = sizeOf(plan.inputShape);
  return [
    input,
    ...plan.encoder.flatMap(block),
    ...[latentDim, latentDim, latentDim],
    sizeOf(plan.bottleneck),
    ...plan.decoder.flatMap(block),
    // The output before and after its sigmoid, and the error.
    ...[input, input, input],
  ];
}

function buildModel(config: ConvVaeConfig, plan: Plan, weights: Weights): Model {
  // Padding at the end of a mirrored image is padding at its start; kernels learn mirrored, at no cost.
  const mirrored = (image: tf.Tensor4D): tf.Tensor4D =>
    config.paddingSide === 'start' ? tf.reverse(image, [1, 2]) : image;

  const block = (x: tf.Tensor4D, norm: string, training: boolean): tf.Tensor4D => {
    const active = tf.relu(x);
    if (!config.batchNorm) return active;
    return batchNorm(active, norm, weights, {
      momentum: config.batchNormMomentum,
      epsilon: config.batchNormEpsilon,
      training,
    });
  };

  const posterior = (x: tf.Tensor, training: boolean): Posterior => {
    let image = mirrored(x as tf.Tensor4D);
    for (const [index, layer] of plan.encoder.entries()) {
      image = block(convolve(image, layer, weights), `encoder.norm${index}`, training);
    }
    const flat = tf.reshape(image, [image.shape[0], sizeOf(plan.bottleneck)]) as tf.Tensor2D;
    return { mean: dense(flat, 'encoder.mean', weights), logVar: dense(flat, 'encoder.logVar', weights) };
  };

  const likelihoodMean = (z: tf.Tensor2D, training: boolean): tf.Tensor4D => {
    let image = tf.reshape(dense(z, 'decoder.dense', weights), [
      z.shape[0],
      ...plan.bottleneck,
    ]) as tf.Tensor4D;
    for (const [index, layer] of plan.decoder.entries()) {
      image = block(convolveTransposed(image, layer, weights), `decoder.norm${index}`, training);
    }
    const output = plan.outputTransposed ? convolveTransposed : convolve;
    return mirrored(tf.sigmoid(output(image, plan.output, weights)));
  };

  return {
    inputShape: plan.inputShape,
    latentDim: config.latentDim,
    loss({ x, mask, scalars, training, noise, observe }): LossParts {
      const { mean, logVar } = posterior(x, training);
      const eps = noise?.normal('posterior', mean.shape) as tf.Tensor2D | undefined;
      const z = eps ? reparameterise(mean, logVar, eps) : mean;
      const error = tf.sub(likelihoodMean(z, training), x);
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
    decode: (z) => likelihoodMean(z, false),
    samplePrior: (count, noise) => noise.normal('prior', [count, config.latentDim]) as tf.Tensor2D,
  };
}

/** Keeps the slope of the root finite for a perfect reconstruction; it moves an RMSE of 0.01 by 5e-11. */
const rootFloor = 1e-12;

export const convVae: Family<typeof convVaeSchema> = {
  id: 'conv-vae',
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
  inputShape: inputShapeOf,
  parameters: ({ config, features }) => parametersOf(config, planLayers(config, features)),
  activations: ({ config, features }) => activationsOf(config, planLayers(config, features)),
  build({ config, features, state, seed }) {
    const plan = planLayers(config, features);
    return buildModel(config, plan, registerParameters(parametersOf(config, plan), state, seed));
  },
};
