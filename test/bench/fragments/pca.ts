import * as tf from '@tensorflow/tfjs-core';
import { seededUniform } from '../../../src-main/models/parts/random.ts';

/** The space of the first principal components of rows: what a linear code of as many numbers keeps at best. */
export interface Components {
  /** `[size]` */
  mean: Float32Array;
  /** `[size, count]`, orthonormal columns that span it. */
  basis: Float32Array;
}

/** Rounds of power iteration: components that are still mixed by then differ by less than one part in a thousand in what they explain. */
const rounds = 100;

/** The first `count` principal components of `rows` `[n, size]`, as the space that they span. */
export function principalComponents(rows: Float32Array, size: number, count: number): Components {
  return tf.tidy(() => {
    const x = tf.tensor2d(rows, [rows.length / size, size]);
    const mean = tf.mean(x, 0);
    const centred = tf.sub<tf.Tensor2D>(x, mean);
    const covariance = tf.matMul(centred, centred, true);
    const next = seededUniform(0, 'components');
    let basis = tf.tensor2d(
      orthonormal(
        Float32Array.from({ length: size * count }, () => next() - 0.5),
        count,
      ),
      [size, count],
    );
    for (let round = 0; round < rounds; round++) {
      const turned = tf.matMul(covariance, basis).dataSync() as Float32Array;
      basis = tf.tensor2d(orthonormal(turned, count), [size, count]);
    }
    return { mean: mean.dataSync() as Float32Array, basis: basis.dataSync() as Float32Array };
  });
}

/** `rows` `[n, size]` as their components give them back. */
export function throughComponents(rows: Float32Array, { mean, basis }: Components): Float32Array {
  return tf.tidy(() => {
    const size = mean.length;
    const centred = tf.sub<tf.Tensor2D>(tf.tensor2d(rows, [rows.length / size, size]), mean);
    const columns = tf.tensor2d(basis, [size, basis.length / size]);
    const code = tf.matMul(centred, columns);
    return tf.add(tf.matMul(code, columns, false, true), mean).dataSync() as Float32Array;
  });
}

/** The columns of `[size, count]` made orthonormal one after the other (Gram and Schmidt, twice for what rounding leaves). */
export function orthonormal(columns: Float32Array, count: number): Float32Array {
  const size = columns.length / count;
  const data = Float64Array.from(columns);
  for (let column = 0; column < count; column++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < column; before++) {
        let dot = 0;
        for (let at = 0; at < size * count; at += count) dot += data[at + column]! * data[at + before]!;
        for (let at = 0; at < size * count; at += count) data[at + column]! -= dot * data[at + before]!;
      }
    }
    let squares = 0;
    for (let at = column; at < size * count; at += count) squares += data[at]! ** 2;
    const norm = Math.sqrt(squares);
    for (let at = column; at < size * count; at += count) data[at]! /= norm;
  }
  return Float32Array.from(data);
}
