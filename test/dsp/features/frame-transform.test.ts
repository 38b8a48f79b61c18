import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  makeFrameTransform,
  PlainFrameTransform,
  withFrameTransform,
} from '../../../src-main/dsp/features/frame-transform.ts';
import { PairedFrameTransform } from '../../../src-main/dsp/features/paired-frame-transform.ts';
import { maxDifference, noise } from '../../helpers/signals.ts';

describe('PairedFrameTransform', () => {
  it('gives what the plain one gives, for any number of frames and any hop', () => {
    const nFft = fc.constantFrom(16, 32, 64, 128, 256, 512, 1024, 2048);
    fc.assert(
      fc.property(
        nFft,
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(999),
        (length, hopLength, frames, seed) => {
          const options = { nFft: length, hopLength, window: 'hamming' } as const;
          const samples = noise(length + 8 * hopLength, seed);
          const paired = PairedFrameTransform.make(options, 9)!;
          const plain = new PlainFrameTransform(options, 9);
          paired.transform(samples, frames);
          plain.transform(samples, frames);
          const count = 2 * plain.bins * frames;
          const error = maxDifference(paired.spectra.subarray(0, count), plain.spectra.subarray(0, count));
          expect(error).toBeLessThan(1e-12);
          paired.transformNarrow(samples, frames);
          plain.transformNarrow(samples, frames);
          const narrow = maxDifference(
            paired.narrowSpectra.subarray(0, count),
            plain.narrowSpectra.subarray(0, count),
          );
          expect(narrow).toBeLessThan(1e-5);
        },
      ),
    );
  });

  it('writes nothing beyond the frames that it was given', () => {
    const options = { nFft: 16, hopLength: 4 };
    const paired = PairedFrameTransform.make(options, 4)!;
    paired.spectra.fill(7);
    paired.transform(noise(28), 3);
    expect([...new Set(paired.spectra.subarray(2 * 9 * 3))]).toEqual([7]);
  });

  it('is there for powers of two; the plain one does the rest', () => {
    expect(PairedFrameTransform.make({ nFft: 400, hopLength: 100 }, 4)).toBeNull();
    expect(PairedFrameTransform.make({ nFft: 8, hopLength: 4 }, 4)).toBeNull();
    expect(makeFrameTransform({ nFft: 400, hopLength: 100 }, 4)).toBeInstanceOf(PlainFrameTransform);
    expect(makeFrameTransform({ nFft: 512, hopLength: 100 }, 4)).toBeInstanceOf(PairedFrameTransform);
  });
});

describe('where a machine has no vector instructions', () => {
  it('the plain transform is taken, and gives the same', async () => {
    vi.resetModules();
    const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    try {
      const { makeFrameTransform: make } = await import('../../../src-main/dsp/features/frame-transform.ts');
      const options = { nFft: 64, hopLength: 16 };
      const plain = make(options, 4);
      expect(validate).toHaveBeenCalled();
      expect(plain.constructor.name).toBe('PlainFrameTransform');
      const quick = makeFrameTransform(options, 4);
      expect(quick).toBeInstanceOf(PairedFrameTransform);
      const samples = noise(64 + 3 * 16);
      for (const one of [plain, quick]) one.transform(samples, 4);
      expect(maxDifference(plain.spectra, quick.spectra)).toBeLessThan(1e-12);
    } finally {
      validate.mockRestore();
      vi.resetModules();
    }
  });
});

describe('withFrameTransform', () => {
  it('lends one transform at a time, and the same again afterwards', () => {
    const options = { nFft: 64, hopLength: 16 };
    const lent = withFrameTransform(options, 4, (outer) => {
      const inner = withFrameTransform(options, 4, (one) => one);
      expect(inner).not.toBe(outer);
      return outer;
    });
    expect(withFrameTransform(options, 4, (one) => one)).toBe(lent);
    expect(withFrameTransform({ ...options, window: 'sine' }, 4, (one) => one)).not.toBe(lent);
    expect(() =>
      withFrameTransform(options, 4, () => {
        throw new Error('out');
      }),
    ).toThrow('out');
  });
});
