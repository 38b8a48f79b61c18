/** What every family and preset must do, whatever it is: a new one is tested by being registered. */
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { parameterCount, presetValues } from '../../../src-main/models/config.ts';
import { countParameters } from '../../../src-main/models/parameters.ts';
import { loadPresets } from '../../../src-main/models/presets.ts';
import { buildModel, families, familyById } from '../../../src-main/models/registry.ts';
import type { Model, Preset } from '../../../src-main/models/family.ts';
import type { FeaturePipelineConfig } from '../../../src-main/dsp/pipeline.ts';
import {
  leakedTensors,
  lossScalars,
  randomClips,
  testNoise,
  tinyFeatures,
  useCpu,
} from '../../models/cpu.ts';

beforeAll(useCpu);

/** A preset's model on tiny clips with its lists of layer sizes cut down: the same code, seconds instead of minutes. */
function buildSmall(preset: Preset): { model: Model; state: StateRegistry } {
  const { model, training } = presetValues(preset);
  const shrunk = Object.fromEntries(
    Object.entries(model).map(([key, value]) => [key, shrinking(key, value)]),
  );
  const state = new StateRegistry();
  const features = tinyPipelines[presetValues(preset).features.kind];
  return { model: buildModel({ family: preset.family, model: shrunk, features, training }, state), state };
}

const tinyPipelines: Record<FeaturePipelineConfig['kind'], FeaturePipelineConfig> = {
  'log-spectrogram': tinyFeatures(16, 64),
  fragments: {
    ...{ kind: 'fragments', sampleRateHz: 1000, fragmentFrames: 4, fragments: 3 },
    ...{ nFft: 16, hopLength: 4, topDb: 80 },
  },
  'magnitude-phase': {
    ...{ kind: 'magnitude-phase', channels: 'magnitude-phase', sampleRateHz: 1000 },
    ...{ frames: 8, nFft: 32, hopLength: 16, amplitudeStd: 0 },
  },
  'power-spectrogram': {
    ...{ kind: 'power-spectrogram', sampleRateHz: 1000, frames: 6, trimDb: 0 },
    ...{ nFft: 16, hopLength: 8, padMode: 'constant' },
  },
};

/** Layers by their lists, recurrences by their names. */
function shrinking(key: string, value: unknown): unknown {
  if (key === 'filters' || key.startsWith('dense')) return shrink(value);
  return typeof value === 'number' && key.startsWith('recurrent') && !key.endsWith('Layers') ? 3 : value;
}

function shrink(value: unknown): unknown {
  return Array.isArray(value) ? value.map((_, index) => 2 + (index % 3)) : value;
}

describe.each(families.map((family) => [family.id, family] as const))('family %s', (id, family) => {
  it('has a default for every setting', () => {
    expect(family.schema.safeParse({}).success).toBe(true);
  });

  it('cites a paper and has a preset', () => {
    expect(family.papers.length).toBeGreaterThan(0);
    expect(loadPresets().some((preset) => preset.family === id)).toBe(true);
    expect(familyById(id)).toBe(family);
  });
});

describe.each(loadPresets().map((preset) => [preset.id, preset] as const))('preset %s', (_, preset) => {
  it('registers exactly the parameters that it announces, of the announced shapes and in their order', () => {
    const family = familyById(preset.family);
    const { model, features } = presetValues(preset);
    const announced = family.parameters({ config: model, features });
    expect(countParameters(announced).total).toBe(
      parameterCount({ family: preset.family, model, features }).total,
    );
    const { state } = buildSmall(preset);
    expect(state.entries().map(({ name, trainable }) => ({ name, trainable }))).toEqual(
      announced.map(({ name, trainable }) => ({ name, trainable })),
    );
  });

  it('gives losses of finite numbers, total and parts, in training and not, with noise and without', () => {
    const { model } = buildSmall(preset);
    const x = randomClips(3, model.inputShape);
    for (const training of [true, false]) {
      for (const noise of [testNoise(), null]) {
        const parts = model.loss({ x, mask: tf.ones([3]), scalars: lossScalars(), training, noise });
        // What keeps the code in bounds: the KL of a continuous one, the commitment to codebooks of a discrete one.
        const bound = model.codes ? 'commitment' : 'kl';
        // A sampler reconstructs nothing: its loss is the length of the code under it.
        const { samples } = familyById(preset.family);
        const own = samples
          ? [samples === 'codes' ? 'bitsPerDimension' : 'bitsPerIndex']
          : ['reconstruction', bound];
        expect(Object.keys(parts)).toEqual(expect.arrayContaining(['total', ...own]));
        for (const [part, value] of Object.entries(parts)) {
          expect(value.rank, part).toBe(part.includes('/') ? 1 : 0);
          expect([...value.dataSync()].every(Number.isFinite), part).toBe(true);
        }
      }
    }
  });

  it('gives the same losses of what it prepares of clips as of the clips, where it does', () => {
    const { model } = buildSmall(preset);
    const { prepared } = model;
    if (!prepared) return;
    const x = randomClips(3, model.inputShape);
    const given = prepared.prepare(x);
    expect(given.shape).toEqual([3, ...prepared.shape]);
    expect(given.dtype).toBe('float32');
    const args = { mask: tf.ones([3]) as tf.Tensor1D, scalars: lossScalars(), training: false };
    const [whole, apart] = [
      model.loss({ x, ...args, noise: testNoise() }),
      prepared.loss({ x: given, ...args, noise: testNoise() }),
    ];
    for (const [part, value] of Object.entries(whole))
      expect([...apart[part]!.dataSync()], part).toEqual([...value.dataSync()]);
  });

  it('gives finite losses of a batch of silence', () => {
    const { model } = buildSmall(preset);
    const x = tf.zeros([3, ...model.inputShape]);
    const parts = model.loss({
      ...{ x, mask: tf.ones([3]), scalars: lossScalars(), training: true, noise: testNoise() },
    });
    for (const [part, value] of Object.entries(parts))
      expect([...value.dataSync()].every(Number.isFinite), part).toBe(true);
  });

  it('reaches every trainable variable with a finite gradient', () => {
    const { model, state } = buildSmall(preset);
    const x = randomClips(3, model.inputShape);
    const trainable = state.trainable();
    const { grads } = tf.variableGrads(
      () =>
        model.loss({ x, mask: tf.ones([3]), scalars: lossScalars(), training: true, noise: testNoise() })
          .total,
      trainable.map((entry) => entry.variable),
    );
    for (const { name, variable } of trainable) {
      const gradient = grads[variable.name];
      expect(gradient?.shape, name).toEqual(variable.shape);
      expect([...(gradient as tf.Tensor).dataSync()].every(Number.isFinite), name).toBe(true);
    }
  });

  it('counts only the real clips of a padded batch in evaluation', () => {
    const { model } = buildSmall(preset);
    const x = randomClips(2, model.inputShape);
    const args = { scalars: lossScalars({ freeBits: 0.1 }), training: false, noise: null };
    const alone = model.loss({ x, mask: tf.ones([2]), ...args });
    const padded = model.loss({
      x: tf.concat([x, tf.zeros([3, ...model.inputShape])]),
      mask: tf.tensor1d([1, 1, 0, 0, 0]),
      ...args,
    });
    for (const [part, value] of Object.entries(alone)) {
      const [expected, given] = [value.dataSync()[0] as number, padded[part]?.dataSync()[0] as number];
      expect(Math.abs(given - expected), part).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
    }
  });

  it('encodes, decodes and samples in shapes that fit each other, where it can', () => {
    const { model } = buildSmall(preset);
    const { latentDim, inputShape } = model;
    if (model.encode) {
      const posterior = model.encode(randomClips(2, inputShape));
      expect(posterior.mean.shape).toEqual([2, latentDim]);
      expect(posterior.logVar.shape).toEqual([2, latentDim]);
    }
    const prior = model.samplePrior?.(4, testNoise(), tf.scalar(1));
    if (prior) expect(prior.shape).toEqual([4, latentDim]);
    const rebuilt = model.reconstruct?.(randomClips(2, inputShape));
    if (rebuilt) {
      expect(rebuilt.shape).toEqual([2, ...inputShape]);
      const values = [...rebuilt.dataSync()];
      expect(values.every(Number.isFinite)).toBe(true);
      // Levels, and powers, whose logarithm is taken; a phase may be any number.
      const least = preset.features.kind === 'power-spectrogram' ? Number.MIN_VALUE : 0;
      if (!(Number(inputShape[2]) > 1)) expect(values.every((value) => value >= least)).toBe(true);
    }
    if (model.decode) {
      const decoded = model.decode(prior ?? tf.zeros([4, latentDim]));
      expect(decoded.shape).toEqual([4, ...inputShape]);
      if (!(Number(inputShape[2]) > 1))
        expect([...decoded.dataSync()].every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('treats each clip by itself outside training', () => {
    const { model } = buildSmall(preset);
    if (!model.encode) return;
    const x = randomClips(3, model.inputShape);
    const together = model.encode(x).mean.dataSync();
    const first = model.encode(tf.slice(x, 0, 1)).mean.dataSync();
    for (const [index, value] of first.entries()) expect(together[index]).toBeCloseTo(value, 5);
  });

  it('starts from the same weights for the same seed', () => {
    const numbers = (): number[] =>
      buildSmall(preset)
        .state.entries()
        .flatMap((entry) => [...entry.variable.dataSync()]);
    expect(numbers()).toEqual(numbers());
  });

  it('leaks no tensor', () => {
    const { model } = buildSmall(preset);
    const x = randomClips(2, model.inputShape);
    const [mask, scalars, temperature] = [tf.ones([2]) as tf.Tensor1D, lossScalars(), tf.scalar(1)];
    const leaked = leakedTensors(() =>
      tf.tidy(() => {
        model.loss({ x, mask, scalars, training: true, noise: testNoise() });
        const latents = model.samplePrior?.(2, testNoise(), temperature);
        if (latents) model.decode?.(latents);
        model.encode?.(x);
      }),
    );
    expect(leaked).toBe(0);
  });

  it('disposes of everything with its state', () => {
    const before = tf.memory().numTensors;
    buildSmall(preset).state.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
