import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { gmVae, gmVaeSchema } from '../../../src-main/models/families/gm-vae.ts';
import type { Model } from '../../../src-main/models/family.ts';
import { leakedTensors, lossScalars, randomClips, testNoise, tinyFeatures, useCpu } from '../cpu.ts';

beforeAll(useCpu);

const tiny = { filters: [4, 3], kernels: [3, 3], strides: [2, [2, 1]], latentDim: 2, components: 3 };

function build(overrides: Record<string, unknown> = {}): { model: Model; state: StateRegistry } {
  const state = new StateRegistry();
  const config = gmVaeSchema.parse({ ...tiny, ...overrides });
  return { model: gmVae.build({ config, features: tinyFeatures(), state, seed: 7 }), state };
}

type Given = Partial<Parameters<Model['loss']>[0]> & { x: tf.Tensor };

function losses(model: Model, args: Given): Record<string, number> {
  return tf.tidy(() => {
    const mask = tf.ones([args.x.shape[0] as number]) as tf.Tensor1D;
    const parts = model.loss({ mask, scalars: lossScalars(), training: false, noise: null, ...args });
    return Object.fromEntries(
      Object.entries(parts).map(([name, value]) => [name, value.dataSync()[0] as number]),
    );
  });
}

function numbersOf(state: StateRegistry, name: string): number[] {
  const entry = state.entries().find((one) => one.name === name) ?? expect.unreachable(name);
  return [...entry.variable.dataSync()];
}

describe('the loss', () => {
  it('is the negative log likelihood of a clip and the KL from the mixture, as reckoned apart', () => {
    const { model } = build({ scale: 0.2 });
    const x = randomClips(2, model.inputShape);
    const parts = losses(model, { x, scalars: lossScalars({ beta: 0.5 }) });
    const code = model.encode?.(x) ?? expect.unreachable();
    const decoded = [...(model.decode?.(code.mean).dataSync() ?? [])];
    const pixels = x.dataSync();
    const squares = decoded.reduce((sum, value, at) => sum + (value - (pixels[at] as number)) ** 2, 0);
    const numbers = pixels.length / 2;
    const nll = squares / 2 / (2 * 0.2 ** 2) + numbers * Math.log(0.2 * Math.sqrt(2 * Math.PI));
    const kl = tf.mean(model.klOf?.(code) ?? expect.unreachable()).dataSync()[0] as number;
    expect(parts.reconstruction).toBeCloseTo(nll, 2);
    expect(parts.mse).toBeCloseTo(squares / pixels.length, 6);
    expect(parts.kl).toBeCloseTo(kl, 4);
    expect(parts.total).toBeCloseTo(nll + 0.5 * kl, 2);
    expect(parts.scale).toBeCloseTo(0.2, 6);
  });

  it('with the bound has no noise in its KL; by Monte Carlo it has, and less with more draws', () => {
    const x = randomClips(2, build().model.inputShape);
    const spread = (overrides: Record<string, unknown>): number => {
      const { model } = build(overrides);
      const kls = [1, 2, 3, 4, 5, 6].map((key) => losses(model, { x, noise: testNoise(key) }).kl as number);
      const mean = kls.reduce((sum, kl) => sum + kl, 0) / kls.length;
      return kls.reduce((sum, kl) => sum + (kl - mean) ** 2, 0);
    };
    expect(spread({ kl: 'bound' })).toBe(0);
    expect(spread({ klDraws: 1 })).toBeGreaterThan(spread({ klDraws: 32 }));
    expect(spread({ klDraws: 32 })).toBeGreaterThan(0);
  });

  it('charges no less than the free nats of each dimension, and what it costs where there are none', () => {
    const { model } = build({ kl: 'bound' });
    const x = randomClips(2, model.inputShape);
    const [none, some] = [0, 5].map((freeBits) => losses(model, { x, scalars: lossScalars({ freeBits }) }));
    expect(none!.total).toBeCloseTo(none!.reconstruction! + none!.kl!, 3);
    expect(some!.total).toBeCloseTo(some!.reconstruction! + 2 * 5 + some!.klComponent!, 3);
  });

  it.each([
    { learning: 'gradient', kl: 'bound' },
    { learning: 'gradient', kl: 'monte-carlo', likelihood: 'laplace' },
    { learning: 'em', likelihood: 'itakura-saito' },
  ])('has the gradients that differences give in the prior and the width: %j', (overrides) => {
    const { model, state } = build(overrides);
    const x = randomClips(3, model.inputShape);
    const total = (): tf.Scalar =>
      model.loss({
        x,
        mask: tf.ones([3]) as tf.Tensor1D,
        scalars: lossScalars({ beta: 0.7 }),
        training: false,
        noise: testNoise(3),
      }).total;
    const learned = state
      .trainable()
      .filter(({ name }) => /^(prior|likelihood|decoder\.output)\./.test(name));
    expect(learned.length).toBe(overrides.learning === 'gradient' ? 6 : 2);
    const { grads } = tf.variableGrads(
      total,
      learned.map(({ variable }) => variable),
    );
    for (const { name, variable } of learned) {
      const gradient = (grads[variable.name] as tf.Tensor).dataSync();
      const norm = Math.hypot(...gradient);
      if (norm < 0.05) continue;
      const start = variable.dataSync().slice();
      const moved = (step: number): number => {
        const values = start.map((value, at) => value + (step * (gradient[at] as number)) / norm);
        variable.assign(tf.tensor(values, variable.shape));
        return tf.tidy(() => total().dataSync()[0] as number);
      };
      const step = 3e-3;
      const slope = (moved(step) - moved(-step)) / (2 * step);
      moved(0);
      expect(Math.abs(slope / norm - 1), `${name}: slope ${slope}, gradient ${norm}`).toBeLessThan(0.03);
    }
  });
});

describe('the prior', () => {
  it('follows the codes in training alone, and its shares add up to 1', () => {
    const { model, state } = build();
    const x = randomClips(6, model.inputShape);
    const means = numbersOf(state, 'prior.means');
    losses(model, { x, noise: testNoise() });
    expect(numbersOf(state, 'prior.means')).toEqual(means);
    losses(model, { x, noise: testNoise(), training: true });
    expect(numbersOf(state, 'prior.means')).not.toEqual(means);
    expect(numbersOf(state, 'prior.shares').reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  });

  it('is left to the optimiser with learning=gradient', () => {
    const { model, state } = build({ learning: 'gradient', learnWeights: false });
    const names = state.trainable().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['prior.means', 'prior.logVars']));
    expect(names).not.toContain('prior.logits');
    const means = numbersOf(state, 'prior.means');
    losses(model, { x: randomClips(4, model.inputShape), noise: testNoise(), training: true });
    expect(numbersOf(state, 'prior.means')).toEqual(means);
    const weights = model.mixture?.parameters().weights.dataSync() ?? expect.unreachable();
    for (const weight of weights) expect(weight).toBeCloseTo(1 / 3, 6);
  });

  it('tells in a validation which component each clip belongs to', () => {
    const { model } = build();
    const seen = new Map<string, number[]>();
    losses(model, {
      x: randomClips(4, model.inputShape),
      observe: (name, value) => void seen.set(name, value.shape),
    });
    expect(seen.get('responsibilities')).toEqual([4, 3]);
    expect(seen.get('klPerDimension')).toEqual([2]);
    expect(seen.get('code')).toEqual([4, 2]);
  });
});

describe('odd input', () => {
  it.each([
    {},
    { likelihood: 'laplace' },
    { likelihood: 'itakura-saito' },
    { components: 1 },
    { components: 40 },
  ])('of silence and of one clip over and over gives finite losses, step after step: %j', (overrides) => {
    const { model } = build(overrides);
    for (const x of [tf.zeros([4, ...model.inputShape]), tf.fill([4, ...model.inputShape], 0.5)]) {
      for (let step = 0; step < 5; step++) {
        const parts = losses(model, { x, noise: testNoise(step), training: true });
        for (const [part, value] of Object.entries(parts)) expect(value, part).toSatisfy(Number.isFinite);
      }
    }
    expect(
      [...(model.samplePrior?.(3, testNoise(), tf.scalar(1)).dataSync() ?? [])].every(Number.isFinite),
    ).toBe(true);
  });

  it('refuses no component at all, and misspelt settings', () => {
    expect(gmVaeSchema.safeParse({ ...tiny, components: 0 }).success).toBe(false);
    expect(gmVaeSchema.safeParse({ ...tiny, component: 3 }).success).toBe(false);
    expect(gmVaeSchema.safeParse({ ...tiny, strides: [2] }).success).toBe(false);
  });
});

describe('density', () => {
  it('bounds the likelihood from below: the ELBO lies under the importance-weighted bound', () => {
    const { model } = build({ scale: 0.3 });
    const x = randomClips(1, model.inputShape);
    const { density } = model;
    const code = model.encode?.(x) ?? expect.unreachable();
    if (!density) throw new Error('it has a density');
    const logWeights = Array.from({ length: 200 }, (_, key) =>
      tf.tidy(() => {
        const eps = testNoise(key).normal('draw', [1, 2]) as tf.Tensor2D;
        const z = tf.add(code.mean, tf.mul(tf.exp(tf.mul(code.logVar, 0.5)), eps)) as tf.Tensor2D;
        const logQ = tf.mul(tf.sum(tf.add(tf.add(code.logVar, tf.square(eps)), Math.log(2 * Math.PI))), -0.5);
        const joint = tf.add(density.logLikelihood(x, z), density.logPrior(z));
        return tf.sub(joint, logQ).dataSync()[0] as number;
      }),
    );
    const most = Math.max(...logWeights);
    const elbo = logWeights.reduce((sum, one) => sum + one, 0) / logWeights.length;
    const mean = logWeights.reduce((sum, one) => sum + Math.exp(one - most), 0) / logWeights.length;
    expect(Math.log(mean) + most).toBeGreaterThan(elbo);
    const [direct] = [1, 2, 3].map((key) => -(losses(model, { x, noise: testNoise(key) }).total as number));
    expect(Math.abs((direct as number) - elbo)).toBeLessThan(8);
  });

  it('leaks nothing in a step', () => {
    const { model } = build();
    const x = randomClips(2, model.inputShape);
    const [mask, scalars] = [tf.ones([2]) as tf.Tensor1D, lossScalars()];
    const step = (): void => void losses(model, { x, mask, scalars, training: true, noise: testNoise() });
    expect(leakedTensors(step)).toBe(0);
  });
});
