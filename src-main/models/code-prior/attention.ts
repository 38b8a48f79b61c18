import * as tf from '@tensorflow/tfjs-core';
import { dropout } from '../../engine/ops/dropout.ts';
import type { NoiseSource } from '../../engine/noise.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { dense, denseParameters } from '../parts/dense.ts';

/** Size of a causal transformer. */
export interface TransformerShape {
  /** Numbers of each position between layers; a multiple of `heads`. */
  width: number;
  heads: number;
  layers: number;
}

/** Where a layer's keys and values come from: all positions at once, or those so far with one new. */
export interface Memory {
  /** Takes the keys or values of the positions at hand `[batch, queries, width]`; gives those of all `[batch, positions, width]`. */
  remember(name: string, values: tf.Tensor3D): tf.Tensor3D;
  /** `[queries, positions]`: 0 where a query may look, very negative where it may not. */
  mask: tf.Tensor2D;
}

/** Dropout of a training step; null where nothing is dropped. */
export type Dropping = { rate: number; noise: NoiseSource } | null;

export function normParameters(name: string, width: number): ParameterSpec[] {
  return [
    { name: `${name}.gamma`, shape: [width], trainable: true, initialiser: { kind: 'ones' } },
    { name: `${name}.beta`, shape: [width], trainable: true, initialiser: { kind: 'zeros' } },
  ];
}

/** Each row of x `[rows, width]` to mean 0 and deviation 1, then scaled and shifted by what is learned (Ba et al. 2016). */
export function layerNorm(x: tf.Tensor2D, name: string, weights: Weights): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true);
  const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(scaled, weights(`${name}.gamma`)), weights(`${name}.beta`));
}

/** Of one layer: attention and a net of one hidden layer of four times the width, each after a normalisation. */
export function layerParameters(name: string, width: number): ParameterSpec[] {
  return [
    ...normParameters(`${name}.norm1`, width),
    ...['query', 'key', 'value', 'out'].flatMap((part) => denseParameters(`${name}.${part}`, width, width)),
    ...normParameters(`${name}.norm2`, width),
    ...denseParameters(`${name}.inner`, width, 4 * width),
    ...denseParameters(`${name}.outer`, 4 * width, width),
  ];
}

/** x `[batch, queries, width]` through one layer (Vaswani et al. 2017, normalised before as Radford et al. 2019). */
export function transformerLayer(
  x: tf.Tensor3D,
  name: string,
  { heads }: TransformerShape,
  memory: Memory,
  weights: Weights,
  dropping: Dropping,
): tf.Tensor3D {
  const [batch, queries, width] = x.shape;
  const rows = (values: tf.Tensor): tf.Tensor2D =>
    tf.reshape(values, [batch * queries, width]) as tf.Tensor2D;
  const dropped = (values: tf.Tensor, site: string): tf.Tensor =>
    dropping ? dropout(values, dropping.rate, dropping.noise, `${name}.${site}`) : values;
  const normal = layerNorm(rows(x), `${name}.norm1`, weights);
  const projected = (part: string): tf.Tensor3D =>
    tf.reshape(dense(normal, `${name}.${part}`, weights), x.shape);
  const byHead = (values: tf.Tensor3D): tf.Tensor4D =>
    tf.transpose(tf.reshape(values, [batch, -1, heads, width / heads]), [0, 2, 1, 3]) as tf.Tensor4D;
  const query = byHead(projected('query'));
  const key = byHead(memory.remember(`${name}.key`, projected('key')));
  const value = byHead(memory.remember(`${name}.value`, projected('value')));
  const scores = tf.mul(tf.matMul(query, key, false, true), 1 / Math.sqrt(width / heads));
  const shares = tf.softmax(tf.add(scores, memory.mask));
  const seen = rows(tf.transpose(tf.matMul(shares, value), [0, 2, 1, 3]));
  const after = tf.add(rows(x), dropped(dense(seen, `${name}.out`, weights), 'attention')) as tf.Tensor2D;
  const inner = tf.relu(dense(layerNorm(after, `${name}.norm2`, weights), `${name}.inner`, weights));
  const net = dropped(dense(inner, `${name}.outer`, weights), 'net');
  return tf.reshape(tf.add(after, net), x.shape);
}

const never = -1e9;

/** All positions at hand: each may look at itself and those before it. */
export function causalMemory(positions: number): Memory {
  const mask = Float32Array.from({ length: positions * positions }, (_, at) =>
    at % positions <= Math.floor(at / positions) ? 0 : never,
  );
  return { remember: (_name, values) => values, mask: tf.tensor2d(mask, [positions, positions]) };
}

/**
 * One position at hand, `place` being 1 there and 0 elsewhere `[positions]`: what it adds is put beside what was remembered of those
 * before it. `cache` `[batch, names, positions, width]` has a row for each of `names`; `next` gives it with what was added.
 */
export function growingMemory(
  names: readonly string[],
  cache: tf.Tensor4D,
  place: tf.Tensor1D,
): Memory & { next(): tf.Tensor4D } {
  const [batch, , positions, width] = cache.shape;
  const rows = tf.unstack(cache, 1) as tf.Tensor3D[];
  const column = tf.reshape(place, [1, positions, 1]);
  // 1 up to the place and 0 after it.
  const until = tf.cumsum(place, 0, false, true);
  return {
    mask: tf.reshape(tf.mul(tf.sub(1, until), never), [1, positions]) as tf.Tensor2D,
    remember(name, values) {
      const at = names.indexOf(name);
      const before = rows[at];
      if (!before) throw new Error(`nothing is remembered under ${name}`);
      const grown = tf.add(tf.mul(before, tf.sub(1, column)), tf.mul(values, column)) as tf.Tensor3D;
      rows[at] = grown;
      return grown;
    },
    next: () => tf.reshape(tf.stack(rows, 1), [batch, names.length, positions, width]) as tf.Tensor4D,
  };
}
