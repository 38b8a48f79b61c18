import * as tf from '@tensorflow/tfjs-core';
import { offTape } from '../../engine/ops/off-tape.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import type { Bijection, FlowPass, ImageShape } from './bijection.ts';

/** A deviation below this share of the root mean square of all channels' is that of a constant. */
const constantShare = 1e-4;
/** What the deviation of a constant is taken for, where all are. */
const leastDeviation = 1e-6;

/** What the first batch of a training said of each channel, all `[channels]`. */
interface Statistics {
  mean: tf.Tensor1D;
  /** Of a constant channel the floor, so that nothing is divided by zero. */
  deviation: tf.Tensor1D;
  /** 1 for a channel that is the same in every clip. */
  constant: tf.Tensor1D;
}

function statisticsParameters(name: string, channels: number): ParameterSpec[] {
  const kept = (array: string, kind: 'zeros' | 'ones', shape = [channels]): ParameterSpec => ({
    name: `${name}.${array}`,
    shape,
    trainable: false,
    initialiser: { kind },
  });
  return [
    kept('mean', 'zeros'),
    kept('deviation', 'ones'),
    kept('constant', 'zeros'),
    kept('seen', 'zeros', []),
  ];
}

/**
 * Those of the first batch that was trained on, for ever after; before it, of nothing: mean 0, deviation 1. Without a
 * branch, as a captured graph has none: they are computed every time and mixed in by a counter that is 0 the first time.
 */
function statisticsOf(x: tf.Tensor4D, name: string, { weights, training }: FlowPass): Statistics {
  const kept = (array: string): tf.Variable => weights(`${name}.${array}`);
  const stored = { mean: kept('mean'), deviation: kept('deviation'), constant: kept('constant') };
  if (!training) return stored as unknown as Statistics;
  const seen = kept('seen');
  const result = offTape(() => {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const floor = tf.maximum(tf.mul(tf.sqrt(tf.mean(variance)), constantShare), leastDeviation);
    const deviation = tf.sqrt(variance);
    const constant = tf.cast(tf.lessEqual(deviation, floor), 'float32');
    const mixed = (before: tf.Tensor, found: tf.Tensor): tf.Tensor1D =>
      tf.add(tf.mul(before, seen), tf.mul(found, tf.sub(1, seen)));
    return {
      mean: mixed(stored.mean, mean),
      deviation: mixed(stored.deviation, tf.maximum(deviation, floor)),
      constant: mixed(stored.constant, constant),
    };
  });
  for (const array of ['mean', 'deviation', 'constant'] as const) stored[array].assign(result[array]);
  seen.assign(tf.onesLike(seen));
  return result;
}

/**
 * Brings what the flow is of to mean 0 and deviation 1 a channel, once and for all by the first batch. A channel that is constant
 * there has no density: in its place the flow is given noise of deviation 1, and is charged as if the channel had the floor's
 * deviation, so that its likelihood stays finite and what is drawn is the constant again.
 */
export function normalise(
  name: string,
  shape: ImageShape,
): Bijection & {
  /** How many channels are constant: a scalar. */
  constants(weights: Weights): tf.Scalar;
} {
  const [height, width, channels] = shape;
  return {
    parameters: statisticsParameters(name, channels),
    outputShape: shape,
    forward(x, pass) {
      const { mean, deviation, constant } = statisticsOf(x, name, pass);
      const scaled = tf.mul(tf.div(tf.sub(x, mean), deviation), tf.sub(1, constant));
      const drawn = pass.noise?.normal(`${name}.constants`, x.shape);
      const y = drawn ? tf.add(scaled, tf.mul(drawn, constant)) : scaled;
      const logDet = tf.mul(tf.sum(tf.log(deviation)), -height * width);
      return { y: y as tf.Tensor4D, logDet };
    },
    inverse: (y, weights) => tf.add(tf.mul(y, weights(`${name}.deviation`)), weights(`${name}.mean`)),
    constants: (weights) => tf.sum(weights(`${name}.constant`)) as tf.Scalar,
  };
}

/**
 * An affine function a channel that begins by making its first batch mean 0 and deviation 1, and learns from there (Kingma and
 * Dhariwal 2018, section 3.1). The first batch's statistics are kept beside what is learned, which begins at no change.
 */
export function actNorm(name: string, shape: ImageShape): Bijection {
  const [height, width, channels] = shape;
  const learned = (array: string): ParameterSpec => ({
    name: `${name}.${array}`,
    shape: [channels],
    trainable: true,
    initialiser: { kind: 'zeros' },
  });
  return {
    parameters: [...statisticsParameters(name, channels), learned('shift'), learned('logScale')],
    outputShape: shape,
    forward(x, pass) {
      const { mean, deviation } = statisticsOf(x, name, pass);
      const logScale = tf.sub(pass.weights(`${name}.logScale`), tf.log(deviation));
      const y = tf.add(tf.mul(tf.sub(x, mean), tf.exp(logScale)), pass.weights(`${name}.shift`));
      return { y: y as tf.Tensor4D, logDet: tf.mul(tf.sum(logScale), height * width) };
    },
    inverse(y, weights) {
      const logScale = tf.sub(weights(`${name}.logScale`), tf.log(weights(`${name}.deviation`)));
      return tf.add(
        tf.mul(tf.sub(y, weights(`${name}.shift`)), tf.exp(tf.neg(logScale))),
        weights(`${name}.mean`),
      );
    },
  };
}
