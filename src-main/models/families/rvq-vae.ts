/**
 * Residual-quantised VQ-VAE of papers/003 (Imperial College London, 2024): two convolutions of 3 x 3 and stride 2, a linear one
 * of 1 x 1 to the code, residual vector quantisation with averaged codebooks, and a decoder that is the encoder's transpose, after
 * Keras's "Vector-Quantized Variational Autoencoders". Its five models are presets; `rvq-vae-coarse` is ours. The paper gives
 * neither the STFT's settings nor the size of the codebooks nor the gamma that it ended with: those are ours wherever they
 * stand. Where the presets differ from the paper is data on the presets.
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { inputChannels } from '../../dsp/pipeline.ts';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import type { NoiseSource } from '../../engine/noise.ts';
import type { Family, LossParts, Model } from '../family.ts';
import { registerParameters, sizeOf } from '../parameters.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { checkLayerLists, convInputShape } from '../parts/conv-network.ts';
import {
  convolutionParameters,
  convolve,
  convolveTransposed,
  sameSize,
  transposedConvolutionParameters,
} from '../parts/convolution.ts';
import type { ConvolutionShape, Size } from '../parts/convolution.ts';
import { maskedMean } from '../parts/distributions.ts';
import {
  codeIndices,
  deadCodes,
  perplexity,
  quantise,
  quantiserParameters,
  quantiseTraining,
  vectorsOf,
} from '../parts/residual-quantiser.ts';
import type { Quantised, QuantiserSettings } from '../parts/residual-quantiser.ts';

const extent = z.int().min(1).max(64);
const size = z.union([extent, z.tuple([extent, extent])]);

/** Settings of the residual-quantised VQ-VAE; the defaults are those of the first model of papers/003. */
export const rvqVaeSchema = z
  .strictObject({
    filters: z.array(z.int().min(1).max(4096)).min(1).max(12).default([32, 64]).meta({
      title: 'Filters',
      help: 'Channels of each encoder convolution, from the input inwards; the decoder mirrors them.',
    }),
    kernels: z.array(size).min(1).max(12).default([3, 3]).meta({
      title: 'Kernel sizes',
      unit: 'bins x frames',
      help: 'One a convolution: 3, or 5x3 for 5 bins by 3 frames.',
    }),
    strides: z.array(size).min(1).max(12).default([2, 2]).meta({
      title: 'Strides',
      unit: 'bins x frames',
      help: 'One a convolution: 2, or 2x1 to halve the bins and keep the frames. Their product says how many positions the code has.',
    }),
    codeChannels: z.int().min(1).max(4096).default(128).meta({
      title: 'Numbers in a vector',
      help: 'Channels of the code at each position, before and after the quantisers. They cost no bits.',
    }),
    stages: z.int().min(1).max(16).default(5).meta({
      title: 'Quantiser stages',
      help: 'Each codes what those before it left over, and costs as many bits as they.',
    }),
    codebookSize: z.int().min(2).max(8192).default(512).meta({
      title: 'Codes of a codebook',
      help: 'A stage says which of them comes nearest: log2 of this in bits, at each position.',
    }),
    gamma: z.number().min(0).lt(1).default(0.99).meta({
      title: 'Gamma of the codebooks',
      help: 'Share of the old average that a code keeps at each step: 0.99 follows the vectors given to it over some hundred steps.',
    }),
    commitmentWeight: z.number().min(0).max(1e6).default(0.25).meta({
      title: 'Weight of the commitment loss',
      help: 'How hard the encoder is drawn to the codes, against the reconstruction error.',
    }),
    initialisation: z.enum(['uniform', 'glorot-normal', 'k-means']).default('uniform').meta({
      title: 'Codebooks begin as',
      help: 'uniform in +-0.05, as Keras does; glorot-normal; k-means: vectors of the first batch, then the means of what is nearest to them over the first batches.',
    }),
    reviveBelow: z.number().min(0).max(1).default(0).meta({
      title: 'Revive codes used less than',
      help: 'As a share of even use: a code below it is moved to a vector of the batch. 0 revives none.',
    }),
    quantiserDropout: z.number().min(0).max(1).default(0).meta({
      title: 'Quantiser dropout',
      help: 'Share of the training clips that only the first so many stages code, so that the first stages can be heard alone.',
    }),
    decoder: z.enum(['mirror', 'probabilistic']).default('mirror').meta({
      title: 'Decoder',
      help: 'mirror: the encoder transposed; probabilistic: gives a mean and a deviation of each number, and in training what is drawn from them.',
    }),
    reconstructionWeight: z.number().positive().max(1e9).default(1).meta({
      title: 'Weight of the reconstruction error',
      help: 'Of the mean squared error of a clip, against the commitment loss.',
    }),
  })
  .superRefine(checkLayerLists);

export type RvqVaeConfig = z.output<typeof rvqVaeSchema>;

/** Every layer with its sizes, from the configuration alone. */
interface Plan {
  inputShape: readonly [bins: number, frames: number, channels: number];
  encoder: ConvolutionShape[];
  /** Positions of the code, bins x frames. */
  grid: Size;
  decoder: ConvolutionShape[];
  quantiser: QuantiserSettings;
}

function planLayers(config: RvqVaeConfig, features: FeaturePipelineConfig): Plan {
  const inputShape = inputShapeOf(features);
  const layer = (
    name: string,
    [kernel, stride]: readonly [Size, Size],
    inputSize: Size,
    channels: readonly [number, number],
  ): ConvolutionShape => ({
    ...{ name, kernel, stride, inputSize, outputSize: sameSize(inputSize, stride) },
    ...{ inputChannels: channels[0], outputChannels: channels[1] },
  });
  const strided: ConvolutionShape[] = [];
  let [inputSize, channels]: [Size, number] = [[inputShape[0], inputShape[1]], inputShape[2]];
  for (const [index, filters] of config.filters.entries()) {
    const shape = [sizeAt(config.kernels, index), sizeAt(config.strides, index)] as const;
    const made = layer(`encoder.conv${index}`, shape, inputSize, [channels, filters]);
    strided.push(made);
    [inputSize, channels] = [made.outputSize, filters];
  }
  const { codeChannels, stages, codebookSize, gamma, initialisation, reviveBelow } = config;
  const code = layer('encoder.code', [one, one], inputSize, [channels, codeChannels]);

  // Each transposed convolution has the filters of the one it mirrors, as Keras's example has them.
  channels = codeChannels;
  const decoder = strided.toReversed().map((mirrored, index): ConvolutionShape => {
    const { kernel, stride, inputSize: outputSize, outputSize: from, outputChannels } = mirrored;
    const name = `decoder.conv${index}`;
    const made = {
      name,
      kernel,
      stride,
      inputSize: from,
      outputSize,
      inputChannels: channels,
      outputChannels,
    };
    channels = outputChannels;
    return made;
  });
  const outputs = inputShape[2] * (config.decoder === 'probabilistic' ? 2 : 1);
  const first = strided[0] as ConvolutionShape;
  const output = layer('decoder.output', [first.kernel, one], first.inputSize, [channels, outputs]);
  return {
    inputShape,
    encoder: [...strided, code],
    grid: code.outputSize,
    decoder: [...decoder, output],
    quantiser: {
      ...{ stages, codebookSize, channels: codeChannels, gamma, initialisation, reviveBelow },
      dropout: config.quantiserDropout,
    },
  };
}

const one: Size = [1, 1];

function inputShapeOf(features: FeaturePipelineConfig): Plan['inputShape'] {
  const [bins, frames] = convInputShape(features);
  return [bins, frames, inputChannels(features)];
}

function sizeAt(sizes: RvqVaeConfig['kernels'], index: number): Size {
  const entry = sizes[index];
  if (entry === undefined) throw new Error(`No size for layer ${index}: the schema checks the lengths.`);
  return typeof entry === 'number' ? [entry, entry] : entry;
}

function parametersOf(plan: Plan): ParameterSpec[] {
  return [
    ...plan.encoder.flatMap(convolutionParameters),
    ...quantiserParameters(plan.quantiser),
    ...plan.decoder.flatMap(transposedConvolutionParameters),
  ];
}

/** Per layer the convolution with its bias, and the ReLU; per stage the distances to its codes and what it leaves over. */
function activationsOf(plan: Plan): number[] {
  const input = sizeOf(plan.inputShape);
  const positions = sizeOf(plan.grid);
  const { stages, codebookSize, channels } = plan.quantiser;
  const block = ({ outputSize, outputChannels }: ConvolutionShape): number[] => {
    const outputs = sizeOf(outputSize) * outputChannels;
    return [outputs, outputs];
  };
  return [
    input,
    ...plan.encoder.flatMap(block),
    ...Array.from({ length: stages }, () => [positions * codebookSize, positions * channels]).flat(),
    ...plan.decoder.flatMap(block),
    ...[input, input],
  ];
}

/** Logarithm of a variance that no draw can tell from none. */
const noVariance = -30;

function buildModel(config: RvqVaeConfig, plan: Plan, weights: Weights): Model {
  const { grid, quantiser } = plan;
  const { stages, codebookSize, channels } = quantiser;
  const positions = sizeOf(grid);
  const latentDim = positions * channels;

  /** `[batch, ...inputShape]` to the vectors of all positions, `[batch * positions, channels]`. */
  const vectorsAt = (x: tf.Tensor): tf.Tensor2D => {
    let image = x as tf.Tensor4D;
    for (const [index, layer] of plan.encoder.entries()) {
      const next = convolve(image, layer, weights);
      image = index === plan.encoder.length - 1 ? next : tf.relu(next);
    }
    return tf.reshape(image, [-1, channels]) as tf.Tensor2D;
  };

  /** Vectors of all positions to the mean of the output, and with a probabilistic decoder the logarithm of its deviation. */
  const outputOf = (vectors: tf.Tensor): { mean: tf.Tensor4D; logDeviation: tf.Tensor4D | null } => {
    let image = tf.reshape(vectors, [-1, ...grid, channels]) as tf.Tensor4D;
    for (const [index, layer] of plan.decoder.entries()) {
      const next = convolveTransposed(image, layer, weights);
      image = index === plan.decoder.length - 1 ? next : tf.relu(next);
    }
    const split = config.decoder === 'probabilistic' ? tf.split(image, 2, 3) : [image];
    const [mean, logDeviation] = split as tf.Tensor4D[];
    if (!mean) throw new Error('a decoder gives a mean');
    // Where levels are all that there is, they lie in 0..1.
    const isLevels = plan.inputShape[2] === 1;
    return { mean: isLevels ? tf.sigmoid(mean) : mean, logDeviation: logDeviation ?? null };
  };

  const drawn = (vectors: tf.Tensor2D, noise: NoiseSource | null): tf.Tensor4D => {
    const { mean, logDeviation } = outputOf(vectors);
    if (!logDeviation || !noise) return mean;
    const eps = noise.normal('output', mean.shape);
    return tf.add(mean, tf.mul(tf.exp(logDeviation), eps)) as tf.Tensor4D;
  };

  const encodeIndices = (x: tf.Tensor): tf.Tensor =>
    tf.reshape(codeIndices(vectorsAt(x), quantiser, weights), [-1, ...grid, stages]);
  const lookUp = (indices: tf.Tensor): tf.Tensor => {
    const rows = tf.reshape(indices, [-1, indices.shape.at(-1) ?? stages]) as tf.Tensor2D;
    return tf.reshape(vectorsOf(rows, weights), [-1, ...grid, channels]);
  };
  const decodeVectors = (vectors: tf.Tensor): tf.Tensor => outputOf(vectors).mean;

  return {
    inputShape: plan.inputShape,
    latentDim,
    loss({ x, mask, training, noise, observe }): LossParts {
      const vectors = vectorsAt(x);
      const clips = x.shape[0] as number;
      const rows = tf.reshape(tf.tile(tf.reshape(mask, [-1, 1]), [1, positions]), [-1]) as tf.Tensor1D;
      const quantised: Quantised = training
        ? quantiseTraining(vectors, clips, quantiser, weights, noise)
        : quantise(vectors, rows, quantiser, weights);
      const squares = tf.square(tf.sub(drawn(quantised.vectors, noise), x));
      const mse = maskedMean(tf.mean(weighed(squares, x), [1, 2, 3]) as tf.Tensor1D, mask);
      const reconstruction = tf.mul(mse, config.reconstructionWeight) as tf.Scalar;
      const commitment = tf.sum(quantised.commitment) as tf.Scalar;
      observe?.('codeCounts', quantised.counts);
      return {
        total: tf.add(reconstruction, tf.mul(commitment, config.commitmentWeight)) as tf.Scalar,
        reconstruction,
        mse,
        commitment,
        ...{ 'commitment/stage': quantised.commitment, 'perplexity/stage': perplexity(quantised.counts) },
        'dead/stage': deadCodes(quantiser, weights),
      };
    },
    // As a vector a clip, for what is done with codes of any kind: what the indices stand for, at no variance.
    encode(x) {
      const mean = tf.reshape(lookUp(encodeIndices(x)), [-1, latentDim]) as tf.Tensor2D;
      return { mean, logVar: tf.fill(mean.shape, noVariance) };
    },
    decode: (z) => decodeVectors(z),
    // Against a prior of all indices alike, each index tells its logarithm.
    klOf: ({ mean }) => tf.fill([mean.shape[0]], positions * stages * Math.log(codebookSize)),
    reconstruct: (x) => decodeVectors(lookUp(encodeIndices(x))),
    codes: { grid, stages, codebookSize, channels, encodeIndices, lookUp, decodeVectors },
  };
}

/** Errors of cosine and sine by the level beside them: the phase of silence is noise, and nobody hears it. */
function weighed(squares: tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (x.shape[3] !== 3) return squares;
  const level = tf.clipByValue(tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 1]), 0, 1);
  return tf.mul(squares, tf.concat([tf.onesLike(level), level, level], 3));
}

export const rvqVae: Family<typeof rvqVaeSchema> = {
  id: 'rvq-vae',
  kind: 'discrete',
  withoutKl: true,
  title: 'Residual-quantised VQ-VAE of spectrograms',
  papers: [
    {
      document: '003',
      title: 'Assignment 3 - Question 4 (a VQ-VAE with residual quantisation of spoken digits)',
      authors: 'Imperial College London, CID 00951537',
      year: 2024,
      section: '2 Model architecture design; 3 Experimentation',
    },
  ],
  schema: rvqVaeSchema,
  inputShape: inputShapeOf,
  codeNumbers: ({ config, features }) => sizeOf(planLayers(config, features).grid) * config.stages,
  codeGrid({ config, features }) {
    const { grid, quantiser } = planLayers(config, features);
    const { stages, codebookSize, channels } = quantiser;
    return { grid, stages, codebookSize, channels };
  },
  parameters: ({ config, features }) => parametersOf(planLayers(config, features)),
  activations: ({ config, features }) => activationsOf(planLayers(config, features)),
  build({ config, features, state, seed }) {
    const plan = planLayers(config, features);
    return buildModel(config, plan, registerParameters(parametersOf(plan), state, seed));
  },
};
