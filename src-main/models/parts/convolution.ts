import * as tf from '@tensorflow/tfjs-core';
import { currentTensorFlow } from '../../engine/backends/current.ts';
import { convolveTransposedByTaps } from '../../engine/ops/transposed-taps.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';

/** Height and width: of a kernel, a stride or an image. */
export type Size = readonly [height: number, width: number];

/** One convolution with padding 'same' and its place in the net; transposed ones run from `output` size to `input` size. */
export interface ConvolutionShape {
  name: string;
  kernel: Size;
  stride: Size;
  inputSize: Size;
  inputChannels: number;
  outputSize: Size;
  outputChannels: number;
}

/** Extent after a convolution of padding 'same': every stride-th place, a partial one included. */
export function sameSize(size: Size, stride: Size): Size {
  return [Math.ceil(size[0] / stride[0]), Math.ceil(size[1] / stride[1])];
}

/** Kernel `[height, width, in, out]` and bias `[out]` of a convolution. */
export function convolutionParameters(shape: ConvolutionShape): ParameterSpec[] {
  return kernelAndBias(shape, [...shape.kernel, shape.inputChannels, shape.outputChannels]);
}

/** Kernel `[height, width, out, in]` and bias `[out]` of a transposed convolution. */
export function transposedConvolutionParameters(shape: ConvolutionShape): ParameterSpec[] {
  return kernelAndBias(shape, [...shape.kernel, shape.outputChannels, shape.inputChannels]);
}

/** x `[batch, height, width, in]` to `[batch, ceil(height / stride), ceil(width / stride), out]`, with bias. */
export function convolve(x: tf.Tensor4D, shape: ConvolutionShape, weights: Weights): tf.Tensor4D {
  const kernel = weights(`${shape.name}.kernel`) as tf.Variable as tf.Tensor4D;
  return tf.add(tf.conv2d(x, kernel, [...shape.stride], 'same'), weights(`${shape.name}.bias`));
}

/**
 * x `[batch, height, width, in]` to `[batch, ...outputSize, out]`, with bias. The output size is given, not derived:
 * height x stride and up to stride - 1 less are all possible, which is how odd sizes come back exactly.
 */
export function convolveTransposed(x: tf.Tensor4D, shape: ConvolutionShape, weights: Weights): tf.Tensor4D {
  const kernel = weights(`${shape.name}.kernel`) as tf.Variable as tf.Tensor4D;
  const output: [number, number, number, number] = [x.shape[0], ...shape.outputSize, shape.outputChannels];
  const convolved = isFasterByTaps(shape)
    ? convolveTransposedByTaps(x, kernel)
    : tf.conv2dTranspose(x, kernel, output, [...shape.stride], 'same');
  return tf.add(convolved, weights(`${shape.name}.bias`));
}

/** As measured with TensorFlow on a processor, with one and two channels of output. */
function isFasterByTaps({ stride, outputChannels }: ConvolutionShape): boolean {
  return currentTensorFlow() !== null && stride[0] === 1 && stride[1] === 1 && outputChannels <= 2;
}

function kernelAndBias(shape: ConvolutionShape, kernelShape: number[]): ParameterSpec[] {
  const area = shape.kernel[0] * shape.kernel[1];
  return [
    {
      name: `${shape.name}.kernel`,
      shape: kernelShape,
      trainable: true,
      initialiser: {
        kind: 'glorot-uniform',
        fanIn: area * shape.inputChannels,
        fanOut: area * shape.outputChannels,
      },
    },
    {
      name: `${shape.name}.bias`,
      shape: [shape.outputChannels],
      trainable: true,
      initialiser: { kind: 'zeros' },
    },
  ];
}
