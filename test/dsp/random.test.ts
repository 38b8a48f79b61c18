import { describe, expect, it } from 'vitest';
import { philox4x32, uniformNumbers } from '../../src-main/dsp/random.ts';

function philox(counter: number[], key: number[]): string {
  const output = new Uint32Array(4);
  philox4x32(Uint32Array.from(counter), Uint32Array.from(key), output);
  return [...output].map((word) => word.toString(16).padStart(8, '0')).join(' ');
}

describe('philox4x32', () => {
  it("gives the known answers of its authors' library (Random123, kat_vectors, 10 rounds)", () => {
    expect(philox([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    const ones = 0xffffffff;
    expect(philox([ones, ones, ones, ones], [ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });
});

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
