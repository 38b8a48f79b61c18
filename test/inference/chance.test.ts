import { describe, expect, it } from 'vitest';
import { chanceOf, codeOf, latentChoice } from '../../src-main/inference/chance.ts';

const dims = { x: 5, z: 3, v: 2 };
const chance = { seed: 4, index: 1, temperature: 1, frames: 'drawn' } as const;

describe('what chance gives', () => {
  it('is the same for a seed, and the beginning of a longer sequence is a shorter one', () => {
    const [short, long] = [chanceOf(chance, 4, dims), chanceOf(chance, 9, dims)];
    expect(long.eps.slice(0, 12)).toEqual(short.eps);
    expect(long.xFactor!.slice(0, 20)).toEqual(short.xFactor);
    expect(long.vEps).toEqual(short.vEps);
    expect(chanceOf({ ...chance, index: 2 }, 4, dims).eps).not.toEqual(short.eps);
    expect(chanceOf({ ...chance, seed: 5 }, 4, dims).eps).not.toEqual(short.eps);
  });

  it('has normal codes and exponential powers, both of their own scale', () => {
    const { eps, xFactor } = chanceOf({ ...chance, temperature: 2 }, 4000, dims);
    const mean = (values: Float32Array): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(eps))).toBeLessThan(0.06);
    expect(mean(eps.map((value) => value * value))).toBeCloseTo(4, 0);
    expect(mean(xFactor!)).toBeCloseTo(1, 1);
    expect(mean(xFactor!.map((value) => value * value))).toBeCloseTo(2, 0);
    expect(xFactor!.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    expect(chanceOf({ ...chance, frames: 'expected' }, 4, { ...dims, v: null })).toMatchObject({
      vEps: null,
      xFactor: null,
    });
  });
});

describe('a code', () => {
  const posterior = { mean: Float32Array.of(1, -2), logVar: Float32Array.of(0, -80) };

  it('is the mean, or a draw by the seed as wide as the posterior', () => {
    expect(codeOf(posterior, latentChoice(undefined, 3))).toBe(posterior.mean);
    const drawn = codeOf(posterior, latentChoice('sample', 3));
    expect(drawn[0]).not.toBe(1);
    expect(drawn[1]).toBeCloseTo(-2, 6);
    expect(codeOf(posterior, latentChoice('sample', 3))).toEqual(drawn);
    expect(codeOf(posterior, latentChoice('sample', 4))[0]).not.toBe(drawn[0]);
  });
});
