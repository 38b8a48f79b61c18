/**
 * The convolutional encoder and its mirrored decoder of papers/001 and papers/002, both after Velardo's "Generating sound
 * with neural networks": blocks of convolution, ReLU, batch normalisation; a dense bottleneck; transposed convolutions with
 * a sigmoid at the end. What a family makes of them (its prior, its loss) is its own.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { featureShape } from '../../dsp/pipeline.ts';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import type { Posterior } from '../family.ts';
import { sizeOf } from '../parameters.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { batchNorm, batchNormParameters } from './batch-norm.ts';
import {
  convolutionParameters,
  convolve,
  convolveTransposed,
  sameSize,
  transposedConvolutionParameters,
} from './convolution.ts';
import type { ConvolutionShape, Size } from './convolution.ts';
import { dense, denseParameters } from './dense.ts';

const extent = z.int().min(1).max(64);
const size = z.union([extent, z.tuple([extent, extent])]);

/** Settings of the layers and the code, to be spread into a family's schema; the defaults are those of papers/002. */
export const convLayerSettings = {
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
};

/** Settings of its batch normalisation, to be spread into a family's schema; the defaults are Keras's. */
export const convNormSettings = {
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
};

export type ConvNetworkConfig = z.output<z.ZodObject<typeof convLayerSettings & typeof convNormSettings>>;

/** Refuses lists of layers of different lengths by name; for a family's `superRefine`. */
export function checkLayerLists(
  config: Pick<ConvNetworkConfig, 'filters' | 'kernels' | 'strides'>,
  context: Pick<z.core.$RefinementCtx, 'addIssue'>,
): void {
  for (const key of ['kernels', 'strides'] as const) {
    if (config[key].length === config.filters.length) continue;
    context.addIssue({
      code: 'custom',
      path: [key],
      message: `has ${config[key].length} entries, but filters has ${config.filters.length}: one a convolution is needed`,
    });
  }
}

/** Every layer with its sizes, from the configuration alone. */
interface ConvPlan {
  inputShape: readonly [bins: number, frames: number, channels: number];
  encoder: ConvolutionShape[];
  /** Last encoder image, `[height, width, channels]`, flattened into the heads. */
  bottleneck: readonly [number, number, number];
  decoder: ConvolutionShape[];
  output: ConvolutionShape;
  outputTransposed: boolean;
}

function planLayers(config: ConvNetworkConfig, features: FeaturePipelineConfig): ConvPlan {
  const inputShape = convInputShape(features);
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

/** The shape of a clip that the network takes. @throws ResynthError models/input-shape. */
export function convInputShape(features: FeaturePipelineConfig): ConvPlan['inputShape'] {
  const { bins, frames } = featureShape(features);
  if (!Number.isInteger(bins) || bins < 1 || !Number.isInteger(frames) || frames < 1) {
    throw new ResynthError('models/input-shape', { nFft: features.nFft, bins, frames });
  }
  return [bins, frames, 1];
}

function sizeAt(sizes: ConvNetworkConfig['kernels'], index: number): Size {
  const entry = sizes[index];
  if (entry === undefined) throw new Error(`No size for layer ${index}: the schema checks the lengths.`);
  return typeof entry === 'number' ? [entry, entry] : entry;
}

/** Every array of the network, in the order in which it is registered. */
export function convNetworkParameters(
  config: ConvNetworkConfig,
  features: FeaturePipelineConfig,
): ParameterSpec[] {
  const plan = planLayers(config, features);
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
export function convNetworkActivations(config: ConvNetworkConfig, features: FeaturePipelineConfig): number[] {
  const plan = planLayers(config, features);
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

/** The functions of the network over its variables; `training` chooses batch statistics and moves the running ones. */
export interface ConvNetwork {
  readonly inputShape: readonly number[];
  /** Posterior of `x` `[batch, bins, frames, 1]`. */
  posterior(x: tf.Tensor, training: boolean): Posterior;
  /** Expected output in 0..1, `[batch, bins, frames, 1]`, for `z` `[batch, latent]`. */
  expected(z: tf.Tensor2D, training: boolean): tf.Tensor4D;
}

/** The network over variables that `convNetworkParameters` described. */
export function convNetwork(
  config: ConvNetworkConfig,
  features: FeaturePipelineConfig,
  weights: Weights,
): ConvNetwork {
  const plan = planLayers(config, features);
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

  const posterior: ConvNetwork['posterior'] = (x, training) => {
    let image = mirrored(x as tf.Tensor4D);
    for (const [index, layer] of plan.encoder.entries()) {
      image = block(convolve(image, layer, weights), `encoder.norm${index}`, training);
    }
    const flat = tf.reshape(image, [image.shape[0], sizeOf(plan.bottleneck)]) as tf.Tensor2D;
    return { mean: dense(flat, 'encoder.mean', weights), logVar: dense(flat, 'encoder.logVar', weights) };
  };

  const expected: ConvNetwork['expected'] = (z, training) => {
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

  return { inputShape: plan.inputShape, posterior, expected };
}
