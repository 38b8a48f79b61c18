import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { stagesOf } from '../../../src-main/models/dynamical/factors.ts';
import type { DynamicalFamily } from '../../../src-main/models/dynamical/family.ts';
import { evaluationPass } from '../../../src-main/models/dynamical/layers.ts';
import type { DynamicalNetwork } from '../../../src-main/models/dynamical/network.ts';
import { runStages } from '../../../src-main/models/dynamical/stage.ts';
import { dkf } from '../../../src-main/models/families/dkf.ts';
import { dsae } from '../../../src-main/models/families/dsae.ts';
import { dvaeVae } from '../../../src-main/models/families/dvae-vae.ts';
import { rvae } from '../../../src-main/models/families/rvae.ts';
import { srnn } from '../../../src-main/models/families/srnn.ts';
import { storn } from '../../../src-main/models/families/storn.ts';
import { vrnn } from '../../../src-main/models/families/vrnn.ts';
import { readNpy } from '../../helpers/npy.ts';

const standard = <Schema>(family: Schema) => [family, {}] as const;

/** The models of the golden values by their folders, with what differs from the standard settings. */
export const referenceModels: Record<string, readonly [DynamicalFamily, Record<string, unknown>]> = {
  VAE: standard(dvaeVae),
  DKF: standard(dkf),
  STORN: standard(storn),
  VRNN: standard(vrnn),
  SRNN: standard(srnn),
  'RVAE-Causal': standard(rvae),
  'RVAE-NonCausal': [rvae, { bidirectionalGx: true, bidirectionalH: true }],
  DSAE: standard(dsae),
} as Record<string, readonly [DynamicalFamily, Record<string, unknown>]>;

interface StoredKey {
  key: string;
  shape: number[];
  offset: number;
  numel: number;
}

/** The network of `model` with the reference's weights as variables (or others by the same names), in the order of its state_dict. */
export function openReference(folder: string, model: string, variableOf?: (name: string) => tf.Variable) {
  const [family, settings] = referenceModels[model] ?? [];
  if (!family) throw new Error(`no such model: ${model}`);
  const network: DynamicalNetwork = family.network(family.schema.parse(settings), 257);
  const { keys } = JSON.parse(readFileSync(path.join(folder, model, 'state_dict.json'), 'utf8')) as {
    keys: StoredKey[];
  };
  const bytes = readFileSync(path.join(folder, model, 'weights.f32le.bin'));
  const variables = new Map(
    keys.map(({ key, shape, offset, numel }) => {
      const start = bytes.byteOffset + offset;
      const values = new Float32Array(bytes.buffer.slice(start, start + numel * 4));
      return [key, tf.tidy(() => tf.variable(tf.tensor(values, shape)))] as const;
    }),
  );
  const weights = (name: string): tf.Variable => {
    const variable = variables.get(name);
    if (!variable) throw new Error(`the reference has no ${name}`);
    return variable;
  };
  const stages = stagesOf(
    network.factors({ weights: variableOf ?? weights, activation: 'tanh' }),
    network.dims,
  );
  return {
    network,
    keys,
    variables,
    /** Everything that the model computes of `x` `[time, batch, 257]`, with draws that are given or zeros. */
    run(x: tf.Tensor3D, draws: { eps?: tf.Tensor3D; vEps?: tf.Tensor2D } = {}) {
      const [time, batch] = x.shape;
      const eps = draws.eps ?? (tf.zeros([time, batch, network.dims.z]) as tf.Tensor3D);
      const vEps = draws.vEps ?? (tf.zeros([batch, network.dims.v ?? 1]) as tf.Tensor2D);
      return runStages(stages, { sequences: { x, eps }, statics: { vEps } }, evaluationPass);
    },
  };
}

/** A stored matrix `[dim, time]` as `[time, 1, dim]`. */
export function readSequence(file: string): tf.Tensor3D {
  const { shape, data } = readNpy(file);
  return tf.expandDims(tf.transpose(tf.tensor2d(data, shape as [number, number])), 1) as tf.Tensor3D;
}
