import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deEmphasis, preEmphasis } from '../../src-main/dsp/pre-emphasis.ts';
import { golden, goldenClips, goldenDsp, goldenSamples } from '../helpers/golden-clips.ts';
import { maxDifference, noise, relativeError } from '../helpers/signals.ts';

describe('preEmphasis and deEmphasis', () => {
  it('undo each other from either start', () => {
    const start = fc.constantFrom('librosa' as const, 'zero' as const);
    fc.assert(
      fc.property(
        start,
        fc.nat(500),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (from, length, coefficient) => {
          const signal = noise(length);
          const back = deEmphasis(preEmphasis(signal, coefficient, from), coefficient, from);
          expect(maxDifference(back, signal)).toBeLessThan(1e-11);
        },
      ),
    );
  });

  it('begin as librosa or as silence does', () => {
    expect([...preEmphasis(Float64Array.of(1, 3), 0.5)]).toEqual([0, 2.5]);
    expect([...preEmphasis(Float64Array.of(1, 3), 0.5, 'zero')]).toEqual([1, 2.5]);
  });
});

describe.skipIf(!goldenDsp)('against librosa 0.11 and scipy', () => {
  it.each(goldenClips)('%s', (clip) => {
    const { samples } = goldenSamples(clip);
    const emphasised = preEmphasis(samples);
    expect(relativeError(emphasised, golden(clip, 'preemph097_librosa').data)).toBeLessThan(1e-6);
    expect(
      relativeError(preEmphasis(samples, 0.97, 'zero'), golden(clip, 'preemph097_plain').data),
    ).toBeLessThan(1e-6);
    expect(relativeError(deEmphasis(emphasised), golden(clip, 'deemph097_librosa').data)).toBeLessThan(1e-6);
  });
});
