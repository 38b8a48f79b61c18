import type * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from './noise.ts';
import type { StateRegistry } from './state.ts';

export type FeedDtype = 'float32' | 'int32';

/** Shape and type of one value fed to an entry point. Shapes are fixed; `[]` is a scalar. */
export interface FeedSpec {
  shape: number[];
  dtype?: FeedDtype;
}

export type FeedValue = number | Float32Array | Int32Array;

/** What an entry point gives back: each output flat, with its shape. */
export interface OutputValue {
  data: Float32Array | Int32Array;
  shape: number[];
}

/**
 * One function of a program. `run` is ordinary tfjs code: it may read registered state, assign it (`variable.assign`),
 * and draw noise from `noise` only. It runs inside tf.tidy. It must not read values (dataSync) nor branch on them.
 */
export interface EntryPoint {
  feeds: Record<string, FeedSpec>;
  run(feeds: Record<string, tf.Tensor>, noise: NoiseSource): Record<string, tf.Tensor>;
}

/** A model as the engine sees it: shared state and the functions over it. */
export interface ProgramDefinition {
  state: StateRegistry;
  entries: Record<string, EntryPoint>;
}

/** Keys the noise of one call: the same (seed, step, site) gives the same numbers on every backend. */
export interface NoiseKey {
  seed: number;
  step: number;
}

/** A running program. In `compiled` mode state lives inside the TensorFlow session; in `eager` mode in tfjs variables. */
export interface Program {
  readonly mode: 'compiled' | 'eager';
  /** Runs one entry point. Feeds are checked against their specs; noise defaults to key (0, 0). */
  call(
    entry: string,
    feeds: Record<string, FeedValue>,
    noise?: NoiseKey,
  ): Promise<Record<string, OutputValue>>;
  /** Every registered variable by name, copied out. */
  readState(): Promise<Map<string, OutputValue>>;
  /** Overwrites registered variables; names and shapes must match those registered (a subset is allowed). */
  writeState(values: ReadonlyMap<string, OutputValue>): Promise<void>;
  dispose(): void;
}
