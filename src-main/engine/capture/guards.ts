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
  backend.write = function (this: unknown, ...args: Parameters<tf.KernelBackend['write']>) {
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
