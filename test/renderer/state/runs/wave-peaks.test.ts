// @vitest-environment node
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wavePeaks } from '../../../../src-renderer/state/runs/wave-peaks.ts';

const sound = (samples: number[], channels = 1) => ({ samples: Float32Array.from(samples), channels });

it('finds the lowest and highest sample of each stretch, over all channels', () => {
  expect([...wavePeaks(sound([1, -1, 0.5, 0.25]), 2)]).toEqual([-1, 1, 0.25, 0.5]);
  expect([...wavePeaks(sound([1, 0, 0, -3, 0, 2], 2), 3)]).toEqual([0, 1, -3, 0, 0, 2]);
});

it('has no more stretches than frames, and none of silence of no length', () => {
  expect([...wavePeaks(sound([0.5, -0.5]), 9)]).toEqual([0.5, 0.5, -0.5, -0.5]);
  expect(wavePeaks(sound([]), 9)).toHaveLength(0);
});

it('loses no sample: every one is in a stretch', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 }),
      fc.integer({ min: 1, max: 64 }),
      (samples, spans) => {
        const peaks = wavePeaks(sound(samples), spans);
        const wanted = Float32Array.from(samples);
        expect(Math.max(...peaks)).toBe(Math.max(...wanted));
        expect(Math.min(...peaks)).toBe(Math.min(...wanted));
      },
    ),
  );
});
