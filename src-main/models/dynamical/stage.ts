import * as tf from '@tensorflow/tfjs-core';
import type { Pass } from './layers.ts';

/** Values over time by name, each `[time, batch, dim]`. */
export type Sequences = Readonly<Record<string, tf.Tensor3D>>;

/** Values of a whole sequence by name, each `[batch, dim]`. */
export type Statics = Readonly<Record<string, tf.Tensor2D>>;

/** Names with the numbers that each has for one clip (and one frame). */
export type Dims = Readonly<Record<string, number>>;

/** What is computed of every frame by itself: the products of all frames at once. */
export interface FrameStage {
  kind: 'frames';
  name: string;
  inputs: readonly string[];
  /** Values of the whole sequence that every frame is given. */
  statics?: readonly string[];
  outputs: Dims;
  /** All values `[time * batch, dim]`. */
  run(values: Readonly<Record<string, tf.Tensor2D>>, pass: Pass): Record<string, tf.Tensor2D>;
}

/** A recurrence. Its carry starts as zeros. */
export interface RecurrentStage {
  kind: 'recurrent';
  name: string;
  /** Backward: from the last frame to the first; `run` is given, and gives, the frames in the order in which they are taken. */
  direction: 'forward' | 'backward';
  inputs: readonly string[];
  outputs: Dims;
  carry: Dims;
  /** Values of the whole sequence: an output at the last frame that was taken, by the name it then has. */
  finals?: Readonly<Record<string, string>>;
  run(
    inputs: Sequences,
    carry: Readonly<Record<string, tf.Tensor2D>>,
    pass: Pass,
  ): { outputs: Record<string, tf.Tensor3D>; carry: Record<string, tf.Tensor2D> };
}

/** What is computed once for a whole sequence. */
export interface StaticStage {
  kind: 'static';
  name: string;
  inputs: readonly string[];
  outputs: Dims;
  /** All values `[batch, dim]`. */
  run(values: Readonly<Record<string, tf.Tensor2D>>, pass: Pass): Record<string, tf.Tensor2D>;
}

/**
 * One part of a dynamical model's factorisation. A model is its stages in order: training runs each over a whole sequence,
 * an utterance of any length runs each in chunks that hand their carry on, the backward ones from the end. So the cost is linear in frames,
 * and only what later stages read is kept.
 */
export type Stage = FrameStage | RecurrentStage | StaticStage;

/** Runs `stages` over whole sequences. Gives everything that was given or computed, by name. */
export function runStages(
  stages: readonly Stage[],
  given: { sequences: Sequences; statics?: Statics },
  pass: Pass,
): { sequences: Sequences; statics: Statics } {
  const sequences: Record<string, tf.Tensor3D> = { ...given.sequences };
  const statics: Record<string, tf.Tensor2D> = { ...given.statics };
  for (const stage of stages) {
    if (stage.kind === 'static') {
      Object.assign(statics, stage.run(pick(statics, stage.inputs, stage.name), pass));
    } else if (stage.kind === 'frames') {
      const picked = pick(sequences, stage.inputs, stage.name);
      Object.assign(
        sequences,
        runFrames(stage, picked, pick(statics, stage.statics ?? [], stage.name), pass),
      );
    } else {
      const { outputs, finals } = runRecurrent(stage, pick(sequences, stage.inputs, stage.name), pass);
      Object.assign(sequences, outputs);
      Object.assign(statics, finals);
    }
  }
  return { sequences, statics };
}

/** A frame stage over `[time, batch, dim]`. */
export function runFrames(
  stage: FrameStage,
  inputs: Sequences,
  statics: Statics,
  pass: Pass,
): Record<string, tf.Tensor3D> {
  const [first] = Object.values(inputs);
  if (!first) throw new Error(`the stage ${stage.name} reads no sequence`);
  const [time, batch] = first.shape;
  const values: Record<string, tf.Tensor2D> = {};
  for (const [name, value] of Object.entries(inputs)) {
    values[name] = tf.reshape(value, [time * batch, value.shape[2]]);
  }
  for (const [name, value] of Object.entries(statics)) values[name] = tf.tile(value, [time, 1]);
  const outputs = stage.run(values, pass);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [
      name,
      tf.reshape(value, [time, batch, value.shape[1]]) as tf.Tensor3D,
    ]),
  );
}

function runRecurrent(
  stage: RecurrentStage,
  inputs: Sequences,
  pass: Pass,
): { outputs: Record<string, tf.Tensor3D>; finals: Record<string, tf.Tensor2D> } {
  const turned = (value: tf.Tensor3D): tf.Tensor3D =>
    stage.direction === 'backward' ? tf.reverse(value, 0) : value;
  const batch = Object.values(inputs)[0]?.shape[1] ?? 0;
  const taken = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, turned(value)]));
  const { outputs } = stage.run(taken, zeroCarry(stage, batch), pass);
  const finals: Record<string, tf.Tensor2D> = {};
  for (const [name, of] of Object.entries(stage.finals ?? {})) {
    const output = outputs[of];
    if (!output) throw new Error(`the stage ${stage.name} gives no ${of}`);
    finals[name] = tf.squeeze(tf.slice(output, [output.shape[0] - 1, 0, 0], [1, -1, -1]), [0]);
  }
  return {
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, turned(value)])),
    finals,
  };
}

/** The carry before the first frame. */
export function zeroCarry(stage: RecurrentStage, batch: number): Record<string, tf.Tensor2D> {
  return Object.fromEntries(
    Object.entries(stage.carry).map(([name, dim]) => [name, tf.zeros([batch, dim]) as tf.Tensor2D]),
  );
}

function pick<Value>(
  values: Readonly<Record<string, Value>>,
  names: readonly string[],
  stage: string,
): Record<string, Value> {
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name];
      if (value === undefined)
        throw new Error(`the stage ${stage} needs ${name}, which no stage before it gives`);
      return [name, value];
    }),
  );
}

/** A frame stage whose `run` is typed by the names it reads and gives. */
export function frameStage<Read extends string, Given extends string>(stage: {
  name: string;
  inputs: readonly Read[];
  statics?: readonly Read[];
  outputs: Readonly<Record<Given, number>>;
  run(values: Readonly<Record<Read, tf.Tensor2D>>, pass: Pass): Record<Given, tf.Tensor2D>;
}): FrameStage {
  return { kind: 'frames', ...stage };
}

/** Values by their names, in one order. */
export function named<Name extends string, Value>(
  names: readonly Name[],
  values: readonly Value[],
): Record<Name, Value> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as Record<Name, Value>;
}
