import { describe, expect, it } from 'vitest';
import { uniformNumbers } from '../../src-main/dsp/random.ts';

describe('uniformNumbers', () => {
  it('are the same for the same seed, and others for another seed or stream', () => {
    expect(uniformNumbers(7, 10)).toEqual(uniformNumbers(7, 10));
    expect(uniformNumbers(7, 10)).toEqual(uniformNumbers(7, 20).slice(0, 10));
    expect(uniformNumbers(7, 10)).not.toEqual(uniformNumbers(8, 10));
    expect(uniformNumbers(7, 10)).not.toEqual(uniformNumbers(7, 10, 1));
    expect(uniformNumbers(2 ** 32, 4)).not.toEqual(uniformNumbers(0, 4));
  });

  it('fill [0, 1) evenly', () => {
    const numbers = uniformNumbers(3, 100_000);
    expect(numbers.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(numbers.reduce((sum, value) => sum + value, 0) / numbers.length).toBeCloseTo(0.5, 2);
    expect(numbers.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / numbers.length).toBeCloseTo(
      1 / 12,
      3,
    );
  });

  it.each([-1, 0.5, NaN, 2 ** 60])('refuse a seed of %d', (seed) => {
    expect(() => uniformNumbers(seed, 1)).toThrow('seed');
  });
});
