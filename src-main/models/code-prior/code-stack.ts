import * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../../engine/noise.ts';
import type { CodeGrid } from '../family.ts';
import { sizeOf } from '../parameters.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import { dense, denseParameters } from '../parts/dense.ts';
import {
  causalMemory,
  type Dropping,
  growingMemory,
  layerNorm,
  layerParameters,
  normParameters,
  transformerLayer,
  type TransformerShape,
} from './attention.ts';

/**
 * p(indices of a clip) as a product, position by position and within a position stage by stage: a causal transformer over positions,
 * each the sum of its stages' embeddings, says what it knows at a position before that has a code; a net a stage then predicts
 * its index from that and from the stages before it (the order of Lee et al. 2022, "Autoregressive image generation using residual quantization").
 */
export interface CodeStack {
  parameters: ParameterSpec[];
  positions: number;
  /** Nats of each index `[batch, positions, stages]` of `indices` int32, of the same shape; `label` is that of each clip, where they have any. */
  nats(indices: tf.Tensor3D, weights: Weights, dropping: Dropping, label?: Label): tf.Tensor3D;
  /** What one clip carries from one position to the next, all zeros before the first: `[names, positions, width]`. */
  cacheShape: readonly [number, number, number];
  /** Draws the indices of position `at`, a scalar, given those before it; the others are not looked at. `[batch, positions, stages]`. */
  draw(
    given: {
      indices: tf.Tensor3D;
      label?: Label;
      cache: tf.Tensor4D;
      at: tf.Scalar;
      temperature: tf.Scalar;
    },
    noise: NoiseSource,
    weights: Weights,
  ): { indices: tf.Tensor3D; cache: tf.Tensor4D };
}

/** Labels `[batch, 1]` int32, counted from 1; 0 is a clip of none. Null for a prior that is told no labels. */
export type Label = tf.Tensor2D | null;

/** `labels` is how many there are: what is known of a clip's is added at every position. */
export function codeStack(code: CodeGrid, shape: TransformerShape, labels = 0): CodeStack {
  const { stages, codebookSize } = code;
  const { width, layers } = shape;
  const positions = sizeOf(code.grid);
  const stageNumbers = Array.from({ length: stages }, (_, stage) => stage);
  const layerNames = Array.from({ length: layers }, (_, at) => `prior.layer${at}`);
  const remembered = layerNames.flatMap((name) => [`${name}.key`, `${name}.value`]);
  const table = (name: string, rows: number): ParameterSpec => ({
    name,
    shape: [rows, width],
    trainable: true,
    initialiser: { kind: 'uniform', limit: 0.05 },
  });

  const parameters: ParameterSpec[] = [
    table('prior.start.row', 1),
    table('prior.place.rows', positions),
    ...(labels > 0 ? [table('prior.label.rows', labels + 1)] : []),
    ...stageNumbers.map((stage) => table(`prior.embed${stage}.rows`, codebookSize)),
    ...layerNames.flatMap((name) => layerParameters(name, width)),
    ...stageNumbers.flatMap((stage) => [
      // The last stage's index is told to no other.
      ...(stage < stages - 1 ? [table(`prior.stage${stage}.rows`, codebookSize)] : []),
      ...normParameters(`prior.stage${stage}.norm`, width),
      ...denseParameters(`prior.stage${stage}.inner`, width, 2 * width),
      ...denseParameters(`prior.stage${stage}.logits`, 2 * width, codebookSize),
    ]),
  ];

  const rowsOf = (weights: Weights, name: string): tf.Tensor2D => weights(name) as unknown as tf.Tensor2D;
  const picked = (index: tf.Tensor): tf.Tensor2D =>
    tf.oneHot(tf.reshape(index, [-1]) as tf.Tensor1D, codebookSize, 1, 0, 'float32') as tf.Tensor2D;
  /** Indices `[rows, stages]` as one hot rows, a tensor a stage. */
  const hot = (indices: tf.Tensor): tf.Tensor2D[] =>
    tf.split(tf.reshape(indices, [-1, stages]), stages, 1).map(picked);
  const embedded = (hots: readonly tf.Tensor2D[], weights: Weights): tf.Tensor2D =>
    tf.addN(hots.map((one, stage) => tf.matMul(one, rowsOf(weights, `prior.embed${stage}.rows`))));

  /** What a label adds at each position of its clip, `[batch, 1, width]`. */
  const ofLabel = (label: Label, weights: Weights): tf.Tensor[] => {
    if (labels === 0) return [];
    if (!label) throw new Error('a prior that is told labels was given none');
    const one = tf.oneHot(tf.reshape(label, [-1]) as tf.Tensor1D, labels + 1, 1, 0, 'float32') as tf.Tensor2D;
    return [tf.reshape(tf.matMul(one, rowsOf(weights, 'prior.label.rows')), [-1, 1, width])];
  };
  const summed = (first: tf.Tensor, others: readonly tf.Tensor[]): tf.Tensor3D =>
    others.reduce((sum, one) => tf.add(sum, one), first) as tf.Tensor3D;

  /** Logits of a stage from what is known of a position, `[rows, width]`. */
  const logitsOf = (known: tf.Tensor2D, stage: number, weights: Weights): tf.Tensor2D => {
    const name = `prior.stage${stage}`;
    const inner = tf.relu(dense(layerNorm(known, `${name}.norm`, weights), `${name}.inner`, weights));
    return dense(inner, `${name}.logits`, weights);
  };
  const told = (known: tf.Tensor2D, one: tf.Tensor2D, stage: number, weights: Weights): tf.Tensor2D =>
    stage === stages - 1 ? known : tf.add(known, tf.matMul(one, rowsOf(weights, `prior.stage${stage}.rows`)));

  return {
    parameters,
    positions,
    cacheShape: [remembered.length, positions, width],
    nats(indices, weights, dropping, label = null) {
      const batch = indices.shape[0];
      const hots = hot(indices);
      const own = tf.reshape(embedded(hots, weights), [batch, positions, width]) as tf.Tensor3D;
      const start = tf.tile(tf.reshape(rowsOf(weights, 'prior.start.row'), [1, 1, width]), [batch, 1, 1]);
      const before = positions > 1 ? [tf.slice(own, [0, 0, 0], [batch, positions - 1, width])] : [];
      let x = summed(
        tf.add(tf.concat([start, ...before], 1), rowsOf(weights, 'prior.place.rows')),
        ofLabel(label, weights),
      );
      const memory = causalMemory(positions);
      for (const name of layerNames) x = transformerLayer(x, name, shape, memory, weights, dropping);
      let known = tf.reshape(x, [batch * positions, width]) as tf.Tensor2D;
      const each = stageNumbers.map((stage) => {
        const logits = logitsOf(known, stage, weights);
        const one = hots[stage]!;
        known = told(known, one, stage, weights);
        return tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(logits, one), 1));
      });
      return tf.reshape(tf.stack(each, 1), [batch, positions, stages]) as tf.Tensor3D;
    },
    draw({ indices, label = null, cache, at, temperature }, noise, weights) {
      const batch = indices.shape[0];
      const range = tf.range(0, positions, 1, 'float32');
      const place = tf.cast(tf.equal(range, at), 'float32') as tf.Tensor1D;
      const beforePlace = tf.reshape(tf.cast(tf.equal(range, tf.sub(at, 1)), 'float32'), [1, positions, 1]);
      const drawnBefore = tf.cast(tf.sum(tf.mul(tf.cast(indices, 'float32'), beforePlace), 1), 'int32');
      const isFirst = tf.cast(tf.equal(at, 0), 'float32');
      const previous = tf.add(
        tf.mul(embedded(hot(drawnBefore), weights), tf.sub(1, isFirst)),
        tf.mul(rowsOf(weights, 'prior.start.row'), isFirst),
      );
      const here = tf.matMul(tf.reshape(place, [1, positions]), rowsOf(weights, 'prior.place.rows'));
      let x = summed(tf.reshape(tf.add(previous, here), [batch, 1, width]), ofLabel(label, weights));
      const memory = growingMemory(remembered, cache, place);
      for (const name of layerNames) x = transformerLayer(x, name, shape, memory, weights, null);
      let known = tf.reshape(x, [batch, width]) as tf.Tensor2D;
      const drawn = stageNumbers.map((stage) => {
        const logits = logitsOf(known, stage, weights);
        const index = drawIndex(logits, noise.uniform(`stage${stage}`, logits.shape), temperature);
        known = told(known, picked(index), stage, weights);
        return index;
      });
      const column = tf.reshape(place, [1, positions, 1]);
      const added = tf.mul(tf.reshape(tf.cast(tf.stack(drawn, 1), 'float32'), [batch, 1, stages]), column);
      const kept = tf.mul(tf.cast(indices, 'float32'), tf.sub(1, column));
      return { indices: tf.cast(tf.add(kept, added), 'int32') as tf.Tensor3D, cache: memory.next() };
    },
  };
}

/** An index a row by the Gumbel trick: argmax of logits + temperature x Gumbel noise, which at 0 is the likeliest. */
function drawIndex(logits: tf.Tensor2D, uniform: tf.Tensor, temperature: tf.Scalar): tf.Tensor1D {
  const gumbel = tf.neg(tf.log(tf.neg(tf.log(tf.clipByValue(uniform, 1e-7, 1 - 1e-7)))));
  return tf.argMax(tf.add(logits, tf.mul(gumbel, temperature)), 1) as tf.Tensor1D;
}
