import * as tf from '@tensorflow/tfjs-core';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import type { Bijection, FlowPass, ImageShape } from '../../../src-main/models/flow/bijection.ts';
import { registerParameters } from '../../../src-main/models/parameters.ts';
import type { ParameterSpec, Weights } from '../../../src-main/models/parameters.ts';
import { seededUniform } from '../../../src-main/models/parts/random.ts';
import { testNoise } from '../cpu.ts';

/** Numbers in -2..2, `[count, ...shape]`. */
export function numbers(count: number, shape: ImageShape, seed = 1): tf.Tensor4D {
  const next = seededUniform(seed, 'numbers');
  const size = shape.reduce((product, extent) => product * extent, count);
  return tf.tensor4d(
    Float32Array.from({ length: size }, () => 4 * next() - 2),
    [count, ...shape],
  );
}

/** Weights of `specs`, every learned one random: a layer that begins as the identity shows nothing. */
export function randomWeights(specs: readonly ParameterSpec[], seed = 3): Weights {
  const state = new StateRegistry();
  const weights = registerParameters(
    specs.map((spec) => (spec.trainable ? { ...spec, initialiser: { kind: 'uniform', limit: 0.25 } } : spec)),
    state,
    seed,
  );
  return weights;
}

export function pass(weights: Weights, options: Partial<FlowPass> = {}): FlowPass {
  return { weights, training: false, noise: testNoise(), ...options };
}

/** The largest difference between two tensors. */
export function furthest(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number;
}

/** log |det| of the Jacobian of a bijection at `x`, one clip, by differences: what `logDet` has to be. */
export function numericalLogDet(
  layer: Bijection,
  x: tf.Tensor4D,
  weights: Weights,
  noise: null = null,
): number {
  const flow = (values: Float32Array): Float32Array =>
    tf.tidy(
      () =>
        layer
          .forward(tf.tensor4d(values, x.shape), { weights, training: false, noise })
          .y.dataSync() as Float32Array,
    );
  const at = x.dataSync() as Float32Array;
  const step = 1e-2;
  const columns = Array.from(at, (_, index) => {
    const [up, down] = [Float32Array.from(at), Float32Array.from(at)];
    up[index]! += step;
    down[index]! -= step;
    const [high, low] = [flow(up), flow(down)];
    return Array.from(high, (value, row) => (value - low[row]!) / (up[index]! - down[index]!));
  });
  return logDeterminant(columns);
}

/** By elimination with pivots. */
function logDeterminant(matrix: number[][]): number {
  const rows = matrix.map((row) => [...row]);
  let sum = 0;
  for (let column = 0; column < rows.length; column++) {
    const pivot = rows.reduce(
      (best, row, at) =>
        at >= column && Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? at : best,
      column,
    );
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    sum += Math.log(Math.abs(head[column]!));
    for (let below = column + 1; below < rows.length; below++) {
      const factor = rows[below]![column]! / head[column]!;
      rows[below] = rows[below]!.map((value, at) => value - factor * head[at]!);
    }
  }
  return sum;
}
