import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { scanInChunks } from '../../src-main/engine/chunks.ts';
import { compileProgram } from '../../src-main/engine/compile.ts';
import { lstmCell } from '../../src-main/engine/ops/lstm.ts';
import type { EntryPoint, Program } from '../../src-main/engine/program.ts';
import { scan, scanHalves } from '../../src-main/engine/scan.ts';
import { StateRegistry } from '../../src-main/engine/state.ts';
import { openTensorFlow } from '../helpers/tensorflow.ts';

const tensorflow = await openTensorFlow();
if (!tensorflow) await import('@tensorflow/tfjs-backend-cpu');

const values = (shape: number[], scale: number): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => scale * Math.sin(2 + i * 7.77)),
    shape,
  );

describe('scan', () => {
  it('carries state and stacks outputs: a running sum', () => {
    tf.tidy(() => {
      const xs = tf.tensor2d([[1], [2], [3]]);
      const { carry, ys } = scan(
        ([sum], [x]) => {
          const next = tf.add(sum as tf.Tensor, x as tf.Tensor);
          return { carry: [next], y: [next] };
        },
        [tf.zeros([1])],
        [xs],
      );
      expect(Array.from(ys[0]!.dataSync())).toEqual([1, 3, 6]);
      expect(Array.from(carry[0]!.dataSync())).toEqual([6]);
    });
  });

  it('has the gradient of the unrolled formula', () => {
    tf.tidy(() => {
      // y_T = w^3 x1 + w^2 x2 + w x3, so dy/dw = 3 w^2 x1 + 2 w x2 + x3.
      const xs = tf.tensor2d([[1], [10], [100]]);
      const f = (w: tf.Tensor): tf.Scalar =>
        tf.sum(
          scan(
            ([h], [x]) => {
              const next = tf.mul(tf.add(h as tf.Tensor, x as tf.Tensor), w);
              return { carry: [next], y: [next] };
            },
            [tf.zeros([1])],
            [xs],
          ).carry[0]!,
        ) as tf.Scalar;
      expect(tf.grad(f)(tf.scalar(2)).dataSync()[0]).toBeCloseTo(3 * 4 + 2 * 2 * 10 + 100, 4);
    });
  });

  it('refuses sequences of no or different lengths', () => {
    const cell = (): { carry: tf.Tensor[]; y: tf.Tensor[] } => ({ carry: [], y: [] });
    expect(() => scan(cell, [], [])).toThrow(expect.objectContaining({ code: 'engine/scan-length' }));
    expect(() => scan(cell, [], [tf.zeros([2, 1]), tf.zeros([3, 1])])).toThrow(/2, 3/);
  });
});

/** An LSTM over `frames` frames of 2 clips x 5 numbers, with its carry fed and given back at every frame. */
function lstmProgram(frames: number): Program {
  const state = new StateRegistry();
  const register = (name: string, shape: number[]): tf.Variable =>
    tf.tidy(() => state.register(name, values(shape, 0.5), { trainable: true }));
  const weights = {
    kernel: register('kernel', [5, 16]) as tf.Tensor2D,
    recurrentKernel: register('recurrent', [4, 16]) as tf.Tensor2D,
    bias: register('bias', [16]) as tf.Tensor1D,
  };
  const run: EntryPoint['run'] = ({ x, h, c }) => {
    const cell = lstmCell(weights);
    const withCarry = Object.assign(
      (carry: tf.Tensor[], x: tf.Tensor[], time: number) => {
        const next = cell(carry, x, time, 0);
        return { carry: next.carry, y: next.carry };
      },
      { prepare: cell.prepare! },
    );
    const { ys } = scan(withCarry, [h as tf.Tensor, c as tf.Tensor], [x as tf.Tensor]);
    return { y: tf.mul(ys[0]!, 2), h: ys[0]!, c: ys[1]! };
  };
  const feeds = { x: { shape: [frames, 2, 5] }, h: { shape: [2, 4] }, c: { shape: [2, 4] } };
  return compileProgram({ state, entries: { run: { feeds, run } } });
}

describe('scanInChunks', () => {
  it('equals one long scan, for lengths that fill the last chunk and that do not', async () => {
    for (const frames of [1, 4, 10, 12]) {
      const x = (values([frames, 2, 5], 1).dataSync() as Float32Array).slice();
      const carry = { h: new Float32Array(8), c: new Float32Array(8) };
      const long = lstmProgram(frames);
      const whole = await long.call('run', { x, ...carry });
      const chunked = lstmProgram(4);
      const entry = { entry: 'run', input: 'x', output: 'y', frames: 4, carry: { h: 'h', c: 'c' } };
      const result = await scanInChunks(chunked, entry, x, frames, carry);
      expect(result.output.length).toBe(frames * 8);
      for (const [i, value] of result.output.entries())
        expect(value).toBeCloseTo(whole.y!.data[i] as number, 5);
      const last = whole.h!.data.slice((frames - 1) * 8);
      for (const [i, value] of last.entries()) expect(result.carry.h![i]).toBeCloseTo(value, 5);
      long.dispose();
      chunked.dispose();
    }
  });
});

describe('scanHalves', () => {
  const run = (scanning: typeof scan, batch: number) =>
    tf.tidy(() => {
      const inputs = [
        values([5, batch, 3], 1),
        values([3, 16], 0.5),
        values([4, 16], 0.4),
        values([16], 0.3),
        values([batch, 4], 0.2),
      ];
      const loss = (xs: tf.Tensor, ...rest: tf.Tensor[]): tf.Scalar => {
        const [kernel, recurrentKernel, bias, h] = rest as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.Tensor];
        const { ys, carry } = scanning(lstmCell({ kernel, recurrentKernel, bias }), [h, h], [xs]);
        return tf.add(tf.sum(tf.square(ys[0]!)), tf.sum(carry[1]!)) as tf.Scalar;
      };
      const gradients = tf.grads((...args) => loss(args[0]!, ...args.slice(1)))(inputs);
      return [loss(inputs[0]!, ...inputs.slice(1)), ...gradients].map((value) => ({
        shape: value.shape,
        data: Array.from(value.dataSync()),
      }));
    });

  it.each([1, 8, 9])('has the values and gradients of scan for a batch of %i', (batch) => {
    const [whole, halves] = [run(scan, batch), run(scanHalves, batch)];
    for (const [index, { shape, data }] of halves.entries()) {
      expect(shape).toEqual(whole[index]!.shape);
      for (const [i, value] of data.entries()) expect(value).toBeCloseTo(whole[index]!.data[i]!, 4);
    }
  });

  it('tells a cell which half it is given, so that each has noise of its own', () => {
    tf.tidy(() => {
      const halves: string[] = [];
      const { ys } = scanHalves(
        ([sum], [x], time, half) => {
          halves.push(`${time}/${half}`);
          return { carry: [sum!], y: [x!] };
        },
        [tf.zeros([8, 1])],
        [values([2, 8, 1], 1)],
      );
      expect(Array.from(ys[0]!.dataSync())).toEqual(Array.from(values([2, 8, 1], 1).dataSync()));
      expect(halves).toEqual(tensorflow ? ['0/0', '1/0', '0/1', '1/1'] : ['0/0', '1/0']);
    });
  });
});
