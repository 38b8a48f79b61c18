import type * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { reparameterise } from '../parts/distributions.ts';
import { linear, linearParameters } from './layers.ts';

/** The two linear layers of a Gaussian: `<name>_mean` and `<name>_logvar`. */
export function headParameters(name: string, inputs: number, outputs: number): ParameterSpec[] {
  return [
    ...linearParameters(`${name}_mean`, inputs, outputs),
    ...linearParameters(`${name}_logvar`, inputs, outputs),
  ];
}

/** Mean and log-variance of a Gaussian from its two linear layers, `[batch, dim]`. */
export function gaussian(
  features: tf.Tensor2D,
  name: string,
  weights: Weights,
): { mean: tf.Tensor2D; logVar: tf.Tensor2D } {
  return {
    mean: linear(features, `${name}_mean`, weights),
    logVar: linear(features, `${name}_logvar`, weights),
  };
}

/** The same with a draw from it. */
export function gaussianHead(
  features: tf.Tensor2D,
  eps: tf.Tensor2D,
  name: string,
  weights: Weights,
): { mean: tf.Tensor2D; logVar: tf.Tensor2D; draw: tf.Tensor2D } {
  const { mean, logVar } = gaussian(features, name, weights);
  return { mean, logVar, draw: reparameterise(mean, logVar, eps) };
}
