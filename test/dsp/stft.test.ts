import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import {
  fromPolar,
  frameCount,
  istft,
  magnitude,
  phase,
  stft,
  type PadMode,
  type StftOptions,
} from '../../src-main/dsp/stft.ts';
import type { WindowName } from '../../src-main/dsp/window.ts';
import { readNpy } from '../helpers/npy.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { maxDifference, noise, relativeError } from '../helpers/signals.ts';

const standard: StftOptions = { nFft: 512, hopLength: 256 };

describe('stft and istft', () => {
  it('rebuild any signal perfectly where frames cover it', () => {
    const settings = fc.record({
      nFft: fc.constantFrom(16, 31, 64, 200, 400, 441, 512),
      parts: fc.integer({ min: 2, max: 8 }),
      window: fc.constantFrom('hann', 'hamming', 'sine', 'gaussian') as fc.Arbitrary<WindowName>,
      symmetry: fc.constantFrom('periodic', 'symmetric') as fc.Arbitrary<'periodic' | 'symmetric'>,
      padMode: fc.constantFrom('constant', 'edge') as fc.Arbitrary<PadMode>,
      samples: fc.integer({ min: 0, max: 3000 }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(settings, ({ nFft, parts, window, symmetry, padMode, samples, seed }) => {
        const options = { nFft, hopLength: Math.floor(nFft / parts), window, symmetry, padMode };
        const signal = noise(samples, seed);
        const covered = Math.max(0, options.hopLength * (frameCount(samples, options) - 1) + (nFft % 2));
        const rebuilt = istft(stft(signal, options), options);
        expect(rebuilt.length).toBe(covered);
        expect(maxDifference(rebuilt, signal.subarray(0, covered))).toBeLessThan(1e-12);
      }),
      { numRuns: 60 },
    );
  });

  it('keep a given length, the end filled with what the frames still reach and then with zeros', () => {
    const signal = noise(1000);
    const rebuilt = istft(stft(signal, standard), { ...standard, length: 1400 });
    expect(maxDifference(rebuilt.subarray(0, 1000), signal)).toBeLessThan(1e-9);
    expect(rebuilt.subarray(1100).every((sample) => sample === 0)).toBe(true);
    expect(istft(stft(signal, standard), { ...standard, length: 300 }).length).toBe(300);
  });

  it('rebuild without centring, but for the first sample, which the hann window takes away', () => {
    const options = { ...standard, center: false };
    const signal = noise(512 + 4 * 256);
    const rebuilt = istft(stft(signal, options), options);
    expect(rebuilt.length).toBe(signal.length);
    expect(maxDifference(rebuilt.subarray(1), signal.subarray(1))).toBeLessThan(1e-9);
    expect(frameCount(511, options)).toBe(0);
  });

  it('are linear', () => {
    const [a, b] = [noise(2000, 1), noise(2000, 2)];
    const [A, B] = [stft(a, standard), stft(b, standard)];
    const mixed = stft(
      a.map((value, n) => 3 * value - 2 * b[n]!),
      standard,
    );
    expect(
      maxDifference(
        mixed.re,
        A.re.map((value, i) => 3 * value - 2 * B.re[i]!),
      ),
    ).toBeLessThan(1e-11);
    expect(
      maxDifference(
        mixed.im,
        A.im.map((value, i) => 3 * value - 2 * B.im[i]!),
      ),
    ).toBeLessThan(1e-11);
  });

  it('move by a frame when the signal moves by a hop', () => {
    const signal = noise(4096);
    const shifted = new Float64Array(4096 + 256);
    shifted.set(signal, 256);
    const [before, after] = [stft(signal, standard), stft(shifted, standard)];
    for (let bin = 0; bin < before.bins; bin++) {
      for (let frame = 1; frame < before.frames - 1; frame++) {
        expect(after.re[bin * after.frames + frame + 1]).toBeCloseTo(
          before.re[bin * before.frames + frame]!,
          10,
        );
      }
    }
  });

  it('pad with zeros, the mirrored signal or the end samples', () => {
    const options = { nFft: 4, hopLength: 4, window: 'rectangular' } as const;
    const signal = Float64Array.of(1, 2, 3, 4, 5, 6);
    // 0 Hz adds the frame up: samples -2 to 1, then 2 to 5.
    const sums = (padMode: PadMode) => [...stft(signal, { ...options, padMode }).re.subarray(0, 2)];
    expect(sums('constant')).toEqual([3, 18]);
    expect(sums('reflect')).toEqual([3 + 2 + 1 + 2, 18]);
    expect(sums('edge')).toEqual([1 + 1 + 1 + 2, 18]);
  });

  it('leave silence silent, and a signal of no samples with one empty frame', () => {
    expect(stft(new Float32Array(1000), standard).re.every((value) => value === 0)).toBe(true);
    expect(stft(new Float32Array(0), standard).frames).toBe(1);
    expect(istft(stft(new Float32Array(0), standard), standard).length).toBe(0);
  });

  it('use a shorter window centred in the frame', () => {
    const impulse = new Float64Array(1024);
    impulse[512] = 1;
    const inside = magnitude(stft(impulse, { nFft: 256, hopLength: 512, winLength: 100 }));
    expect(inside.data[1]).toBeCloseTo(1, 12);
    const moved = new Float64Array(1024);
    moved[512 + 60] = 1;
    expect(magnitude(stft(moved, { nFft: 256, hopLength: 512, winLength: 100 })).data[1]).toBe(0);
  });

  it('are undone by magnitude and phase', () => {
    const spectrum = stft(noise(3000), standard);
    const again = fromPolar(magnitude(spectrum), phase(spectrum));
    expect(maxDifference(again.re, spectrum.re)).toBeLessThan(1e-12);
    expect(maxDifference(again.im, spectrum.im)).toBeLessThan(1e-12);
  });

  it('refuse what has no meaning', () => {
    const signal = noise(1000);
    expect(() => stft(signal, { nFft: 500.5, hopLength: 250 })).toThrow('500.5');
    expect(() => stft(signal, { nFft: 512, hopLength: 0 })).toThrow('hop');
    expect(() => stft(signal, { nFft: 512, hopLength: 128, winLength: 600 })).toThrow('does not fit');
    expect(() => stft(signal.subarray(0, 256), { ...standard, padMode: 'reflect' })).toThrow('longer signal');
    expect(() => istft(stft(signal, standard), { nFft: 256, hopLength: 128 })).toThrow('129 bins');
    const spectrum = magnitude(stft(signal, standard));
    expect(() => fromPolar(spectrum, { bins: 1, frames: 1, data: new Float64Array(1) })).toThrow(
      'phases [1, 1]',
    );
  });
});

const golden = referenceFolder('reference', 'dsp');

describe.skipIf(!golden)('against librosa 0.11', () => {
  const clips = [
    'fsdd_0_george_0',
    'fsdd_3_jackson_7',
    'fsdd_7_nicolas_12',
    'fsdd_9_theo_3',
    'libri_118_0046',
    'libri_2136_0021',
  ];
  const variants = [
    { name: 'hann512_256', options: { nFft: 512, hopLength: 256, window: 'hann' } },
    { name: 'sine512_256', options: { nFft: 512, hopLength: 256, window: 'sine' } },
    { name: 'hann256_128', options: { nFft: 256, hopLength: 128, window: 'hann' } },
  ] as const;
  const cases = clips.flatMap((clip) => variants.map((variant) => ({ clip, ...variant })));

  it.each(cases)('$name of $clip', ({ clip, name, options }) => {
    const read = (what: string): Float32Array =>
      readNpy(path.join(golden ?? '', clip, `stft_${name}_${what}.npy`)).data;
    const samples = decodeAudio(path.join(golden ?? '', clip, 'input.wav')).channels[0]!;
    const spectrum = stft(samples, options);
    expect(relativeError(spectrum.re, read('re'))).toBeLessThan(1e-6);
    expect(relativeError(spectrum.im, read('im'))).toBeLessThan(1e-6);
    expect(relativeError(magnitude(spectrum).data, read('mag'))).toBeLessThan(1e-6);
    expect(relativeError(istft(spectrum, options), read('istft'))).toBeLessThan(1e-6);

    // An inconsistent spectrogram shows whether the window sum is divided by as librosa does.
    const rooted = magnitude(spectrum);
    rooted.data.forEach((value, i) => (rooted.data[i] = Math.sqrt(value)));
    const inverted = istft(fromPolar(rooted, phase(spectrum)), { ...options, length: samples.length });
    expect(relativeError(inverted, read('istft_sqrtmag'))).toBeLessThan(1e-5);
  });

  it.each(clips)('reflected padding of %s', (clip) => {
    const samples = decodeAudio(path.join(golden ?? '', clip, 'input.wav')).channels[0]!;
    const spectrum = stft(samples, { nFft: 512, hopLength: 256, window: 'sine', padMode: 'reflect' });
    const expected = readNpy(path.join(golden ?? '', clip, 'stft_sine512_256_reflect_mag.npy'));
    expect([spectrum.bins, spectrum.frames]).toEqual(expected.shape);
    expect(relativeError(magnitude(spectrum).data, expected.data)).toBeLessThan(1e-6);
  });
});
