import * as tf from '@tensorflow/tfjs-core';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';

/** One registered variable of a program. */
export interface StateEntry {
  readonly name: string;
  readonly trainable: boolean;
  readonly variable: tf.Variable;
}

/**
 * Everything a program remembers between calls: weights, optimiser moments, batch-norm averages, EMA codebooks, counters.
 * What is not registered here is not saved, not restored, and frozen by a capture.
 */
export class StateRegistry {
  readonly #entries = new Map<string, StateEntry>();

  /** Registers a variable; the initial value is copied and the tensor given stays the caller's. Names are unique. */
  register(name: string, initial: tf.Tensor, options: { trainable: boolean }): tf.Variable {
    if (!/^[A-Za-z0-9][\w.\-/]*$/.test(name)) throw new ResynthError('engine/state-name', { name });
    if (this.#entries.has(name)) throw new ResynthError('engine/state-duplicate', { name });
    const variable = tf.variable(tf.clone(initial), options.trainable, `${name}#${nextVariableId++}`);
    this.#entries.set(name, { name, trainable: options.trainable, variable });
    return variable;
  }

  get(name: string): StateEntry | undefined {
    return this.#entries.get(name);
  }

  /** In order of registration, which is the order in checkpoints. */
  entries(): StateEntry[] {
    return [...this.#entries.values()];
  }

  trainable(): StateEntry[] {
    return this.entries().filter((entry) => entry.trainable);
  }

  dispose(): void {
    for (const { variable } of this.#entries.values()) variable.dispose();
    this.#entries.clear();
  }
}

// tfjs keeps a global table of variable names; the registry's own names are what counts.
let nextVariableId = 0;
