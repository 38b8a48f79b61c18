import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amplitudeToDb, dbToAmplitude, powerToDb } from '../../src-main/dsp/decibel.ts';
import { magnitude, stft } from '../../src-main/dsp/stft.ts';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { readNpy } from '../helpers/npy.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { maxDifference } from '../helpers/signals.ts';

describe('amplitudeToDb', () => {
  const rounded = (values: Float64Array): number[] =>
    [...values].map((value) => Math.round(value * 1e10) / 1e10 + 0);

  it('counts 20 dB a decade from the reference, 80 dB down by default', () => {
    expect(rounded(amplitudeToDb(Float64Array.of(1, 0.1, 0.001, 0)))).toEqual([0, -20, -60, -80]);
    const all = amplitudeToDb(Float64Array.of(1, 1e-7), { topDb: null });
    expect(rounded(all)).toEqual([0, -100]);
    expect(amplitudeToDb(Float64Array.of(1), { ref: 10 })[0]).toBeCloseTo(-20, 12);
  });

  it('never goes below amin, whatever the range', () => {
    expect(rounded(amplitudeToDb(Float64Array.of(0, 0)))).toEqual([-100, -100]);
    expect(rounded(amplitudeToDb(Float64Array.of(1e-3, 0), { topDb: 120 }))).toEqual([-60, -100]);
    expect(rounded(amplitudeToDb(Float64Array.of(1, 0), { amin: 1e-3, topDb: null }))).toEqual([0, -60]);
  });

  it('is undone by dbToAmplitude above the floor', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-4, max: 1e3, noNaN: true }), { minLength: 1 }), (values) => {
        const amplitude = Float64Array.from(values);
        const back = dbToAmplitude(amplitudeToDb(amplitude, { topDb: null }));
        back.forEach((value, i) => expect(value / amplitude[i]!).toBeCloseTo(1, 12));
      }),
    );
  });

  it('keeps the order and the range of what it is given', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const db = amplitudeToDb(Float64Array.from(values), { topDb: 60 });
        const largest = Math.max(...db);
        db.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(largest - 60 - 1e-12);
          values.forEach((other, j) => {
            if (other >= values[i]!) expect(db[j]).toBeGreaterThanOrEqual(value - 1e-12);
          });
        });
      }),
      { numRuns: 50 },
    );
  });

  it('is powerToDb of the squares', () => {
    const amplitude = Float64Array.of(0.5, 0.25, 1e-4);
    expect(amplitudeToDb(amplitude)).toEqual(powerToDb(amplitude.map((a) => a * a)));
  });
});

const golden = referenceFolder('reference', 'dsp');

describe.skipIf(!golden)('against librosa 0.11', () => {
  it.each(['fsdd_0_george_0', 'fsdd_9_theo_3', 'libri_118_0046'])('amplitude_to_db of %s', (clip) => {
    const samples = decodeAudio(path.join(golden ?? '', clip, 'input.wav')).channels[0]!;
    for (const [name, nFft, hopLength] of [
      ['hann512_256', 512, 256],
      ['hann256_128', 256, 128],
    ] as const) {
      const db = amplitudeToDb(magnitude(stft(samples, { nFft, hopLength })).data);
      expect(
        maxDifference(db, readNpy(path.join(golden ?? '', clip, `stft_${name}_db.npy`)).data),
      ).toBeLessThan(1e-4);
    }
  });
});
