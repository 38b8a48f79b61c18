import * as tf from '@tensorflow/tfjs-core';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { currentTensorFlow } from './backends/current.ts';

/** What one step of a recurrence gives: the carry for the next step, and this step's outputs. */
export interface ScanStep {
  carry: tf.Tensor[];
  y: tf.Tensor[];
}

/** The carry after the last step, and every step's outputs stacked: each `[time, ...]`. */
export interface ScanResult {
  carry: tf.Tensor[];
  ys: tf.Tensor[];
}

/** A recurrence's step. `prepare` does once, over whole sequences, what does not depend on the carry (input projections). */
export interface ScanCell {
  /** `half` tells the halves of a batch apart (see `scanHalves`); 0 where it is whole. */
  (carry: tf.Tensor[], x: tf.Tensor[], time: number, half: 0 | 1): ScanStep;
  /** `[time, batch, ...]` to `[time, batch, ...]`, as many as the cell's x. */
  prepare?: (xs: tf.Tensor[]) => tf.Tensor[];
}

/**
 * A recurrence over time, the only place where a model's time loop is written: differentiable in `init`, `xs` and
 * everything that `cell` uses. `xs` are `[time, batch, ...]` with one time; `cell` sees each at one time, `[batch, ...]`.
 * Unrolled into the graph, where the gradients of weights are batched over time (capture/batch-sums): training uses a fixed number of frames, and longer signals run in chunks that carry the state
 * (see `scanInChunks`).
 */
export function scan(cell: ScanCell, init: tf.Tensor[], xs: tf.Tensor[], half: 0 | 1 = 0): ScanResult {
  const steps = xs[0]?.shape[0];
  if (steps === undefined || steps === 0 || xs.some((x) => x.shape[0] !== steps)) {
    throw new ResynthError('engine/scan-length', { lengths: xs.map((x) => x.shape[0] ?? 'none').join(', ') });
  }
  const inputs = (cell.prepare?.(xs) ?? xs).map((x) => tf.unstack(x));
  const outputs: tf.Tensor[][] = [];
  let carry = init;
  for (let time = 0; time < steps; time++) {
    const step = cell(
      carry,
      inputs.map((input) => input[time] as tf.Tensor),
      time,
      half,
    );
    carry = step.carry;
    for (const [index, y] of step.y.entries()) (outputs[index] ??= []).push(y);
  }
  return { carry, ys: outputs.map((output) => tf.stack(output)) };
}

/** Sequences of a batch from which on its halves are scanned apart. */
const fewestToHalve = 8;

/**
 * `scan` for a cell that treats every sequence of a batch by itself, and `init` `[batch, ...]`: the same numbers. A step's operations
 * wait for each other and are too small to share, so one chain of them keeps one core busy. On a processor the two halves of the batch are two chains;
 * two directions of a layer are two chains already.
 */
export function scanHalves(cell: ScanCell, init: tf.Tensor[], xs: tf.Tensor[]): ScanResult {
  return inHalves((someInit, someXs, half) => scan(cell, someInit, someXs, half), init, xs);
}

/** Any recurrence, `run`, in the way of `scanHalves`. */
export function inHalves(
  run: (init: tf.Tensor[], xs: tf.Tensor[], half: 0 | 1) => ScanResult,
  init: tf.Tensor[],
  xs: tf.Tensor[],
): ScanResult {
  const batch = xs[0]?.shape[1] ?? 0;
  if (batch < fewestToHalve || currentTensorFlow()?.binding.isUsingGpuDevice() !== false) {
    return run(init, xs, 0);
  }
  const sizes = [Math.ceil(batch / 2), Math.floor(batch / 2)];
  const halvesOf = (values: tf.Tensor[], axis: number): tf.Tensor[][] =>
    values.map((value) => tf.split(value, sizes, axis));
  const [inits, inputs] = [halvesOf(init, 0), halvesOf(xs, 1)];
  const [first, second] = ([0, 1] as const).map((half) =>
    run(
      inits.map((value) => value[half] as tf.Tensor),
      inputs.map((value) => value[half] as tf.Tensor),
      half,
    ),
  ) as [ScanResult, ScanResult];
  const joined = (one: tf.Tensor[], other: tf.Tensor[], axis: number): tf.Tensor[] =>
    one.map((value, index) => tf.concat([value, other[index] as tf.Tensor], axis));
  return { carry: joined(first.carry, second.carry, 0), ys: joined(first.ys, second.ys, 1) };
}
