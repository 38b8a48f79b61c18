import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codeBits,
  fixedRange,
  quantiseCodes,
  widenRange,
} from '../../../src-main/models/parts/code-quantiser.ts';
import type { CodeBits } from '../../../src-main/models/parts/code-quantiser.ts';

const codes = fc
  .array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 3, maxLength: 30 })
  .map((numbers) => Float32Array.from(numbers.slice(0, numbers.length - (numbers.length % 3))));

describe('quantiseCodes', () => {
  it('errs by at most half a cell inside the range', () => {
    fc.assert(
      fc.property(codes, fc.constantFrom<CodeBits>(16, 8, 6, 4), (code, bits) => {
        const { values, clipped } = quantiseCodes(code, fixedRange(3), bits);
        const half = 8 / 2 ** bits / 2;
        expect(clipped).toBe(0);
        for (const [index, value] of values.entries()) {
          expect(Math.abs(value - (code[index] as number))).toBeLessThanOrEqual(half * 1.001 + 1e-6);
        }
      }),
    );
  });

  it('quantises what is quantised to itself', () => {
    fc.assert(
      fc.property(codes, fc.constantFrom<CodeBits>(...codeBits), (code, bits) => {
        const once = quantiseCodes(code, fixedRange(3), bits);
        expect(quantiseCodes(once.values, fixedRange(3), bits)).toEqual(once);
      }),
    );
  });

  it('leaves 32 bits as they are, also outside the range', () => {
    const code = Float32Array.of(1.2345678, -9, 0);
    const result = quantiseCodes(code, fixedRange(3), 32);
    expect(result.values).toEqual(code);
    expect(result.values).not.toBe(code);
    expect(result.indices).toBeNull();
  });

  it('clips to the outermost cells and counts', () => {
    const { indices, clipped, values } = quantiseCodes(Float32Array.of(-100, 0.1, 100), fixedRange(1), 4);
    expect([...(indices as Uint16Array)]).toEqual([0, 8, 15]);
    expect(clipped).toBe(2);
    expect([...values]).toEqual([-3.75, 0.25, 3.75]);
  });

  it('never uses more cells than the bits allow', () => {
    const ramp = Float32Array.from({ length: 1000 }, (_, index) => (index / 999) * 8 - 4);
    for (const bits of [8, 6, 4] as const) {
      const { indices } = quantiseCodes(ramp, fixedRange(1), bits);
      expect(new Set(indices).size).toBe(2 ** bits);
    }
  });

  it('decodes a collapsed dimension to its one number', () => {
    const range = widenRange(null, Float32Array.of(0, 5, 1, 5), 2);
    expect([...quantiseCodes(Float32Array.of(0.5, 5), range, 8).values][1]).toBe(5);
  });

  it('refuses other bits, wrong sizes, and numbers that are not finite, by name', () => {
    expect(() => quantiseCodes(new Float32Array(3), fixedRange(3), 5 as CodeBits)).toThrow(/5 bits/);
    expect(() => quantiseCodes(new Float32Array(4), fixedRange(3), 8)).toThrow(/do not fit/);
    expect(() => quantiseCodes(Float32Array.of(0, 0, 0, 0, NaN, 0), fixedRange(3), 8)).toThrow(
      /number 1 of code 1/,
    );
    const reversed = { ...fixedRange(3), low: new Float32Array(3).fill(9) };
    expect(() => quantiseCodes(new Float32Array(3), reversed, 8)).toThrow(/dimension 0 is 9 to 4/);
  });
});

describe('widenRange', () => {
  it('takes each dimension by itself', () => {
    const first = widenRange(null, Float32Array.of(1, -2, 3, 4), 2);
    const range = widenRange(first, Float32Array.of(-5, 6), 2);
    expect([...range.low]).toEqual([-5, -2]);
    expect([...range.high]).toEqual([3, 6]);
    expect([...first.low]).toEqual([1, -2]);
  });

  it('refuses no codes and broken ones', () => {
    expect(() => widenRange(null, new Float32Array(0), 2)).toThrow(/0 numbers/);
    expect(() => widenRange(null, new Float32Array(3), 2)).toThrow(/3 numbers/);
  });
});
