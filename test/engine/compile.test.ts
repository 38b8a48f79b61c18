import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { Adam } from '../../src-main/engine/adam.ts';
import { compileProgram } from '../../src-main/engine/compile.ts';
import { batchNormTraining } from '../../src-main/engine/ops/batch-norm.ts';
import { dropout } from '../../src-main/engine/ops/dropout.ts';
import { lstmCell } from '../../src-main/engine/ops/lstm.ts';
import type { EntryPoint, Program } from '../../src-main/engine/program.ts';
import { scan } from '../../src-main/engine/scan.ts';
import { StateRegistry } from '../../src-main/engine/state.ts';
import { openTensorFlow } from '../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();

/** Deterministic numbers that look random: weights and batches of the tests. */
function wave(shape: number[], scale: number): tf.Tensor {
  const values = Float32Array.from(
    { length: tf.util.sizeFromShape(shape) },
    (_, i) => scale * Math.sin(1 + i * 12.9898),
  );
  return tf.tensor(values, shape);
}

/** A net with a convolution, batch normalisation with running averages, an EMA variable and a scan, under Adam. */
function buildNet(mode: 'auto' | 'eager', dropoutRate: number): Program {
  const state = new StateRegistry();
  const register = (name: string, shape: number[], scale: number, trainable = true): tf.Variable =>
    tf.tidy(() => state.register(name, wave(shape, scale), { trainable }));
  const kernel = register('conv/kernel', [3, 3, 1, 4], 0.4) as tf.Tensor4D;
  const bias = register('conv/bias', [4], 0);
  const scale = tf.tidy(() => state.register('bn/scale', tf.ones([4]), { trainable: true })) as tf.Tensor1D;
  const offset = register('bn/offset', [4], 0) as tf.Tensor1D;
  const running = register('bn/running-mean', [4], 0, false);
  const average = register('ema', [4], 0, false);
  const weights = {
    kernel: register('lstm/kernel', [8, 12], 0.3) as tf.Tensor2D,
    recurrentKernel: register('lstm/recurrent', [3, 12], 0.3) as tf.Tensor2D,
    bias: register('lstm/bias', [12], 0.1) as tf.Tensor1D,
  };
  const adam = new Adam(state);
  const step: EntryPoint = {
    feeds: { x: { shape: [2, 6, 4, 1] }, learningRate: { shape: [] } },
    run: ({ x, learningRate }, noise) =>
      adam.minimise(
        () => {
          const convolved = tf.relu(
            tf.add(tf.conv2d(x as tf.Tensor4D, kernel, [1, 2], 'same'), bias),
          ) as tf.Tensor4D;
          const { y, mean } = batchNormTraining(convolved, scale, offset, 1e-3);
          running.assign(tf.add(tf.mul(running, 0.9), tf.mul(mean, 0.1)) as tf.Tensor);
          average.assign(tf.add(tf.mul(average, 0.5), tf.mul(tf.mean(y, [0, 1, 2]), 0.5)) as tf.Tensor);
          const dropped = dropout(y, dropoutRate, noise, 'dropout');
          const frames = tf.transpose(tf.reshape(dropped, [2, 6, 8]), [1, 0, 2]);
          const { ys } = scan(lstmCell(weights), [tf.zeros([2, 3]), tf.zeros([2, 3])], [frames]);
          const jitter = tf.mul(0.01, noise.normal('jitter', [6, 2, 3]));
          const error = tf.sub(tf.add(ys[0] as tf.Tensor, jitter), 0.5);
          return { total: tf.mean(tf.square(error)) as tf.Scalar };
        },
        { learningRate: learningRate as tf.Scalar, clipNorm: tf.scalar(0.5) },
      ),
  };
  return compileProgram({ state, entries: { step } }, { mode });
}

async function train(program: Program, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const x = Float32Array.from({ length: 48 }, (_, i) => Math.cos(i * 0.7 + step));
    const { total } = await program.call('step', { x, learningRate: 0.01 }, { seed: 7, step });
    losses.push(total?.data[0] ?? Number.NaN);
  }
  return losses;
}

describe.skipIf(!tensorflow)('a compiled program', () => {
  for (const rate of [0, 0.3]) {
    it(`gives the losses and weights of the eager path over 20 steps (dropout ${rate})`, async () => {
      const compiled = buildNet('auto', rate);
      const eager = buildNet('eager', rate);
      expect([compiled.mode, eager.mode]).toEqual(['compiled', 'eager']);
      const [compiledLosses, eagerLosses] = [await train(compiled, 20), await train(eager, 20)];
      for (const [step, loss] of compiledLosses.entries())
        expect(loss).toBeCloseTo(eagerLosses[step] as number, 5);
      expect(compiledLosses.at(-1)).toBeLessThan((compiledLosses[0] as number) * 0.9);
      const [compiledState, eagerState] = [await compiled.readState(), await eager.readState()];
      expect([...compiledState.keys()]).toEqual([...eagerState.keys()]);
      for (const [name, { data }] of compiledState) {
        const other = eagerState.get(name)?.data as Float32Array;
        const error = Math.max(...Array.from(data, (value, i) => Math.abs(value - (other[i] as number))));
        expect(error, name).toBeLessThan(2e-5);
      }
      compiled.dispose();
      eager.dispose();
    });
  }

  it('gives the same bits each time', async () => {
    const [first, second] = [buildNet('auto', 0.3), buildNet('auto', 0.3)];
    expect(await train(first, 8)).toEqual(await train(second, 8));
    expect(await first.readState()).toEqual(await second.readState());
    first.dispose();
    second.dispose();
  });

  it('resumes from its state to the same bits', async () => {
    const straight = buildNet('auto', 0.3);
    const losses = await train(straight, 6);
    const half = buildNet('auto', 0.3);
    await train(half, 3);
    const resumed = buildNet('auto', 0.3);
    await resumed.writeState(await half.readState());
    for (let step = 3; step < 6; step++) {
      const x = Float32Array.from({ length: 48 }, (_, i) => Math.cos(i * 0.7 + step));
      const { total } = await resumed.call('step', { x, learningRate: 0.01 }, { seed: 7, step });
      expect(total?.data[0]).toBe(losses[step]);
    }
    expect(await resumed.readState()).toEqual(await straight.readState());
    for (const program of [straight, half, resumed]) program.dispose();
  });

  it('keeps no tensor from call to call', async () => {
    const program = buildNet('auto', 0);
    await train(program, 2);
    const before = tf.memory().numTensors;
    await train(program, 20);
    expect(tf.memory().numTensors).toBe(before);
    program.dispose();
  });

  it('frees every tensor when it is disposed of', async () => {
    const before = tf.memory().numTensors;
    const program = buildNet('auto', 0);
    await train(program, 2);
    program.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await expect(train(program, 1)).rejects.toMatchObject({ code: 'engine/program-disposed' });
  });

  it('shares its variables between entry points, which read the state before they assign it', async () => {
    const state = new StateRegistry();
    const counter = tf.tidy(() => state.register('counter', tf.scalar(1), { trainable: false }));
    const doubled = tf.tidy(() => state.register('doubled', tf.scalar(0), { trainable: false }));
    const program = compileProgram({
      state,
      entries: {
        advance: {
          feeds: { by: { shape: [] } },
          run: ({ by }) => {
            doubled.assign(tf.mul(counter, 2) as tf.Tensor);
            const before = tf.clone(counter);
            counter.assign(tf.add(counter, by as tf.Tensor) as tf.Tensor);
            return { before };
          },
        },
        read: { feeds: {}, run: () => ({ counter: tf.add(counter, 0), doubled: tf.add(doubled, 0) }) },
      },
    });
    const first = await program.call('advance', { by: 4 });
    expect(first.before?.data[0]).toBe(1);
    const read = await program.call('read', {});
    expect([read.counter?.data[0], read.doubled?.data[0]]).toEqual([5, 2]);
    program.dispose();
  });

  it('keeps the variables of two programs apart', async () => {
    const make = (): Program => {
      const state = new StateRegistry();
      const x = tf.tidy(() => state.register('x', tf.scalar(0), { trainable: false }));
      const run = (): Record<string, tf.Tensor> => {
        x.assign(tf.add(x, 1) as tf.Tensor);
        return { x: tf.add(x, 0) };
      };
      return compileProgram({ state, entries: { run: { feeds: {}, run } } });
    };
    const [first, second] = [make(), make()];
    await first.call('run', {});
    await first.call('run', {});
    expect((await second.call('run', {})).x?.data[0]).toBe(1);
    expect((await first.call('run', {})).x?.data[0]).toBe(3);
    first.dispose();
    second.dispose();
  });
});

describe('feeds and state', () => {
  function plain(): Program {
    const state = new StateRegistry();
    const w = tf.tidy(() => state.register('w', tf.tensor1d([1, 2]), { trainable: true }));
    const run: EntryPoint['run'] = ({ x }) => ({ y: tf.mul(x as tf.Tensor, w) });
    return compileProgram({ state, entries: { double: { feeds: { x: { shape: [2] } }, run } } });
  }

  it('refuses feeds of another size, missing or unknown, by name', async () => {
    const program = plain();
    await expect(program.call('double', { x: Float32Array.of(1) })).rejects.toMatchObject({
      code: 'engine/feed-mismatch',
    });
    await expect(program.call('double', {})).rejects.toThrow(/nothing as "x"/);
    await expect(program.call('double', { x: Float32Array.of(1, 2), y: 1 })).rejects.toThrow(/"y"/);
    await expect(program.call('halve', {})).rejects.toMatchObject({ code: 'engine/entry-unknown' });
    program.dispose();
  });

  it('refuses state of another shape or name, and takes nothing of it', async () => {
    const program = plain();
    const values = new Map([
      ['w', { data: Float32Array.of(5, 5), shape: [2] }],
      ['v', { data: Float32Array.of(5), shape: [1] }],
    ]);
    await expect(program.writeState(values)).rejects.toMatchObject({ code: 'engine/state-mismatch' });
    expect((await program.readState()).get('w')?.data).toEqual(Float32Array.of(1, 2));
    program.dispose();
  });

  it('refuses two variables of one name, and names that a graph cannot hold', () => {
    const state = new StateRegistry();
    tf.tidy(() => state.register('w', tf.scalar(0), { trainable: true }));
    expect(() => state.register('w', tf.scalar(0), { trainable: true })).toThrow(/"?w"?/);
    expect(() => state.register('a,b', tf.scalar(0), { trainable: true })).toThrow(
      expect.objectContaining({ code: 'engine/state-name' }),
    );
    state.dispose();
  });
});
