import * as tf from '@tensorflow/tfjs-core';
import type { StateRegistry } from '../engine/state.ts';
import { seededUniform } from './parts/random.ts';

/**
 * How a parameter starts. Glorot uniform is Keras's default: uniform in +-sqrt(6 / (fanIn + fanOut)); uniform is in +-limit, as
 * PyTorch's layers start. Glorot normal is Keras's too: a normal of deviation sqrt(2 / (fanIn + fanOut)) without its tails beyond two
 * deviations, drawn here as the sum of twelve uniform numbers.
 */
export type Initialiser =
  | { kind: 'zeros' }
  | { kind: 'ones' }
  | { kind: 'constant'; value: number }
  | { kind: 'glorot-uniform'; fanIn: number; fanOut: number }
  | { kind: 'glorot-normal'; fanIn: number; fanOut: number }
  | { kind: 'uniform'; limit: number }
  /** Numbers that somebody reckoned; asked for when the parameter is made, not when it is counted. */
  | { kind: 'given'; values: () => Float32Array };

/** One array of numbers that a model learns or keeps: known from the configuration alone, before any backend. */
export interface ParameterSpec {
  /** `<part>.<layer>.<array>`, as in checkpoints: 'encoder.conv0.kernel'. */
  name: string;
  shape: readonly number[];
  /** False for what is kept but not learned by the gradient: running averages. */
  trainable: boolean;
  initialiser: Initialiser;
}

/** Numbers of one layer or of a whole model. */
export interface ParameterCount {
  trainable: number;
  nonTrainable: number;
  total: number;
}

export interface LayerParameterCount extends ParameterCount {
  layer: string;
}

/** Count of numbers in an array of `shape`; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** Counts over all `specs`, and over each layer in order of appearance. */
export function countParameters(
  specs: readonly ParameterSpec[],
): ParameterCount & { layers: LayerParameterCount[] } {
  const layers = new Map<string, LayerParameterCount>();
  const whole = { trainable: 0, nonTrainable: 0, total: 0 };
  for (const { name, shape, trainable } of specs) {
    const layer = name.slice(0, name.lastIndexOf('.'));
    const count = layers.get(layer) ?? { layer, trainable: 0, nonTrainable: 0, total: 0 };
    layers.set(layer, count);
    for (const target of [count, whole]) {
      target[trainable ? 'trainable' : 'nonTrainable'] += sizeOf(shape);
      target.total += sizeOf(shape);
    }
  }
  return { ...whole, layers: [...layers.values()] };
}

/**
 * The initial numbers of `spec`, made in JS so that every backend and machine starts from the same ones: only
 * additions, multiplications and one square root (exactly rounded everywhere), never a transcendental function.
 */
export function initialValues(spec: ParameterSpec, seed: number): Float32Array {
  const { initialiser } = spec;
  if (initialiser.kind === 'given') return initialiser.values();
  const values = new Float32Array(sizeOf(spec.shape));
  if (initialiser.kind === 'ones') values.fill(1);
  if (initialiser.kind === 'constant') values.fill(initialiser.value);
  if (initialiser.kind === 'glorot-normal') {
    // Cutting the tails narrows a normal to 0.8796 of its deviation.
    const deviation = Math.sqrt(2 / (initialiser.fanIn + initialiser.fanOut)) / 0.87962566103423978;
    const uniform = seededUniform(seed, spec.name);
    for (let index = 0; index < values.length; index++) values[index] = truncatedNormal(uniform) * deviation;
  }
  if (initialiser.kind === 'glorot-uniform' || initialiser.kind === 'uniform') {
    const limit =
      initialiser.kind === 'uniform'
        ? initialiser.limit
        : Math.sqrt(6 / (initialiser.fanIn + initialiser.fanOut));
    const uniform = seededUniform(seed, spec.name);
    for (let index = 0; index < values.length; index++) values[index] = (2 * uniform() - 1) * limit;
  }
  return values;
}

/** Nearly N(0, 1), drawn again beyond two deviations. */
function truncatedNormal(uniform: () => number): number {
  for (;;) {
    let sum = -6;
    for (let term = 0; term < 12; term++) sum += uniform();
    if (Math.abs(sum) <= 2) return sum;
  }
}

/** Registers every spec in `state` with its initial numbers, and gives the variables by name. */
export function registerParameters(
  specs: readonly ParameterSpec[],
  state: StateRegistry,
  seed: number,
): Weights {
  const variables = new Map<string, tf.Variable>();
  for (const spec of specs) {
    tf.tidy(() => {
      const initial = tf.tensor(initialValues(spec, seed), [...spec.shape], 'float32');
      variables.set(spec.name, state.register(spec.name, initial, { trainable: spec.trainable }));
    });
  }
  return (name) => {
    const variable = variables.get(name);
    if (!variable) throw new Error(`No parameter is called ${name}: the layer and its specs disagree.`);
    return variable;
  };
}

/** A model's variable by its name in the specs. */
export type Weights = (name: string) => tf.Variable;
