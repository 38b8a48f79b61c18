import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import type { NoiseSource } from '../../engine/noise.ts';
import { offTape } from '../../engine/ops/off-tape.ts';
import { StateRegistry } from '../../engine/state.ts';
import type { StateEntry } from '../../engine/state.ts';
import type { CodeGrid, Family, LossArguments, LossParts, Model, PreparedInput } from '../family.ts';
import { sizeOf } from '../parameters.ts';
import { reparameterise } from '../parts/distributions.ts';
import type { ParameterSpec } from '../parameters.ts';

/** The trained model that a sampler is of, as its run had it: with the weights among the sampler's own it needs that run no more. */
const frozenSchema = z.strictObject({
  run: z.string(),
  name: z.string(),
  step: z.int(),
  /** sha256 of the checkpoint's tensors. */
  weights: z.string(),
  family: z.string(),
  model: z.record(z.string(), z.unknown()),
});
export type FrozenModel = z.output<typeof frozenSchema>;

/** Settings that every sampler has. */
export const samplerSettings = {
  base: z.string().default('').meta({
    title: 'Trained model',
    help: 'The run whose codes are modelled: its name or id, and RUN@STEP for one of its checkpoints. It is copied into the new run and not trained any further.',
  }),
  frozen: frozenSchema.nullable().default(null).meta({ hidden: true }),
};

interface SamplerArguments {
  config: { frozen: FrozenModel | null };
  features: FeaturePipelineConfig;
}

/** What stands in while no run is named: parameters are then counted for a model of this kind. */
export type UsualBase = Pick<FrozenModel, 'family' | 'model'>;

/** The families that a sampler can be of, by id. */
export type BaseFamilies = (id: string) => Family;

const prefix = 'frozen.';

/** The base's name of a parameter of a sampler; null for one of the sampler's own. */
export function frozenName(parameter: string): string | null {
  return parameter.startsWith(prefix) ? parameter.slice(prefix.length) : null;
}

/** What is known of a sampler's base without a backend. */
export interface BasePlan {
  family: Family;
  model: unknown;
  /** Its arrays, as the sampler's state has them. */
  parameters: ParameterSpec[];
  code: BaseCode;
}

/** A code of one vector a clip, or of a grid of positions. */
export type BaseCode = { kind: 'vector'; size: number } | ({ kind: 'discrete' } & CodeGrid);

/** The code of a clip of a family; null for one without such a code. */
export function codeOf(
  family: Family,
  args: { config: unknown; features: FeaturePipelineConfig },
): BaseCode | null {
  const grid = family.codeGrid?.(args);
  if (grid) return { kind: 'discrete', ...grid };
  if (family.utterances) return null;
  const stated = (args.config as { latentDim?: unknown }).latentDim;
  const size = family.codeNumbers ? family.codeNumbers(args) : stated;
  return typeof size === 'number' ? { kind: 'vector', size } : null;
}

export function planBase(
  { config, features }: SamplerArguments,
  usual: UsualBase,
  families: BaseFamilies,
): BasePlan {
  const { family: id, model } = config.frozen ?? usual;
  const family = families(id);
  const parsed: unknown = family.schema.parse(model);
  const code = codeOf(family, { config: parsed, features });
  if (!code) throw new Error(`models of ${id} have no code of a fixed size: who makes a run refuses them`);
  const parameters = family
    .parameters({ config: parsed, features })
    .map((spec) => ({ ...spec, name: `${prefix}${spec.name}`, trainable: false }));
  return { family, model: parsed, parameters, code };
}

/** The base as a sampler uses it: nothing of it moves any more. */
export interface FrozenBase {
  model: Model;
  /** A sampler does all that its base does. */
  abilities: Pick<Model, 'inputShape' | 'encode' | 'reconstruct' | 'codes'>;
  /** Numbers of a clip's code: of a grid, its positions' vectors. */
  size: number;
  /** What of a clip a sampler looks at: indices, or mean and log variance of the posterior. */
  told: Pick<PreparedInput, 'shape' | 'prepare'>;
  /** The code that this tells, `[batch, size]`: of a grid what its indices stand for. `noise` draws from the posterior; null takes its mean. */
  codeOf(told: tf.Tensor, noise: NoiseSource | null): tf.Tensor2D;
  /** Expected output for codes `[batch, size]`. */
  decode(z: tf.Tensor2D): tf.Tensor;
}

/** Builds the base over frozen variables, which the sampler's checkpoints hold. */
export function buildBase(
  plan: BasePlan,
  args: { features: FeaturePipelineConfig; state: StateRegistry; seed: number },
): FrozenBase {
  const { features, state, seed } = args;
  const frozen = new FrozenRegistry(state);
  const model = plan.family.build({ config: plan.model, features, state: frozen, seed });
  const { inputShape, reconstruct, encode, decode, codes } = model;
  const abilities = {
    inputShape,
    reconstruct: (x: tf.Tensor) => {
      if (reconstruct) return reconstruct.call(model, x);
      if (!encode || !decode)
        throw new Error(`${plan.family.id} neither reconstructs nor encodes and decodes`);
      return decode.call(model, encode.call(model, x).mean);
    },
    ...(encode && { encode: (x: tf.Tensor) => encode.call(model, x) }),
    ...(codes && { codes }),
  };
  if (plan.code.kind === 'discrete') {
    if (!codes) throw new Error(`${plan.family.id} says that it has discrete codes, and has none`);
    const { grid, channels, stages } = plan.code;
    const size = sizeOf(grid) * channels;
    const shape = [sizeOf(grid) * stages];
    return {
      ...{ model, abilities, size },
      told: {
        shape,
        // In plain JavaScript a cast alone keeps the integers' array: the sum makes one of floats.
        prepare: (x) =>
          offTape(() => tf.reshape(tf.add(tf.cast(codes.encodeIndices(x), 'float32'), 0), [-1, ...shape])),
      },
      codeOf: (told) =>
        offTape(() => {
          const indices = tf.reshape(tf.cast(told, 'int32'), [-1, ...grid, stages]);
          return tf.reshape(codes.lookUp(indices), [-1, size]) as tf.Tensor2D;
        }),
      decode: (z) => codes.decodeVectors(tf.reshape(z, [-1, ...grid, channels])),
    };
  }
  if (!encode || !decode)
    throw new Error(`${plan.family.id} says that it has a code, and neither encodes nor decodes`);
  const { size } = plan.code;
  return {
    ...{ model, abilities, size },
    told: {
      shape: [2 * size],
      prepare: (x) =>
        offTape(() => {
          const { mean, logVar } = encode.call(model, x);
          return tf.concat([mean, logVar], 1);
        }),
    },
    codeOf(told, noise) {
      return offTape(() => {
        const [mean, logVar] = tf.split(told, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
        return noise
          ? reparameterise(mean, logVar, noise.normal('posterior', mean.shape) as tf.Tensor2D)
          : mean;
      });
    },
    decode: (z) => decode.call(model, z),
  };
}

/** The losses of a sampler, by one of what its base tells of clips, and of their labels where it is told these: of clips alone it knows none. */
export function samplerLoss(
  { told }: Pick<FrozenBase, 'told'>,
  loss: (args: LossArguments) => LossParts,
  labels: readonly string[] = [],
): Pick<Model, 'loss' | 'prepared'> {
  const alone = (x: tf.Tensor): tf.Tensor => {
    const numbers = told.prepare(x);
    return labels.length === 0 ? numbers : tf.concat([numbers, tf.zeros([numbers.shape[0] ?? 0, 1])], 1);
  };
  return {
    loss: (args) => loss({ ...args, x: alone(args.x) }),
    prepared: { ...told, loss, ...(labels.length > 0 && { labels }) },
  };
}

/** Puts what a model registers among a sampler's state: under names of its own, and never trained. */
class FrozenRegistry extends StateRegistry {
  readonly #target: StateRegistry;

  constructor(target: StateRegistry) {
    super();
    this.#target = target;
  }

  override register(name: string, initial: tf.Tensor): tf.Variable {
    return this.#target.register(`${prefix}${name}`, initial, { trainable: false });
  }

  override get(name: string): StateEntry | undefined {
    return this.#target.get(`${prefix}${name}`);
  }

  override entries(): StateEntry[] {
    return this.#target.entries().filter((entry) => frozenName(entry.name) !== null);
  }
}
