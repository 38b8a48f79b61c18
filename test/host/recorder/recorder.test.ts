import { readdirSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../../src-main/audio/decode.ts';
import { encodeWav } from '../../../src-main/audio/write-wav.ts';
import { parseFsddName } from '../../../src-main/corpora/fsdd.ts';
import { activeLevelDbfs } from '../../../src-main/dsp/loudness.ts';
import {
  handleRecordingsCut,
  handleRecordingsPlan,
  handleRecordingsSaveTake,
  handleRecordingsTrim,
} from '../../../src-main/host/recorder/commands.ts';
import { TakeNames } from '../../../src-main/host/recorder/take-names.ts';
import { handleUploadsPut } from '../../../src-main/host/uploads/commands.ts';
import {
  recordingsCut,
  recordingsPlan,
  recordingsSaveTake,
  recordingsTrim,
} from '../../../src-preload/contract/commands/recorder.ts';
import { refusal } from '../../helpers/refusal.ts';
import { noise } from '../../helpers/signals.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { add, contextOf, openServices } from '../datasets/dataset-services.ts';

const rate = 16_000;

/** Words, half a second each, the first at 300 Hz and each one 100 Hz above the one before, with pauses in noise. */
function session(amplitudes: readonly number[]): Float32Array {
  const samples = Float32Array.from(noise(rate * (1 + 1.5 * amplitudes.length)), (value) => 3e-4 * value);
  for (const [word, amplitude] of amplitudes.entries()) {
    const from = rate * (0.8 + 1.5 * word);
    const hz = 300 + 100 * word;
    for (let n = 0; n < rate / 2; n++)
      samples[from + n]! += amplitude * Math.sin((2 * Math.PI * hz * n) / rate);
  }
  return samples;
}

async function host(amplitudes: readonly number[] = [0.1, 0.5, 0.02]) {
  const services = await openServices();
  const context = contextOf(services);
  const folder = await temporaryFolder();
  const { bytes } = encodeWav([session(amplitudes)], rate, 'pcm16');
  const file = path.join(folder, 'session.wav');
  await writeFile(file, bytes);
  const out = path.join(folder, 'takes');
  const upload = async (): Promise<string> =>
    (
      await handleUploadsPut(
        { name: 'take.wav', bytes: bytes.length, offset: 0, piece: bytes, upload: undefined },
        context,
      )
    ).upload;
  const cut = (input: object) =>
    handleRecordingsCut(recordingsCut.input.parse({ file, out, speaker: 'ana', ...input }), context);
  const plan = (input: object) =>
    handleRecordingsPlan(recordingsPlan.input.parse({ out, speaker: 'ana', ...input }), context);
  const save = (input: object) =>
    handleRecordingsSaveTake(recordingsSaveTake.input.parse({ out, speaker: 'ana', ...input }), context);
  const trim = (input: object) => handleRecordingsTrim(recordingsTrim.input.parse(input), context);
  return { services, file, folder, out, upload, cut, plan, save, trim };
}

const three = { prompts: ['zero', 'one', 'two'] };

describe('cutting a session', () => {
  it('gives a file a prompt, named as FSDD does, all at one level, which is a dataset', async () => {
    const { services, out, cut } = await host();
    const { takes, warnings } = await cut(three);
    expect(readdirSync(out).sort()).toEqual(['0_ana_0.wav', '1_ana_0.wav', '2_ana_0.wav']);
    expect(warnings).toEqual([]);
    for (const [at, take] of takes.entries()) {
      const { channels, sampleRateHz, durationSec } = decodeAudio(take.file);
      expect(sampleRateHz).toBe(rate);
      expect(durationSec).toBeCloseTo(0.6, 1);
      expect(take.fromSec).toBeCloseTo(0.75 + 1.5 * at, 1);
      expect(activeLevelDbfs(channels, rate)).toBeCloseTo(-20, 1);
      expect(parseFsddName(path.basename(take.file))).toEqual({
        digit: String(at),
        speaker: 'ana',
        index: 0,
      });
    }
    const dataset = await add(services, { dir: out, name: 'mine' });
    expect(dataset).toMatchObject({ layout: 'fsdd', recordings: 3 });
  });

  it('counts takes on from what is there, and replaces nothing', async () => {
    const { out, cut } = await host();
    await cut(three);
    const before = readFileSync(path.join(out, '0_ana_0.wav'));
    await cut({ ...three, levelDb: -30 });
    expect(
      readdirSync(out)
        .filter((name) => name.startsWith('0_'))
        .sort(),
    ).toEqual(['0_ana_0.wav', '0_ana_1.wav']);
    expect(readFileSync(path.join(out, '0_ana_0.wav')).equals(before)).toBe(true);
  });

  it('follows the order that was said', async () => {
    const { cut } = await host([0.1, 0.1, 0.1, 0.1]);
    const said = async (input: object) =>
      (await cut({ prompts: ['yes', 'no'], takes: 2, ...input })).takes.map(
        ({ prompt, take }) => `${prompt} ${take}`,
      );
    expect(await said({ speaker: 'ann' })).toEqual(['yes 0', 'no 0', 'yes 1', 'no 1']);
    expect(await said({ speaker: 'bob', grouped: true })).toEqual(['yes 0', 'yes 1', 'no 0', 'no 1']);
  });

  it('puts other words into folders that the library takes for their labels', async () => {
    const { services, out, cut } = await host();
    await cut({ prompts: ['yes', 'no', 'New York'] });
    expect(readdirSync(out).sort()).toEqual(['New-York', 'no', 'yes']);
    expect(readdirSync(path.join(out, 'New-York'))).toEqual(['New-York_ana_0.wav']);
    const dataset = await add(services, { dir: out, name: 'words' });
    expect(dataset).toMatchObject({ layout: 'folder', recordings: 3 });
    expect([...dataset.labels].sort()).toEqual(['New-York', 'no', 'yes']);
  });

  it('writes nothing where more or fewer were said than asked, and tells where they are', async () => {
    const { folder, cut } = await host();
    await expect(cut({ prompts: ['zero', 'one'] })).rejects.toMatchObject({
      code: 'recorder/count-differs',
      params: { found: 3, expected: 2 },
      message: expect.stringContaining('0.75-1.35') as string,
    });
    expect(readdirSync(folder)).toEqual(['session.wav']);
  });

  it('resamples where a rate is asked for, and leaves the level where that is', async () => {
    const { cut } = await host([0.1]);
    const { takes } = await cut({ prompts: ['five'], sampleRateHz: 8000, levelDb: 'off' });
    const { sampleRateHz, channels } = decodeAudio(takes[0]!.file);
    expect(sampleRateHz).toBe(8000);
    expect(takes[0]).toMatchObject({ gainDb: 0 });
    expect(activeLevelDbfs(channels, 8000)).toBeCloseTo(-23, 0);
  });

  it('refuses silence, what is no audio, and names that cannot be files', async () => {
    const { folder, cut } = await host();
    const silent = path.join(folder, 'silent.wav');
    await writeFile(silent, encodeWav([new Float32Array(rate)], rate, 'pcm16').bytes);
    await expect(cut({ file: silent })).rejects.toMatchObject({ code: 'microphone/nothing-heard' });
    const text = path.join(folder, 'letter.wav');
    await writeFile(text, 'dear reader, this is no recording at all');
    await expect(cut({ file: text })).rejects.toMatchObject({ code: 'audio/not-audio' });
    await expect(cut({ thresholdDb: -3 })).rejects.toMatchObject({ code: 'recorder/nothing-said' });
    for (const [input, code] of [
      [{ speaker: '../ana' }, 'recorder/speaker-name'],
      [{ prompts: ['yes', '?!'] }, 'recorder/prompt-name'],
      [{ prompts: ['three', '3'] }, 'recorder/prompts-alike'],
      [{ prompts: ['Yes', 'yes'] }, 'recorder/prompts-alike'],
    ] as const) {
      await expect(cut(input)).rejects.toMatchObject({ code });
    }
  });

  it('leaves no half of it where a file cannot be written', async ({ skip }) => {
    skip(
      process.getuid?.() === 0 || process.platform === 'win32',
      'SKIPPED: the superuser may write everywhere',
    );
    const { out, cut } = await host();
    await cut(three);
    await chmod(out, 0o500);
    await expect(cut({ ...three, speaker: 'bob' })).rejects.toMatchObject({ code: 'files/not-writable' });
    await chmod(out, 0o700);
    expect(readdirSync(out)).toHaveLength(3);
  });
});

describe('takes of the window', () => {
  it('are trimmed to what was said, with the most sound in it, before they are kept', async () => {
    const { upload, trim } = await host();
    const id = await upload();
    const take = await trim({ upload: id });
    expect(take).toMatchObject({ utterances: 3, clipped: 0 });
    expect(take.fromSec).toBeCloseTo(2.25, 1);
    expect(take.toSec).toBeCloseTo(2.85, 1);
    expect(take.levelDb).toBeCloseTo(-20, 3);
    expect(take.warnings.join()).toMatch(/heard 3 times/);
    const whole = await trim({ upload: id, whole: true });
    expect(whole.fromSec).toBeCloseTo(0.75, 1);
    expect(whole.toSec).toBeCloseTo(4.35, 1);
    expect(whole.warnings).toEqual([]);
  });

  it('are told of where the microphone was overdriven', async () => {
    const { upload, trim } = await host([1.5]);
    const take = await trim({ upload: await upload() });
    expect(take.clipped).toBeGreaterThan(100);
    expect(take.warnings.join()).toMatch(/overdriven/);
  });

  it('are written once; a second time only as a redo, which puts the first aside', async () => {
    const { out, upload, plan, save } = await host();
    const one = { ...three, prompt: 'two', take: 1, upload: await upload() };
    const saved = await save(one);
    expect(saved.file).toBe(path.join(out, '2_ana_1.wav'));
    const first = readFileSync(saved.file);
    await expect(save({ ...one, levelDb: -30 })).rejects.toMatchObject({ code: 'recorder/take-exists' });
    expect(readFileSync(saved.file).equals(first)).toBe(true);
    await save({ ...one, levelDb: -30, redo: true });
    expect(readFileSync(saved.file).equals(first)).toBe(false);
    const [aside] = readdirSync(path.join(out, '.replaced'));
    expect(readFileSync(path.join(out, '.replaced', aside!)).equals(first)).toBe(true);
    const { recorded, missing, prompts } = await plan({ ...three, takes: 2 });
    expect({ recorded, missing }).toEqual({ recorded: 1, missing: 5 });
    expect(prompts[2]?.takes.map((take) => take.recorded)).toEqual([false, true]);
  });

  it('that cannot be made leave the one that is there in its place', async () => {
    const { services, out, upload, save } = await host();
    const one = { ...three, prompt: 'two', take: 0, upload: await upload(), redo: true };
    await save(one);
    const first = readFileSync(path.join(out, '2_ana_0.wav'));
    const { analysts } = services;
    const failing = new Proxy(analysts, {
      get: (target, key) =>
        key === 'run'
          ? (task: Parameters<typeof target.run>[0]) =>
              task.kind === 'cutTakes' ? Promise.reject(new Error('the disk is full')) : target.run(task)
          : Reflect.get(target, key),
    });
    const context = contextOf({ ...services, analysts: failing });
    const input = recordingsSaveTake.input.parse({ out, speaker: 'ana', ...one });
    await expect(handleRecordingsSaveTake(input, context)).rejects.toThrow(/disk is full/);
    expect(readFileSync(path.join(out, '2_ana_0.wav')).equals(first)).toBe(true);
  });
});

describe('names', () => {
  it('are read back as what they were made of', () => {
    const names = new TakeNames('/d', 'ana', ['three', '7']);
    expect(names.file('three', 12)).toBe(path.join('/d', '3_ana_12.wav'));
    expect(names.takeOf('three', '3_ana_12.wav')).toBe(12);
    expect(names.takeOf('three', '3_ann_12.wav')).toBeNull();
    expect(names.takeOf('three', '3_ana_x.wav')).toBeNull();
    expect(names.takeOf('7', '3_ana_12.wav')).toBeNull();
    expect(refusal(() => names.label('four')).code).toBe('recorder/prompt-name');
  });

  it('stay clear of what Windows keeps for devices', () => {
    expect(new TakeNames('/d', 'ana', ['con', 'yes']).file('con', 0)).toBe(
      path.join('/d', 'con-', 'con-_ana_0.wav'),
    );
  });
});
