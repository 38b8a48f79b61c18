import type * as tf from '@tensorflow/tfjs-core';
import type { EntryPoint, FeedSpec, ProgramDefinition } from '../../engine/program.ts';
import type { StateRegistry } from '../../engine/state.ts';
import { evaluationPass } from './layers.ts';
import { runFrames } from './stage.ts';
import type { FrameStage, RecurrentStage, Stage, StaticStage } from './stage.ts';

/** Frames of one call, unless said otherwise: what is compiled once serves utterances of any length. */
export const standardChunkFrames = 64;

/** What a recurrent entry calls its carry, as feed and as output. */
export function carryName(name: string): string {
  return `carry.${name}`;
}

/**
 * A dynamical model for one utterance at a time: an entry for each stage, over `chunkFrames` frames of one sequence. Recurrent entries are fed
 * their carry and give the next one. `dims` has the numbers a frame of what is given from outside.
 */
export function utteranceProgram(
  stages: readonly Stage[],
  dims: Readonly<Record<string, number>>,
  state: StateRegistry,
  chunkFrames = standardChunkFrames,
): ProgramDefinition {
  const known: Record<string, number> = { ...dims };
  const entries: Record<string, EntryPoint> = {};
  const dimOf = (name: string): number => {
    const dim = known[name];
    if (dim === undefined) throw new Error(`no stage gives ${name}`);
    return dim;
  };
  for (const stage of stages) {
    entries[stage.name] =
      stage.kind === 'frames'
        ? frameEntry(stage, dimOf, chunkFrames)
        : stage.kind === 'recurrent'
          ? recurrentEntry(stage, dimOf, chunkFrames)
          : staticEntry(stage, dimOf);
    Object.assign(known, stage.outputs);
    if (stage.kind !== 'recurrent') continue;
    for (const [name, of] of Object.entries(stage.finals ?? {})) known[name] = dimOf(of);
  }
  return { state, entries };
}

type DimOf = (name: string) => number;

function frameEntry(stage: FrameStage, dimOf: DimOf, chunkFrames: number): EntryPoint {
  return {
    feeds: { ...sequenceFeeds(stage.inputs, dimOf, chunkFrames), ...staticFeeds(stage.statics ?? [], dimOf) },
    run: (feeds) =>
      runFrames(
        stage,
        pick<tf.Tensor3D>(feeds, stage.inputs),
        pick<tf.Tensor2D>(feeds, stage.statics ?? []),
        evaluationPass,
      ),
  };
}

function recurrentEntry(stage: RecurrentStage, dimOf: DimOf, chunkFrames: number): EntryPoint {
  const carried = Object.keys(stage.carry);
  return {
    feeds: {
      ...sequenceFeeds(stage.inputs, dimOf, chunkFrames),
      ...Object.fromEntries(
        Object.entries(stage.carry).map(([name, dim]): [string, FeedSpec] => [
          carryName(name),
          { shape: [1, dim] },
        ]),
      ),
    },
    run(feeds) {
      const carry = Object.fromEntries(carried.map((name) => [name, feeds[carryName(name)] as tf.Tensor2D]));
      const { outputs, carry: end } = stage.run(
        pick<tf.Tensor3D>(feeds, stage.inputs),
        carry,
        evaluationPass,
      );
      const next = Object.entries(end).map(([name, value]): [string, tf.Tensor] => [carryName(name), value]);
      return { ...outputs, ...Object.fromEntries(next) };
    },
  };
}

function staticEntry(stage: StaticStage, dimOf: DimOf): EntryPoint {
  return {
    feeds: staticFeeds(stage.inputs, dimOf),
    run: (feeds) => stage.run(pick<tf.Tensor2D>(feeds, stage.inputs), evaluationPass),
  };
}

function sequenceFeeds(
  names: readonly string[],
  dimOf: DimOf,
  chunkFrames: number,
): Record<string, FeedSpec> {
  return Object.fromEntries(names.map((name) => [name, { shape: [chunkFrames, 1, dimOf(name)] }]));
}

function staticFeeds(names: readonly string[], dimOf: DimOf): Record<string, FeedSpec> {
  return Object.fromEntries(names.map((name) => [name, { shape: [1, dimOf(name)] }]));
}

function pick<Value extends tf.Tensor>(
  feeds: Readonly<Record<string, tf.Tensor>>,
  names: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, feeds[name] as Value]));
}
