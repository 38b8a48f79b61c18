// The whole package for its side effects: it registers the gradients and the plain JS backend.
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../../src-main/engine/noise.ts';
import { seededUniform } from '../../src-main/models/parts/random.ts';

/** Plain JS backend: exact enough for small shapes, and it needs no set-up. */
export async function useCpu(): Promise<typeof tf> {
  await tf.setBackend('cpu');
  await tf.ready();
  return tf;
}

/** Noise by (key, site) for tests; the engine's own source is tested with the engine. Refuses a site used twice. */
export function testNoise(key = 0): NoiseSource {
  const used = new Set<string>();
  const draw = (site: string, shape: number[], number: (next: () => number) => number): tf.Tensor => {
    if (used.has(site)) throw new Error(`site ${site} drawn twice`);
    used.add(site);
    const next = seededUniform(key, site);
    const size = shape.reduce((product, extent) => product * extent, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, () => number(next)),
      shape,
    );
  };
  return {
    normal: (site, shape) =>
      draw(site, shape, (next) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
    uniform: (site, shape) => draw(site, shape, (next) => next()),
  };
}

/** Scalars of a loss. */
export function lossScalars({ beta = 1, freeBits = 0 } = {}): { beta: tf.Scalar; freeBits: tf.Scalar } {
  return { beta: tf.scalar(beta), freeBits: tf.scalar(freeBits) };
}

/** Seeded clips in 0..1, `[count, ...shape]`. */
export function randomClips(count: number, shape: readonly number[], seed = 1): tf.Tensor {
  const next = seededUniform(seed, 'clips');
  const size = shape.reduce((product, extent) => product * extent, count);
  return tf.tensor(
    Float32Array.from({ length: size }, () => next()),
    [count, ...shape],
  );
}

/** Runs `body` twice and reports how many tensors the second run left: leaks, without one-off set-up. */
export function leakedTensors(body: () => void): number {
  body();
  const before = tf.memory().numTensors;
  body();
  return tf.memory().numTensors - before;
}

/** The features of a tiny clip: 16 bins by `frames`. */
export function tinyFeatures(
  frames = 8,
  nFft = 32,
): {
  kind: 'log-spectrogram';
  sampleRateHz: number;
  durationSec: number;
  nFft: number;
  hopLength: number;
  topDb: number;
} {
  return {
    kind: 'log-spectrogram',
    sampleRateHz: 1000,
    durationSec: ((frames - 1) * 16 + 1) / 1000,
    nFft,
    hopLength: 16,
    topDb: 80,
  };
}
