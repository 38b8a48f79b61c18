import * as tf from '@tensorflow/tfjs-core';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';

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
  (carry: tf.Tensor[], x: tf.Tensor[], time: number): ScanStep;
  /** `[time, batch, ...]` to `[time, batch, ...]`, as many as the cell's x. */
  prepare?: (xs: tf.Tensor[]) => tf.Tensor[];
}

/**
 * A recurrence over time, the only place where a model's time loop is written: differentiable in `init`, `xs` and
 * everything that `cell` uses. `xs` are `[time, batch, ...]` with one time; `cell` sees each at one time, `[batch, ...]`.
 * Unrolled into the graph, where the gradients of weights are batched over time (capture/batch-sums): training uses a fixed number of frames, and longer signals run in chunks that carry the state
 * (see `scanInChunks`).
 */
export function scan(cell: ScanCell, init: tf.Tensor[], xs: tf.Tensor[]): ScanResult {
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
    );
    carry = step.carry;
    for (const [index, y] of step.y.entries()) (outputs[index] ??= []).push(y);
  }
  return { carry, ys: outputs.map((output) => tf.stack(output)) };
}
