/**
 * LSTM-VAE for the benchmark: one latent a frame, an LSTM on either side, written with the engine's `scan`. Power spectra
 * in, Itakura-Saito loss, as the dynamical VAEs of a later issue have. Twin: torch/twins.py, LstmVae.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../../src-main/engine/noise.ts';
import { lstmCell } from '../../src-main/engine/ops/lstm.ts';
import { scan } from '../../src-main/engine/scan.ts';
import type { StateRegistry } from '../../src-main/engine/state.ts';
import { registerParameters } from '../../src-main/models/parameters.ts';
import type { ParameterSpec } from '../../src-main/models/parameters.ts';
import { denseParameters } from '../../src-main/models/parts/dense.ts';
import { klToStandardNormal } from '../../src-main/models/parts/distributions.ts';

export interface LstmVaeConfig {
  frames: number;
  bins: number;
  units: number;
  latentDim: number;
}

export interface LstmVae {
  /** x `[frames, batch, bins]`, power; scalars. */
  loss(x: tf.Tensor3D, noise: NoiseSource): { total: tf.Scalar; reconstruction: tf.Scalar };
}

export function buildLstmVae(config: LstmVaeConfig, state: StateRegistry, seed: number): LstmVae {
  const { bins, units, latentDim } = config;
  const weights = registerParameters(
    [
      ...lstmParameters('encoder', bins, units),
      ...denseParameters('mean', units, latentDim),
      ...denseParameters('logVar', units, latentDim),
      ...lstmParameters('decoder', latentDim, units),
      ...denseParameters('output', units, bins),
    ],
    state,
    seed,
  );
  const recur = (name: string, xs: tf.Tensor): tf.Tensor => {
    const cell = lstmCell({
      kernel: weights(`${name}.kernel`) as tf.Variable as tf.Tensor2D,
      recurrentKernel: weights(`${name}.recurrentKernel`) as tf.Variable as tf.Tensor2D,
      bias: weights(`${name}.bias`) as tf.Variable as tf.Tensor1D,
    });
    const zeros = tf.zeros([xs.shape[1] as number, units]);
    return scan(cell, [zeros, zeros], [xs]).ys[0] as tf.Tensor;
  };
  const perFrame = (name: string, xs: tf.Tensor): tf.Tensor => {
    const [frames, batch, inputs] = xs.shape as [number, number, number];
    const flat = tf.reshape(xs, [frames * batch, inputs]) as tf.Tensor2D;
    const y = tf.add(
      tf.matMul(flat, weights(`${name}.kernel`) as tf.Variable as tf.Tensor2D),
      weights(`${name}.bias`),
    );
    return tf.reshape(y, [frames, batch, y.shape[1] as number]);
  };
  const perFrameMean = (values: tf.Tensor): tf.Scalar => tf.mean(tf.sum(values, 2)) as tf.Scalar;
  return {
    loss(x, noise) {
      const hidden = recur('encoder', x);
      const [mean, logVar] = [perFrame('mean', hidden), perFrame('logVar', hidden)];
      const z = tf.add(mean, tf.mul(tf.exp(tf.div(logVar, 2)), noise.normal('posterior', mean.shape)));
      const logPower = perFrame('output', recur('decoder', z));
      const ratio = tf.div(x, tf.exp(logPower));
      const reconstruction = perFrameMean(tf.sub(tf.sub(ratio, tf.log(ratio)), 1));
      const kl = perFrameMean(klToStandardNormal(mean as tf.Tensor2D, logVar as tf.Tensor2D));
      return { total: tf.add(reconstruction, kl) as tf.Scalar, reconstruction };
    },
  };
}

function lstmParameters(name: string, inputs: number, units: number): ParameterSpec[] {
  const gates = 4 * units;
  const glorot = (rows: number) => ({ kind: 'glorot-uniform', fanIn: rows, fanOut: gates }) as const;
  return [
    { name: `${name}.kernel`, shape: [inputs, gates], trainable: true, initialiser: glorot(inputs) },
    { name: `${name}.recurrentKernel`, shape: [units, gates], trainable: true, initialiser: glorot(units) },
    { name: `${name}.bias`, shape: [gates], trainable: true, initialiser: { kind: 'zeros' } },
  ];
}
