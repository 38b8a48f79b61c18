import type * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../../engine/noise.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';

/** What a layer of a flow is given of one clip; a vector of n numbers is `[1, 1, n]`. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** What a pass through a flow knows beside its input. */
export interface FlowPass {
  weights: Weights;
  /** Whether layers that look at their first batch may do so now. */
  training: boolean;
  /** Null where nothing is drawn. */
  noise: NoiseSource | null;
}

/** An invertible function of images, x and y `[batch, height, width, channels]`. */
export interface Bijection {
  readonly parameters: readonly ParameterSpec[];
  /** Shape of y. */
  readonly outputShape: ImageShape;
  /** y, and the logarithm of |det dy/dx| of each clip: `[batch]`, or a scalar where it is the same for all. */
  forward(x: tf.Tensor4D, pass: FlowPass): { y: tf.Tensor4D; logDet: tf.Tensor };
  /** The x of which `forward` makes y. */
  inverse(y: tf.Tensor4D, weights: Weights): tf.Tensor4D;
}
