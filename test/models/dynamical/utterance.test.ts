import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { stagesOf } from '../../../src-main/models/dynamical/factors.ts';
import { evaluationPass } from '../../../src-main/models/dynamical/layers.ts';
import { runStages } from '../../../src-main/models/dynamical/stage.ts';
import { utteranceProgram } from '../../../src-main/models/dynamical/utterance-program.ts';
import { runUtterance } from '../../../src-main/models/dynamical/utterance.ts';
import { registerParameters } from '../../../src-main/models/parameters.ts';
import { seededUniform } from '../../../src-main/models/parts/random.ts';
import { openTensorFlow } from '../../helpers/tensorflow.ts';
import { referenceModels } from './reference-network.ts';
import { smallSettings } from './small-settings.ts';

const tensorflow = await openTensorFlow();

const bins = 9;
const chunkFrames = 8;

describe.skipIf(!tensorflow).each(Object.keys(referenceModels))('%s in chunks', (model) => {
  const [family, settings] = referenceModels[model]!;
  const network = family.network(family.schema.parse(smallSettings(family.schema, settings)), bins);

  it('gives for any length what the whole sequence gives', async () => {
    const state = new StateRegistry();
    const weights = registerParameters(network.parameters, state, 3);
    const stages = stagesOf(network.factors({ weights, activation: 'tanh' }), network.dims);
    const zDim = network.dims.z;
    const vDim = network.dims.v ?? 1;
    const program = compileProgram(
      utteranceProgram(stages, { x: bins, eps: zDim, vEps: vDim }, state, chunkFrames),
    );
    const wanted = ['xLogVar', 'zMean', 'zLogVar', 'z'];
    if (stages.some(({ outputs }) => 'priorMean' in outputs)) wanted.push('priorMean', 'priorLogVar');
    for (const frames of [1, chunkFrames, chunkFrames + 1, 3 * chunkFrames - 3]) {
      const next = seededUniform(frames, model);
      const draw = (count: number) => Float32Array.from({ length: count }, () => 2 * next() - 1);
      const x = draw(frames * bins).map(Math.exp);
      const [eps, vEps] = [draw(frames * zDim), draw(vDim)];
      const expected = tf.tidy(() => {
        const { sequences } = runStages(
          stages,
          {
            sequences: { x: tf.tensor3d(x, [frames, 1, bins]), eps: tf.tensor3d(eps, [frames, 1, zDim]) },
            statics: { vEps: tf.tensor2d(vEps, [1, vDim]) },
          },
          evaluationPass,
        );
        return wanted.map((name) => sequences[name]!.dataSync<'float32'>());
      });
      const given = { sequences: { x, eps }, statics: { vEps } };
      const found = await runUtterance(program, stages, frames, given, wanted, { chunkFrames });
      for (const [index, name] of wanted.entries()) {
        const values = found[name]!;
        expect(values.length, name).toBe(expected[index]!.length);
        const worst = values.reduce(
          (most, value, at) => Math.max(most, Math.abs(value - expected[index]![at]!)),
          0,
        );
        expect(worst, `${name} of ${frames} frames`).toBeLessThan(1e-5);
      }
    }
    program.dispose();
  });
});
