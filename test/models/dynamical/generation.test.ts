import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { stagesOf } from '../../../src-main/models/dynamical/factors.ts';
import {
  generationEntry,
  generationOf,
  runGeneration,
  type SequenceDraw,
} from '../../../src-main/models/dynamical/generation.ts';
import { evaluationPass } from '../../../src-main/models/dynamical/layers.ts';
import { previousStage } from '../../../src-main/models/dynamical/recurrent.ts';
import { runStages } from '../../../src-main/models/dynamical/stage.ts';
import { registerParameters } from '../../../src-main/models/parameters.ts';
import { seededUniform } from '../../../src-main/models/parts/random.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';
import { smallSettings } from './small-settings.ts';
import { referenceModels } from './reference-network.ts';

const tensorflow = await openTensorFlow();

const [bins, frames] = [9, 13];

function open(model: string) {
  const [family, settings] = referenceModels[model]!;
  const network = family.network(family.schema.parse(smallSettings(family.schema, settings)), bins);
  const state = new StateRegistry();
  const factors = network.factors({
    weights: registerParameters(network.parameters, state, 3),
    activation: 'tanh',
  });
  const { dims } = network;
  const generation = generationOf(factors);
  const vDim = dims.v ?? 1;
  const next = seededUniform(7, model);
  const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, () => 4 * next() - 2);
  const programs = new Map(
    [8, 5].map((chunkFrames) => [
      chunkFrames,
      compileProgram({ state, entries: { generate: generationEntry(generation, dims, chunkFrames) } }),
    ]),
  );
  return {
    family,
    dims,
    generation,
    factors,
    numbers,
    eps: numbers(frames * dims.z),
    v: dims.v === null ? null : numbers(vDim),
    generate: (draw: SequenceDraw, chunkFrames = 8) =>
      runGeneration(programs.get(chunkFrames)!, generation, dims, draw, { chunkFrames }),
    /** All of the stages over a sequence that is known. */
    whole: (
      stages: Parameters<typeof runStages>[0],
      sequences: Record<string, Float32Array>,
      v: Float32Array | null,
    ) =>
      tf.tidy(() => {
        const found = runStages(
          stages,
          {
            sequences: Object.fromEntries(
              Object.entries(sequences).map(([name, values]) => [
                name,
                tf.tensor3d(values, [frames, 1, values.length / frames]),
              ]),
            ),
            statics: {
              vEps: tf.zeros([1, vDim]) as tf.Tensor2D,
              ...(v ? { v: tf.tensor2d(v, [1, vDim]) } : {}),
            },
          },
          evaluationPass,
        );
        return Object.fromEntries(
          Object.entries({ ...found.sequences, ...found.statics }).map(([name, value]) => [
            name,
            value.dataSync<'float32'>(),
          ]),
        );
      }),
  };
}

function worst(one: Float32Array, other: Float32Array): number {
  expect(one.length).toBe(other.length);
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
}

const none = new Float32Array(0);

describe.skipIf(!tensorflow).each(Object.keys(referenceModels))('%s generates', (model) => {
  const opened = tensorflow ? open(model) : null;

  it('draws each z from the prior, and each frame, given what it has drawn before', async () => {
    const { dims, generation, factors, eps, v, numbers, generate, whole } = opened!;
    const xFactor = numbers(frames * bins).map(Math.exp);
    const { z, power } = await generate({ frames, x: none, z: none, eps, xFactor, v });
    expect(power !== null).toBe(opened!.family.properties.autoregressive);
    const known = { z, x: power ?? new Float32Array(frames * bins) };
    const stages = [
      previousStage('x', 'xBefore', dims.x),
      previousStage('z', 'zBefore', dims.z),
      ...generation.stepped,
    ];
    const { priorMean, priorLogVar, xLogVar } = whole(stages, known, v);
    const expected = eps.map((draw, at) =>
      priorMean ? priorMean[at]! + draw * Math.exp(priorLogVar![at]! / 2) : draw,
    );
    expect(worst(z, expected)).toBeLessThan(1e-5);
    if (power) {
      const own = xLogVar!.map((value, at) => Math.exp(value) * xFactor[at]!);
      expect(worst(power, own) / Math.max(...power)).toBeLessThan(1e-5);
    }
    expect(factors.generationOfX.length).toBeGreaterThan(0);
  });

  it('is the same in chunks of any length, and its beginning is that of a longer one', async () => {
    const { dims, eps, v, generate } = opened!;
    const draw = { frames, x: none, z: none, eps, xFactor: null, v };
    const whole = await generate(draw);
    const chunked = await generate(draw, 5);
    expect(worst(whole.z, chunked.z)).toBeLessThan(1e-6);
    const shorter = await generate({ ...draw, frames: 6, eps: eps.slice(0, 6 * dims.z) });
    expect(shorter.z).toEqual(whole.z.slice(0, 6 * dims.z));
    if (whole.power) {
      expect(worst(whole.power, chunked.power!) / Math.max(...whole.power)).toBeLessThan(1e-5);
      expect(shorter.power).toEqual(whole.power.slice(0, 6 * bins));
    }
  });

  it('is the reconstruction where z and x are given, and where only z is unless it hears itself', async () => {
    const { dims, factors, eps, generation, numbers, generate, whole } = opened!;
    const x = numbers(frames * bins).map(Math.exp);
    const inferred = whole(stagesOf(factors, dims), { x, eps }, null);
    const { z, v = null, xLogVar } = inferred as Record<string, Float32Array>;
    const truth = xLogVar!.map(Math.exp);
    const noise = numbers(frames * dims.z);
    const forced = await generate({ frames, x, z: z!, eps: noise, xFactor: null, v });
    expect(forced.z).toEqual(z);
    const free = await generate({ frames, x: none, z: z!, eps: noise, xFactor: null, v });
    expect(free.z).toEqual(z);
    if (!forced.power || !free.power) {
      const after = whole(generation.after, { z: free.z }, v);
      expect(worst(after.xLogVar!.map(Math.exp), truth) / Math.max(...truth)).toBeLessThan(1e-5);
      return;
    }
    expect(worst(forced.power, truth) / Math.max(...truth)).toBeLessThan(1e-5);
    expect(free.power.slice(0, bins)).toEqual(forced.power.slice(0, bins));
    expect(worst(free.power, forced.power)).toBeGreaterThan(1e-4);
    // What it heard of itself, given as the truth, gives the same again.
    const again = await generate({ frames, x: free.power, z: z!, eps: noise, xFactor: null, v });
    expect(again.power).toEqual(free.power);
  });

  it('goes on from what is given', async () => {
    const { dims, eps, v, numbers, generate } = opened!;
    const given = 4;
    const [x, z] = [numbers(given * bins).map(Math.exp), numbers(given * dims.z)];
    const found = await generate({ frames, x, z, eps, xFactor: null, v });
    expect(found.z.slice(0, given * dims.z)).toEqual(z);
    const other = await generate({ frames, x: x.map((value) => 9 * value), z, eps, xFactor: null, v });
    if (found.power) expect(other.power!.slice(given * bins)).not.toEqual(found.power.slice(given * bins));
    else expect(other.z).toEqual(found.z);
  });
});
