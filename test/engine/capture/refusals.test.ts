import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import type { EntryPoint } from '../../../src-main/engine/program.ts';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();

/** Compiles one entry point; what it leaves behind on failure is checked by the caller. */
function capture(run: EntryPoint['run']): void {
  const state = new StateRegistry();
  try {
    compileProgram({ state, entries: { entry: { feeds: { x: { shape: [4] } }, run } } }).dispose();
  } finally {
    state.dispose();
  }
}

describe.skipIf(!tensorflow)('a capture refuses what it would freeze', () => {
  const outside = tf.tensor1d([1, 2, 3, 4]);
  let counter = 0;
  const refused: [string, string, EntryPoint['run']][] = [
    ['Math.random', 'engine/capture-random', ({ x }) => ({ y: tf.mul(x as tf.Tensor, Math.random()) })],
    [
      'tf.randomNormal',
      'engine/capture-random',
      ({ x }) => ({ y: tf.add(x as tf.Tensor, tf.randomNormal([4])) }),
    ],
    [
      'tf.randomNormal with a seed',
      'engine/capture-random',
      ({ x }) => ({ y: tf.add(x as tf.Tensor, tf.randomNormal([4], 0, 1, 'float32', 5)) }),
    ],
    [
      'tf.dropout',
      'engine/capture-random',
      ({ x }) => ({ y: tf.dropout(x as tf.Tensor, 0.5, undefined, 3) }),
    ],
    [
      'tf.multinomial',
      'engine/capture-random',
      ({ x }) => ({ y: tf.cast(tf.multinomial(x as tf.Tensor1D, 2), 'float32') }),
    ],
    [
      'dataSync',
      'engine/capture-read',
      ({ x }) => ({ y: tf.scalar((x as tf.Tensor).dataSync()[0] as number) }),
    ],
    [
      'a branch on data',
      'engine/capture-read',
      ({ x }) => ({
        y: (tf.sum(x as tf.Tensor).arraySync() as number) > 0 ? tf.neg(x as tf.Tensor) : (x as tf.Tensor),
      }),
    ],
    ['a tensor from outside', 'engine/capture-foreign', ({ x }) => ({ y: tf.add(x as tf.Tensor, outside) })],
    ['a counter', 'engine/capture-unstable', ({ x }) => ({ y: tf.mul(x as tf.Tensor, counter++) })],
    [
      'a changing number of operations',
      'engine/capture-unstable',
      ({ x }) => ({ y: counter++ % 2 ? tf.neg(x as tf.Tensor) : tf.add(tf.neg(x as tf.Tensor), 1) }),
    ],
    [
      'one noise site twice',
      'engine/noise-site',
      (_, noise) => ({ y: tf.add(noise.normal('z', [4]), noise.normal('z', [4])) }),
    ],
  ];
  for (const [what, code, run] of refused) {
    it(what, () => {
      const tensors = tf.memory().numTensors;
      const random = Math.random;
      expect(() => capture(run)).toThrow(expect.objectContaining({ code }));
      expect(Math.random).toBe(random);
      expect(tf.memory().numTensors).toBe(tensors);
      expect(tf.add(1, 1).dataSync()[0]).toBe(2);
    });
  }

  it('but takes constants, masks and keyed noise', () => {
    expect(() =>
      capture(({ x }, noise) => {
        const mask = tf.cast(tf.greater(x as tf.Tensor, 0), 'float32');
        return { y: tf.add(tf.mul(mask, noise.normal('z', [4])), tf.tensor1d([1, 2, 3, 4])) };
      }),
    ).not.toThrow();
  });
});
