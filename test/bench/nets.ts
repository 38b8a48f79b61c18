import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../../src-main/engine/adam.ts';
import { compileProgram } from '../../src-main/engine/compile.ts';
import type { Program } from '../../src-main/engine/program.ts';
import { StateRegistry } from '../../src-main/engine/state.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { buildModelProgram } from '../../src-main/trainer/model-program.ts';
import type { ResolvedConfig } from '../../src-main/models/config.ts';
import { fedShape } from '../../src-main/models/prepared.ts';
import { seededUniform } from '../../src-main/models/parts/random.ts';
import { buildLstmVae } from './lstm-vae.ts';
import type { LstmVaeConfig } from './lstm-vae.ts';

/** A net with a training step, ready to run, and a batch of the right shape. */
export interface BenchNet {
  program: Program;
  /** Trainable numbers. */
  parameters: number;
  shape: number[];
}

/**
 * The trainer's own program of a resolved configuration, with its entry `step`, and `evaluateMean` {x, mask}: the loss at
 * the posterior's mean, without noise.
 */
export function compileConvVae(config: ResolvedConfig, batch: number): BenchNet {
  const { definition, model } = buildModelProgram(config, { batchSize: batch, entries: ['step'] });
  const shape = [batch, ...model.inputShape];
  const parameters = trainableNumbers(definition.state);
  definition.entries.evaluateMean = {
    feeds: { x: { shape }, mask: { shape: [batch] } },
    run: ({ x, mask }) => {
      const parts = model.loss({
        x: x as tf.Tensor,
        mask: mask as tf.Tensor1D,
        scalars: { beta: tf.scalar(config.training.beta), freeBits: tf.scalar(config.training.freeBits) },
        training: false,
        noise: null,
      });
      return { mse: parts.mse as tf.Scalar };
    },
  };
  return { program: compileProgram(definition), parameters, shape };
}

/** The trainer's own program of any configuration, with its entry `step` alone. */
export function compileStep(config: ResolvedConfig, batch: number): BenchNet {
  const { definition, model } = buildModelProgram(config, { batchSize: batch, entries: ['step'] });
  const parameters = trainableNumbers(definition.state);
  const fed = model.prepared ? fedShape(model.prepared) : model.inputShape;
  return { program: compileProgram(definition), parameters, shape: [batch, ...fed] };
}

/** What a step of the trainer's program is fed beside its batch. */
export function stepScalars(config: ResolvedConfig, learningRate: number): Record<string, number> {
  return { learningRate, beta: config.training.beta, freeBits: config.training.freeBits };
}

/** LSTM-VAE: entry `step` {x, learningRate}. */
export function compileLstmVae(config: LstmVaeConfig, batch: number): BenchNet {
  const state = new StateRegistry();
  const model = buildLstmVae(config, state, 0);
  const parameters = trainableNumbers(state);
  const adam = new Adam(state);
  const shape = [config.frames, batch, config.bins];
  const program = compileProgram({
    state,
    entries: {
      step: {
        feeds: { x: { shape }, learningRate: { shape: [] } },
        run: ({ x, learningRate }, noise) => {
          const { total } = adam.minimise(() => model.loss(x as tf.Tensor3D, noise), {
            learningRate: learningRate as tf.Scalar,
            clipNorm: null,
          });
          return { total };
        },
      },
    },
  });
  return { program, parameters, shape };
}

/** A sampler on an untrained base: what a step costs does not depend on the weights. Without clipping, which its twin has not. */
export function samplerConfig(
  preset: string,
  family: string,
  model: Record<string, unknown>,
): ResolvedConfig {
  const config = resolveConfig({ preset, overrides: { clipNorm: '0' } });
  const frozen = { run: 'bench', name: 'bench', step: 0, weights: '', family, model };
  return { ...config, model: { ...config.model, frozen } };
}

/** The four-block 32-64-64-64 net of 1.24 million numbers: strides 2, a bottleneck image of 16 x 4, 82 latent numbers. */
export function fourBlockConfig(): ResolvedConfig {
  return resolveConfig({
    preset: 'fsdd-vae-compact',
    overrides: { filters: '32,64,64,64', kernels: '3,3,3,3', strides: '2,2,2,2', latentDim: '82' },
  });
}

/** Seeded numbers in 0.1 .. 1 of `shape`: neither net nor twin may meet a zero under a logarithm. */
export function randomBatch(shape: readonly number[]): Float32Array {
  const next = seededUniform(0, 'bench');
  const size = shape.reduce((product, extent) => product * extent, 1);
  return Float32Array.from({ length: size }, () => 0.1 + 0.9 * next());
}

function trainableNumbers(state: StateRegistry): number {
  return state.trainable().reduce((sum, { variable }) => sum + variable.size, 0);
}
