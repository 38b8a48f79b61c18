/**
 * VAE whose prior is a mixture of Gaussians and whose decoder is a distribution: papers/002 (Ayala Marrero 2024, section
 * 5.3), on the encoder and decoder of its standard VAE. The paper prints the loss (the negative log probability of the
 * decoded distribution) and names the prior; how many components, which distribution and how the KL is reckoned it leaves
 * open, and it gave the model up for FSDD. What we chose is data on the presets (resources/presets).
 */
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import { representationOf } from '../../dsp/representation.ts';
import type { Family, LossParts, Model, Posterior } from '../family.ts';
import { registerParameters } from '../parameters.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';
import {
  checkLayerLists,
  convInputShape,
  convLayerSettings,
  convNetwork,
  convNetworkActivations,
  convNetworkParameters,
  convNormSettings,
} from '../parts/conv-network.ts';
import { klWithFreeBits, maskedMean, reparameterise } from '../parts/distributions.ts';
import { GaussianMixture, mixtureParameters } from '../parts/gaussian-mixture.ts';
import type { MixtureKl } from '../parts/gaussian-mixture.ts';
import { likelihoods, negativeLogLikelihood } from '../parts/likelihoods.ts';

/** Settings of the mixture VAE; where papers/002 says something of its standard VAE, the defaults are that. */
export const gmVaeSchema = z
  .strictObject({
    ...convLayerSettings,
    components: z.int().min(1).max(1024).default(10).meta({
      title: 'Components of the prior',
      help: 'Gaussians that the prior is a mixture of: 10 for ten digits. One gives a single Gaussian with a learned middle and width.',
    }),
    componentSpread: z.number().positive().max(100).default(1).meta({
      title: 'Spread of the components at first',
      help: 'Their means start evenly drawn within plus and minus this. Far apart, the first clips choose one for all; near each other, they part as the code does.',
    }),
    learning: z.enum(['em', 'gradient']).default('em').meta({
      title: 'Learning of the prior',
      help: 'em: each step moves the components to the codes that are theirs, and takes those that lost theirs elsewhere; gradient: by the optimiser alone, as the code that papers/002 started from.',
    }),
    memory: z.number().min(0).lt(1).default(0.98).meta({
      title: 'Memory of the components',
      advanced: true,
      help: 'Only with learning=em: share of what was known of them that each step keeps. 0.98 looks back over some fifty steps.',
    }),
    reviveBelow: z.number().min(0).max(1).default(0.2).meta({
      title: 'Revived below',
      unit: 'of an equal share',
      advanced: true,
      help: 'Only with learning=em: a component with a smaller share of the codes is put where a clip of the batch is. 0 never does.',
    }),
    learnWeights: z.boolean().default(true).meta({
      title: 'Learned weights',
      help: 'How likely each component is. Without, all are equally likely, which keeps those that are seldom used from fading out.',
    }),
    kl: z.enum(['monte-carlo', 'bound']).default('monte-carlo').meta({
      title: 'KL term',
      help: 'Of a Gaussian from a mixture, which has no closed form. monte-carlo: at random draws, right on average; bound: the closed-form upper bound, without noise, a little too large.',
    }),
    klDraws: z.int().min(1).max(64).default(1).meta({
      title: 'Draws of the KL term',
      advanced: true,
      help: 'Of each clip and step, only with kl=monte-carlo: more are less noisy. The decoder sees the first.',
    }),
    likelihood: z.enum(likelihoods).default('gaussian').meta({
      title: 'Distribution of the decoder',
      help: 'What the levels of a clip are drawn from, around what the decoder gives. gaussian: squared errors; laplace: absolute errors, milder on outliers; itakura-saito: exponential powers, which punishes levels that are too low more than those too high.',
    }),
    scale: z.number().min(1e-3).max(10).default(0.1).meta({
      title: 'Width of that distribution',
      unit: 'of the range of levels',
      help: 'Deviation of the Gaussian, mean absolute deviation of Laplace: 0.1 is 8 dB of a range of 80 dB. Smaller asks for closer reconstructions; itakura-saito has none.',
    }),
    learnScale: z.boolean().default(true).meta({
      title: 'Learned width',
      help: 'The width becomes what the errors turn out to be, so that reconstruction and KL are weighed without a weight.',
    }),
    ...convNormSettings,
  })
  .superRefine(checkLayerLists);

export type GmVaeConfig = z.output<typeof gmVaeSchema>;

const prior = 'prior';
const scaleName = 'likelihood.logScale';

function parametersOf(config: GmVaeConfig, features: FeaturePipelineConfig): ParameterSpec[] {
  const { components, latentDim, componentSpread: spread, learning, learnWeights } = config;
  const logScale: ParameterSpec = {
    name: scaleName,
    shape: [],
    trainable: true,
    initialiser: { kind: 'constant', value: Math.log(config.scale) },
  };
  return [
    ...convNetworkParameters(config, features),
    ...mixtureParameters(prior, { components, latentDim, spread, learning, learnWeights }),
    ...(learnsScale(config) ? [logScale] : []),
  ];
}

function learnsScale({ likelihood, learnScale }: GmVaeConfig): boolean {
  return learnScale && likelihood !== 'itakura-saito';
}

function buildModel(config: GmVaeConfig, features: FeaturePipelineConfig, weights: Weights): Model {
  const { inputShape, posterior, expected } = convNetwork(config, features, weights);
  const mixture = new GaussianMixture(prior, weights, config);
  const rangeDb = representationOf(features).rangeDb(features);
  const logScale = (): tf.Tensor =>
    learnsScale(config) ? weights(scaleName) : tf.scalar(Math.log(config.scale));

  const minusLogLikelihood = (x: tf.Tensor, mean: tf.Tensor): tf.Tensor1D =>
    negativeLogLikelihood(x, mean, { likelihood: config.likelihood, logScale: logScale(), rangeDb });

  /** At the draws `eps` `[draws, batch, latent]`, a mean over them; null asks for the bound. */
  const divergence = (posterior: Posterior, eps: tf.Tensor3D | null): MixtureKl => {
    if (!eps) return mixture.klBound(posterior);
    const [draws, batch, latent] = eps.shape;
    const each = (values: tf.Tensor2D): tf.Tensor2D => (draws === 1 ? values : tf.tile(values, [draws, 1]));
    const repeated = { mean: each(posterior.mean), logVar: each(posterior.logVar) };
    const flat = tf.reshape(eps, [draws * batch, latent]) as tf.Tensor2D;
    const { perDimension, choice } = mixture.klAt(
      repeated,
      reparameterise(repeated.mean, repeated.logVar, flat),
      flat,
    );
    return {
      perDimension: tf.mean(tf.reshape(perDimension, [draws, batch, latent]), 0),
      choice: tf.mean(tf.reshape(choice, [draws, batch]), 0),
    };
  };

  return {
    inputShape,
    latentDim: config.latentDim,
    loss({ x, mask, scalars, training, noise, observe }): LossParts {
      const code = posterior(x, training);
      const [batch, latent] = code.mean.shape;
      const draws = config.kl === 'monte-carlo' ? config.klDraws : 1;
      const eps = noise?.normal('posterior', [draws, batch, latent]) as tf.Tensor3D | undefined;
      const first =
        eps && (tf.reshape(tf.slice(eps, [0, 0, 0], [1, batch, latent]), [batch, latent]) as tf.Tensor2D);
      const drawn = first ? reparameterise(code.mean, code.logVar, first) : code.mean;
      const mean = expected(drawn, training);
      const reconstruction = maskedMean(minusLogLikelihood(x, mean), mask);
      const { perDimension, choice } = divergence(code, config.kl === 'bound' ? null : (eps ?? null));
      // At a draw a dimension's divergence may be below 0: without free bits nothing is raised.
      const floor = tf.where(
        tf.greater(scalars.freeBits, 0),
        scalars.freeBits,
        tf.scalar(-1e30),
      ) as tf.Scalar;
      const dimensions = klWithFreeBits(perDimension, mask, floor);
      const klComponent = maskedMean(choice, mask);
      if (training && config.learning === 'em') mixture.follow(code, noise, config);
      // The bound has no noise of draws, which would let dimensions seem active that are not.
      if (observe) {
        const still = mixture.klBound(code).perDimension;
        observe('klPerDimension', klWithFreeBits(still, mask, floor).perDimension);
      }
      observe?.('code', code.mean);
      observe?.('responsibilities', mixture.responsibilities(code.mean));
      const charged = tf.add(dimensions.charged, klComponent);
      return {
        total: tf.add(reconstruction, tf.mul(charged, scalars.beta)) as tf.Scalar,
        reconstruction,
        mse: maskedMean(tf.mean(tf.square(tf.sub(mean, x)), [1, 2, 3]), mask),
        kl: tf.add(dimensions.kl, klComponent),
        klComponent,
        ...(learnsScale(config) ? { scale: tf.exp(logScale()) as tf.Scalar } : {}),
      };
    },
    encode: (x) => posterior(x, false),
    decode: (z) => expected(z, false),
    samplePrior: (count, noise, temperature) => mixture.sample(count, noise, temperature),
    mixture,
    klOf: (code) => {
      const { perDimension, choice } = mixture.klBound(code);
      return tf.add(tf.sum(perDimension, 1), choice);
    },
    density: {
      logLikelihood: (x, z) => tf.neg(minusLogLikelihood(x, expected(z, false))),
      logPrior: (z) => mixture.logProbability(z),
    },
  };
}

export const gmVae: Family<typeof gmVaeSchema> = {
  id: 'gm-vae',
  kind: 'clip',
  title: 'VAE with a mixture of Gaussians as its prior',
  papers: [
    {
      document: '002',
      title: 'Autonomous audio generation with variational autoencoders using the FSDD dataset',
      authors: 'Ayala Marrero',
      year: 2024,
      section: '5.3 Gaussian Mixture VAEs',
    },
  ],
  schema: gmVaeSchema,
  inputShape: convInputShape,
  components: ({ config }) => config.components,
  parameters: ({ config, features }) => parametersOf(config, features),
  activations: ({ config, features }) => [
    ...convNetworkActivations(config, features),
    // Of the divergence of each component: distances, terms and what weighs them.
    ...[3, 3, 3].map((copies) => copies * config.components * config.latentDim * config.klDraws),
  ],
  build: ({ config, features, state, seed }) =>
    buildModel(config, features, registerParameters(parametersOf(config, features), state, seed)),
};
