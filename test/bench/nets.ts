import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../../src-main/engine/adam.ts';
import { compileProgram } from '../../src-main/engine/compile.ts';
import type { Program } from '../../src-main/engine/program.ts';
import { StateRegistry } from '../../src-main/engine/state.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { buildModel } from '../../src-main/models/registry.ts';
import type { ResolvedConfig } from '../../src-main/models/config.ts';
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

export const adamOptions = { epsilon: 1e-7 };

/** Conv-VAE of a resolved configuration: entries `step` {x, learningRate} and `evaluate` {x, mask}. */
export function compileConvVae(config: ResolvedConfig, batch: number, evaluationBatch = batch): BenchNet {
  const state = new StateRegistry();
  const model = buildModel(config, state);
  const parameters = trainableNumbers(state);
  const adam = new Adam(state, adamOptions);
  const shape = [batch, ...model.inputShape];
  const scalars = (): { beta: tf.Scalar; freeBits: tf.Scalar } => ({
    beta: tf.scalar(config.training.beta),
    freeBits: tf.scalar(config.training.freeBits),
  });
  const program = compileProgram({
    state,
    entries: {
      step: {
        feeds: { x: { shape }, learningRate: { shape: [] } },
        run: ({ x, learningRate }, noise) => {
          const { total, mse } = adam.minimise(
            () =>
              model.loss({
                x: x as tf.Tensor,
                mask: tf.ones([batch]),
                scalars: scalars(),
                training: true,
                noise,
              }) as Record<string, tf.Scalar> & { total: tf.Scalar },
            { learningRate: learningRate as tf.Scalar, clipNorm: null },
          );
          return { total, mse: mse as tf.Scalar };
        },
      },
      evaluate: {
        feeds: {
          x: { shape: [evaluationBatch, ...model.inputShape] },
          mask: { shape: [evaluationBatch] },
        },
        run: ({ x, mask }) => {
          const parts = model.loss({
            x: x as tf.Tensor,
            mask: mask as tf.Tensor1D,
            scalars: scalars(),
            training: false,
            noise: null,
          });
          return { mse: parts.mse as tf.Scalar };
        },
      },
    },
  });
  return { program, parameters, shape };
}

/** LSTM-VAE: entry `step` {x, learningRate}. */
export function compileLstmVae(config: LstmVaeConfig, batch: number): BenchNet {
  const state = new StateRegistry();
  const model = buildLstmVae(config, state, 0);
  const parameters = trainableNumbers(state);
  const adam = new Adam(state, adamOptions);
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
