import * as tf from '@tensorflow/tfjs-core';
import { currentTensorFlow } from './backends/current.ts';
import { feedValues, findEntry, findState } from './feeds.ts';
import { javascriptNoise, tensorFlowNoise } from './noise.ts';
import type { FeedValue, NoiseKey, OutputValue, Program, ProgramDefinition } from './program.ts';

/** Runs entry points op by op on the backend in use, with the same results as a compiled program. */
export class EagerProgram implements Program {
  readonly mode = 'eager';
  readonly #definition: ProgramDefinition;

  constructor(definition: ProgramDefinition) {
    this.#definition = definition;
  }

  async call(
    entryName: string,
    feeds: Record<string, FeedValue>,
    noise: NoiseKey = { seed: 0, step: 0 },
  ): Promise<Record<string, OutputValue>> {
    const entry = findEntry(this.#definition.entries, entryName, feeds);
    const outputs = tf.tidy(() => {
      const inputs: Record<string, tf.Tensor> = {};
      for (const [name, spec] of Object.entries(entry.feeds)) {
        const values = feedValues(entryName, name, spec, feeds[name]);
        // A copy: the CPU backend would go on sharing the caller's buffer, which the next batch overwrites.
        inputs[name] = tf.tensor(values.slice(), spec.shape, spec.dtype ?? 'float32');
      }
      const backend = currentTensorFlow();
      const source = backend
        ? tensorFlowNoise(backend, tf.scalar(noise.seed, 'int32'), tf.scalar(noise.step, 'int32'))
        : javascriptNoise(noise);
      return entry.run(inputs, source);
    });
    return readAndDispose(outputs);
  }

  async readState(): Promise<Map<string, OutputValue>> {
    const state = new Map<string, OutputValue>();
    for (const { name, variable } of this.#definition.state.entries()) {
      const data = (await variable.data()) as Float32Array | Int32Array;
      state.set(name, { data: data.slice(), shape: [...variable.shape] });
    }
    return state;
  }

  async writeState(values: ReadonlyMap<string, OutputValue>): Promise<void> {
    const found = [...values].map(([name, value]) => ({
      value,
      ...findState(this.#definition.state, name, value),
    }));
    for (const { value, variable } of found) {
      tf.tidy(() => variable.assign(tf.tensor(value.data.slice(), value.shape, variable.dtype)));
    }
  }

  dispose(): void {
    this.#definition.state.dispose();
  }
}

async function readAndDispose(outputs: Record<string, tf.Tensor>): Promise<Record<string, OutputValue>> {
  const result: Record<string, OutputValue> = {};
  for (const [name, tensor] of Object.entries(outputs)) {
    result[name] = { data: (await tensor.data()) as Float32Array | Int32Array, shape: [...tensor.shape] };
  }
  tf.dispose(outputs);
  return result;
}
