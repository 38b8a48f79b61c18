import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  denormalise,
  extremesOf,
  generatedExtremes,
  normalise,
  normaliseFrames,
} from '../../src-main/dsp/minmax.ts';

describe('normalise', () => {
  it('puts the lowest at 0 and the highest at 1', () => {
    const db = Float64Array.of(-60, -20, 20);
    expect(extremesOf(db)).toEqual({ minDb: -60, maxDb: 20 });
    expect([...normalise(db, extremesOf(db))]).toEqual([0, 0.5, 1]);
  });

  it('is undone by denormalise, to single precision', () => {
    const levels = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(levels, (values) => {
        const db = Float64Array.from(values);
        const extremes = extremesOf(db);
        const features = normalise(db, extremes);
        expect(features.every((value) => value >= 0 && value <= 1)).toBe(true);
        denormalise(features, extremes).forEach((value, i) =>
          expect(Math.abs(value - db[i]!)).toBeLessThan(1e-4),
        );
      }),
    );
  });

  it('turns frames into rows on the way, where asked', () => {
    const [bins, frames] = [3, 11];
    const rows = Float64Array.from({ length: bins * frames }, (_, i) => (i * 7) % 31);
    const byFrame = Float64Array.from(
      { length: bins * frames },
      (_, i) => rows[(i % bins) * frames + Math.floor(i / bins)]!,
    );
    expect(normaliseFrames(byFrame, extremesOf(rows), bins, frames)).toEqual(
      normalise(rows, extremesOf(rows)),
    );
    expect(normaliseFrames(new Float64Array(33), { minDb: 0, maxDb: 0 }, bins, frames)).toEqual(
      new Float32Array(33),
    );
  });

  it('makes zeros of a constant, which come back as that constant', () => {
    const db = Float64Array.of(-100, -100, -100);
    const features = normalise(db, extremesOf(db));
    expect([...features]).toEqual([0, 0, 0]);
    expect(denormalise(features, extremesOf(db))).toEqual(db);
  });

  it('has extremes for nothing, too', () => {
    expect(extremesOf(new Float64Array(0))).toEqual({ minDb: 0, maxDb: 0 });
    expect(generatedExtremes).toEqual({ minDb: -80, maxDb: 0 });
  });
});
