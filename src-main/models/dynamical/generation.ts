/**
 * A dynamical model without its inference: p(z_t | ...) and p(x_t | ...) of papers/004, a frame at a time, each frame given to the next as it
 * was generated or as it truly was.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { EntryPoint, FeedSpec, Program } from '../../engine/program.ts';
import { scan } from '../../engine/scan.ts';
import type { Factors } from './factors.ts';
import { evaluationPass } from './layers.ts';
import type { RecurrentStage, Stage, Statics } from './stage.ts';

/** Frames of one call: fewer than of the stages that run over known frames, for every one of them has all stages unrolled to compile. */
const generationChunkFrames = 16;

/** What generation has to step through frame by frame, and what it can run over all frames at once when every z is known. */
export interface Generation {
  /** A frame waits for the frame before it: for its z, and where the model is autoregressive for its x. */
  stepped: readonly Stage[];
  /** Whether `stepped` gives x as well. */
  givesX: boolean;
  /** Stages from the whole sequence of z to x; none where `stepped` gives it. */
  after: readonly Stage[];
}

/** How the factors of a model are generated from. */
export function generationOf({ past, generationOfZ, generationOfX }: Factors): Generation {
  const everything = [...past, ...generationOfZ, ...generationOfX];
  return everything.some(({ inputs }) => inputs.includes('xBefore'))
    ? { stepped: everything, givesX: true, after: [] }
    : { stepped: [...past, ...generationOfZ], givesX: false, after: generationOfX };
}

type Frame = Readonly<Record<string, tf.Tensor2D>>;

/**
 * The entry `generate`: `chunkFrames` frames of one sequence. Fed are what is given where the masks are 1 (`x` and `z`, with `xGiven` and
 * `zGiven`), standard normal draws for every other z (`eps`, already times the temperature), what the expected power of a frame is
 * multiplied with (`xFactor`, 1 for the expectation itself) and the carry. Gives `power` (the model's own, also where x is given; only
 * where it `givesX`), `z` and the next carry.
 */
export function generationEntry(
  { stepped, givesX }: Generation,
  dims: { x: number; z: number; v: number | null },
  chunkFrames = generationChunkFrames,
): EntryPoint {
  const carried = carriedBy(stepped, dims);
  const names = Object.keys(carried);
  const sequence = (dim: number): FeedSpec => ({ shape: [chunkFrames, 1, dim] });
  const statics = readsStatic(stepped, 'v') ? { v: { shape: [1, dims.v ?? 1] } } : {};
  return {
    feeds: {
      ...{ z: sequence(dims.z), zGiven: sequence(1), eps: sequence(dims.z), ...statics },
      ...(givesX ? { x: sequence(dims.x), xGiven: sequence(1), xFactor: sequence(dims.x) } : {}),
      ...Object.fromEntries(names.map((name) => [name, { shape: [1, carried[name] as number] }])),
    },
    run(feeds) {
      const fixed: Statics = feeds.v ? { v: feeds.v as tf.Tensor2D } : {};
      const given = givesX ? ['z', 'zGiven', 'eps', 'x', 'xGiven', 'xFactor'] : ['z', 'zGiven', 'eps'];
      const { carry, ys } = scan(
        (state, frames) => {
          const frame = byName(given, frames as tf.Tensor2D[]);
          const { values, next } = step(stepped, frame, byName(names, state as tf.Tensor2D[]), fixed);
          const y = givesX ? [values.z, values.power] : [values.z];
          return { carry: names.map((name) => next[name] as tf.Tensor2D), y: y as tf.Tensor2D[] };
        },
        names.map((name) => feeds[name] as tf.Tensor2D),
        given.map((name) => feeds[name] as tf.Tensor3D),
      );
      return {
        z: ys[0] as tf.Tensor,
        ...(givesX ? { power: ys[1] as tf.Tensor } : {}),
        ...Object.fromEntries(names.map((name, at) => [nextName(name), carry[at] as tf.Tensor])),
      };
    },
  };
}

/** What a carry is called among the outputs. */
function nextName(name: string): string {
  return `next.${name}`;
}

function carriedBy(stepped: readonly Stage[], dims: { x: number; z: number }): Record<string, number> {
  const reads = (name: string): boolean => stepped.some(({ inputs }) => inputs.includes(name));
  return {
    ...(reads('xBefore') ? { xBefore: dims.x } : {}),
    ...(reads('zBefore') ? { zBefore: dims.z } : {}),
    ...Object.fromEntries(
      stepped
        .filter((stage) => stage.kind === 'recurrent')
        .flatMap((stage) =>
          Object.entries(stage.carry).map(([name, dim]) => [carryOf(stage, name), dim] as const),
        ),
    ),
  };
}

function carryOf({ name }: RecurrentStage, part: string): string {
  return `${name}.carry.${part}`;
}

/** One frame through all stages, in their order; z_t is drawn as soon as a stage asks for it, or at the end. */
function step(
  stepped: readonly Stage[],
  frame: Frame,
  before: Frame,
  fixed: Statics,
): { values: Frame; next: Record<string, tf.Tensor2D> } {
  const values: Record<string, tf.Tensor2D> = { ...fixed, ...before };
  const next: Record<string, tf.Tensor2D> = {};
  const drawZ = (): tf.Tensor2D =>
    (values.z ??= chosen(frame.zGiven, frame.z, drawn(values, frame.eps as tf.Tensor2D)));
  for (const stage of stepped) {
    if (stage.inputs.includes('z')) drawZ();
    const read = (name: string): tf.Tensor2D => {
      const value = values[name];
      if (!value) throw new Error(`nothing in the generation gives ${name} before ${stage.name}`);
      return value;
    };
    const inputs = Object.fromEntries(stage.inputs.map((name) => [name, read(name)]));
    if (stage.kind === 'recurrent') {
      const { outputs, carry } = stage.run(
        mapped(inputs, (value) => tf.expandDims(value, 0) as tf.Tensor3D),
        Object.fromEntries(Object.keys(stage.carry).map((name) => [name, read(carryOf(stage, name))])),
        evaluationPass,
      );
      Object.assign(
        values,
        mapped(outputs, (value) => tf.squeeze(value, [0]) as tf.Tensor2D),
      );
      for (const [name, value] of Object.entries(carry)) next[carryOf(stage, name)] = value;
    } else {
      const shared = stage.kind === 'frames' ? (stage.statics ?? []) : [];
      const all = { ...inputs, ...Object.fromEntries(shared.map((name) => [name, read(name)])) };
      Object.assign(values, stage.run(all, evaluationPass));
    }
  }
  next.zBefore = drawZ();
  if (values.xLogVar) {
    values.power = tf.mul(tf.exp(values.xLogVar), frame.xFactor as tf.Tensor2D);
    next.xBefore = chosen(frame.xGiven, frame.x, values.power);
  }
  return { values, next };
}

/** A draw from the prior: standard normal where no stage gives one. */
function drawn({ priorMean, priorLogVar }: Frame, eps: tf.Tensor2D): tf.Tensor2D {
  if (!priorMean || !priorLogVar) return eps;
  return tf.add(priorMean, tf.mul(eps, tf.exp(tf.mul(priorLogVar, 0.5))));
}

/** What is given where `mask` is 1, else the model's own: chosen, not blended, so that nothing of the other is left. */
function chosen(
  mask: tf.Tensor2D | undefined,
  given: tf.Tensor2D | undefined,
  own: tf.Tensor2D,
): tf.Tensor2D {
  return tf.where(tf.greater(mask as tf.Tensor2D, 0.5), given as tf.Tensor2D, own);
}

function readsStatic(stages: readonly Stage[], name: string): boolean {
  return stages.some((stage) => stage.kind === 'frames' && (stage.statics ?? []).includes(name));
}

function byName<Value>(names: readonly string[], values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(names.map((name, at) => [name, values[at] as Value]));
}

function mapped<From, To>(
  values: Readonly<Record<string, From>>,
  to: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, to(value)]));
}

/** What of a sequence is given, and what chance gives; all frame by frame, `[frames, dim]` flat. */
export interface SequenceDraw {
  frames: number;
  /** Codes of the first frames; prior draws follow. */
  z: Float32Array;
  /** True power spectra of the first frames, which the next frame is generated from; the model's own follow. */
  x: Float32Array;
  /** Draws for every frame, times the temperature. */
  eps: Float32Array;
  /** What expected powers are multiplied with, for every frame; null for the expectation. */
  xFactor: Float32Array | null;
  /** Of a model with one code for the whole sequence. */
  v: Float32Array | null;
}

/**
 * Steps through a sequence of `frames` frames by a program with `generationEntry`. Time is linear in frames, of any number. Gives z, and
 * where the entry gives x its powers.
 */
export async function runGeneration(
  program: Program,
  { givesX, stepped }: Generation,
  dims: { x: number; z: number; v: number | null },
  draw: SequenceDraw,
  { signal, chunkFrames = generationChunkFrames }: { signal?: AbortSignal; chunkFrames?: number } = {},
): Promise<{ z: Float32Array; power: Float32Array | null }> {
  const { frames } = draw;
  const z = new Float32Array(frames * dims.z);
  const power = givesX ? new Float32Array(frames * dims.x) : null;
  let carry: Record<string, Float32Array> = Object.fromEntries(
    Object.entries(carriedBy(stepped, dims)).map(([name, dim]) => [name, new Float32Array(dim)]),
  );
  const ones = new Float32Array(chunkFrames * dims.x).fill(1);
  for (let done = 0; done < frames; done += chunkFrames) {
    signal?.throwIfAborted();
    const part = (values: Float32Array, dim: number): Float32Array => {
      const chunk = new Float32Array(chunkFrames * dim);
      chunk.set(values.subarray(done * dim, (done + chunkFrames) * dim));
      return chunk;
    };
    /** 1 for the frames that are given. */
    const mask = (values: Float32Array, dim: number): Float32Array =>
      new Float32Array(chunkFrames).fill(
        1,
        0,
        Math.max(0, Math.min(chunkFrames, values.length / dim - done)),
      );
    const found = await program.call('generate', {
      ...{ z: part(draw.z, dims.z), zGiven: mask(draw.z, dims.z), eps: part(draw.eps, dims.z) },
      ...(givesX
        ? {
            ...{ x: part(draw.x, dims.x), xGiven: mask(draw.x, dims.x) },
            xFactor: draw.xFactor ? part(draw.xFactor, dims.x) : ones,
          }
        : {}),
      ...(readsStatic(stepped, 'v') ? { v: draw.v ?? new Float32Array(dims.v ?? 1) } : {}),
      ...carry,
    });
    const count = Math.min(chunkFrames, frames - done);
    const values = (name: string): Float32Array => found[name]?.data as Float32Array;
    z.set(values('z').subarray(0, count * dims.z), done * dims.z);
    power?.set(values('power').subarray(0, count * dims.x), done * dims.x);
    carry = Object.fromEntries(Object.keys(carry).map((name) => [name, values(nextName(name))]));
  }
  return { z, power };
}
