import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../engine/adam.ts';
import type { EntryPoint, ProgramDefinition } from '../engine/program.ts';
import { StateRegistry } from '../engine/state.ts';
import type { ResolvedConfig } from '../models/config.ts';
import type { LossParts, LossScalars, Model, PreparedInput } from '../models/family.ts';
import { klToStandardNormal } from '../models/parts/distributions.ts';
import { fedShape } from '../models/prepared.ts';
import { buildModel } from '../models/registry.ts';
import { drawEntry, drawnEntry } from './ancestral-entries.ts';

/** The entry points of a model's program. */
export type ModelEntry =
  | 'step'
  | 'prepare'
  | 'evaluate'
  | 'reconstruct'
  | 'encode'
  | 'decode'
  | 'sample'
  | 'draw'
  | 'indices'
  | 'vectors'
  | 'mixture'
  | 'responsibilities'
  | 'density';

export interface ModelProgram {
  definition: ProgramDefinition;
  model: Model;
}

export type ModelConfig = Pick<ResolvedConfig, 'family' | 'model' | 'features' | 'training'>;

/**
 * A family's model as a program. Entry points, each for a batch of `batchSize` clips:
 * - prepare, of models that have it: x `[batch, ...inputShape]` -> prepared `[batch, ...prepared.shape]`, which step and evaluate then
 *   take for x, with the label behind it where they are told one;
 * - step: x `[batch, ...inputShape]`, learningRate, beta, freeBits (and clipNorm where clipping is on) -> loss parts, gradientNorm;
 * - evaluate: x, mask `[batch]`, beta, freeBits -> loss parts, with running statistics and noise; where the family
 *   has them, klPerDimension `[latent]` and code `[batch, latent]`;
 * - reconstruct: x `[clips, ...inputShape]` -> x decoded from the posterior's mean, with running statistics;
 * - encode: x -> mean, logVar `[batch, latent]`, klNats `[batch]`; decode: z `[batch, latent]` -> x; sample: temperature -> z, x.
 * - of an ancestral prior, draw and sample: see ancestral-entries.ts.
 * - of a discrete code, indices: x -> indices `[batch, positions * stages]`, as floats; vectors: indices, stages -> z `[batch, latent]`
 *   of the first so many stages.
 * - mixture: nothing -> weights `[components]`, means, deviations `[components, latent]`; responsibilities: z -> shares
 *   `[batch, components]`.
 * - density, of models that are one: x, z -> logLikelihood of x given z, logPrior of z, both `[batch]` in nats.
 * State is the weights, and Adam's moments where `step` is among the entries. Only entries that the model can do are there.
 */
export function buildModelProgram(
  config: ModelConfig,
  options: { batchSize: number; entries: readonly ModelEntry[]; clips?: number },
): ModelProgram {
  const state = new StateRegistry();
  const model = buildModel(config, state);
  const { batchSize, entries, clips = 0 } = options;
  const makers: Record<ModelEntry, () => EntryPoint | null> = {
    step: () =>
      stepEntry(model, new Adam(state, adamOptions(config)), config.training.clipNorm > 0, batchSize),
    prepare: () => prepareEntry(model, batchSize),
    evaluate: () => evaluateEntry(model, batchSize),
    reconstruct: () => reconstructEntry(model, clips),
    encode: () => encodeEntry(model, batchSize),
    decode: () => decodeEntry(model, batchSize),
    sample: () => sampleEntry(model, batchSize),
    draw: () => drawEntry(model, batchSize),
    indices: () => indicesEntry(model, batchSize),
    vectors: () => vectorsEntry(model, batchSize),
    mixture: () => mixtureEntry(model),
    responsibilities: () => responsibilitiesEntry(model, batchSize),
    density: () => densityEntry(model, batchSize),
  };
  const made: Record<string, EntryPoint> = {};
  for (const name of entries) {
    const entry = makers[name]();
    if (entry) made[name] = entry;
  }
  return { definition: { state, entries: made }, model };
}

function adamOptions({ training }: ModelConfig) {
  return { beta1: training.adamBeta1, beta2: training.adamBeta2, epsilon: training.adamEpsilon };
}

/** What the losses are of: clips, or what was prepared of them. */
function lossOf(model: Model): Pick<PreparedInput, 'shape' | 'loss'> {
  const { prepared } = model;
  if (prepared) return { shape: fedShape(prepared), loss: (args) => prepared.loss(args) };
  return { shape: model.inputShape, loss: (args) => model.loss(args) };
}

function prepareEntry({ prepared, inputShape }: Model, batchSize: number): EntryPoint | null {
  if (!prepared) return null;
  return {
    feeds: { x: { shape: [batchSize, ...inputShape] } },
    run: (feeds) => ({ prepared: prepared.prepare(feed(feeds, 'x')) }),
  };
}

function stepEntry(model: Model, adam: Adam, clips: boolean, batchSize: number): EntryPoint {
  const { shape, loss } = lossOf(model);
  return {
    feeds: {
      x: { shape: [batchSize, ...shape] },
      learningRate: { shape: [] },
      beta: { shape: [] },
      freeBits: { shape: [] },
      ...(clips ? { clipNorm: { shape: [] } } : {}),
    },
    run: (feeds, noise) => {
      const x = feed(feeds, 'x');
      const mask = tf.ones([batchSize]) as tf.Tensor1D;
      return adam.minimise<LossParts>(
        () => loss({ x, mask, scalars: lossScalars(feeds), training: true, noise }),
        {
          learningRate: feed(feeds, 'learningRate') as tf.Scalar,
          clipNorm: clips ? (feed(feeds, 'clipNorm') as tf.Scalar) : null,
        },
      );
    },
  };
}

function evaluateEntry(model: Model, batchSize: number): EntryPoint {
  const { shape, loss } = lossOf(model);
  return {
    feeds: {
      x: { shape: [batchSize, ...shape] },
      mask: { shape: [batchSize] },
      beta: { shape: [] },
      freeBits: { shape: [] },
    },
    run: (feeds, noise) => {
      const observed: Record<string, tf.Tensor> = {};
      const losses = loss({
        x: feed(feeds, 'x'),
        mask: feed(feeds, 'mask') as tf.Tensor1D,
        scalars: lossScalars(feeds),
        training: false,
        noise,
        observe: (name, value) => {
          observed[name] = value;
        },
      });
      return { ...losses, ...observed };
    },
  };
}

/** Of a few clips, a batch of their own; null for none. */
function reconstructEntry(model: Model, clips: number): EntryPoint | null {
  const { encode, decode, reconstruct } = model;
  if (clips === 0 || !(reconstruct ?? (encode && decode))) return null;
  return {
    feeds: { x: { shape: [clips, ...model.inputShape] } },
    run(feeds) {
      const x = feed(feeds, 'x');
      if (reconstruct) return { x: reconstruct.call(model, x) };
      if (!encode || !decode) throw new Error('a model that reconstructs encodes and decodes');
      return { x: decode.call(model, encode.call(model, x).mean) };
    },
  };
}

function encodeEntry(model: Model, batchSize: number): EntryPoint | null {
  const { encode, klOf } = model;
  if (!encode) return null;
  return {
    feeds: { x: { shape: [batchSize, ...model.inputShape] } },
    run: (feeds) => {
      const posterior = encode.call(model, feed(feeds, 'x'));
      const { mean, logVar } = posterior;
      const klNats = klOf?.call(model, posterior) ?? tf.sum(klToStandardNormal(mean, logVar), 1);
      return { mean, logVar, klNats };
    },
  };
}

function decodeEntry(model: Model, batchSize: number): EntryPoint | null {
  const { decode } = model;
  if (!decode) return null;
  return {
    feeds: { z: { shape: [batchSize, model.latentDim] } },
    run: (feeds) => ({ x: decode.call(model, feed(feeds, 'z') as tf.Tensor2D) }),
  };
}

function sampleEntry(model: Model, batchSize: number): EntryPoint | null {
  const { ancestral, decode, samplePrior } = model;
  if (ancestral) return drawnEntry(ancestral, model, batchSize);
  if (!decode || !samplePrior) return null;
  return {
    feeds: { temperature: { shape: [] } },
    run: (feeds, noise) => {
      const z = samplePrior.call(model, batchSize, noise, feed(feeds, 'temperature') as tf.Scalar);
      return { z, x: decode.call(model, z) };
    },
  };
}

function indicesEntry({ codes, inputShape }: Model, batchSize: number): EntryPoint | null {
  if (!codes) return null;
  return {
    feeds: { x: { shape: [batchSize, ...inputShape] } },
    run: (feeds) => ({
      // In plain JavaScript a cast alone keeps the integers' array: the sum makes one of floats.
      indices: tf.reshape(tf.add(tf.cast(codes.encodeIndices(feed(feeds, 'x')), 'float32'), 0), [
        batchSize,
        -1,
      ]),
    }),
  };
}

/** One entry for any number of stages: shapes are fixed, so the number is a scalar that chooses among what they come to. */
function vectorsEntry({ codes }: Model, batchSize: number): EntryPoint | null {
  if (!codes) return null;
  const { grid, stages } = codes;
  const places = grid.reduce((product, extent) => product * extent, 1);
  return {
    feeds: { indices: { shape: [batchSize, places * stages] }, stages: { shape: [] } },
    run: (feeds) => {
      const indices = tf.reshape(tf.cast(feed(feeds, 'indices'), 'int32'), [batchSize * places, stages]);
      const upTo = Array.from({ length: stages }, (_, stage) => {
        const first = tf.reshape(tf.slice(indices, [0, 0], [-1, stage + 1]), [batchSize, ...grid, stage + 1]);
        const isIt = tf.cast(tf.equal(feed(feeds, 'stages'), stage + 1), 'float32');
        return tf.mul(codes.lookUp(first), isIt);
      });
      return { z: tf.reshape(tf.addN(upTo), [batchSize, -1]) };
    },
  };
}

function mixtureEntry({ mixture }: Model): EntryPoint | null {
  return mixture ? { feeds: {}, run: () => mixture.parameters() } : null;
}

function responsibilitiesEntry({ mixture, latentDim }: Model, batchSize: number): EntryPoint | null {
  if (!mixture) return null;
  return {
    feeds: { z: { shape: [batchSize, latentDim] } },
    run: (feeds) => ({ shares: mixture.responsibilities(feed(feeds, 'z') as tf.Tensor2D) }),
  };
}

function densityEntry({ density, inputShape, latentDim }: Model, batchSize: number): EntryPoint | null {
  if (!density) return null;
  return {
    feeds: { x: { shape: [batchSize, ...inputShape] }, z: { shape: [batchSize, latentDim] } },
    run: (feeds) => {
      const z = feed(feeds, 'z') as tf.Tensor2D;
      return { logLikelihood: density.logLikelihood(feed(feeds, 'x'), z), logPrior: density.logPrior(z) };
    },
  };
}

function lossScalars(feeds: Record<string, tf.Tensor>): LossScalars {
  return { beta: feed(feeds, 'beta') as tf.Scalar, freeBits: feed(feeds, 'freeBits') as tf.Scalar };
}

function feed(feeds: Record<string, tf.Tensor>, name: string): tf.Tensor {
  const tensor = feeds[name];
  if (!tensor) throw new Error(`the engine did not give the feed ${name}`);
  return tensor;
}
