import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type SpectrogramPicture,
  axisMarks,
  frequencyAt,
  frequencyMarksOf,
  heightOf,
  paintPicture,
  readPicture,
} from '../../../src-renderer/components/spectrogram-picture.ts';

/** 5 bins (fft 8) at 8 kHz: 0, 1, 2, 3, 4 kHz; each level says its bin and frame. */
const picture: SpectrogramPicture = {
  sampleRateHz: 8000,
  fromSec: 1,
  toSec: 2,
  fftSize: 8,
  windowLength: 8,
  hopLength: 4,
  bins: 5,
  frames: 3,
  levels: Uint8Array.from([0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32, 40, 41, 255]),
  minDb: -100,
  maxDb: 0,
  reference: 'dBFS',
};
const table = Uint32Array.from({ length: 256 }, (_, level) => level);

describe('a picture of a spectrum', () => {
  test('is painted with the highest frequency on top', () => {
    const pixels = paintPicture(picture, table, 'linear', 5);
    expect([...pixels.slice(0, 3)]).toEqual([40, 41, 255]);
    expect([...pixels.slice(12, 15)]).toEqual([0, 1, 2]);
  });

  test('is read where it is drawn', () => {
    expect(readPicture(picture, 0, 0, 'linear')).toEqual({
      timeSec: 1,
      frequencyHz: 0,
      levelDb: -100,
      atFloor: true,
      shown: null,
    });
    const top = readPicture(picture, 1, 1, 'linear');
    expect(top).toEqual({ timeSec: 2, frequencyHz: 4000, levelDb: 0, atFloor: false, shown: null });
  });

  test('is read within its bounds, also beside it', () => {
    expect(readPicture(picture, -3, 7, 'mel').frequencyHz).toBeCloseTo(4000, 6);
    expect(readPicture(picture, 9, 0, 'linear').timeSec).toBe(2);
  });

  test('a frequency is where it says it is, on both scales', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom('linear' as const, 'mel' as const),
        fc.constantFrom(4000, 8000, 24_000),
        (height, scale, nyquistHz) => {
          const frequencyHz = frequencyAt(height, nyquistHz, scale);
          expect(heightOf(frequencyHz, nyquistHz, scale)).toBeCloseTo(height, 9);
        },
      ),
    );
  });
});

describe('the marks of an axis', () => {
  test('are round, few, and within it', () => {
    expect(axisMarks(0, 0.46, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    expect(axisMarks(-54, -13, 6)).toEqual([-50, -40, -30, -20]);
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        (low, span, count) => {
          const marks = axisMarks(low, low + span, count);
          expect(marks.length).toBeLessThanOrEqual(count + 1);
          for (const mark of marks) {
            expect(mark).toBeGreaterThanOrEqual(low - span * 1e-6);
            expect(mark).toBeLessThanOrEqual(low + span * (1 + 1e-6));
          }
        },
      ),
    );
  });

  test('are none where there is no span', () => {
    expect(axisMarks(1, 1, 5)).toEqual([]);
    expect(axisMarks(2, 1, 5)).toEqual([]);
    expect(axisMarks(NaN, 1, 5)).toEqual([]);
  });
});

describe('the marks of the frequency axis', () => {
  test('lie apart, above zero and below the name of the unit, at every rate, height and scale', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(2000, 4000, 8000, 11_025, 24_000, 48_000),
        fc.constantFrom('linear' as const, 'mel' as const),
        fc.integer({ min: 60, max: 600 }),
        (nyquistHz, scale, heightPx) => {
          const at = frequencyMarksOf(nyquistHz, scale, heightPx).map(
            (mark) => heightOf(mark, nyquistHz, scale) * heightPx,
          );
          expect(at.every((px, index) => px - (at[index - 1] ?? 0) >= 18 && px <= heightPx - 27)).toBe(true);
        },
      ),
    );
    expect(frequencyMarksOf(4000, 'linear', 200)).toEqual([1000, 2000, 3000]);
  });

  test('are none without a picture', () => {
    expect(frequencyMarksOf(0, 'linear', 200)).toEqual([]);
  });
});
