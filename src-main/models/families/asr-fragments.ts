/**
 * Convolutional VAE of spectrogram fragments: papers/000 (arXiv 2410.02560). A fragment of 25 ms is 128 bins by 8 frames; two
 * convolutions of kernel 8 and stride 2, global pooling, mean and variance of 13 numbers, a mirrored decoder. A clip here is a
 * window of fragments (12 are the paper's 300 ms), each encoded and decoded by itself: its code is theirs, one after the other.
 *
 * The paper names neither channels nor activations, nor how the decoder comes back from 13 numbers to an image: ReLU, and a dense
 * layer to the image that was pooled, are ours. Global pooling forgets where in the spectrum something was; `pooling` has ways that
 * do not. What differs in a preset is data on the preset.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { beyondRecording } from '../../dsp/fragment-windows.ts';
import { featureShape, type FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import type { Family, LossParts, Model, Posterior } from '../family.ts';
import { registerParameters, sizeOf } from '../parameters.ts';
import type { Initialiser, ParameterSpec, Weights } from '../parameters.ts';
import {
  convolutionParameters,
  convolve,
  convolveTransposed,
  sameSize,
  transposedConvolutionParameters,
} from '../parts/convolution.ts';
import type { ConvolutionShape, Size } from '../parts/convolution.ts';
import { cosines } from '../parts/cosines.ts';
import { dense, denseParameters } from '../parts/dense.ts';
import { klToStandardNormal, klWithFreeBits, maskedMean, reparameterise } from '../parts/distributions.ts';

/** Settings of the fragment VAE; the defaults are those of papers/000 where it has any. */
export const asrFragmentsSchema = z.strictObject({
  latentDim: z.int().min(1).max(1024).default(13).meta({
    title: 'Numbers of a fragment',
    help: 'Latent dimensions of each fragment: 13 as many as MFCCs usually are, 40 for the features of papers/000.',
  }),
  filters: z.array(z.int().min(1).max(4096)).min(1).max(6).default([16, 32]).meta({
    title: 'Filters',
    help: 'Channels of each encoder convolution, from the input inwards; the decoder mirrors them.',
  }),
  kernel: z.int().min(1).max(64).default(8).meta({
    title: 'Kernel size',
    unit: 'bins and frames',
    help: 'Of every convolution, in both directions.',
  }),
  stride: z.int().min(1).max(8).default(2).meta({
    title: 'Stride',
    unit: 'bins and frames',
    help: 'Of every convolution, in both directions.',
  }),
  pooling: z.enum(['global', 'time', 'none']).default('global').meta({
    title: 'Pooling',
    help: 'Before mean and variance. global: the mean of each channel over bins and frames, as papers/000, which forgets where in the spectrum a thing was; time: over frames alone; none: nothing is forgotten.',
  }),
  straightPath: z.boolean().default(false).meta({
    title: 'Straight path',
    help: 'Adds to the convolutions a linear way from levels to code and back, which begins as a cepstrum: the first cosines over frequency. Alone it can do what principal components do; the convolutions begin as nothing, and learn what those cannot. The output is then cut to 0..1 where others have a sigmoid.',
  }),
  reconstruction: z.enum(['mse', 'lsd']).default('mse').meta({
    title: 'Reconstruction error',
    help: 'mse: mean squared error of the levels of a fragment; lsd: the log-spectral distance that evaluations measure, the root of each frame by itself, then the mean of frames.',
  }),
  reconstructionWeight: z.number().positive().max(1e9).default(200_000).meta({
    title: 'Weight of the reconstruction error',
    help: 'Against the KL of a fragment. Of mse, 200,000 expects each of 1,024 levels to be 4 dB off; lsd wants a seventh of that.',
  }),
});

export type AsrFragmentsConfig = z.output<typeof asrFragmentsSchema>;

/** Every layer with its sizes, from the configuration alone. */
interface Plan {
  bins: number;
  frames: number;
  /** Of a window. */
  fragments: number;
  encoder: ConvolutionShape[];
  /** Last encoder image, `[height, width, channels]`: where the decoder begins. */
  image: readonly [number, number, number];
  /** Axes of the image that are pooled away, and numbers that are left. */
  pooledAxes: number[];
  pooledSize: number;
  decoder: ConvolutionShape[];
}

function planLayers(config: AsrFragmentsConfig, features: FeaturePipelineConfig): Plan {
  if (features.kind !== 'fragments') {
    throw new ResynthError('models/input-shape', { nFft: features.nFft, ...featureShape(features) });
  }
  const { bins } = featureShape(features);
  const { fragmentFrames: frames, fragments } = features;
  const square: Size = [config.kernel, config.kernel];
  const stride: Size = [config.stride, config.stride];
  const encoder: ConvolutionShape[] = [];
  let [inputSize, inputChannels]: [Size, number] = [[bins, frames], 1];
  for (const [index, outputChannels] of config.filters.entries()) {
    const outputSize = sameSize(inputSize, stride);
    const name = `encoder.conv${index}`;
    encoder.push({ name, kernel: square, stride, inputSize, inputChannels, outputSize, outputChannels });
    [inputSize, inputChannels] = [outputSize, outputChannels];
  }
  const decoder = encoder.toReversed().map((layer, index) => ({
    ...layer,
    name: `decoder.conv${index}`,
    inputSize: layer.outputSize,
    inputChannels: layer.outputChannels,
    outputSize: layer.inputSize,
    outputChannels: layer.inputChannels,
  }));
  const image = [...inputSize, inputChannels] as const;
  const axes: Record<AsrFragmentsConfig['pooling'], number[]> = { global: [1, 2], time: [2], none: [] };
  const pooledAxes = axes[config.pooling];
  const pooledSize = sizeOf(image.filter((_, axis) => !pooledAxes.includes(axis + 1)));
  return { bins, frames, fragments, encoder, image, pooledAxes, pooledSize, decoder };
}

function parametersOf(config: AsrFragmentsConfig, plan: Plan): ParameterSpec[] {
  const { latentDim } = config;
  const specs = [
    ...plan.encoder.flatMap(convolutionParameters),
    ...denseParameters('encoder.mean', plan.pooledSize, latentDim),
    ...denseParameters('encoder.logVar', plan.pooledSize, latentDim),
    ...denseParameters('decoder.dense', latentDim, sizeOf(plan.image)),
    ...plan.decoder.flatMap(transposedConvolutionParameters),
    ...(config.straightPath
      ? [
          ...denseParameters('encoder.straight', plan.bins * plan.frames, latentDim),
          ...denseParameters('decoder.straight', latentDim, plan.bins * plan.frames),
        ]
      : []),
  ];
  const beginnings = config.straightPath ? straightBeginnings(latentDim, plan) : {};
  return specs.map((spec) => ({ ...spec, initialiser: beginnings[spec.name] ?? spec.initialiser }));
}

/** Logarithm of the variance of a code that nothing was learned of yet: its noise hides little of it. */
const firstLogVar = -4;

/**
 * Where a straight path begins. From random numbers it does not come as far as principal components in ten epochs: the levels of a
 * fragment are nearly the same thing a thousand times over. Cosines take them apart, and of speech their deviation falls about as
 * one over their order (of LibriSpeech 4.7, 2.1, 1.2, 0.8 ... 0.4), so that divided by that codes begin with a deviation of about 1.
 */
function straightBeginnings(latentDim: number, plan: Plan): Record<string, Initialiser> {
  const { bins, frames, decoder } = plan;
  const size = bins * frames;
  /** `[latentDim, size]`: over frequency, alike in all frames; where there are more numbers than bins, again with changing signs. */
  const basis = (): Float64Array => {
    const overBins = cosines(Math.min(latentDim, bins), bins);
    return Float64Array.from({ length: latentDim * size }, (_, at) => {
      const [order, bin, frame] = [Math.floor(at / size), Math.floor((at % size) / frames), at % frames];
      const round = Math.floor(order / bins);
      const sign = round > 0 && (frame >> (round - 1)) % 2 === 1 ? -1 : 1;
      return (sign * (overBins[(order % bins) * bins + bin] ?? 0)) / Math.sqrt(frames);
    });
  };
  const deviation = (order: number): number => (0.15 * Math.sqrt(size)) / ((order % bins) + 1);
  const encoder = (): Float32Array => {
    const from = basis();
    return Float32Array.from({ length: from.length }, (_, at) => {
      const [level, order] = [Math.floor(at / latentDim), at % latentDim];
      return (from[order * size + level] ?? 0) / deviation(order);
    });
  };
  const decode = (): Float32Array =>
    Float32Array.from(basis(), (value, at) => value * deviation(Math.floor(at / size)));
  return {
    'encoder.mean.kernel': { kind: 'zeros' },
    'encoder.logVar.kernel': { kind: 'zeros' },
    'encoder.logVar.bias': { kind: 'constant', value: firstLogVar },
    'encoder.straight.kernel': { kind: 'given', values: encoder },
    'decoder.straight.kernel': { kind: 'given', values: decode },
    'decoder.straight.bias': { kind: 'constant', value: middle },
    [`${decoder.at(-1)?.name ?? ''}.kernel`]: { kind: 'zeros' },
  };
}

/** Of levels in 0..1. */
const middle = 0.5;

/** Of a window: per layer the convolution with its bias and the ReLU, and the ends of the net. */
function activationsOf({ latentDim }: AsrFragmentsConfig, plan: Plan): number[] {
  const { bins, frames, fragments, encoder, image, decoder } = plan;
  const block = ({ outputSize, outputChannels }: ConvolutionShape): number[] => {
    const size = fragments * sizeOf(outputSize) * outputChannels;
    return [size, size];
  };
  const input = fragments * bins * frames;
  const code = fragments * latentDim;
  return [
    // The window and its fragments, and of the output the error and the window that it comes back as.
    ...[input, input, input, input],
    ...encoder.flatMap(block),
    ...[code, code, code],
    ...[fragments * sizeOf(image), fragments * sizeOf(image)],
    ...decoder.flatMap(block),
  ];
}

function buildModel(config: AsrFragmentsConfig, plan: Plan, weights: Weights): Model {
  const { bins, frames, fragments } = plan;
  const { latentDim } = config;

  /** Windows `[batch, bins, frames of a window]` as `[batch * fragments, bins, frames, 1]`. */
  const apart = (windows: tf.Tensor): tf.Tensor4D => {
    const split = tf.reshape(windows, [-1, bins, fragments, frames]);
    return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [-1, bins, frames, 1]);
  };

  /** The inverse of `apart`. */
  const together = (images: tf.Tensor4D): tf.Tensor3D => {
    const split = tf.reshape(images, [-1, fragments, bins, frames]);
    return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [-1, bins, fragments * frames]);
  };

  /** Of fragments: `[count, latent]` each. What lies beyond a recording is as silence. */
  const posterior = (x: tf.Tensor4D): Posterior => {
    let image = tf.relu(x);
    for (const layer of plan.encoder) image = tf.relu(convolve(image, layer, weights));
    const pooled: tf.Tensor = plan.pooledAxes.length > 0 ? tf.mean(image, plan.pooledAxes) : image;
    const flat = tf.reshape(pooled, [-1, plan.pooledSize]) as tf.Tensor2D;
    const mean = dense(flat, 'encoder.mean', weights);
    const logVar = dense(flat, 'encoder.logVar', weights);
    if (!config.straightPath) return { mean, logVar };
    // A common offset of all would be most of what a linear layer sees.
    const levels = tf.sub<tf.Tensor2D>(tf.reshape(tf.relu(x), [-1, bins * frames]), middle);
    return { mean: tf.add(mean, dense(levels, 'encoder.straight', weights)), logVar };
  };

  /** Of codes `[count, latent]`: fragments `[count, bins, frames, 1]`; not quite in 0..1 with a straight path. */
  const likelihoodMean = (z: tf.Tensor2D): tf.Tensor4D => {
    let image = tf.reshape(tf.relu(dense(z, 'decoder.dense', weights)), [-1, ...plan.image]) as tf.Tensor4D;
    const last = plan.decoder.length - 1;
    for (const [index, layer] of plan.decoder.entries()) {
      const given = convolveTransposed(image, layer, weights);
      image = index === last ? given : tf.relu(given);
    }
    if (!config.straightPath) return tf.sigmoid(image);
    const straight = tf.reshape(dense(z, 'decoder.straight', weights), image.shape);
    return tf.add(image, straight);
  };

  /** Levels of codes. Cut here and not in the loss, where what is cut off would teach nothing. */
  const levelsOf = (z: tf.Tensor2D): tf.Tensor3D => {
    const levels = likelihoodMean(z);
    return together(config.straightPath ? tf.clipByValue(levels, 0, 1) : levels);
  };

  const asWindows = (codes: tf.Tensor2D): tf.Tensor2D => tf.reshape(codes, [-1, fragments * latentDim]);

  return {
    inputShape: [bins, fragments * frames],
    latentDim: fragments * latentDim,
    vectors: fragments,
    loss({ x: windows, mask: ofWindows, scalars, noise, observe }): LossParts {
      const x = apart(windows);
      const [count] = x.shape;
      const real = tf.greater(
        tf.reshape(tf.slice(x, [0, 0, 0, 0], [count, 1, 1, 1]), [count]),
        beyondRecording,
      );
      const repeated = tf.reshape(tf.tile(tf.reshape(ofWindows, [-1, 1]), [1, fragments]), [count]);
      const mask = tf.mul(repeated, tf.cast(real, 'float32')) as tf.Tensor1D;
      const { mean, logVar } = posterior(x);
      const eps = noise?.normal('posterior', mean.shape) as tf.Tensor2D | undefined;
      const z = eps ? reparameterise(mean, logVar, eps) : mean;
      const error = tf.square(tf.sub(likelihoodMean(z), x));
      const mse = maskedMean(tf.mean(error, [1, 2, 3]) as tf.Tensor1D, mask);
      const charge = config.reconstruction === 'mse' ? mse : maskedMean(distanceOf(error), mask);
      const reconstruction = tf.mul(charge, config.reconstructionWeight) as tf.Scalar;
      const { kl, charged, perDimension } = klWithFreeBits(
        klToStandardNormal(mean, logVar),
        mask,
        scalars.freeBits,
      );
      observe?.('klPerDimension', perDimension);
      observe?.('code', tf.reshape(mean, [-1, fragments, latentDim]));
      const total = tf.add(reconstruction, tf.mul(charged, scalars.beta)) as tf.Scalar;
      return { total, reconstruction, mse, kl };
    },
    encode(x) {
      const { mean, logVar } = posterior(apart(x));
      return { mean: asWindows(mean), logVar: asWindows(logVar) };
    },
    decode: (z) => levelsOf(tf.reshape(z, [-1, latentDim]) as tf.Tensor2D),
    reconstruct(windows) {
      const levels = levelsOf(posterior(apart(windows)).mean);
      // What lies beyond a recording was never learned from, and stays beyond it.
      return tf.where(tf.less(windows, 0), windows, levels);
    },
    samplePrior: (count, noise, temperature) =>
      tf.mul(noise.normal('prior', [count, fragments * latentDim]), temperature) as tf.Tensor2D,
  };
}

/** Log-spectral distance of squared errors `[count, bins, frames, 1]`, as a part of the range of levels: `[count]`. */
function distanceOf(error: tf.Tensor): tf.Tensor1D {
  const ofFrames = tf.sqrt(tf.add(tf.mean(error, [1, 3]), rootFloor));
  return tf.mean(ofFrames, 1) as tf.Tensor1D;
}

/** Keeps the slope of the root finite for a perfect frame. */
const rootFloor = 1e-9;

export const asrFragments: Family<typeof asrFragmentsSchema> = {
  id: 'asr-fragments',
  kind: 'fragment',
  title: 'Convolutional VAE of 25 ms fragments',
  papers: [
    {
      document: '000',
      title:
        'Convolutional Variational Autoencoders for Spectrogram Compression in Automatic Speech Recognition',
      authors: 'arXiv 2410.02560',
      year: 2024,
      section: 'Method; Architecture',
    },
  ],
  schema: asrFragmentsSchema,
  inputShape: (features) => {
    const { bins, frames } = featureShape(features);
    return [bins, frames];
  },
  codeNumbers: ({ config, features }) =>
    features.kind === 'fragments' ? config.latentDim * features.fragments : null,
  parameters: ({ config, features }) => parametersOf(config, planLayers(config, features)),
  activations: ({ config, features }) => activationsOf(config, planLayers(config, features)),
  build({ config, features, state, seed }) {
    const plan = planLayers(config, features);
    return buildModel(config, plan, registerParameters(parametersOf(config, plan), state, seed));
  },
};
