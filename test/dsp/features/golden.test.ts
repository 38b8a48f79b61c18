import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { frameRows } from '../../../src-main/analyst/extract/frame-rows.ts';
import { framePlan, isFrameKind } from '../../../src-main/dsp/features/plan.ts';
import { readSettings, settle } from '../../../src-main/dsp/features/settings.ts';
import { melBank, melMatrix } from '../../../src-main/dsp/mel.ts';
import type { FeatureKind } from '../../../src-preload/contract/features/settings.ts';
import { golden, goldenClips, goldenDsp, goldenSamples } from '../../helpers/golden-clips.ts';
import { readNpy } from '../../helpers/npy.ts';
import { maxDifference, relativeError } from '../../helpers/signals.ts';

/** What `resynth features` computes, `[rows, frames]` row by row. */
function computed(clip: string, kind: FeatureKind, words: Record<string, string>): Float64Array {
  const { samples, sampleRateHz } = goldenSamples(clip);
  const settings = settle(readSettings(kind, words), sampleRateHz);
  if (!isFrameKind(settings)) throw new Error(`${kind} is not made frame by frame`);
  const plan = framePlan(settings, sampleRateHz);
  const rows: Float64Array[] = [];
  const { frames } = frameRows(
    () => [samples],
    plan,
    (row) => rows.push(Float64Array.from(row)),
  );
  const data = new Float64Array(plan.size * frames);
  rows.forEach((row, frame) => row.forEach((value, bin) => (data[bin * frames + frame] = value)));
  return data;
}

describe.skipIf(!goldenDsp)('features against librosa 0.11', () => {
  it.each([8000, 16_000])('mel filter banks at %i Hz', (sampleRateHz) => {
    for (const nMels of [40, 64, 128]) {
      for (const scale of ['slaney', 'htk'] as const) {
        const name = `melbank_sr${sampleRateHz}_n512_${nMels}_${scale}.npy`;
        const expected = readNpy(path.join(goldenDsp ?? '', 'melbank', name));
        const bank = melMatrix(melBank({ sampleRateHz, nFft: 512, nMels, scale }));
        expect([bank.bins, bank.frames]).toEqual(expected.shape);
        expect(relativeError(bank.data, expected.data)).toBeLessThan(1e-6);
      }
    }
  });

  it.each(goldenClips)('spectra of %s', (clip) => {
    for (const [name, words] of [
      ['stft_hann512_256', { n_fft: '512', hop: '256' }],
      ['stft_sine512_256', { n_fft: '512', hop: '256', window: 'sine' }],
      ['stft_hann256_128', { n_fft: '256', hop: '128' }],
    ] as const) {
      const magnitude = computed(clip, 'magnitude', words);
      expect(relativeError(magnitude, golden(clip, `${name}_mag`).data)).toBeLessThan(1e-6);
      expect(maxDifference(computed(clip, 'db', words), golden(clip, `${name}_db`).data)).toBeLessThan(1e-4);
    }
  });

  it.each(goldenClips)('mel of %s', (clip) => {
    for (const n_mels of ['40', '64', '128']) {
      for (const mel_scale of ['slaney', 'htk']) {
        const words = { n_fft: '512', hop: '256', n_mels, mel_scale };
        const name = `mel${n_mels}_${mel_scale}`;
        expect(relativeError(computed(clip, 'mel', words), golden(clip, name).data)).toBeLessThan(1e-6);
        const inDb = golden(clip, `${name}_powerdb`).data;
        expect(maxDifference(computed(clip, 'logmel', words), inDb)).toBeLessThan(1e-4);
      }
    }
  });

  it.each(goldenClips)('MFCC of %s', (clip) => {
    for (const n_mfcc of ['13', '40']) {
      for (const [n_mels, n_fft, hop] of [
        ['40', '512', '256'],
        ['128', '512', '256'],
        ['128', '2048', '512'],
      ] as const) {
        const name = `mfcc${n_mfcc}_mel${n_mels}_n${n_fft}_h${hop}`;
        const values = computed(clip, 'mfcc', { n_mfcc, n_mels, n_fft, hop });
        expect(maxDifference(values, golden(clip, name).data), name).toBeLessThan(2e-4);
      }
    }
  });
});
