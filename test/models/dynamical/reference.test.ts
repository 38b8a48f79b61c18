import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Adam } from '../../../src-main/engine/adam.ts';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { dynamicalLosses, referenceKlOffset } from '../../../src-main/models/dynamical/losses.ts';
import { readNpy } from '../../helpers/npy.ts';
import { referenceFolder } from '../../helpers/reference-data.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';
import { openReference, readSequence, referenceModels } from './reference-network.ts';

const folder = referenceFolder('reference', 'dvae');
const tensorflow = folder && (await openTensorFlow());

interface Losses {
  loss_tot: number;
  loss_recon: number;
  loss_KLD: number;
}

/** max |a - b| / |b| */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  return actual.reduce(
    (worst, value, index) => Math.max(worst, Math.abs(value - expected[index]!) / Math.abs(expected[index]!)),
    0,
  );
}

/** max |a - b| / max |b| */
function scaledError(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (
    actual.reduce((worst, value, index) => Math.max(worst, Math.abs(value - expected[index]!)), 0) / scale
  );
}

const values = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>();

describe.skipIf(!tensorflow).each(Object.keys(referenceModels))('%s with the reference weights', (model) => {
  const root = folder ?? '';
  const inClips = (name: string): string => path.join(root, 'clips', name);
  const inModel = (name: string): string => path.join(root, model, name);

  it('has the parameters of the state_dict, in its order', () => {
    const { network, keys } = openReference(root, model);
    expect(network.parameters.map(({ name, shape }) => ({ name, shape }))).toEqual(
      keys.map(({ key, shape }) => ({ name: key, shape })),
    );
  });

  it.each(['clip2s', 'clip4s'])('gives the outputs and losses of %s', (clip) => {
    tf.tidy(() => {
      const reference = openReference(root, model);
      const x = readSequence(inClips(`${clip}_x_power.npy`));
      const found = reference.run(x);
      const { sequences, statics } = found;
      expect(
        relativeError(values(tf.exp(sequences.xLogVar!)), values(readSequence(inModel(`${clip}_y.npy`)))),
      ).toBeLessThan(1e-4);
      for (const [name, file] of [
        ['zMean', 'z_mean'],
        ['zLogVar', 'z_logvar'],
        ['priorMean', 'prior_mean'],
        ['priorLogVar', 'prior_logvar'],
      ] as const) {
        const sequence = sequences[name];
        if (!sequence) continue;
        const expected = values(readSequence(inModel(`${clip}_${file}.npy`)));
        expect(scaledError(values(sequence), expected), name).toBeLessThan(1e-4);
      }
      if (statics.vMean && statics.vLogVar) {
        expect(scaledError(values(statics.vMean), readNpy(inModel(`${clip}_v_mean.npy`)).data)).toBeLessThan(
          1e-5,
        );
        expect(
          scaledError(values(statics.vLogVar), readNpy(inModel(`${clip}_v_logvar.npy`)).data),
        ).toBeLessThan(1e-5);
      }
      const { clips } = JSON.parse(readFileSync(inModel('results.json'), 'utf8')) as {
        clips: Record<string, { loss_zmean_float64: Losses; loss_eps_fixed_float64: Losses }>;
      };
      const check = (run: typeof found, expected: Losses): void => {
        const losses = dynamicalLosses(run);
        const kl = values(losses.kl)[0]! + referenceKlOffset(reference.network);
        const reconstruction = values(losses.reconstruction)[0]!;
        expect(Math.abs(reconstruction / expected.loss_recon - 1)).toBeLessThan(1e-5);
        expect(Math.abs(kl / expected.loss_KLD - 1)).toBeLessThan(1e-5);
        expect(Math.abs((kl + reconstruction) / expected.loss_tot - 1)).toBeLessThan(1e-5);
      };
      check(found, clips[clip]!.loss_zmean_float64);

      const drawn = readNpy(inClips(`eps_z_${clip}_Tx1x16.npy`));
      const eps = tf.tensor3d(drawn.data, drawn.shape as [number, number, number]);
      const vEps = tf.tensor2d(readNpy(inClips('eps_v_2x16.npy')).data.slice(0, 16), [1, 16]);
      const sampled = reference.run(x, { eps, vEps });
      const y = values(readSequence(inModel(`${clip}_y_eps_fixed.npy`)));
      expect(relativeError(values(tf.exp(sampled.sequences.xLogVar!)), y)).toBeLessThan(1e-4);
      check(sampled, clips[clip]!.loss_eps_fixed_float64);
    });
  });

  it('gives the gradient of every parameter', () => {
    tf.tidy(() => {
      const reference = openReference(root, model);
      const { zmean_float64: expected } = JSON.parse(readFileSync(inModel('gradients.json'), 'utf8')) as {
        zmean_float64: { params: Record<string, { l2: number }> };
      };
      const x = crop(inClips('grad_crop_2x257x20.npy'));
      const { grads } = tf.variableGrads(() => {
        const { reconstruction, kl } = dynamicalLosses(reference.run(x));
        return tf.add(reconstruction, kl);
      }, [...reference.variables.values()]);
      for (const [name, variable] of reference.variables) {
        const norm = values(tf.norm(grads[variable.name]!))[0]!;
        const { l2 } = expected.params[name]!;
        expect(Math.abs(norm - l2), name).toBeLessThanOrEqual(1e-3 * l2 + 1e-7);
      }
    });
  });

  it('goes the way of five steps of Adam', () => {
    tf.tidy(() => {
      const reference = openReference(root, model);
      const state = new StateRegistry();
      for (const [name, variable] of reference.variables) state.register(name, variable, { trainable: true });
      const adam = new Adam(state, { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
      const registered = openReference(root, model, (name) => state.get(name)!.variable);
      const x = crop(inClips('grad_crop_2x257x20.npy'));
      const loss = (): { total: tf.Scalar } => {
        const { reconstruction, kl } = dynamicalLosses(registered.run(x));
        return { total: tf.add(reconstruction, kl) };
      };
      const { float64 } = JSON.parse(readFileSync(inModel('adam5.json'), 'utf8')) as { float64: number[][] };
      const offset = referenceKlOffset(reference.network);
      const totals = [0, 1, 2, 3, 4].map(
        () =>
          values(adam.minimise(loss, { learningRate: tf.scalar(1e-3), clipNorm: null }).total)[0]! + offset,
      );
      totals.push(values(loss().total)[0]! + offset);
      for (const [step, total] of totals.entries()) {
        expect(Math.abs(total / float64[step]![0]! - 1), `step ${step}`).toBeLessThan(1e-3);
      }
    });
  });
});

/** The stored batch `[batch, bins, time]` as `[time, batch, bins]`. */
function crop(file: string): tf.Tensor3D {
  const { shape, data } = readNpy(file);
  return tf.transpose(tf.tensor3d(data, shape as [number, number, number]), [2, 0, 1]);
}
