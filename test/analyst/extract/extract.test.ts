import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { extractFeatures } from '../../../src-main/analyst/extract/extract.ts';
import { frameRows } from '../../../src-main/analyst/extract/frame-rows.ts';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import { framePlan, isFrameKind } from '../../../src-main/dsp/features/plan.ts';
import { readSettings, settle } from '../../../src-main/dsp/features/settings.ts';
import { resample } from '../../../src-main/dsp/resample.ts';
import { magnitude, stft } from '../../../src-main/dsp/stft.ts';
import { type FeatureKind, featureKindSchema } from '../../../src-preload/contract/features/settings.ts';
import { readNpyBytes } from '../../helpers/npy.ts';
import { noise, relativeError, sine } from '../../helpers/signals.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function recording(name: string, samples: ArrayLike<number>, sampleRateHz = 8000): string {
  const file = path.join(folder, name);
  writeWav(file, Float32Array.from(samples), sampleRateHz);
  return file;
}

async function extracted(file: string, kind: FeatureKind, words: Record<string, string> = {}) {
  const out = path.join(folder, `${kind}.npy`);
  const made = await extractFeatures({ kind: 'extract', file, out, settings: readSettings(kind, words) });
  return { made, array: readNpyBytes(out), out };
}

const speechLike = recording(
  'speech.wav',
  noise(9000).map((value, n) => 0.3 * value * Math.sin(n / 700) ** 2 + 0.2 * Math.sin(n / 6)),
);

describe('extractFeatures', () => {
  it.each(featureKindSchema.options)(
    'writes %s as numpy reads it, with the shape that it says',
    async (kind) => {
      const { made, array } = await extracted(speechLike, kind, { sr: 'native' });
      expect(array.shape).toEqual(made.shape);
      expect(array.dtype).toBe(kind === 'stft' ? '<c8' : '<f4');
      expect(array.fortranOrder).toBe(made.fortranOrder);
      expect(array.values.length).toBe(made.shape[0]! * made.shape[1]! * (kind === 'stft' ? 2 : 1));
      expect(made.samples).toBe(9000);
      const voiced = kind === 'f0' ? array.values.subarray(made.shape[1]!) : array.values;
      expect(voiced.every(Number.isFinite)).toBe(true);
    },
  );

  it('gives the transform of the samples as they are in the file', async () => {
    const samples = Float32Array.from(noise(6000), (value) => Math.round(20_000 * value) / 32_768);
    const words = { sr: 'native', n_fft: '300', hop: '111', window: 'hamming', pad_mode: 'reflect' };
    const { made, array } = await extracted(recording('noise.wav', samples), 'magnitude', words);
    const expected = magnitude(
      stft(samples, { nFft: 300, hopLength: 111, window: 'hamming', padMode: 'reflect' }),
    );
    expect(made.shape).toEqual([expected.bins, expected.frames]);
    expect(relativeError(array.rowMajor(), expected.data)).toBeLessThan(1e-6);
  });

  it('resamples to 22050 Hz where nothing else is said, cut first', async () => {
    const samples = sine(440, 8000, 16_000).map((value) => value / 2);
    const file = recording('tone.wav', samples);
    const { made, array } = await extracted(file, 'rms', { offset: '0.5', duration: '1' });
    expect(made).toMatchObject({ sampleRateHz: 22_050, sourceSampleRateHz: 8000, samples: 22_050 });
    const whole = resample(Float32Array.from(samples.subarray(4000, 12_000)), 8000, 22_050);
    expect(whole).toHaveLength(22_050);
    expect(array.values[20]).toBeCloseTo(0.5 * Math.SQRT1_2, 3);
  });

  it('measures loudness: a 997 Hz sine at full scale is -3.01 LKFS', async () => {
    const file = recording(
      'full.wav',
      sine(997, 48_000, 96_000).map((value) => value * 0.999),
      48_000,
    );
    const { made, array } = await extracted(file, 'loudness', { sr: 'native' });
    expect(made.figures.integrated_lkfs).toBeCloseTo(-3.02, 1);
    expect(made.shape).toEqual([1, 17]);
    expect(array.values[5]).toBeCloseTo(-3.02, 1);
  });

  it('refuses what cannot be, names the file, and leaves nothing behind', async () => {
    const short = recording('short.wav', noise(100));
    await expect(extracted(short, 'stft', { sr: 'native', pad_mode: 'reflect' })).rejects.toMatchObject({
      code: 'features/too-short',
      params: { file: expect.stringContaining('short.wav') as string },
    });
    await expect(extracted(short, 'delta', { sr: 'native' })).rejects.toMatchObject({
      code: 'features/too-short',
    });
    await expect(extracted(short, 'mel', { sr: 'native', fmax: '5000' })).rejects.toMatchObject({
      code: 'features/bad-setting',
      params: { setting: 'fmax', value: '5000' },
    });
    await expect(extracted(path.join(folder, 'none.wav'), 'stft')).rejects.toMatchObject({
      code: 'audio/missing',
    });
    writeFileSync(path.join(folder, 'text.wav'), 'RIFF what');
    await expect(extracted(path.join(folder, 'text.wav'), 'stft')).rejects.toMatchObject({
      code: /^audio\//,
    });
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('refuses a signal that not one frame fits into, as librosa does', async () => {
    const short = recording('brief.wav', noise(100));
    for (const [kind, words] of [
      ['stft', { n_fft: '128', center: 'false' }],
      ['rms', { frame_length: '128', center: 'false' }],
      ['loudness', {}],
    ] as const) {
      const made = extracted(short, kind, { sr: 'native', ...words });
      await expect(made, kind).rejects.toMatchObject({ code: 'features/too-short' });
    }
    const { made } = await extracted(short, 'stft', { sr: 'native', n_fft: '100', center: 'false' });
    expect(made.shape).toEqual([51, 1]);
  });

  it('refuses a hop that no memory holds by its name', async () => {
    const made = extracted(speechLike, 'stft', { hop: '1000000000' });
    await expect(made).rejects.toMatchObject({
      code: 'features/bad-setting',
      params: { setting: 'hop_length' },
    });
  });

  it('gives of a long recording what the whole signal gives, at its rate and resampled', async () => {
    // 21 s at 16 kHz: many blocks of the reader, and several pieces of the resampler.
    const samples = Float32Array.from(noise(336_789), (value) => Math.round(20_000 * value) / 32_768);
    const file = recording('long.wav', samples, 16_000);
    for (const sr of [16_000, 22_050]) {
      const { array } = await extracted(file, 'stft', { sr: String(sr), hop: '700' });
      const signal = sr === 16_000 ? samples : resample(samples, 16_000, sr);
      const { re, im, bins, frames } = stft(signal, { nFft: 2048, hopLength: 700 });
      expect(array.shape).toEqual([bins, frames]);
      let worst = 0;
      for (let frame = 0, at = 0; frame < frames; frame++) {
        for (let bin = 0; bin < bins; bin++, at += 2) {
          const expected = bin * frames + frame;
          const apart = Math.hypot(array.values[at]! - re[expected]!, array.values[at + 1]! - im[expected]!);
          if (!(apart <= worst)) worst = apart;
        }
      }
      // Of magnitudes up to some forty.
      expect(worst, `at ${sr} Hz`).toBeLessThan(1e-4);
    }
  });
});

describe('frameRows', () => {
  it('gives the frames of the whole signal, however long it is and however it comes', () => {
    const numbers = fc.record({
      nFft: fc.constantFrom(64, 100, 512),
      hopLength: fc.integer({ min: 16, max: 900 }),
      length: fc.integer({ min: 600, max: 60_000 }),
      // As FLAC, MP3 and the readers of our own give them, and odd ones.
      block: fc.constantFrom(1152, 4096, 4608, 65_536, 997),
      padMode: fc.constantFrom('constant', 'reflect', 'edge'),
    });
    fc.assert(
      fc.property(numbers, ({ nFft, hopLength, length, block, padMode }) => {
        const signal = Float32Array.from(noise(length));
        const words = { n_fft: String(nFft), hop: String(hopLength), pad_mode: padMode, sr: 'native' };
        const settings = settle(readSettings('stft', words), 8000);
        if (!isFrameKind(settings)) throw new Error('stft is made frame by frame');
        const blocks = function* (): Generator<Float32Array> {
          for (let from = 0; from < length; from += block) yield signal.subarray(from, from + block);
        };
        const { re, im, bins, frames } = stft(signal, { nFft, hopLength, padMode });
        let [frame, worst] = [0, 0];
        const passed = frameRows(blocks, framePlan(settings, 8000), (row) => {
          for (let bin = 0; bin < bins; bin++) {
            const at = bin * frames + frame;
            const apart = Math.hypot(row[2 * bin]! - re[at]!, row[2 * bin + 1]! - im[at]!);
            if (!(apart <= worst)) worst = apart;
          }
          frame++;
        });
        expect(passed).toEqual({ frames, samples: length });
        expect(worst).toBeLessThan(1e-5 * nFft);
      }),
      { numRuns: 60 },
    );
  });

  it('reads a signal twice whose rows are too many to be held, to the same rows', () => {
    const settings = settle(readSettings('db', { n_fft: '64', sr: 'native' }), 8000);
    if (!isFrameKind(settings)) throw new Error('db is made frame by frame');
    const plan = framePlan(settings, 8000);
    const signal = Float32Array.from(noise(5000));
    const rowsOf = (mostKept?: number) => {
      let opened = 0;
      const rows: Float64Array[] = [];
      const open = () => {
        opened++;
        return [signal];
      };
      const passed = frameRows(open, plan, (row) => rows.push(Float64Array.from(row)), mostKept);
      return { opened, rows, passed };
    };
    const [held, reread] = [rowsOf(), rowsOf(1000)];
    expect([held.opened, reread.opened]).toEqual([1, 2]);
    expect(reread.rows).toEqual(held.rows);
    expect(reread.passed).toEqual({ frames: held.rows.length, samples: 5000 });
  });
});
