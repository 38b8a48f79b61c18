import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { StateRegistry } from '../../src-main/engine/state.ts';
import { boundsOf, likelihoodBounds } from '../../src-main/inference/likelihood-bounds.ts';
import { LoadedModel } from '../../src-main/inference/loaded-model.ts';
import { convVae, convVaeSchema } from '../../src-main/models/families/conv-vae.ts';
import { gmVae, gmVaeSchema } from '../../src-main/models/families/gm-vae.ts';
import type { Model } from '../../src-main/models/family.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { randomClips, tinyFeatures, useCpu } from '../models/cpu.ts';
import { tinyRun, tinySettings } from './tiny-run.ts';

beforeAll(useCpu);

const net = {
  filters: [4, 3],
  kernels: [3, 3],
  strides: [2, [2, 1]],
  latentDim: 2,
  decoder: 'mirror-plus-output',
};

/** Nets with codes of two numbers, whose likelihood can be integrated. */
const toys: Record<string, () => Model> = {
  'a standard VAE': () => built(convVae, convVaeSchema.parse({ ...net, reconstructionWeight: 20 })),
  'three Gaussians': () => built(gmVae, gmVaeSchema.parse({ ...net, scale: 1, components: 3 })),
  'three Gaussians, Laplace': () =>
    built(gmVae, gmVaeSchema.parse({ ...net, scale: 1, components: 3, likelihood: 'laplace' })),
};

function built<Config>(family: { build(args: never): Model }, config: Config): Model {
  const args = { config, features: tinyFeatures(), state: new StateRegistry(), seed: 7 };
  return family.build(args as never);
}

/** A toy as the bounds take models. */
function asLoaded(model: Model): Parameters<typeof likelihoodBounds>[0] & { clipSize: number } {
  const clipSize = model.inputShape.reduce((product, extent) => product * extent, 1);
  return {
    latentDim: model.latentDim,
    clipSize,
    logDensity: (features, z) => {
      const { density } = model;
      if (!density) throw new Error('this toy is no density');
      const given = tf.tensor(features, [features.length / clipSize, ...model.inputShape]);
      const code = tf.tensor2d(z, [z.length / model.latentDim, model.latentDim]);
      return Promise.resolve(
        tf.tidy(() => ({
          logLikelihood: density.logLikelihood(given, code).dataSync() as Float32Array,
          logPrior: density.logPrior(code).dataSync() as Float32Array,
        })),
      );
    },
  };
}

/** log of the integral of p(x | z) p(z) over a square of codes that holds all but nothing of the prior, by the midpoint rule. */
async function integrated(model: Model, clip: Float32Array): Promise<number> {
  const loaded = asLoaded(model);
  const [edge, side] = [7, 56];
  const step = (2 * edge) / side;
  const logs: number[] = [];
  for (let row = 0; row < side; row++) {
    const codes = Float32Array.from({ length: 2 * side }, (_, at) =>
      at % 2 === 0 ? (row + 0.5) * step - edge : (Math.floor(at / 2) + 0.5) * step - edge,
    );
    const clips = new Float32Array(side * clip.length);
    for (let at = 0; at < side; at++) clips.set(clip, at * clip.length);
    const { logLikelihood, logPrior } = await loaded.logDensity(clips, codes);
    logs.push(...logLikelihood.map((value, at) => value + logPrior[at]!));
  }
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, one) => sum + Math.exp(one - most), 0)) + 2 * Math.log(step);
}

describe('bounds of the likelihood', () => {
  it.each(Object.entries(toys))('of %s lie below its integral, and reach it with draws', async (_, make) => {
    const model = make();
    const clips = randomClips(2, model.inputShape);
    const numbers = clips.dataSync() as Float32Array;
    const code = model.encode?.(clips) ?? expect.unreachable();
    const posterior = {
      mean: code.mean.dataSync() as Float32Array,
      logVar: code.logVar.dataSync() as Float32Array,
    };
    const loaded = asLoaded(model);
    const bounds = await likelihoodBounds(loaded, numbers, posterior, 500);
    for (const [at, { elboNats, iwaeNats }] of bounds.entries()) {
      const truth = await integrated(model, numbers.slice(at * loaded.clipSize, (at + 1) * loaded.clipSize));
      expect(elboNats).toBeLessThan(truth);
      expect(iwaeNats).toBeGreaterThan(elboNats);
      expect(Math.abs(iwaeNats - truth)).toBeLessThan(0.1);
    }
  });

  it('follow from each clip alone, whichever clips come with it', async () => {
    const model = toys['three Gaussians']!();
    const loaded = asLoaded(model);
    const clips = randomClips(3, model.inputShape);
    const code = model.encode?.(clips) ?? expect.unreachable();
    const [mean, logVar] = [code.mean.dataSync() as Float32Array, code.logVar.dataSync() as Float32Array];
    const numbers = clips.dataSync() as Float32Array;
    const all = await likelihoodBounds(loaded, numbers, { mean, logVar }, 8);
    const last = await likelihoodBounds(
      loaded,
      numbers.slice(2 * loaded.clipSize),
      { mean: mean.slice(4), logVar: logVar.slice(4) },
      8,
    );
    expect(last[0]!.elboNats).toBeCloseTo(all[2]!.elboNats, 4);
    expect(last[0]!.iwaeNats).toBeCloseTo(all[2]!.iwaeNats, 4);
  });

  it('are one where there is one draw, and never cross', () => {
    const logs = fc.array(fc.double({ min: -2e4, max: 2e4, noNaN: true }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(logs, (weights) => {
        const { elboNats, iwaeNats } = boundsOf(Float64Array.from(weights));
        expect(iwaeNats).toBeGreaterThanOrEqual(elboNats - 1e-9 * Math.abs(elboNats) - 1e-9);
        expect(iwaeNats).toBeLessThanOrEqual(Math.max(...weights) + 1e-9);
        if (weights.length === 1) expect(iwaeNats).toBeCloseTo(elboNats, 6);
      }),
    );
  });
});

describe('LoadedModel.logDensity', () => {
  it('is what the model says, in batches with a last one that is not full', async () => {
    const model = await LoadedModel.load(
      await tinyRun(await temporaryFolder(), [7], { preset: 'gm-vae-compact', overrides: tinySettings }),
    );
    const clips = Float32Array.from({ length: 11 * model.clipSize }, (_, at) => (Math.sin(at) + 1) / 2);
    const z = Float32Array.from({ length: 11 * model.latentDim }, (_, at) => Math.cos(at));
    const all = await model.logDensity(clips, z);
    const last = await model.logDensity(clips.slice(10 * model.clipSize), z.slice(10 * model.latentDim));
    expect(all.logLikelihood.length).toBe(11);
    expect(last.logLikelihood[0]).toBeCloseTo(all.logLikelihood[10]!, 2);
    expect(last.logPrior[0]).toBeCloseTo(all.logPrior[10]!, 4);
    model.dispose();
  });

  it('is refused where the loss is no density', async () => {
    const overrides = { ...tinySettings, reconstruction: 'rmse' };
    const model = await LoadedModel.load(
      await tinyRun(await temporaryFolder(), [7], { preset: 'fsdd-vae-compact-8k', overrides }),
    );
    expect(model.can('density')).toBe(false);
    await expect(
      model.logDensity(new Float32Array(model.clipSize), new Float32Array(model.latentDim)),
    ).rejects.toMatchObject({ code: 'inference/no-capability' });
    model.dispose();
  });
});
