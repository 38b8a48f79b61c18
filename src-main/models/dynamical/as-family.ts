import type { z } from 'zod';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { featureShape } from '../../dsp/pipeline.ts';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import type { Family, PaperReference } from '../family.ts';
import { registerParameters } from '../parameters.ts';
import { stagesOf } from './factors.ts';
import type { DynamicalFamily } from './family.ts';
import type { Activation } from './layers.ts';
import { dynamicalModel } from './model.ts';
import type { DynamicalNetwork } from './network.ts';
import type { sharedSettings } from './settings.ts';

const paper: PaperReference = {
  document: '004',
  title: 'A Benchmark of Dynamical Variational Autoencoders applied to Speech Spectrogram Modeling',
  authors: 'Bie, Girin, Leglaive, Hueber and Alameda-Pineda',
  year: 2021,
  section: 'Part 2: the models; Part 3: analysis-resynthesis of speech signals',
};

/** What every dynamical model's settings have. */
type SharedConfig = { [Name in keyof typeof sharedSettings]: z.output<(typeof sharedSettings)[Name]> };

/** A dynamical model as a family of the registry: sequences of power spectra of a fixed length in, everything else from its network. */
export function familyOf(dynamical: DynamicalFamily): Family {
  const { id, title, schema } = dynamical;
  const networkOf = ({ config, features }: { config: unknown; features: FeaturePipelineConfig }) =>
    dynamical.network(config, binsOf(features));
  const settings = (config: unknown): { activation: Activation; dropout: number } => config as SharedConfig;
  return {
    id,
    kind: 'sequence',
    title,
    papers: [paper],
    schema,
    dynamical,
    inputShape: (features) => [binsOf(features), featureShape(features).frames],
    codeNumbers({ config, features }) {
      // What needs the true frames beside its code cannot be sent as a code.
      if (dynamical.properties.autoregressive) return null;
      const { dims } = networkOf({ config, features });
      return dims.z * featureShape(features).frames + (dims.v ?? 0);
    },
    parameters: (args) => networkOf(args).parameters,
    activations: (args) => activationsOf(networkOf(args), featureShape(args.features).frames),
    build({ config, features, state, seed }) {
      const network = networkOf({ config, features });
      const { frames } = featureShape(features);
      const weights = registerParameters(network.parameters, state, seed);
      return dynamicalModel(network, weights, { frames, ...settings(config) });
    },
    utterances({ config, features, state }) {
      const network = networkOf({ config, features });
      const weights = registerParameters(network.parameters, state, 0);
      const { dims } = network;
      const factors = network.factors({ weights, activation: settings(config).activation });
      return { dims, factors, stages: stagesOf(factors, dims) };
    },
  };
}

/** Bins of the power spectra that a dynamical model is of. */
function binsOf(features: FeaturePipelineConfig): number {
  const { bins, frames } = featureShape(features);
  if (features.kind !== 'power-spectrogram') {
    throw new ResynthError('models/input-shape', { nFft: features.nFft, bins, frames });
  }
  return bins;
}

/** Of each stage what it gives, and of a recurrence its gates and states, for all frames of a sequence. */
function activationsOf(network: DynamicalNetwork, frames: number): number[] {
  const { x, z: zDim } = network.dims;
  const noWeights = (): never => {
    throw new Error('the sizes of a model are asked for before there are weights');
  };
  const stages = stagesOf(network.factors({ weights: noWeights, activation: 'tanh' }), network.dims);
  const ofStages = stages.flatMap((stage) => {
    const given = Object.values(stage.outputs).map((dim) => dim * (stage.kind === 'static' ? 1 : frames));
    if (stage.kind !== 'recurrent') return given;
    // Four gates, their activations and the state of each frame.
    const carried = Object.values(stage.carry).map((dim) => 5 * dim * frames);
    return [...given, ...carried];
  });
  // Before and after: the spectra and their variances, the ratio and its logarithm.
  return [x * frames, zDim * frames, ...ofStages, x * frames, x * frames, x * frames];
}
