import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { powerToDb } from '../../src-main/dsp/decibel.ts';
import { hzToMel, melBank, melFrame, melMatrix, melToHz } from '../../src-main/dsp/mel.ts';
import { noise } from '../helpers/signals.ts';

const scale = fc.constantFrom('slaney' as const, 'htk' as const);

describe('the mel scales', () => {
  it('meet at their anchors', () => {
    expect(hzToMel(1000)).toBeCloseTo(15, 12);
    expect(hzToMel(6400)).toBeCloseTo(42, 12);
    expect(hzToMel(1000, 'htk')).toBeCloseTo(999.9856, 3);
    expect(hzToMel(0)).toBe(0);
    expect(hzToMel(0, 'htk')).toBe(0);
  });

  it('invert themselves and rise', () => {
    fc.assert(
      fc.property(scale, fc.double({ min: 0, max: 48_000, noNaN: true }), (name, hz) => {
        expect(Math.abs(melToHz(hzToMel(hz, name), name) - hz)).toBeLessThan(1e-8 * (1 + hz));
        expect(hzToMel(hz + 1, name)).toBeGreaterThan(hzToMel(hz, name));
      }),
    );
  });
});

describe('melBank', () => {
  it('has filters of one area (slaney) or of one height (none)', () => {
    const options = { sampleRateHz: 16_000, nFft: 16_384, nMels: 20 };
    const even = melMatrix(melBank(options));
    const high = melMatrix(melBank({ ...options, norm: 'none' }));
    for (let filter = 0; filter < 20; filter++) {
      const [first, end] = [filter * even.frames, (filter + 1) * even.frames];
      const areaHz =
        even.data.subarray(first, end).reduce((sum, weight) => sum + weight, 0) * (16_000 / 16_384);
      expect(areaHz).toBeCloseTo(1, 2);
      expect(Math.max(...high.data.subarray(first, end))).toBeGreaterThan(0.95);
      expect(Math.max(...high.data.subarray(first, end))).toBeLessThanOrEqual(1);
    }
  });

  it('covers everything between the outer centres once, where no norm is taken', () => {
    const bank = melBank({ sampleRateHz: 16_000, nFft: 4096, nMels: 40, norm: 'none', scale: 'htk' });
    const { data, frames } = melMatrix(bank);
    for (let bin = 40; bin < 1800; bin++) {
      let sum = 0;
      for (let filter = 0; filter < 40; filter++) sum += data[filter * frames + bin]!;
      expect(sum).toBeCloseTo(1, 10);
    }
  });

  it('gives white noise the same level in every filter, as all have one area', () => {
    const [nFft, nMels, draws] = [1024, 24, 400];
    const bank = melBank({ sampleRateHz: 16_000, nFft, nMels, fminHz: 300 });
    const mel = new Float64Array(nMels);
    const total = new Float64Array(nMels);
    // Power of white noise in one bin is exponentially distributed.
    for (let draw = 0; draw < draws; draw++) {
      const power = noise(bank.bins, draw).map((value) => -Math.log((value + 1) / 2 + 1e-12));
      melFrame(bank, power, mel);
      mel.forEach((value, filter) => (total[filter]! += value / draws));
    }
    const db = powerToDb(total);
    expect(Math.max(...db) - Math.min(...db)).toBeLessThan(1);
  });

  it('names the filters that no bin falls into', () => {
    expect(melBank({ sampleRateHz: 16_000, nFft: 512, nMels: 128, scale: 'htk' }).empty).toHaveLength(1);
    expect(melBank({ sampleRateHz: 16_000, nFft: 2048, nMels: 128 }).empty).toEqual([]);
    const tight = melBank({ sampleRateHz: 16_000, nFft: 64, nMels: 200 });
    expect(tight.empty.length).toBeGreaterThan(100);
    const mel = new Float64Array(200);
    melFrame(tight, new Float64Array(tight.bins).fill(1), mel);
    for (const filter of tight.empty) expect(mel[filter]).toBe(0);
  });

  it.each([
    [{ nMels: 0 }, '0 mel filters'],
    [{ fminHz: 4000, fmaxHz: 4000 }, 'from 4000 to 4000'],
    [{ fminHz: -1 }, 'from -1'],
    [{ fmaxHz: 8001 }, 'fmax is 8001'],
  ])('refuses %j', (setting, words) => {
    expect(() => melBank({ sampleRateHz: 16_000, nFft: 512, ...setting })).toThrow(words);
  });
});
