import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { encodeWav } from '../../src-main/audio/write-wav.ts';
import { InferenceProcess } from '../../src-main/inference/client.ts';
import { LoadedModel } from '../../src-main/inference/loaded-model.ts';
import type { ModelReference } from '../../src-main/inference/protocol.ts';
import { reconstructSound, type SoundJob, warmUp } from '../../src-main/inference/reconstruct-sound.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { tinyRun } from './tiny-run.ts';

const clipSec = 0.15;

/** A tone that becomes louder, so that every part of it is another one. */
function risingTone(sec: number, rate = 8000): Uint8Array<ArrayBuffer> {
  const samples = Float32Array.from(
    { length: Math.round(sec * rate) },
    (_, n) => (0.1 + (0.5 * n) / (sec * rate)) * Math.sin((2 * Math.PI * 700 * n) / rate),
  );
  return encodeWav([samples], rate, 'pcm16').bytes;
}

describe('one recording through a model, in memory', () => {
  let root: string;
  let reference: ModelReference;

  beforeEach(async () => {
    root = await temporaryFolder();
    reference = await tinyRun(root);
  });

  async function tried(name: string, bytes: Uint8Array, more: Partial<SoundJob> = {}) {
    const file = path.join(root, 'upload');
    await writeFile(file, bytes);
    const model = await LoadedModel.load(reference);
    onTestFinished(() => model.dispose());
    const job: SoundJob = {
      model: reference,
      file,
      name,
      startSec: 0,
      lengthSec: null,
      fromSec: 0,
      mostSec: 2,
      extent: 'pieces',
      iterations: 4,
      seed: 0,
      ...more,
    };
    return reconstructSound(model, job);
  }

  it('has the figures that `reconstruct` writes for the same file', async () => {
    const inference = new InferenceProcess();
    onTestFinished(() => inference.close());
    const file = path.join(root, 'short.wav');
    await writeFile(file, risingTone(0.1));
    const { clips } = await inference.request('reconstructFiles', {
      model: reference,
      files: [file],
      folder: path.join(root, 'out'),
      inversion: { methods: ['griffin-lim'], iterations: 4, seed: 0 },
      bits: 32,
    });
    const sound = await tried('short.wav', risingTone(0.1));
    const [clip] = clips;
    expect(sound.error.mse).toBeCloseTo(clip!.error.mse, 6);
    expect(sound.error.lsdSpokenFramesDb).toBeCloseTo(clip!.error.lsdSpokenFramesDb, 3);
    expect(sound.ceilingError.lsdSpokenFramesDb).toBeCloseTo(clip!.ceiling[0]!.error.lsdSpokenFramesDb, 3);
    expect(sound.heardError.lsdSpokenFramesDb).toBeCloseTo(
      clip!.reconstruction[0]!.error.lsdSpokenFramesDb,
      3,
    );
    expect(sound.klNats).toBeCloseTo(clip!.klNats, 4);
    expect(sound).toMatchObject({
      pieces: 1,
      overlapSec: 0,
      clipSec,
      modelledSec: 0.1,
      wholeSec: 0.1,
      channels: 1,
    });
  });

  it('is given in pieces where it is longer than a clip, all three as long as it', async () => {
    const sound = await tried('long.wav', risingTone(1, 16_000));
    expect(sound.pieces).toBeGreaterThan(6);
    expect(sound.overlapSec).toBeGreaterThan(0.03);
    expect(sound.modelledSec).toBeCloseTo(1, 6);
    for (const { samples, levels } of [sound.original, sound.ceiling, sound.reconstruction]) {
      expect(samples).toHaveLength(8000);
      expect(levels).toHaveLength(32 * 251);
      expect(samples.every((value) => Number.isFinite(value))).toBe(true);
    }
    expect(sound.ceilingError.lsdSpokenFramesDb).toBeLessThan(sound.heardError.lsdSpokenFramesDb);
  });

  it('is one clip where that is asked for, from where it is asked', async () => {
    const from = await tried('long.wav', risingTone(1), { extent: 'first', fromSec: 0.5 });
    expect(from).toMatchObject({ pieces: 1, modelledSec: clipSec });
    expect(from.original.samples).toHaveLength(1200);
    const peak = Math.max(...from.original.samples);
    expect(peak).toBeGreaterThan(0.35);
    expect(peak).toBeLessThan(0.5);
  });

  it('is a stretch of a longer file where the dataset says so', async () => {
    const part = await tried('talk.wav', risingTone(3), { startSec: 1, lengthSec: 0.12 });
    expect(part).toMatchObject({ pieces: 1, wholeSec: 0.12 });
    expect(part.modelledSec).toBeCloseTo(0.12, 6);
    const peak = Math.max(...part.original.samples);
    expect(peak).toBeGreaterThan(0.25);
    expect(peak).toBeLessThan(0.32);
    await expect(
      tried('talk.wav', risingTone(3), { startSec: 1, lengthSec: 0.12, fromSec: 0.5 }),
    ).rejects.toMatchObject({ code: 'voice/begins-after-end' });
  });

  it('is cut at what is modelled at most', async () => {
    const sound = await tried('long.wav', risingTone(3), { mostSec: 0.5 });
    expect(sound.modelledSec).toBeCloseTo(0.5, 6);
    expect(sound.wholeSec).toBeCloseTo(3, 6);
  });

  it('is refused by the name that the user knows', async () => {
    await expect(
      tried('my letter.wav', Buffer.from('no audio, only words, and more of them')),
    ).rejects.toMatchObject({
      code: 'audio/not-audio',
      params: { file: 'my letter.wav' },
    });
    await expect(tried('mine.wav', risingTone(0.5), { fromSec: 2 })).rejects.toMatchObject({
      code: 'voice/begins-after-end',
      params: { name: 'mine.wav', fromSec: 2 },
    });
  });

  it('that is silent stays silent, and is told to be', async () => {
    const sound = await tried('silent.wav', encodeWav([new Float32Array(4000)], 8000, 'pcm16').bytes);
    expect(sound.silent).toBe(true);
    expect(sound.reconstruction.samples.every((value) => value === 0)).toBe(true);
  });

  it('writes nothing, nor does warming up', async () => {
    const before = readdirSync(root, { recursive: true }).length;
    const model = await LoadedModel.load(reference);
    onTestFinished(() => model.dispose());
    await warmUp(model);
    await tried('short.wav', risingTone(0.1));
    const left = readdirSync(root, { recursive: true }).filter((name) => name !== 'upload');
    expect(left.length).toBeLessThanOrEqual(before);
  });
});
