import * as tf from '@tensorflow/tfjs-core';
import type { NoiseSource } from '../../engine/noise.ts';
import { offTape } from '../../engine/ops/off-tape.ts';
import type { MixturePrior, Posterior } from '../family.ts';
import type { ParameterSpec, Weights } from '../parameters.ts';

/** How a mixture of K Gaussians begins and is learned. */
export interface MixtureSettings {
  components: number;
  latentDim: number;
  /** Means start uniform in +- this; every component alike would stay alike. */
  spread: number;
  /** `em` moves it by its own rule, see `GaussianMixture.follow`; `gradient` leaves it to the optimiser. */
  learning: 'em' | 'gradient';
  /** Whether the weights are learned; else each is 1 / K for ever. */
  learnWeights: boolean;
}

/** Means and log variances `[K, latent]`, and what the weights follow from: logits, or shares of the codes, `[K]`. */
export function mixtureParameters(name: string, settings: MixtureSettings): ParameterSpec[] {
  const { components, latentDim, spread, learning, learnWeights } = settings;
  const trainable = learning === 'gradient';
  const shape = [components, latentDim];
  return [
    trainable
      ? {
          name: `${name}.logits`,
          shape: [components],
          trainable: learnWeights,
          initialiser: { kind: 'zeros' },
        }
      : {
          name: `${name}.shares`,
          shape: [components],
          trainable: false,
          initialiser: { kind: 'constant', value: 1 / components },
        },
    { name: `${name}.means`, shape, trainable, initialiser: { kind: 'uniform', limit: spread } },
    { name: `${name}.logVars`, shape, trainable, initialiser: { kind: 'zeros' } },
  ];
}

/** `[count, rows]` with a 1 where `indices` `[count]` say: what takes rows by a product, for gathering looks at the indices. */
function chosenRows(indices: tf.Tensor, rows: number): tf.Tensor2D {
  const places = tf.cast(tf.expandDims(indices, 1), 'float32');
  return tf.cast(tf.equal(places, tf.range(0, rows, 1, 'float32')), 'float32') as tf.Tensor2D;
}

/** Of a component that holds a single clip: far below what is told apart in codes that lie some units from each other. */
const leastVariance = 1e-6;

/** KL of posteriors from a mixture, in two parts that add up to it. */
export interface MixtureKl {
  /** What each dimension tells beside the component that the code is in, `[batch, latent]`. */
  perDimension: tf.Tensor2D;
  /** What the choice of a component tells, `[batch]`. */
  choice: tf.Tensor1D;
}

/** A mixture of diagonal Gaussians over variables that `mixtureParameters` described. */
export class GaussianMixture implements MixturePrior {
  readonly components: number;
  readonly #learnWeights: boolean;
  /** Logits where the optimiser learns them, else shares. */
  readonly #weights: tf.Variable<tf.Rank.R1>;
  readonly #byShares: boolean;
  readonly #means: tf.Variable<tf.Rank.R2>;
  readonly #logVars: tf.Variable<tf.Rank.R2>;

  constructor(
    name: string,
    weights: Weights,
    { components, learning, learnWeights }: Pick<MixtureSettings, 'components' | 'learning' | 'learnWeights'>,
  ) {
    this.components = components;
    this.#learnWeights = learnWeights;
    this.#byShares = learning === 'em';
    this.#weights = weights(`${name}.${this.#byShares ? 'shares' : 'logits'}`) as tf.Variable<tf.Rank.R1>;
    this.#means = weights(`${name}.means`) as tf.Variable<tf.Rank.R2>;
    this.#logVars = weights(`${name}.logVars`) as tf.Variable<tf.Rank.R2>;
  }

  parameters(): { weights: tf.Tensor1D; means: tf.Tensor2D; deviations: tf.Tensor2D } {
    return {
      weights: tf.exp(this.#logWeights()),
      means: tf.clone(this.#means as tf.Tensor2D),
      deviations: tf.exp(tf.mul(this.#logVars, 0.5)),
    };
  }

  responsibilities(z: tf.Tensor2D): tf.Tensor2D {
    return tf.softmax(this.#joint(z));
  }

  /** log p(z), `[batch]`. */
  logProbability(z: tf.Tensor2D): tf.Tensor1D {
    return tf.logSumExp(this.#joint(z), 1) as tf.Tensor1D;
  }

  /**
   * An upper bound of KL(q || p) for Gaussian q (Hershey and Olsen 2007, equation 20, which for one Gaussian on the left is
   * what Jensen's inequality gives): -log of the sum over k of weight_k exp(-KL(q || p_k)).
   */
  klBound({ mean, logVar }: Posterior): MixtureKl {
    return this.#kl(mean, logVar, tf.exp(logVar), tf.onesLike(logVar) as tf.Tensor2D);
  }

  /**
   * log q(z) - log p(z) at the draw z = mean + exp(logVar / 2) eps: KL(q || p) in the mean over eps. All `[batch, latent]`.
   */
  klAt({ logVar }: Posterior, z: tf.Tensor2D, eps: tf.Tensor2D): MixtureKl {
    return this.#kl(z, logVar, null, tf.square(eps));
  }

  /**
   * One step of expectation maximisation over a batch of posteriors, with a memory: the prior that makes the KL of the
   * codes seen lately least is that of their responsibilities, shares, means and variances. An optimiser's step is as long
   * as its rate, and codes that spread outrun it; a component that lost every clip gets no gradient to come back by. Here
   * one whose share falls below `reviveBelow` / K is put where a clip of the batch is, as wide as the others are.
   *
   * @param memory share of what was known that each step keeps.
   */
  follow(
    posterior: Posterior,
    noise: NoiseSource | null,
    rule: { memory: number; reviveBelow: number },
  ): void {
    if (!this.#byShares) throw new Error('an optimiser learns this mixture');
    offTape(() => this.#step(posterior, noise, rule));
  }

  #step(
    { mean, logVar }: Posterior,
    noise: NoiseSource | null,
    { memory, reviveBelow }: { memory: number; reviveBelow: number },
  ): void {
    const [batch, latent] = mean.shape;
    const { components } = this;
    const eachClip = (values: tf.Tensor): tf.Tensor3D => tf.reshape(values, [batch, 1, latent]);
    const eachShare = (values: tf.Tensor): tf.Tensor2D => tf.reshape(values, [components, 1]);
    const weights = tf.div(this.#sharesOf({ mean, logVar }), batch) as tf.Tensor2D;
    const found = tf.sum(weights, 0);
    const offset = tf.sub(eachClip(mean), this.#means);
    const second = tf.add(tf.square(offset), eachClip(tf.exp(logVar)));
    const overClips = (values: tf.Tensor): tf.Tensor2D =>
      tf.sum(tf.mul(tf.reshape(weights, [batch, components, 1]), values), 0);

    const shares = tf.add(tf.mul(this.#weights, memory), tf.mul(found, 1 - memory)) as tf.Tensor1D;
    const gain = eachShare(tf.div(1 - memory, tf.maximum(shares, 1e-12)));
    const variances = tf.exp(this.#logVars);
    const shift = tf.mul(gain, overClips(offset));
    const means = tf.add(this.#means, shift) as tf.Tensor2D;
    const wider = tf.mul(gain, tf.sub(overClips(second), tf.mul(eachShare(found), variances)));
    const next = tf.maximum(tf.sub(tf.add(variances, wider), tf.square(shift)), leastVariance) as tf.Tensor2D;

    const dead =
      noise && reviveBelow > 0 ? tf.cast(tf.less(shares, reviveBelow / components), 'float32') : null;
    if (!noise || !dead) {
      this.#assign(shares, means, next);
      return;
    }
    const drawn = tf.floor(tf.mul(noise.uniform('revived', [components]), batch));
    const picked = chosenRows(tf.minimum(drawn, batch - 1), batch);
    const usual = tf.sum(tf.mul(eachShare(shares), next), 0, true);
    const revived = (was: tf.Tensor2D, now: tf.Tensor): tf.Tensor2D =>
      tf.add(was, tf.mul(eachShare(dead), tf.sub(now, was)));
    const corrected = tf.add(shares, tf.mul(dead, tf.sub(1 / components, shares)));
    this.#assign(
      tf.div(corrected, tf.sum(corrected)),
      revived(means, tf.matMul(picked, mean)),
      revived(next, usual),
    );
  }

  #assign(shares: tf.Tensor1D, means: tf.Tensor2D, variances: tf.Tensor2D): void {
    this.#weights.assign(shares);
    this.#means.assign(means);
    this.#logVars.assign(tf.log(variances));
  }

  /** `count` draws `[count, latent]`: a component by its weight, then of its Gaussian with deviations times `temperature`. */
  sample(count: number, noise: NoiseSource, temperature: tf.Scalar): tf.Tensor2D {
    // Gumbel's trick: the largest of the log weights plus -log(-log u) is drawn by the weights.
    const uniform = tf.clipByValue(noise.uniform('component', [count, this.components]), 1e-7, 1 - 1e-7);
    const gumbel = tf.neg(tf.log(tf.neg(tf.log(uniform))));
    const chosen = chosenRows(tf.argMax(tf.add(gumbel, this.#logWeights()), 1), this.components);
    const { means, deviations } = this.parameters();
    const eps = noise.normal('prior', [count, means.shape[1]]);
    return tf.add(tf.matMul(chosen, means), tf.mul(tf.mul(tf.matMul(chosen, deviations), eps), temperature));
  }

  /** How much of each posterior belongs to each component by `klBound`, `[batch, K]`. */
  #sharesOf({ mean, logVar }: Posterior): tf.Tensor2D {
    const terms = this.#terms(mean, logVar, tf.exp(logVar), tf.onesLike(logVar));
    return tf.softmax(tf.sub(this.#logWeights(), tf.sum(terms, 2)));
  }

  /**
   * With T_k the divergence from component k, in nats: -log of the sum of weight_k exp(-T_k). By the responsibilities
   * r_k, proportional to weight_k exp(-T_k), that is the sum of r_k T_k, which the dimensions share, and KL(r || weights).
   */
  #kl(at: tf.Tensor2D, logVar: tf.Tensor2D, width: tf.Tensor | null, own: tf.Tensor): MixtureKl {
    const terms = this.#terms(at, logVar, width, own);
    const logWeights = this.#logWeights();
    const logShares = tf.logSoftmax(tf.sub(logWeights, tf.sum(terms, 2))) as tf.Tensor2D;
    const shares = tf.exp(logShares);
    return {
      perDimension: tf.sum(tf.mul(tf.expandDims(shares, 2), terms), 1),
      choice: tf.sum(tf.mul(shares, tf.sub(logShares, logWeights)), 1),
    };
  }

  /** T_k of each dimension, `[batch, K, latent]`: half of log var_k - logVar + (width + (at - mean_k)^2) / var_k - own. */
  #terms(at: tf.Tensor2D, logVar: tf.Tensor2D, width: tf.Tensor | null, own: tf.Tensor): tf.Tensor3D {
    const [batch, latent] = logVar.shape;
    const eachClip = (values: tf.Tensor): tf.Tensor3D => tf.reshape(values, [batch, 1, latent]);
    const distance = tf.square(tf.sub(eachClip(at), this.#means));
    const second = width ? tf.add(distance, eachClip(width)) : distance;
    const ofComponent = tf.add(tf.mul(second, tf.exp(tf.neg(this.#logVars))), this.#logVars);
    return tf.mul(tf.sub(ofComponent, eachClip(tf.add(logVar, own))), 0.5) as tf.Tensor3D;
  }

  /** Logarithms of the weights, `[K]`; a share of nothing is kept from minus infinity. */
  #logWeights(): tf.Tensor1D {
    if (!this.#learnWeights) return tf.fill([this.components], -Math.log(this.components)) as tf.Tensor1D;
    return this.#byShares
      ? tf.log(tf.maximum(this.#weights, 1e-12))
      : tf.logSoftmax(this.#weights as tf.Tensor1D);
  }

  /** log weight_k + log p_k(z), `[batch, K]`. */
  #joint(z: tf.Tensor2D): tf.Tensor2D {
    const [batch, latent] = z.shape;
    const distance = tf.square(tf.sub(tf.reshape(z, [batch, 1, latent]), this.#means));
    const exponent = tf.add(tf.mul(distance, tf.exp(tf.neg(this.#logVars))), this.#logVars);
    const constant = 0.5 * latent * Math.log(2 * Math.PI);
    return tf.sub(tf.sub(this.#logWeights(), tf.mul(tf.sum(exponent, 2), 0.5)), constant);
  }
}
