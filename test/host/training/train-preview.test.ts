import { describe, expect, it } from 'vitest';
import { trainPreview } from '../../../src-preload/contract/commands/train-form.ts';
import { handleTrainPreview } from '../../../src-main/host/training/train-preview.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { listeningHost } from '../listening/listening-services.ts';

const ask = { dataset: 'tones', preset: 'fsdd-vae-compact', set: {}, split: 'train' as const };

describe('preview of what a model is given', () => {
  it('has the original and the ceiling as sound and picture on one scale', async () => {
    const { context, add } = listeningHost(await temporaryFolder());
    add('a.wav', { sec: 0.5 });
    add('b.wav');
    const output = trainPreview.output.parse(await handleTrainPreview(ask, context));
    expect(output).toMatchObject({ recording: 'a.wav', previous: null, next: 'b.wav', cutSec: 0 });
    expect(output.paddedSec).toBeCloseTo(0.24, 6);
    const { original, ceiling } = output;
    expect(original.sound).toMatchObject({ sampleRateHz: 22_050, channels: 1 });
    expect(original.sound.samples).toHaveLength(16_317);
    expect(ceiling.sound.samples).toHaveLength(16_317);
    expect(original.picture).toMatchObject({ bins: 256, frames: 64 });
    const { minDb, maxDb } = original.picture;
    expect(ceiling.picture).toMatchObject({ minDb, maxDb });
    expect(ceiling.method).toMatch(/Griffin-Lim/);
    expect(output.notes.join()).toMatch(/above 4 kHz there is nothing/);
  });

  it('shows a sine of half full scale at -6 dBFS in its bin', async () => {
    const { context, add } = listeningHost(await temporaryFolder());
    add('a.wav', { sec: 0.74, rateHz: 22_050 });
    const { original } = await handleTrainPreview(ask, context);
    const { levels, frames, minDb, maxDb } = original.picture;
    const middle = Array.from({ length: 256 }, (_, bin) => levels[bin * frames + 32] ?? 0);
    const loudest = Math.max(...middle);
    expect(middle.indexOf(loudest)).toBe(Math.round((440 * 512) / 22_050));
    // 440 Hz lies between two bins: at most 1.4 dB of it are lost there.
    const db = minDb + (loudest / 255) * (maxDb - minDb);
    expect(db).toBeGreaterThan(-7.6);
    expect(db).toBeLessThan(-5.8);
  });

  it('says what is cut, and what a silent recording means', async () => {
    const { context, add } = listeningHost(await temporaryFolder());
    add('long.wav', { sec: 2 });
    add('silent.wav', { silent: true });
    const long = await handleTrainPreview(ask, context);
    expect(long.cutSec).toBeCloseTo(1.26, 3);
    expect(long.notes.join()).toMatch(/Only the first 0.74 s of 2.00 s/);
    const silent = await handleTrainPreview({ ...ask, recording: 'silent.wav' }, context);
    expect(silent.notes.join()).toMatch(/left out of training/);
    expect(silent.ceiling.sound.samples.every((sample) => sample === 0)).toBe(true);
  });

  it('uses the settings of the form', async () => {
    const { context, add } = listeningHost(await temporaryFolder());
    add('a.wav');
    const set = { sampleRateHz: '8000', hopLength: '93' };
    const { original } = await handleTrainPreview({ ...ask, set }, context);
    expect(original.sound.sampleRateHz).toBe(8000);
    expect(original.picture.hopLength).toBe(93);
  });

  it('refuses what is not there, and a recording that has changed', async () => {
    const { context, add, damage } = listeningHost(await temporaryFolder());
    await expect(handleTrainPreview(ask, context)).rejects.toMatchObject({ code: 'dataset/split-empty' });
    add('a.wav');
    await expect(handleTrainPreview({ ...ask, recording: 'x.wav' }, context)).rejects.toMatchObject({
      code: 'dataset/recording-unknown',
    });
    await expect(handleTrainPreview({ ...ask, set: { epochs: 'x' } }, context)).rejects.toMatchObject({
      code: 'models/setting-invalid',
    });
    damage('a.wav');
    await expect(handleTrainPreview(ask, context)).rejects.toMatchObject({ code: 'dataset/file-changed' });
  });
});
