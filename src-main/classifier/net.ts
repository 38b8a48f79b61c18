import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../engine/adam.ts';
import { dropout } from '../engine/ops/dropout.ts';
import type { NoiseSource } from '../engine/noise.ts';
import type { ProgramDefinition } from '../engine/program.ts';
import { StateRegistry } from '../engine/state.ts';
import { type ParameterSpec, registerParameters, sizeOf, type Weights } from '../models/parameters.ts';
import {
  type ConvolutionShape,
  convolutionParameters,
  convolve,
  sameSize,
} from '../models/parts/convolution.ts';
import { dense, denseParameters } from '../models/parts/dense.ts';
import { melImage } from './mel-image.ts';

/** Numbers of the layer before the last: sounds are compared there. */
export const embeddingSize = 64;

const filters = [16, 32, 64];
const dropoutRate = 0.3;

function layersOf(): ConvolutionShape[] {
  let size = [melImage.bands, melImage.frames] as const;
  let channels = 1;
  return filters.map((outputChannels, index) => {
    const [inputSize, inputChannels] = [size, channels];
    const outputSize = sameSize(inputSize, [2, 2]);
    [size, channels] = [outputSize as typeof size, outputChannels];
    const name = `conv${index}`;
    return { name, kernel: [3, 3], stride: [2, 2], inputSize, inputChannels, outputSize, outputChannels };
  });
}

/**
 * A small convolutional net from mel images to classes. Entries, each for `batchSize` sounds: step: x `[batch, bands, frames, 1]`, y
 * `[batch, classes]` one hot, learningRate -> total, the mean cross entropy in nats; classify: x -> probabilities, embedding.
 */
export function classifierProgram(classes: number, batchSize: number, seed: number): ProgramDefinition {
  const state = new StateRegistry();
  const layers = layersOf();
  const last = layers.at(-1)!;
  const flat = sizeOf(last.outputSize) * last.outputChannels;
  const specs: ParameterSpec[] = [
    ...layers.flatMap(convolutionParameters),
    ...denseParameters('embedding', flat, embeddingSize),
    ...denseParameters('logits', embeddingSize, classes),
  ];
  const weights = registerParameters(specs, state, seed);
  const adam = new Adam(state);
  const xFeed = { shape: [batchSize, melImage.bands, melImage.frames, 1] };
  return {
    state,
    entries: {
      step: {
        feeds: { x: xFeed, y: { shape: [batchSize, classes] }, learningRate: { shape: [] } },
        run({ x, y, learningRate }, noise) {
          const loss = (): { total: tf.Scalar } => {
            const { logits } = classify(x as tf.Tensor4D, layers, weights, noise);
            const right = tf.sum(tf.mul(tf.logSoftmax(logits), y as tf.Tensor), 1);
            return { total: tf.neg(tf.mean(right)) as tf.Scalar };
          };
          return adam.minimise(loss, { learningRate: learningRate as tf.Scalar, clipNorm: null });
        },
      },
      classify: {
        feeds: { x: xFeed },
        run({ x }) {
          const { logits, embedding } = classify(x as tf.Tensor4D, layers, weights, null);
          return { probabilities: tf.softmax(logits), embedding };
        },
      },
    },
  };
}

function classify(
  x: tf.Tensor4D,
  layers: readonly ConvolutionShape[],
  weights: Weights,
  noise: NoiseSource | null,
): { logits: tf.Tensor2D; embedding: tf.Tensor2D } {
  let image = x;
  for (const layer of layers) image = tf.relu(convolve(image, layer, weights));
  const flat = tf.reshape(image, [x.shape[0], -1]) as tf.Tensor2D;
  const embedding = tf.relu(dense(flat, 'embedding', weights));
  const seen = noise ? (dropout(embedding, dropoutRate, noise, 'embedding') as tf.Tensor2D) : embedding;
  return { logits: dense(seen, 'logits', weights), embedding };
}
