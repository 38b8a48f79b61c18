import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pyin } from '../../../src-main/dsp/f0/pyin.ts';
import { noise } from '../../helpers/signals.ts';

const sampleRateHz = 16_000;

/** A voice that climbs from 120 to 240 Hz in a second, five harmonics, an eighth of a second of silence in between. */
function climbingVoice(): Float64Array {
  return Float64Array.from({ length: 16_000 }, (_, n) => {
    if (n >= 6000 && n < 8000) return 0;
    const time = n / sampleRateHz;
    const angle = 2 * Math.PI * (120 * time + 60 * time * time);
    let sum = 0;
    for (let k = 1; k <= 5; k++) sum += Math.sin(k * angle) / k;
    return 0.2 * sum;
  });
}

function voice(f0Hz: number, samples: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, n) => {
    let sum = 0;
    for (let k = 1; k <= 4; k++) sum += Math.sin((2 * Math.PI * k * f0Hz * n) / sampleRateHz) / k;
    return 0.2 * sum;
  });
}

describe('pyin', () => {
  it('gives what librosa.pyin 0.11 gives for a climbing voice', () => {
    const options = { sampleRateHz, fminHz: 60, fmaxHz: 600, frameLength: 1024, hopLength: 256 };
    const { f0Hz, voiced, voicedProbability } = pyin(climbingVoice(), options);
    expect(f0Hz).toHaveLength(63);
    // Every seventh frame and the edges of the gap, from librosa.
    const expected: Record<number, [number | null, number]> = {
      0: [122.8049, 0.034897],
      7: [133.1483, 0.61595],
      14: [146.8864, 0.686083],
      21: [160.1808, 0.75716],
      24: [163.9248, 0.279605],
      25: [175.6903, 0.010006],
      26: [null, 0],
      29: [null, 0],
      30: [181.886, 0.010468],
      35: [187.2157, 0.75716],
      42: [200.6528, 0.826669],
      49: [213.8157, 0.826669],
      56: [227.8421, 0.826669],
      62: [237.2434, 0.75716],
    };
    for (const [frame, [hz, probability]] of Object.entries(expected)) {
      const at = Number(frame);
      if (hz === null) expect(f0Hz[at]).toBeNaN();
      else expect(f0Hz[at]).toBeCloseTo(hz, 3);
      expect(voiced[at]).toBe(hz === null ? 0 : 1);
      expect(voicedProbability[at]).toBeCloseTo(probability, 5);
    }
  });

  it('finds any pitch of its range within half of its resolution', () => {
    fc.assert(
      fc.property(fc.double({ min: 70, max: 380, noNaN: true }), (wantedHz) => {
        const { f0Hz, voiced } = pyin(voice(wantedHz, 8000), { sampleRateHz, fminHz: 65, fmaxHz: 400 });
        // The middle: the first and last frames hold silence too.
        for (let frame = 4; frame < 12; frame++) {
          expect(voiced[frame]).toBe(1);
          expect(Math.abs(12 * Math.log2(f0Hz[frame]! / wantedHz))).toBeLessThan(0.08);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('does not mind the level', () => {
    const signal = climbingVoice();
    const options = { sampleRateHz, fminHz: 60, fmaxHz: 600 };
    const quiet = signal.map((value) => value / 1024);
    expect(pyin(quiet, options)).toEqual(pyin(signal, options));
  });

  it('hears no pitch in silence, and none that is probable in noise', () => {
    const options = { sampleRateHz, fminHz: 60, fmaxHz: 600 };
    const silent = pyin(new Float32Array(4000), options);
    expect([...silent.voiced]).toEqual(new Array(8).fill(0));
    expect([...silent.f0Hz].every(Number.isNaN)).toBe(true);
    // Its path stays voiced through noise, as librosa's does: the unvoiced states share what is left among all of them.
    expect(Math.max(...pyin(noise(16_000), options).voicedProbability)).toBeLessThan(0.1);
  });

  it('gives no frame for less than one, where nothing is centred', () => {
    const options = { sampleRateHz, fminHz: 60, fmaxHz: 600, center: false };
    expect(pyin(new Float32Array(2047), options).f0Hz).toHaveLength(0);
    expect(pyin(new Float32Array(2048), options).f0Hz).toHaveLength(1);
    expect(pyin(new Float32Array(0), { ...options, center: true }).f0Hz).toHaveLength(1);
  });

  it.each([
    [{ fminHz: 0 }, /0 to 400/],
    [{ fminHz: 500 }, /500 to 400/],
    [{ fmaxHz: 9000 }, /9000 Hz, is above half/],
    [{ frameLength: 128 }, /128 samples is too short/],
    [{ hopLength: 0 }, /hop of 0/],
    [{ frameLength: 10.5 }, /frame length of 10.5/],
    [{ resolution: 0 }, /resolution of 0/],
  ])('refuses %j', (setting, words) => {
    const options = { sampleRateHz, fminHz: 60, fmaxHz: 400, ...setting };
    expect(() => pyin(new Float32Array(4000), options)).toThrow(words);
  });
});
