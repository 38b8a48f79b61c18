import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { convVae, convVaeSchema } from '../../../src-main/models/families/conv-vae.ts';
import type { Model } from '../../../src-main/models/family.ts';
import { leakedTensors, lossScalars, randomClips, testNoise, tinyFeatures, useCpu } from '../cpu.ts';

beforeAll(useCpu);

const tiny = {
  filters: [4, 3],
  kernels: [3, 3],
  strides: [2, [2, 1]],
  latentDim: 2,
  reconstructionWeight: 100,
};

function build(
  overrides: Record<string, unknown> = {},
  { seed = 7, frames = 8, nFft = 32 } = {},
): { model: Model; state: StateRegistry } {
  const state = new StateRegistry();
  const config = convVaeSchema.parse({ ...tiny, ...overrides });
  const model = convVae.build({ config, features: tinyFeatures(frames, nFft), state, seed });
  return { model, state };
}

function ones(count: number): tf.Tensor1D {
  return tf.ones([count]);
}

/** Named losses of a model as numbers. */
function losses(
  model: Model,
  args: Partial<Parameters<Model['loss']>[0]> & { x: tf.Tensor },
): Record<string, number> {
  return tf.tidy(() => {
    const parts = model.loss({
      mask: ones(args.x.shape[0] as number),
      scalars: lossScalars(),
      training: false,
      noise: null,
      ...args,
    });
    return Object.fromEntries(
      Object.entries(parts).map(([name, value]) => [name, value.dataSync()[0] as number]),
    );
  });
}

describe('the loss', () => {
  it('is the weighted MSE over pixels plus beta times the KL summed over dimensions, as computed by hand', () => {
    const { model } = build();
    const x = randomClips(2, model.inputShape);
    const parts = losses(model, { x, scalars: lossScalars({ beta: 0.5 }) });
    const { mean, logVar } = model.encode?.(x) ?? expect.unreachable();
    const decoded = model.decode?.(mean).dataSync() ?? expect.unreachable();
    const pixels = x.dataSync();
    let squares = 0;
    for (const [index, value] of decoded.entries()) squares += (value - (pixels[index] as number)) ** 2;
    const [means, logVars] = [mean.dataSync(), logVar.dataSync()];
    let kl = 0;
    for (const [index, value] of means.entries()) {
      const logVariance = logVars[index] as number;
      kl += 0.5 * (Math.exp(logVariance) + value * value - 1 - logVariance);
    }
    expect(parts.mse).toBeCloseTo(squares / pixels.length, 6);
    expect(parts.reconstruction).toBeCloseTo((100 * squares) / pixels.length, 4);
    expect(parts.kl).toBeCloseTo(kl / 2, 5);
    expect(parts.total).toBeCloseTo((100 * squares) / pixels.length + (0.5 * kl) / 2, 4);
  });

  it('takes the root of each clip before the mean over clips where it is RMSE', () => {
    const { model } = build({ reconstruction: 'rmse' });
    const clips = [0, 1].map((index) => randomClips(1, model.inputShape, index));
    const each = clips.map((x) => losses(model, { x }).mse as number);
    const both = losses(model, { x: tf.concat(clips) });
    expect(both.reconstruction).toBeCloseTo(100 * each.reduce((sum, mse) => sum + Math.sqrt(mse) / 2, 0), 4);
  });

  it('of a padded batch equals that of its real clips alone', () => {
    const { model } = build();
    const x = randomClips(3, model.inputShape);
    const padded = tf.concat([x, tf.ones([2, ...model.inputShape])]);
    const args = { scalars: lossScalars({ freeBits: 0.2 }) };
    const alone = losses(model, { x, ...args });
    const masked = losses(model, { x: padded, mask: tf.tensor1d([1, 1, 1, 0, 0]), ...args });
    for (const [part, value] of Object.entries(alone)) expect(masked[part]).toBeCloseTo(value, 5);
    expect(losses(model, { x: padded, ...args }).mse).not.toBeCloseTo(alone.mse as number, 5);
  });

  it('depends on the noise, and on nothing else that changes', () => {
    const { model } = build();
    const x = randomClips(2, model.inputShape);
    const first = losses(model, { x, noise: testNoise(1) });
    expect(losses(model, { x, noise: testNoise(1) })).toEqual(first);
    expect(losses(model, { x, noise: testNoise(2) }).mse).not.toBe(first.mse);
  });

  it.each([{ paddingSide: 'start' }, { decoder: 'mirror', reconstruction: 'rmse' }, { batchNorm: false }])(
    'has the gradients that differences give, with %j',
    (overrides) => {
      const { model, state } = build(overrides);
      const x = randomClips(3, model.inputShape);
      const total = (): tf.Scalar =>
        model.loss({
          x,
          mask: ones(3),
          scalars: lossScalars({ beta: 0.7 }),
          training: true,
          noise: testNoise(3),
        }).total;
      const trainable = state.trainable();
      // Differences across a kink of ReLU say nothing: biases put one channel of each layer well below 0, the others above.
      for (const { name, variable } of trainable) {
        if (!/conv\d\.bias$/.test(name)) continue;
        const channels = variable.size;
        variable.assign(
          tf.tensor1d(Array.from({ length: channels }, (_, channel) => (channel === channels - 1 ? -6 : 6))),
        );
      }
      const { grads } = tf.variableGrads(
        total,
        trainable.map((entry) => entry.variable),
      );
      // Slopes that rounding of the loss would drown.
      const flat = 0.05;
      let checked = 0;
      for (const { name, variable } of trainable) {
        const gradient = (grads[variable.name] as tf.Tensor).dataSync();
        const norm = Math.hypot(...gradient);
        if (norm < flat) continue;
        checked++;
        const start = variable.dataSync().slice();
        const moved = (step: number): number => {
          variable.assign(
            tf.tensor(
              start.map((value, index) => value + (step * (gradient[index] as number)) / norm),
              variable.shape,
            ),
          );
          return tf.tidy(() => total().dataSync()[0] as number);
        };
        const step = 1e-2;
        const slope = (moved(step) - moved(-step)) / (2 * step);
        moved(0);
        expect(Math.abs(slope / norm - 1), `${name}: slope ${slope}, gradient ${norm}`).toBeLessThan(0.02);
      }
      // So that the check cannot pass by skipping.
      expect(checked).toBeGreaterThan(0.7 * trainable.length);
    },
  );

  it('falls when the gradient is followed', () => {
    const { model, state } = build();
    const x = randomClips(4, model.inputShape);
    const step = (): number =>
      tf.tidy(() => {
        const { value, grads } = tf.variableGrads(
          () => model.loss({ x, mask: ones(4), scalars: lossScalars(), training: true, noise: null }).total,
          state.trainable().map((entry) => entry.variable),
        );
        for (const { variable } of state.trainable()) {
          variable.assign(tf.sub(variable, tf.mul(grads[variable.name] as tf.Tensor, 1e-3)));
        }
        return value.dataSync()[0] as number;
      });
    const first = step();
    for (let index = 0; index < 20; index++) step();
    expect(step()).toBeLessThan(first);
  });

  it('moves the running averages in training only', () => {
    const { model, state } = build();
    const averages = (): number[] =>
      state
        .entries()
        .filter((entry) => !entry.trainable)
        .flatMap((entry) => [...entry.variable.dataSync()]);
    const before = averages();
    const x = randomClips(2, model.inputShape);
    losses(model, { x });
    expect(averages()).toEqual(before);
    losses(model, { x, training: true });
    expect(averages()).not.toEqual(before);
  });

  it('leaks no tensor, in training or not', () => {
    const { model } = build();
    const x = randomClips(2, model.inputShape);
    for (const training of [true, false]) {
      const mask = ones(2);
      const scalars = lossScalars();
      expect(
        leakedTensors(() => void losses(model, { x, mask, scalars, training, noise: testNoise() })),
      ).toBe(0);
    }
  });
});

describe('sizes', () => {
  it.each([
    { frames: 7, nFft: 30, decoder: 'mirror' },
    { frames: 7, nFft: 30, decoder: 'mirror-plus-output' },
    { frames: 1, nFft: 2, decoder: 'mirror' },
    { frames: 5, nFft: 26, decoder: 'mirror-plus-output' },
  ])('that the strides do not divide come back exactly: %j', ({ frames, nFft, decoder }) => {
    const { model } = build({ decoder }, { frames, nFft });
    expect(model.inputShape).toEqual([nFft / 2, frames, 1]);
    const x = randomClips(1, model.inputShape);
    expect(model.decode?.(model.encode?.(x).mean as tf.Tensor2D).shape).toEqual(x.shape);
    expect(losses(model, { x, training: true }).total).toSatisfy(Number.isFinite);
  });

  it('of a single layer work with either decoder', () => {
    for (const decoder of ['mirror', 'mirror-plus-output']) {
      const { model } = build({ decoder, filters: [2], kernels: [[5, 3]], strides: [2] });
      expect(model.decode?.(tf.zeros([1, 2])).shape).toEqual([1, 16, 8, 1]);
    }
  });

  it('of a frame that no spectrum has are refused by name', () => {
    const config = convVaeSchema.parse(tiny);
    expect(() => convVae.parameters({ config, features: tinyFeatures(8, 31) })).toThrow(
      expect.objectContaining({ code: 'models/input-shape' }),
    );
  });
});

describe('padding', () => {
  it.each(['mirror', 'mirror-plus-output'])(
    'at the start is padding at the end of mirrored clips, with %s',
    (decoder) => {
      const clips = randomClips(2, [16, 8, 1]);
      const atEnd = losses(build({ decoder }).model, { x: tf.reverse(clips, [1, 2]), training: true });
      const atStart = losses(build({ decoder, paddingSide: 'start' }).model, { x: clips, training: true });
      for (const [part, value] of Object.entries(atEnd)) expect(atStart[part]).toBeCloseTo(value, 4);
    },
  );
});

describe('the schema', () => {
  it('refuses lists that do not fit together, naming both lengths', () => {
    const parsed = convVaeSchema.safeParse({ ...tiny, strides: [2] });
    expect(parsed.error?.issues[0]?.message).toMatch(/has 1 entries, but filters has 2/);
  });

  it('refuses misspelt keys', () => {
    expect(convVaeSchema.safeParse({ ...tiny, filtres: [1] }).success).toBe(false);
  });
});

describe('initial weights', () => {
  it('depend on the seed alone', () => {
    const numbers = (seed: number): number[] =>
      build({}, { seed })
        .state.entries()
        .flatMap((entry) => [...entry.variable.dataSync()]);
    expect(numbers(7)).toEqual(numbers(7));
    expect(numbers(8)).not.toEqual(numbers(7));
  });
});
