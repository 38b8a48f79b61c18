import * as tf from '@tensorflow/tfjs-core';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { TensorFlowBackend } from '../backends/tensorflow.ts';

/** tfjs's own functions that draw JavaScript random numbers, as they appear on the call stack. */
const randomFunctions =
  /\b(randomNormal|randomUniform|randomUniformInt|randomGamma|randomStandardNormal|truncatedNormal|rand|dropout|multinomial)_/;

/**
 * Runs `use` with the ways closed by which random numbers could be frozen into a graph: Math.random, and tensors made by
 * tfjs's seeded generators (which do not call Math.random, so the call stack has to tell).
 */
export function withoutFrozenRandomness<Result>(
  backend: TensorFlowBackend,
  entry: string,
  use: () => Result,
): Result {
  const random = Math.random;
  const write = backend.write;
  const limit = Error.stackTraceLimit;
  const refuse = (source: string): never => {
    throw new ResynthError('engine/capture-random', { entry, source });
  };
  Math.random = () => refuse('Math.random');
  Error.stackTraceLimit = 16;
  const seen = new Set<string>();
  backend.write = function (this: unknown, ...args: Parameters<tf.KernelBackend['write']>) {
    if (!mayBeDrawn(args[0], seen)) return write.apply(backend, args);
    const found = randomFunctions.exec(new Error().stack ?? '');
    if (found) refuse(`tf.${found[1]}`);
    return write.apply(backend, args);
  };
  try {
    return use();
  } finally {
    Math.random = random;
    Error.stackTraceLimit = limit;
    backend.write = write;
  }
}

/** Constants up to this length are looked at once each: a recurrence makes the same few at every step. */
const shortLength = 16;

/**
 * Whether values can be random numbers of which it is not known yet where they come from. To look at the call stack costs more than
 * all else that a capture does with a constant.
 */
function mayBeDrawn(values: tf.BackendValues | null, seen: Set<string>): boolean {
  if (!ArrayBuffer.isView(values)) return true;
  const numbers = values as Float32Array | Int32Array | Uint8Array;
  if (numbers.length > shortLength) {
    for (let index = 1; index < numbers.length; index++) if (numbers[index] !== numbers[0]) return true;
    return false;
  }
  const key = `${numbers.constructor.name}:${numbers.join()}`;
  const known = seen.has(key);
  seen.add(key);
  return !known;
}
