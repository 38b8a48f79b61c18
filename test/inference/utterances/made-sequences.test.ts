import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  generateContinue,
  generateFreeRunning,
  generatePrior,
  type Recipe,
} from '../../../src-preload/contract/commands/generate.ts';
import { decodeAudio } from '../../../src-main/audio/decode.ts';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import { generateSet } from '../../../src-main/inference/latent/generate.ts';
import { makeClips } from '../../../src-main/inference/latent/make-clips.ts';
import type { MadeClip } from '../../../src-main/inference/latent/made-clip.ts';
import type { Ingredients, KnownRecording } from '../../../src-main/inference/latent/protocol.ts';
import { LoadedModel } from '../../../src-main/inference/loaded-model.ts';
import { sampleFiles } from '../../../src-main/inference/sample-files.ts';
import { tinyRun } from '../tiny-run.ts';

const quiet = { progress: () => undefined, signal: new AbortController().signal };
const small = {
  ...{ sampleRateHz: '1000', 'features.nFft': '16', 'features.hopLength': '8', 'features.frames': '12' },
  ...{ latentDim: '2', batchSize: '2' },
};
/** One that hears itself, and one that does not. */
const presets = {
  'dvae-vrnn': { denseX: '4', denseZ: '4', denseHxToZ: '4', denseHzToX: '4', denseHToZ: '4', recurrent: '4' },
  'dvae-dkf': { denseXToGx: '4', recurrentGx: '4', denseZToG: '4', denseGToZ: '4', denseZToX: '4' },
} as const;

let root: string;
const models: Record<string, LoadedModel> = {};
let tone: KnownRecording;

beforeAll(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'resynth-sequences-'));
  for (const [preset, layers] of Object.entries(presets)) {
    const folder = path.join(root, preset);
    models[preset] = await LoadedModel.load(
      await tinyRun(folder, [7], { preset, overrides: { ...small, ...layers } }),
    );
  }
  const file = path.join(root, 'tone.wav');
  // A tone after half a second of silence, and silence after it.
  const samples = Float32Array.from({ length: 2000 }, (_, n) =>
    n < 500 || n >= 1700 ? 0 : 0.4 * Math.sin(n / 3),
  );
  writeWav(file, samples, 1000);
  const contentHash = createHash('sha256').update(readFileSync(file)).digest('hex');
  tone = { id: 'tone.wav', path: file, contentHash, startSec: null, endSec: null };
});

afterAll(() => {
  for (const model of Object.values(models)) model.dispose();
  rmSync(root, { recursive: true, force: true });
});

const commands = { prior: generatePrior, continue: generateContinue, 'free-running': generateFreeRunning };
const given = { dataset: null, contentHash: 'h', startSec: null, endSec: null };

function made(kind: keyof typeof commands, settings: object): Recipe['made'] {
  const { out: _out, ...parsed } = commands[kind].input.parse({
    ...{ run: 'tiny', checkpoint: 7, iterations: 2 },
    ...(kind === 'prior' ? {} : { recording: 'tone.wav' }),
    ...settings,
  });
  return { kind, settings: parsed, ...(kind === 'prior' ? {} : { given }) } as Recipe['made'];
}

async function clipsOf(preset: string, recipe: Recipe['made']): Promise<MadeClip[]> {
  const ingredients: Ingredients =
    recipe.kind === 'prior' ? { kind: 'prior' } : { kind: 'recording', recording: tone };
  const { clips } = await makeClips(models[preset]!, recipe, ingredients, quiet);
  const all: MadeClip[] = [];
  for await (const clip of clips) all.push(clip);
  return all;
}

describe.each(Object.keys(presets))('%s', (preset) => {
  it('draws sequences of the length that is asked for, the same for a seed whatever their number', async () => {
    const settings = { n: 2, seconds: 0.5, frames: 'drawn' };
    const [one, two] = await clipsOf(preset, made('prior', settings));
    expect(one!.sound.length).toBe(500);
    expect(one!.frames).toBe(1 + Math.floor(500 / 8));
    expect(one!.features.length).toBe(9 * one!.frames!);
    expect(one!.sound).not.toEqual(two!.sound);
    const [alone] = await clipsOf(preset, made('prior', { ...settings, n: 1 }));
    expect(alone!.features).toEqual(one!.features);
    const [other] = await clipsOf(preset, made('prior', { ...settings, seed: 1 }));
    expect(other!.features).not.toEqual(one!.features);
    const [cold] = await clipsOf(preset, made('prior', { ...settings, temperature: 0, frames: 'expected' }));
    const [again] = await clipsOf(
      preset,
      made('prior', { ...settings, temperature: 0, frames: 'expected', seed: 3 }),
    );
    expect(again!.features).toEqual(cold!.features);
  });

  it('goes on from a recording, which is heard as it is and tells the model nothing of what follows', async () => {
    const recipe = made('continue', { from: 1, seconds: 0.4, n: 2 });
    const [whole, first, second] = await clipsOf(preset, recipe);
    const known = Math.round(first!.givenSec! * 1000);
    expect(known).toBeGreaterThan(400);
    expect(known).toBeLessThanOrEqual(1000);
    const worst = (sound: Float32Array): number =>
      sound
        .slice(0, known)
        .reduce((most, sample, at) => Math.max(most, Math.abs(sample - whole!.sound[at]!)), 0);
    expect(worst(first!.sound)).toBeLessThan(1e-5);
    expect(worst(second!.sound)).toBeLessThan(1e-5);
    expect(first!.sound.length).toBe(known + 400);
    expect(second!.sound).not.toEqual(first!.sound);
    // Another end of the same recording changes nothing.
    const file = path.join(root, 'other-end.wav');
    const samples = decodeAudio(tone.path).channels[0]!.map((sample, n) =>
      n < 1010 || n >= 1700 ? sample : -0.2 * sample,
    );
    writeWav(file, samples, 1000);
    const contentHash = createHash('sha256').update(readFileSync(file)).digest('hex');
    const { clips } = await makeClips(
      models[preset]!,
      recipe,
      { kind: 'recording', recording: { ...tone, path: file, contentHash } },
      quiet,
    );
    const others: MadeClip[] = [];
    for await (const clip of clips) others.push(clip);
    expect(others[1]!.features).toEqual(first!.features);
  });

  it('refuses to go on from silence, and says from where it can', async () => {
    await expect(clipsOf(preset, made('continue', { from: 0.2 }))).rejects.toMatchObject({
      code: 'latent/nothing-given',
    });
  });

  it('sets teacher-forced beside free-running, which is another one where it hears itself', async () => {
    const all = await clipsOf(preset, made('free-running', {}));
    expect(all.map(({ title }) => title)).toEqual([
      'The recording',
      'Ceiling',
      'Teacher-forced',
      'Free-running',
    ]);
    const [, , forced, free] = all;
    expect(forced!.lsdDb).toBeGreaterThan(0);
    const same = models[preset]!.utterances!.hearsItself === false;
    expect(forced!.features.every((value, at) => value === free!.features[at])).toBe(same);
  });

  it('keeps them as a set with a recipe, and writes samples', async () => {
    const folder = path.join(root, `${preset}-set`);
    const recipe = {
      schema: 1,
      identity: { run: 'tiny', step: 7, weights: 'w', splitHash: 'h' },
      dataset: { id: '', name: 'd' },
    } as const;
    const job = (into: string) => ({
      ...{ model: { runFolder: root, runName: 'Tiny', checkpoint: 7 }, id: 'x', folder: into, notes: [] },
      recipe: { ...recipe, made: made('continue', { from: 1, n: 1, seconds: 0.2 }) },
      ingredients: { kind: 'recording', recording: tone } as const,
    });
    const set = await generateSet(models[preset]!, job(folder), quiet);
    const again = await generateSet(models[preset]!, job(`${folder}-2`), quiet);
    expect(again.clips.map(({ sha256 }) => sha256)).toEqual(set.clips.map(({ sha256 }) => sha256));
    const frames = set.clips.map((clip) => clip.frames!);
    expect(frames[0]).not.toBe(frames[1]);
    const bytes = readFileSync(path.join(folder, 'features.f32')).length;
    expect(bytes).toBe(4 * 9 * (frames[0]! + frames[1]!));
    const sampled = await sampleFiles(
      models[preset]!,
      {
        ...{ model: job(folder).model, count: 2, seconds: 0.3, folder: path.join(root, `${preset}-drawn`) },
        inversion: { methods: ['griffin-lim'], iterations: 2, seed: 0 },
      },
      quiet,
    );
    expect(sampled.samples.length).toBe(2);
    expect(decodeAudio(sampled.samples[0]!.audio).channels[0]!.length).toBe(300);
  });

  it('says what it cannot do', async () => {
    const between = { kind: 'interpolate', settings: {} } as unknown as Recipe['made'];
    await expect(makeClips(models[preset]!, between, { kind: 'prior' }, quiet)).rejects.toMatchObject({
      code: 'inference/no-capability',
    });
  });
});

it('is refused by name by models of clips', async () => {
  const folder = path.join(root, 'clips');
  const model = await LoadedModel.load(await tinyRun(folder));
  const recording = { kind: 'recording', recording: tone } as const;
  for (const kind of ['continue', 'free-running'] as const) {
    await expect(
      makeClips(model, made(kind, kind === 'continue' ? { from: 1 } : {}), recording, quiet),
    ).rejects.toMatchObject({
      code: 'inference/no-capability',
    });
  }
  await expect(
    makeClips(model, made('prior', { seconds: 2 }), { kind: 'prior' }, quiet),
  ).rejects.toMatchObject({
    code: 'latent/one-length',
  });
  model.dispose();
});
