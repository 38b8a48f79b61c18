import * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../../engine/noise.ts';
import { dropout as drop } from '../../engine/ops/dropout.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';

/** Drops numbers of `x` in training; each call within a program names a site of its own. */
export type Dropout = (x: tf.Tensor2D, site: string) => tf.Tensor2D;

/** How the layers run this time. */
export interface Pass {
  dropout: Dropout;
  /** Adds up long products in blocks. Power spectra span ten orders of magnitude; training need not care, a comparison does. */
  precise: boolean;
}

/** Without dropout, as precise as can be. */
export const evaluationPass: Pass = { dropout: (x) => x, precise: true };

/** With inverted dropout by the engine's noise. */
export function trainingPass(rate: number, noise: NoiseSource | null): Pass {
  if (rate === 0 || !noise) return { dropout: (x) => x, precise: false };
  return { dropout: (x, site) => drop(x, rate, noise, site) as tf.Tensor2D, precise: false };
}

export const activations = ['tanh', 'relu'] as const;
export type Activation = (typeof activations)[number];

export function activate<T extends tf.Tensor>(x: T, activation: Activation): T {
  return activation === 'tanh' ? tf.tanh(x) : tf.relu(x);
}

/**
 * Weight `[out, in]` and bias `[out]` as PyTorch lays them out and starts them, uniform in +-1 / sqrt(in), so that the
 * reference's checkpoints are read as they are.
 */
export function linearParameters(name: string, inputs: number, outputs: number): ParameterSpec[] {
  const initialiser = { kind: 'uniform', limit: 1 / Math.sqrt(inputs) } as const;
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], trainable: true, initialiser },
    { name: `${name}.bias`, shape: [outputs], trainable: true, initialiser },
  ];
}

/** x `[batch, in]` to `[batch, out]`. */
export function linear(x: tf.Tensor2D, name: string, weights: Weights, precise = false): tf.Tensor2D {
  const weight = weights(`${name}.weight`) as tf.Variable as tf.Tensor2D;
  return tf.add(weigh(x, weight, precise), weights(`${name}.bias`));
}

/** Terms that are added up in a row where a product is to be precise: the error of a sum grows with its length. */
const blockLength = 32;

/** `x W^T`, `[batch, in]` with `[out, in]`. */
function weigh(x: tf.Tensor2D, weight: tf.Tensor2D, precise: boolean): tf.Tensor2D {
  const inputs = x.shape[1];
  if (!precise || inputs <= 2 * blockLength) return tf.matMul(x, weight, false, true);
  const lengths = Array.from({ length: Math.ceil(inputs / blockLength) }, (_, block) =>
    Math.min(blockLength, inputs - block * blockLength),
  );
  const weights = tf.split(weight, lengths, 1) as tf.Tensor2D[];
  const parts = tf.split(x, lengths, 1) as tf.Tensor2D[];
  let sum: tf.Tensor2D | undefined;
  for (const [block, part] of parts.entries()) {
    const product: tf.Tensor2D = tf.matMul(part, weights[block] as tf.Tensor2D, false, true);
    sum = sum ? tf.add(sum, product) : product;
  }
  return sum as tf.Tensor2D;
}

/** Several linear layers, an activation and dropout after each: the reference's `dense_*`. */
export interface Mlp {
  name: string;
  inputs: number;
  /** Units of each layer; none is the identity. */
  units: readonly number[];
  /** What the layers are called where not linear0, linear1, ... */
  layers?: readonly string[];
}

/** Numbers that come out of it. */
export function outputsOf({ inputs, units }: Mlp): number {
  return units.at(-1) ?? inputs;
}

export function mlpParameters(mlp: Mlp): ParameterSpec[] {
  let inputs = mlp.inputs;
  return mlp.units.flatMap((units, index) => {
    const specs = linearParameters(layerName(mlp, index), inputs, units);
    inputs = units;
    return specs;
  });
}

function layerName({ name, layers }: Mlp, index: number): string {
  return `${name}.${layers?.[index] ?? `linear${index}`}`;
}

/** What layers are run with. */
export interface LayerContext {
  weights: Weights;
  activation: Activation;
  pass: Pass;
}

/** x `[batch, in]` through all layers. `site` keeps the dropout of a repeated use apart. */
export function runMlp(x: tf.Tensor2D, mlp: Mlp, context: LayerContext, site = ''): tf.Tensor2D {
  return mlp.units.length === 0
    ? x
    : finish(linear(x, layerName(mlp, 0), context.weights, context.pass.precise), mlp, context, site);
}

/** The layers after the products of the first, `projected` `[batch, units]`. */
function finish(projected: tf.Tensor2D, mlp: Mlp, context: LayerContext, site: string): tf.Tensor2D {
  const {
    weights,
    activation,
    pass: { dropout },
  } = context;
  let x = dropout(activate(projected, activation), `${layerName(mlp, 0)}${site}`);
  for (let index = 1; index < mlp.units.length; index++) {
    const name = layerName(mlp, index);
    x = dropout(activate(linear(x, name, weights), activation), `${name}${site}`);
  }
  return x;
}

/** A perceptron inside a recurrence. */
export interface LateMlp {
  /** The products of what is known of all frames, `[time, batch, known]`. */
  prepare(known: tf.Tensor3D): tf.Tensor3D;
  /** The whole for one frame, from its prepared products and what the recurrence gives `[batch, late]`. */
  run(prepared: tf.Tensor2D, late: tf.Tensor2D, site: string): tf.Tensor2D;
}

/**
 * A perceptron whose input is what is known of all frames beside what a recurrence gives, in this order: the first part of
 * its first layer is one product over the whole sequence, outside of the recurrence.
 */
export function lateMlp(mlp: Mlp, known: number, context: LayerContext): LateMlp {
  if (mlp.units.length === 0) {
    return { prepare: (xs) => xs, run: (x, late) => tf.concat([x, late], 1) };
  }
  const name = layerName(mlp, 0);
  const weight = context.weights(`${name}.weight`) as tf.Variable as tf.Tensor2D;
  const [ofKnown, ofLate] = tf.split(weight, [known, mlp.inputs - known], 1) as [tf.Tensor2D, tf.Tensor2D];
  return {
    prepare(xs) {
      const [time, batch, dim] = xs.shape;
      const products = weigh(tf.reshape(xs, [time * batch, dim]), ofKnown, context.pass.precise);
      return tf.reshape(tf.add(products, context.weights(`${name}.bias`)), [time, batch, -1]);
    },
    run: (prepared, late, site) => finish(tf.add(prepared, weigh(late, ofLate, false)), mlp, context, site),
  };
}
