import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dctMatrix, lifterWeights } from '../../src-main/dsp/dct.ts';
import { deltas } from '../../src-main/dsp/deltas.ts';
import { noise } from '../helpers/signals.ts';

const row = (values: ArrayLike<number>) => {
  return { bins: 1, frames: values.length, data: Float64Array.from(values) };
};

describe('dctMatrix', () => {
  it('has orthonormal rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (size) => {
        const matrix = dctMatrix(size, size);
        for (let a = 0; a < size; a++) {
          for (let b = 0; b <= a; b++) {
            let dot = 0;
            for (let n = 0; n < size; n++) dot += matrix[a * size + n]! * matrix[b * size + n]!;
            expect(dot).toBeCloseTo(a === b ? 1 : 0, 12);
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [0, 4],
    [5, 4],
  ])('refuses %i of %i', (count, size) => {
    expect(() => dctMatrix(count, size)).toThrow(RangeError);
  });
});

describe('lifterWeights', () => {
  it('are ones for 0, else a half sine over ones', () => {
    expect([...lifterWeights(3, 0)]).toEqual([1, 1, 1]);
    expect(lifterWeights(20, 20)[9]).toBeCloseTo(11, 12);
    expect(() => lifterWeights(3, -1)).toThrow('-1');
  });
});

describe('deltas', () => {
  it('are the slope of a line and the curvature of a parabola, at the ends too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 9, max: 40 }),
        fc.constantFrom(3, 5, 9),
        fc.nat(100),
        (frames, width, slope) => {
          const line = row(Array.from({ length: frames }, (_, t) => 2 + slope * t));
          const bow = row(Array.from({ length: frames }, (_, t) => 1 + t + (slope / 2) * t * t));
          for (const value of deltas(line, { width }).data) expect(value).toBeCloseTo(slope, 8);
          for (const value of deltas(bow, { width, order: 2 }).data) expect(value).toBeCloseTo(slope, 7);
        },
      ),
    );
  });

  it('give what librosa 0.11 and torchaudio give', () => {
    const values = row([1, 4, 2, 8, 5, 7, 1, 9, 3, 6]);
    const rounded = (mode: 'interp' | 'nearest') =>
      [...deltas(values, { width: 5, mode }).data].map((value) => Math.round(10 * value) / 10 + 0);
    // librosa.feature.delta(width=5), and scipy's savgol_filter(5, 1, deriv=1, mode='nearest').
    expect(rounded('interp')).toEqual([1.2, 1.2, 1.2, 0.9, -0.3, -0.2, -0.2, 0, 0, 0]);
    expect(rounded('nearest')).toEqual([0.5, 1.5, 1.2, 0.9, -0.3, -0.2, -0.2, 0, 0.7, -0.3]);
  });

  it('refuse an even width, and fewer frames than a window', () => {
    expect(() => deltas(row([1, 2, 3, 4]), { width: 4 })).toThrow('4 frames');
    expect(() => deltas(row([1, 2, 3, 4]))).toThrow('there are 4');
    expect(deltas(row([1, 2, 3, 4]), { mode: 'nearest' }).data).toHaveLength(4);
    expect(() => deltas(row(noise(9)), { width: 1 })).toThrow(RangeError);
  });
});
