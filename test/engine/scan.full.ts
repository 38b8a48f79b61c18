import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Adam } from '../../src-main/engine/adam.ts';
import { compileProgram } from '../../src-main/engine/compile.ts';
import { lstmCell } from '../../src-main/engine/ops/lstm.ts';
import { scan } from '../../src-main/engine/scan.ts';
import { StateRegistry } from '../../src-main/engine/state.ts';
import { openTensorFlow } from '../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();

describe.skipIf(!tensorflow)('a scan of 150 frames', () => {
  it('compiles, with its training step, within 10 s and 2 GB', async () => {
    const [frames, batch, bins, units] = [150, 32, 257, 128];
    const state = new StateRegistry();
    const register = (name: string, shape: number[]): tf.Variable =>
      tf.tidy(() => state.register(name, tf.randomNormal(shape, 0, 0.05), { trainable: true }));
    const layer = (name: string, inputs: number) => ({
      kernel: register(`${name}/kernel`, [inputs, 4 * units]) as tf.Tensor2D,
      recurrentKernel: register(`${name}/recurrent`, [units, 4 * units]) as tf.Tensor2D,
      bias: register(`${name}/bias`, [4 * units]) as tf.Tensor1D,
    });
    const layers = [layer('first', bins), layer('second', units)];
    const adam = new Adam(state);
    const x = new Float32Array(frames * batch * bins).fill(0.1);
    const start = performance.now();
    const program = compileProgram({
      state,
      entries: {
        step: {
          feeds: { x: { shape: [frames, batch, bins] }, learningRate: { shape: [] } },
          run: (feeds) =>
            adam.minimise(
              () => {
                const zeros = tf.zeros([batch, units]);
                const hidden = layers.reduce(
                  (xs, weights) => scan(lstmCell(weights), [zeros, zeros], [xs]).ys[0] as tf.Tensor,
                  feeds.x as tf.Tensor,
                );
                return { total: tf.mean(tf.square(tf.sub(hidden, 0.5))) as tf.Scalar };
              },
              { learningRate: feeds.learningRate as tf.Scalar, clipNorm: null },
            ),
        },
      },
    });
    await program.call('step', { x, learningRate: 0.001 });
    const seconds = (performance.now() - start) / 1000;
    console.log(
      `compiled and first run in ${seconds.toFixed(1)} s, ${(process.memoryUsage().rss / 1e9).toFixed(2)} GB`,
    );
    expect(seconds).toBeLessThan(10);
    expect(process.memoryUsage().rss).toBeLessThan(2e9);
    program.dispose();
  });
});
