import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
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
});

describe('frameRows', () => {
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
