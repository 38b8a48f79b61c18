import type * as tf from '@tensorflow/tfjs-core';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { reparameterise } from '../parts/distributions.ts';
import { linear, linearParameters } from './layers.ts';
import type { Activation } from './layers.ts';
import type { Stage } from './stage.ts';

/**
 * A dynamical model as its parts. Sequences by name, all `[time, batch, dim]`: given are `x` (power spectra) and `eps` (standard normal draws, or
 * zeros for the mean); the stages give `zMean`, `zLogVar`, `z`, `xLogVar` (the log of the variance of x) and, where the prior is not
 * standard normal, `priorMean` and `priorLogVar`. A model with one latent for the whole sequence is given `vEps`
 * and gives `vMean`, `vLogVar` and `v`, all `[batch, dim]`.
 */
export interface DynamicalNetwork {
  /** In the order and under the names of the reference's state_dict. */
  parameters: ParameterSpec[];
  dims: { x: number; z: number; v: number | null };
  stages(weights: Weights, activation: Activation): readonly Stage[];
}

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
