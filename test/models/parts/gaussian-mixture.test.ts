import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { StateRegistry } from '../../../src-main/engine/state.ts';
import { registerParameters } from '../../../src-main/models/parameters.ts';
import {
  GaussianMixture,
  mixtureParameters,
  type MixtureSettings,
} from '../../../src-main/models/parts/gaussian-mixture.ts';
import { leakedTensors, testNoise, useCpu } from '../cpu.ts';

beforeAll(useCpu);

interface Gaussian2 {
  mean: [number, number];
  logVar: [number, number];
}

/** A mixture of given Gaussians in two dimensions. */
function mixtureOf(
  parts: readonly (Gaussian2 & { weight: number })[],
  learning: MixtureSettings['learning'] = 'em',
) {
  const settings = { components: parts.length, latentDim: 2, spread: 1, learning, learnWeights: true };
  const state = new StateRegistry();
  const weights = registerParameters(mixtureParameters('prior', settings), state, 0);
  const shares = parts.map(({ weight }) => weight);
  if (learning === 'em') weights('prior.shares').assign(tf.tensor1d(shares));
  else weights('prior.logits').assign(tf.tensor1d(shares.map((share) => Math.log(share) + 3)));
  weights('prior.means').assign(tf.tensor2d(parts.map(({ mean }) => mean)));
  weights('prior.logVars').assign(tf.tensor2d(parts.map(({ logVar }) => logVar)));
  return { mixture: new GaussianMixture('prior', weights, settings), weights, state };
}

const posteriorOf = (...gaussians: Gaussian2[]) => ({
  mean: tf.tensor2d(gaussians.map(({ mean }) => mean)),
  logVar: tf.tensor2d(gaussians.map(({ logVar }) => logVar)),
});

function logDensity({ mean, logVar }: Gaussian2, z: readonly [number, number]): number {
  let sum = -Math.log(2 * Math.PI);
  for (const d of [0, 1] as const) sum -= 0.5 * (logVar[d] + (z[d] - mean[d]) ** 2 / Math.exp(logVar[d]));
  return sum;
}

/** KL(q || p) in two dimensions by the midpoint rule over six deviations of q. */
function klByIntegration(
  q: Gaussian2,
  parts: readonly (Gaussian2 & { weight: number })[],
  points = 160,
): number {
  const [sx, sy] = q.logVar.map((log) => Math.exp(log / 2)) as [number, number];
  let sum = 0;
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < points; j++) {
      const z = [
        q.mean[0] + sx * 12 * ((i + 0.5) / points - 0.5),
        q.mean[1] + sy * 12 * ((j + 0.5) / points - 0.5),
      ] as const;
      const logQ = logDensity(q, z);
      const p = parts.reduce((total, part) => total + part.weight * Math.exp(logDensity(part, z)), 0);
      sum += Math.exp(logQ) * (logQ - Math.log(p));
    }
  }
  return sum * ((12 * sx) / points) * ((12 * sy) / points);
}

const three = [
  { weight: 0.5, mean: [0, 0], logVar: [0, 0] },
  { weight: 0.3, mean: [1.5, -0.5], logVar: [-1, 0.4] },
  { weight: 0.2, mean: [-1, 2], logVar: [0.3, -0.7] },
] satisfies (Gaussian2 & { weight: number })[];

/** Sum of both parts of a KL, `[batch]`, and of the choice alone. */
const total = ({ perDimension, choice }: { perDimension: tf.Tensor2D; choice: tf.Tensor1D }): number[] => [
  ...tf.add(tf.sum(perDimension, 1), choice).dataSync(),
];

function monteCarlo(mixture: GaussianMixture, q: Gaussian2, draws: number): { mean: number; error: number } {
  const values = tf.tidy(() => {
    const posterior = posteriorOf(...Array.from({ length: draws }, () => q));
    const eps = testNoise(5).normal('draws', [draws, 2]) as tf.Tensor2D;
    const z = tf.add(posterior.mean, tf.mul(tf.exp(tf.mul(posterior.logVar, 0.5)), eps)) as tf.Tensor2D;
    return total(mixture.klAt(posterior, z, eps));
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / draws;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / draws / (draws - 1)) };
}

describe('KL of a Gaussian from a mixture, in two dimensions', () => {
  const cases: Gaussian2[] = [
    { mean: [0.4, 0.3], logVar: [-1.5, -1] },
    { mean: [1.4, -0.6], logVar: [-2, -2] },
    { mean: [-0.4, 1], logVar: [0.2, 0.1] },
    { mean: [3, 3], logVar: [-0.5, -3] },
  ];

  it.each(cases)('by Monte Carlo agrees with numerical integration within its error: %j', (q) => {
    const { mixture } = mixtureOf(three);
    const { mean, error } = monteCarlo(mixture, q, 4000);
    expect(error).toBeLessThan(0.05);
    expect(Math.abs(mean - klByIntegration(q, three))).toBeLessThan(4 * error);
  });

  it.each(cases)('by the bound is never below it, and close where one component has it all: %j', (q) => {
    const bound = tf.tidy(() => total(mixtureOf(three).mixture.klBound(posteriorOf(q)))[0] as number);
    const exact = klByIntegration(q, three);
    expect(bound).toBeGreaterThan(exact - 1e-3);
    expect(bound - exact).toBeLessThan(1);
    const apart = three.map((part, at) => ({ ...part, mean: [20 * at, 0] as [number, number] }));
    const near = { ...q, mean: [20 + q.mean[0] / 4, q.mean[1] / 4] as [number, number] };
    const tight = tf.tidy(() => total(mixtureOf(apart).mixture.klBound(posteriorOf(near)))[0] as number);
    expect(tight).toBeCloseTo(klByIntegration(near, apart), 2);
  });

  it('of one component is that of two Gaussians, and nothing of it is choice', () => {
    const q = { mean: [0.7, -0.2], logVar: [-1.2, 0.3] } satisfies Gaussian2;
    const { mixture } = mixtureOf([{ weight: 1, mean: [0, 0], logVar: [0, 0] }]);
    tf.tidy(() => {
      const kl = mixture.klBound(posteriorOf(q));
      expect(kl.choice.dataSync()[0]).toBeCloseTo(0, 6);
      const expected = [0, 1].map((d) => 0.5 * (Math.exp(q.logVar[d]!) + q.mean[d]! ** 2 - 1 - q.logVar[d]!));
      for (const [d, value] of expected.entries())
        expect(kl.perDimension.dataSync()[d]).toBeCloseTo(value, 5);
    });
  });

  it('has the gradients that differences give, either way', () => {
    const eps = tf.tensor2d([[0.3, -1.1]]);
    for (const learning of ['em', 'gradient'] as const) {
      const { mixture } = mixtureOf(three, learning);
      const ways = [
        (mean: tf.Tensor2D, logVar: tf.Tensor2D) => mixture.klBound({ mean, logVar }),
        (mean: tf.Tensor2D, logVar: tf.Tensor2D) =>
          mixture.klAt(
            { mean, logVar },
            tf.add(mean, tf.mul(tf.exp(tf.mul(logVar, 0.5)), eps)) as tf.Tensor2D,
            eps,
          ),
      ];
      for (const way of ways) {
        const value = (mean: tf.Tensor, logVar: tf.Tensor): tf.Scalar => {
          const { perDimension, choice } = way(mean as tf.Tensor2D, logVar as tf.Tensor2D);
          return tf.add(tf.sum(perDimension), tf.sum(choice));
        };
        const at = [tf.tensor2d([[0.4, 0.9]]), tf.tensor2d([[-0.8, -0.3]])] as const;
        const gradients = tf
          .grads(value)([...at])
          .flatMap((gradient) => [...gradient.dataSync()]);
        const step = 1e-2;
        const numeric = [0, 1, 2, 3].map((place) => {
          const moved = (by: number): number => {
            const numbers = at.map((tensor) => [...tensor.dataSync()]);
            numbers[place >> 1]![place & 1]! += by;
            return value(tf.tensor2d([numbers[0]!]), tf.tensor2d([numbers[1]!])).dataSync()[0] as number;
          };
          return (moved(step) - moved(-step)) / (2 * step);
        });
        for (const [place, expected] of numeric.entries()) expect(gradients[place]).toBeCloseTo(expected, 2);
      }
    }
  });
});

describe('responsibilities', () => {
  it('add up to 1, and are those of Bayes', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -4, max: 4, noNaN: true })),
        (z) => {
          tf.tidy(() => {
            const { mixture, state } = mixtureOf(three);
            const shares = [...mixture.responsibilities(tf.tensor2d([z])).dataSync()];
            const joint = three.map((part) => part.weight * Math.exp(logDensity(part, z)));
            const evidence = joint.reduce((sum, one) => sum + one, 0);
            expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
            for (const [at, share] of shares.entries()) expect(share).toBeCloseTo(joint[at]! / evidence, 4);
            expect(mixture.logProbability(tf.tensor2d([z])).dataSync()[0]).toBeCloseTo(Math.log(evidence), 3);
            state.dispose();
          });
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('draws from the prior', () => {
  it('have the weights, means and widths of the components', () => {
    const parts = [
      { weight: 0.25, mean: [-10, 0], logVar: [0, 0] },
      { weight: 0.75, mean: [10, 5], logVar: [Math.log(4), 0] },
    ] satisfies (Gaussian2 & { weight: number })[];
    const count = 4000;
    const z = tf.tidy(() => mixtureOf(parts).mixture.sample(count, testNoise(3), tf.scalar(1)).dataSync());
    const second = Array.from({ length: count }, (_, at) => z[2 * at]!).filter((value) => value > 0);
    expect(second.length / count).toBeCloseTo(0.75, 1);
    const mean = second.reduce((sum, value) => sum + value, 0) / second.length;
    const variance = second.reduce((sum, value) => sum + (value - mean) ** 2, 0) / second.length;
    expect(mean).toBeCloseTo(10, 0);
    expect(Math.sqrt(variance)).toBeCloseTo(2, 0);
  });

  it('at temperature 0 are the means', () => {
    const z = tf.tidy(() => mixtureOf(three).mixture.sample(20, testNoise(1), tf.scalar(0)).arraySync());
    for (const one of z)
      expect(three.map(({ mean }) => mean.join())).toContain(one.map((v) => Number(v.toFixed(4))).join());
  });
});

describe('expectation maximisation', () => {
  const clusters = (count: number): Gaussian2[] =>
    Array.from({ length: count }, (_, at) => ({
      mean: [at % 2 === 0 ? 5 + Math.sin(at) : -5 + Math.cos(at), Math.sin(3 * at)],
      logVar: [-4, -4],
    }));
  const rule = { memory: 0.5, reviveBelow: 0 };

  it('brings the components to the codes, and the shares to how many are there', () => {
    const { mixture } = mixtureOf([
      { weight: 0.9, mean: [1, 0], logVar: [0, 0] },
      { weight: 0.1, mean: [-1, 0], logVar: [0, 0] },
    ]);
    const codes = clusters(16);
    for (let step = 0; step < 40; step++) tf.tidy(() => mixture.follow(posteriorOf(...codes), null, rule));
    tf.tidy(() => {
      const { weights, means, deviations } = mixture.parameters();
      const own = codes.filter((_, at) => at % 2 === 0);
      const mean = own.reduce((sum, code) => sum + code.mean[0], 0) / own.length;
      const variance =
        own.reduce((sum, code) => sum + (code.mean[0] - mean) ** 2, 0) / own.length + Math.exp(-4);
      expect([...weights.dataSync()].map((weight) => Number(weight.toFixed(3)))).toEqual([0.5, 0.5]);
      expect(means.dataSync()[0]).toBeCloseTo(mean, 2);
      expect(deviations.dataSync()[0]).toBeCloseTo(Math.sqrt(variance), 2);
    });
  });

  it('never makes the KL of the codes that it follows larger, with no memory', () => {
    const { mixture } = mixtureOf(three);
    const codes = clusters(12);
    const kl = (): number =>
      tf.tidy(() => total(mixture.klBound(posteriorOf(...codes))).reduce((a, b) => a + b, 0));
    let before = kl();
    for (let step = 0; step < 12; step++) {
      tf.tidy(() => mixture.follow(posteriorOf(...codes), null, { memory: 0, reviveBelow: 0 }));
      const after = kl();
      expect(after).toBeLessThan(before + 1e-2);
      before = after;
    }
  });

  it('puts a component that lost its clips where a clip is, and its share with it', () => {
    const lost = [
      { weight: 0.999, mean: [0, 0], logVar: [3, 3] },
      { weight: 0.001, mean: [500, 500], logVar: [0, 0] },
    ] satisfies (Gaussian2 & { weight: number })[];
    const codes = clusters(8);
    const stays = mixtureOf(lost).mixture;
    const revived = mixtureOf(lost).mixture;
    tf.tidy(() => {
      stays.follow(posteriorOf(...codes), testNoise(), { memory: 0.9, reviveBelow: 0 });
      revived.follow(posteriorOf(...codes), testNoise(), { memory: 0.9, reviveBelow: 0.2 });
      expect(stays.parameters().means.dataSync()[2]).toBeCloseTo(500, 0);
      const mean = [...revived.parameters().means.dataSync()].slice(2);
      const places = codes.map((code) => code.mean.map((value) => value.toFixed(3)).join());
      expect(places).toContain(mean.map((value) => value.toFixed(3)).join());
      const { weights } = revived.parameters();
      expect(weights.dataSync()[1]).toBeGreaterThan(0.3);
      expect(tf.sum(weights).dataSync()[0]).toBeCloseTo(1, 5);
    });
  });

  it('stays finite where all codes are one', () => {
    const { mixture } = mixtureOf(three);
    const codes = Array.from({ length: 6 }, (): Gaussian2 => ({ mean: [1, 1], logVar: [-20, -20] }));
    for (let step = 0; step < 200; step++)
      tf.tidy(() =>
        mixture.follow(posteriorOf(...codes), testNoise(step), { memory: 0.5, reviveBelow: 0.5 }),
      );
    tf.tidy(() => {
      for (const values of Object.values(mixture.parameters()))
        expect([...values.dataSync()].every(Number.isFinite)).toBe(true);
      expect(total(mixture.klBound(posteriorOf(codes[0]!))).every(Number.isFinite)).toBe(true);
    });
  });

  it('leaks nothing', () => {
    const { mixture } = mixtureOf(three);
    const codes = clusters(4);
    expect(
      leakedTensors(() =>
        tf.tidy(() => mixture.follow(posteriorOf(...codes), testNoise(), { memory: 0.9, reviveBelow: 0.5 })),
      ),
    ).toBe(0);
  });
});
