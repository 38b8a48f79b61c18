import type * as tf from '@tensorflow/tfjs-core';

/**
 * The only source of random numbers inside an entry point. Each draw names its site; two sites never share numbers, and
 * a site may be used once a call. Numbers depend on (seed, step, site) alone, the same on every backend.
 */
export interface NoiseSource {
  /** Standard normal numbers. */
  normal(site: string, shape: number[]): tf.Tensor;
  /** Uniform numbers in [0, 1). */
  uniform(site: string, shape: number[]): tf.Tensor;
}
