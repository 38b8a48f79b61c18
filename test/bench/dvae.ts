import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../../src-main/engine/adam.ts';
import { compileProgram } from '../../src-main/engine/compile.ts';
import { StateRegistry } from '../../src-main/engine/state.ts';
import { dynamicalFamilies } from '../../src-main/models/dynamical-families.ts';
import { dynamicalModel } from '../../src-main/models/dynamical/model.ts';
import { registerParameters } from '../../src-main/models/parameters.ts';
import { runContest } from './contest.ts';
import type { BenchNet } from './nets.ts';
import type { BenchRow } from './report.ts';
import type { SectionOptions } from './sections.ts';
import { findTorch } from './twin.ts';

const bins = 257;
const batch = 32;
const learningRate = 1e-3;

/** The models by the names of papers/004, with what differs from their standard settings. */
const models: Record<string, { family: string; settings: Record<string, unknown> }> = {
  VAE: { family: 'dvae-vae', settings: {} },
  DKF: { family: 'dkf', settings: {} },
  STORN: { family: 'storn', settings: {} },
  VRNN: { family: 'vrnn', settings: {} },
  SRNN: { family: 'srnn', settings: {} },
  'RVAE-Causal': { family: 'rvae', settings: {} },
  'RVAE-NonCausal': { family: 'rvae', settings: { bidirectionalGx: true, bidirectionalH: true } },
  DSAE: { family: 'dsae', settings: {} },
};

/** A training step of each dynamical VAE, 32 sequences of 50 and of 150 frames, against its twin in eager PyTorch. */
export async function benchDvae({ threads, only, progress }: SectionOptions): Promise<BenchRow[]> {
  const search = findTorch();
  const rows: BenchRow[] = [];
  for (const frames of [50, 150]) {
    for (const [net, { family, settings }] of Object.entries(models)) {
      const name = `${net}, ${batch} x ${frames} x ${bins}`;
      if (only !== undefined && !name.includes(only)) continue;
      progress(`dvae: ${name}`);
      const config = { frames, bins };
      rows.push(
        ...(await runContest(
          'dvae',
          {
            name,
            batch,
            target: 1.5,
            rounds: 5,
            stepsARound: frames === 50 ? 5 : 3,
            compile: () => compileDynamical(family, settings, frames),
            scalars: { learningRate },
            twins: { PyTorch: { net, seed: 0, threads, batch, config } },
          },
          search,
          progress,
        )),
      );
    }
  }
  return rows;
}

/** Entry `step` {x, learningRate}: forward, loss, gradients, Adam. */
function compileDynamical(id: string, settings: Record<string, unknown>, frames: number): BenchNet {
  const family = dynamicalFamilies.find((one) => one.id === id);
  if (!family) throw new Error(`there is no family ${id}`);
  const network = family.network(family.schema.parse(settings), bins);
  const state = new StateRegistry();
  const weights = registerParameters(network.parameters, state, 0);
  const model = dynamicalModel(network, weights, { frames, activation: 'tanh', dropout: 0 });
  const adam = new Adam(state);
  const shape = [batch, bins, frames];
  const program = compileProgram({
    state,
    entries: {
      step: {
        feeds: { x: { shape }, learningRate: { shape: [] } },
        run: (feeds, noise) =>
          adam.minimise(
            () =>
              model.loss({
                x: feeds.x as tf.Tensor,
                mask: tf.ones([batch]) as tf.Tensor1D,
                scalars: { beta: tf.scalar(1), freeBits: tf.scalar(0) },
                training: true,
                noise,
              }),
            { learningRate: feeds.learningRate as tf.Scalar, clipNorm: null },
          ),
      },
    },
  });
  const parameters = state.trainable().reduce((sum, { variable }) => sum + variable.size, 0);
  return { program, parameters, shape };
}
