import * as tf from '@tensorflow/tfjs-core';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { TensorFlowBackend } from './backends/tensorflow.ts';
import { philoxNormal, philoxUniform } from './philox-noise.ts';
import type { NoiseKey } from './program.ts';

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

/**
 * The sites of one call. A site's name is hashed into the seed; the XOR keeps different sites apart under any one seed,
 * and the rare two names with the same hash are refused.
 */
class Sites {
  readonly #used = new Map<number, string>();

  hash(site: string): number {
    const hash = fnv1a(site);
    const other = this.#used.get(hash);
    if (other !== undefined) throw new ResynthError('engine/noise-site', { site, other });
    this.#used.set(hash, site);
    return hash;
  }
}

/** Noise by TensorFlow's stateless ops; `seed` and `step` are int32 scalars fed to the program. */
export function tensorFlowNoise(backend: TensorFlowBackend, seed: tf.Tensor, step: tf.Tensor): NoiseSource {
  const sites = new Sites();
  const draw = (op: string, site: string, shape: number[]): tf.Tensor =>
    tf.tidy(() => {
      const { binding } = backend;
      const type = (name: string, value: unknown) => ({ name, type: binding.TF_ATTR_TYPE as number, value });
      const xored = backend.executeSingleOutput(
        'BitwiseXor',
        [type('T', binding.TF_INT32)],
        [seed, tf.scalar(sites.hash(site), 'int32')],
      );
      const pair = tf.stack([xored, step]);
      return backend.executeSingleOutput(
        op,
        [type('dtype', binding.TF_FLOAT), type('T', binding.TF_INT32), type('Tseed', binding.TF_INT32)],
        [tf.tensor1d(shape, 'int32'), pair],
      );
    });
  return {
    normal: (site, shape) => draw('StatelessRandomNormal', site, shape),
    uniform: (site, shape) => draw('StatelessRandomUniform', site, shape),
  };
}

/** The same numbers, made in JavaScript, for the backends that have no stateless ops. */
export function javascriptNoise(key: NoiseKey): NoiseSource {
  const sites = new Sites();
  const draw =
    (fill: typeof philoxNormal) =>
    (site: string, shape: number[]): tf.Tensor => {
      const values = new Float32Array(tf.util.sizeFromShape(shape));
      fill([(key.seed ^ sites.hash(site)) | 0, key.step | 0], values);
      return tf.tensor(values, shape, 'float32');
    };
  return { normal: draw(philoxNormal), uniform: draw(philoxUniform) };
}

/** 32-bit FNV-1a of the name, as an int32. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
