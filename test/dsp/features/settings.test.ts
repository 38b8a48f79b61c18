import { describe, expect, it } from 'vitest';
import { framePlan, isFrameKind } from '../../../src-main/dsp/features/plan.ts';
import { readSettings, settle } from '../../../src-main/dsp/features/settings.ts';
import {
  conventionDefaults,
  featureKindSchema,
  settingNames,
} from '../../../src-preload/contract/features/settings.ts';
import { refusal } from '../../helpers/refusal.ts';

describe('readSettings', () => {
  it("has librosa's defaults", () => {
    expect(settle(readSettings('mel', {}), 22_050)).toMatchObject({
      sr: 22_050,
      n_fft: 2048,
      win_length: 2048,
      hop_length: 512,
      window: 'hann',
      pad_mode: 'constant',
      n_mels: 128,
      fmax: 11_025,
      mel_scale: 'slaney',
      norm: 'slaney',
    });
    // The hop of a bare transform follows the window, that of mel and RMS does not.
    expect(settle(readSettings('stft', { n_fft: '512' }), 16_000)).toMatchObject({ hop_length: 128 });
    expect(settle(readSettings('rms', {}), 16_000)).toMatchObject({ frame_length: 2048, hop_length: 512 });
    expect(settle(readSettings('f0', { sr: 'native' }), 16_000)).toMatchObject({
      hop_length: 512,
      frame_length: 2048,
    });
    expect(settle(readSettings('db', {}), 16_000)).toMatchObject({ amin: 1e-5, top_db: 80 });
    expect(settle(readSettings('logmel', {}), 16_000)).toMatchObject({ amin: 1e-10, top_db: 80 });
  });

  it("has torchaudio's where they are asked for, and what is set wins", () => {
    const settings = readSettings('logmel', { n_mels: '80' }, 'torchaudio');
    expect(settle(settings, 16_000)).toMatchObject({
      sr: 'native',
      n_fft: 400,
      hop_length: 200,
      pad_mode: 'reflect',
      mel_scale: 'htk',
      norm: 'none',
      n_mels: 80,
      top_db: 'none',
    });
    expect(readSettings('mfcc', {}, 'torchaudio')).toMatchObject({ n_mfcc: 40, top_db: 80 });
    expect(readSettings('mel', { pad_mode: 'edge' }, 'torchaudio')).toMatchObject({ pad_mode: 'edge' });
  });

  it('reads every default of either convention back, for every kind', () => {
    for (const kind of featureKindSchema.options) {
      for (const convention of ['librosa', 'torchaudio'] as const) {
        const settled = settle(readSettings(kind, {}, convention), 16_000);
        const words = Object.fromEntries(
          Object.entries(settled)
            .filter(([name, value]) => name !== 'kind' && value !== undefined)
            .map(([name, value]) => [name, String(value)]),
        );
        expect(settle(readSettings(kind, words), 16_000)).toEqual(settled);
        for (const name of Object.keys(conventionDefaults(convention, kind)))
          expect(settingNames(kind)).toContain(name);
      }
    }
  });

  it('takes hop for hop_length', () => {
    expect(readSettings('stft', { hop: '100' })).toMatchObject({ hop_length: 100 });
  });

  it('refuses a setting that the kind does not have, by name', () => {
    expect(refusal(() => readSettings('stft', { n_mel: '40' }))).toMatchObject({
      code: 'features/unknown-setting',
      params: { setting: 'n_mel', kind: 'stft' },
    });
    expect(refusal(() => readSettings('mel', { n_mel: '40' })).remedy).toContain('Did you mean n_mels?');
    expect(refusal(() => readSettings('loudness', { hop: '40' })).params.setting).toBe('hop');
  });

  it.each([
    ['stft', { hop: '0' }, 'hop_length', 'at least 1'],
    ['stft', { n_fft: '1.5' }, 'n_fft', 'whole number'],
    ['stft', { window: 'hat' }, 'window', 'one of hann'],
    ['stft', { win_length: '4096' }, 'win_length', 'does not fit'],
    ['stft', { gaussian_std: '3' }, 'gaussian_std', 'not gaussian'],
    ['mel', { fmax: '9000' }, 'fmax', '8000'],
    ['mel', { fmin: '8000' }, 'fmin', 'below fmax'],
    ['mel', { sr: 'fast' }, 'sr', 'none of the values'],
    ['mfcc', { n_mfcc: '200' }, 'n_mfcc', 'n_mels'],
    ['delta', { width: '4' }, 'width', 'odd'],
    ['f0', { fmax: '9000' }, 'fmax', '8000'],
    ['f0', { frame_length: '128' }, 'frame_length', 'does not fit'],
    ['logmel', { top_db: '-1' }, 'top_db', 'at least 0'],
    ['logmel', { amin: '0' }, 'amin', 'above 0'],
  ] as const)('refuses of %s %j', (kind, words, setting, reason) => {
    const refused = refusal(() => settle(readSettings(kind, words), 16_000));
    expect(refused.code).toBe('features/bad-setting');
    expect(refused.params.setting).toBe(setting);
    expect(refused.message).toContain(reason);
  });
});

describe('framePlan', () => {
  it('warns of mel filters that hold no bin', () => {
    const settings = settle(readSettings('mel', { n_fft: '256' }), 16_000);
    if (!isFrameKind(settings)) throw new Error('mel is made frame by frame');
    expect(framePlan(settings, 16_000).warnings).toEqual([
      expect.stringMatching(/^\d+ of 128 mel filters hold no bin of an FFT of 256 samples/),
    ]);
  });
});
