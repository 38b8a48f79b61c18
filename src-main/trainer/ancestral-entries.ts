import type * as tf from '@tensorflow/tfjs-core';
import type { EntryPoint, FeedSpec, NoiseKey, OutputValue, Program } from '../engine/program.ts';
import type { AncestralPrior, Model } from '../models/family.ts';

/** What of an ancestral prior whoever runs its program needs to know. */
export type AncestralPlan = Pick<AncestralPrior, 'positions' | 'carried' | 'labels'>;

/** One position of an ancestral prior: what is carried, at, temperature -> what is carried. */
export function drawEntry({ ancestral }: Model, batchSize: number): EntryPoint | null {
  if (!ancestral) return null;
  return {
    feeds: { ...carriedFeeds(ancestral, batchSize), at: { shape: [] }, temperature: { shape: [] } },
    run(feeds, noise) {
      const { at, temperature, ...carried } = feeds as Record<string, tf.Tensor>;
      return ancestral.draw(carried, at as tf.Scalar, noise, temperature as tf.Scalar);
    },
  };
}

/** The end of it: what is carried, every position drawn -> z, x. */
export function drawnEntry(ancestral: AncestralPrior, model: Model, batchSize: number): EntryPoint | null {
  const { decode } = model;
  if (!decode) return null;
  return {
    feeds: carriedFeeds(ancestral, batchSize),
    run(feeds) {
      const z = ancestral.latents(feeds);
      return { z, x: decode.call(model, z) };
    },
  };
}

/** A batch of an ancestral prior: z and x, as the entry `sample` of other models gives them. `first` is what is carried at first and not zeros. */
export async function drawAncestral(
  program: Pick<Program, 'call'>,
  { positions, carried }: AncestralPlan,
  batchSize: number,
  { seed, step, temperature }: NoiseKey & { temperature: number },
  first: Readonly<Record<string, Int32Array>> = {},
): Promise<Record<string, OutputValue>> {
  let state: Record<string, OutputValue['data']> = {
    ...Object.fromEntries(Object.entries(carried).map(([name, spec]) => [name, zeros(spec, batchSize)])),
    ...first,
  };
  for (let at = 0; at < positions; at++) {
    const key = { seed, step: step * positions + at };
    const outputs = await program.call('draw', { ...state, at, temperature }, key);
    for (const [name, { data }] of Object.entries(outputs)) state = { ...state, [name]: data };
  }
  return program.call('sample', state);
}

function zeros({ shape, dtype }: Required<FeedSpec>, batchSize: number): Float32Array | Int32Array {
  const size = shape.reduce((product, extent) => product * extent, batchSize);
  return dtype === 'int32' ? new Int32Array(size) : new Float32Array(size);
}

function carriedFeeds({ carried }: AncestralPlan, batchSize: number): Record<string, FeedSpec> {
  return Object.fromEntries(
    Object.entries(carried).map(([name, { shape, dtype }]) => [
      name,
      { shape: [batchSize, ...shape], dtype },
    ]),
  );
}
