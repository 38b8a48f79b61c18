import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeCodes } from '../../../src-main/analyst/codes-file.ts';
import { generateSet } from '../../../src-main/inference/latent/generate.ts';
import { planClips } from '../../../src-main/inference/latent/ingredients.ts';
import type { Ingredients, KnownRecording } from '../../../src-main/inference/latent/protocol.ts';
import { refuseBroken } from '../../../src-main/inference/latent/encode-split.ts';
import { reconstructRecording } from '../../../src-main/inference/latent/recording.ts';
import { LoadedModel } from '../../../src-main/inference/loaded-model.ts';
import {
  generateClassMeans,
  generateInterpolate,
  generatePrior,
  type Recipe,
  recipeSchema,
} from '../../../src-preload/contract/commands/generate.ts';
import { tinyRun, toneWav } from '../tiny-run.ts';

const quiet = { progress: () => undefined, signal: new AbortController().signal };
let folder: string;
let model: LoadedModel;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-generate-'));
  model = await LoadedModel.load(await tinyRun(folder));
  return () => {
    model.dispose();
    rmSync(folder, { recursive: true, force: true });
  };
});

function recording(name: string, durationSec: number): KnownRecording {
  const file = path.join(folder, name);
  const bytes = toneWav(durationSec);
  writeFileSync(file, bytes);
  const contentHash = createHash('sha256').update(bytes).digest('hex');
  return { id: name, path: file, contentHash, startSec: null, endSec: null };
}

function recipe(kind: 'prior' | 'class-means' | 'interpolate', settings: object): Recipe {
  const commands = {
    prior: generatePrior,
    'class-means': generateClassMeans,
    interpolate: generateInterpolate,
  };
  const { out: _out, ...parsed } = commands[kind].input.parse({
    run: 'tiny',
    checkpoint: 7,
    iterations: 2,
    ...settings,
  });
  return recipeSchema.parse({
    schema: 1,
    identity: { run: 'tiny', step: 7, weights: model.weights, splitHash: 'h' },
    dataset: { id: 'd', name: 'd' },
    made: { kind, settings: parsed },
  });
}

async function codesOf(rows: number[][]): Promise<string> {
  const file = path.join(folder, 'train.codes');
  await writeCodes(file, {
    identity: { run: 'tiny', step: 7, weights: model.weights, splitHash: 'h' },
    model: model.used,
    split: 'train',
    latentDim: 4,
    ids: rows.map((_, at) => `${at}.wav`),
    data: {
      mean: Float32Array.from(rows.flat()),
      minDb: new Float32Array(rows.length).fill(-50),
      maxDb: Float32Array.from(rows, (_, at) => 10 * at),
    },
  });
  return file;
}

describe('generated clips', () => {
  it('are the same files for the same recipe, and other ones for another seed', async () => {
    const make = (into: string, seed: number) =>
      generateSet(
        model,
        {
          model: { runFolder: folder, runName: 'Tiny', checkpoint: 7 },
          id: 'x',
          recipe: recipe('prior', { n: 3, seed, temperature: 0.5 }),
          folder: path.join(folder, into),
          ingredients: { kind: 'prior' },
          notes: [],
        },
        quiet,
      );
    const one = await make('one', 1);
    const again = await make('again', 1);
    const other = await make('other', 2);
    const sums = (set: typeof one) => set.clips.map(({ sha256 }) => sha256);
    expect(sums(again)).toEqual(sums(one));
    expect(sums(other)).not.toEqual(sums(one));
    const [clip] = one.clips;
    const wav = readFileSync(path.join(one.folder, clip!.audio));
    expect(createHash('sha256').update(wav).digest('hex')).toBe(clip!.sha256);
    expect(JSON.parse(readFileSync(path.join(one.folder, 'recipe.json'), 'utf8'))).toMatchObject({ id: 'x' });
  });

  it('are nearer to the middle at a lower temperature, and the middle itself at 0', async () => {
    const full = await planClips(model, recipe('prior', { n: 2 }).made, { kind: 'prior' }, quiet);
    const half = await planClips(
      model,
      recipe('prior', { n: 2, temperature: 0.5 }).made,
      { kind: 'prior' },
      quiet,
    );
    for (const [at, value] of half.codes.entries()) expect(value).toBeCloseTo(full.codes[at]! / 2, 6);
    const none = await planClips(
      model,
      recipe('prior', { n: 2, temperature: 0 }).made,
      { kind: 'prior' },
      quiet,
    );
    expect(none.codes.every((value) => value === 0 || value === -0)).toBe(true);
  });

  it('of a class at scale 0 are what its mean decodes to', async () => {
    const file = await codesOf([
      [1, 0, -1, 2],
      [9, 9, 9, 9],
      [3, 2, 1, 0],
    ]);
    const classes = [{ name: 'seven', rows: [{ file, rows: Int32Array.of(0, 2) }] }];
    const from = { home: folder, dataset: { name: 'tones', folder, splitHash: '' } };
    const ingredients: Ingredients = { kind: 'class-means', classes, from };
    const settings = { scale: 0, levels: 'class' };
    const plan = await planClips(model, recipe('class-means', settings).made, ingredients, quiet);
    expect([...plan.codes]).toEqual([2, 1, 0, 1]);
    expect(plan.clips).toEqual([
      { title: 'seven', group: 'seven', position: null, meanOf: 2, minDb: -50, maxDb: 10 },
    ]);
    const noisy = await planClips(model, recipe('class-means', { n: 2 }).made, ingredients, quiet);
    expect(noisy.clips.map(({ title, minDb }) => [title, minDb])).toEqual([
      ['seven, 1 of 2', -80],
      ['seven, 2 of 2', -80],
    ]);
    expect([...noisy.codes.subarray(0, 4)]).not.toEqual([2, 1, 0, 1]);
  });

  it('between two clips begin and end with their reconstructions', async () => {
    const [from, to] = [recording('a.wav', 0.15), recording('b.wav', 0.08)];
    const plan = await planClips(
      model,
      recipe('interpolate', { from: 'a.wav', to: 'b.wav', steps: 5 }).made,
      {
        kind: 'interpolate',
        recordings: [from, to],
      },
      quiet,
    );
    expect(plan.clips.map(({ position }) => position)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    const decoded = await model.decode(plan.codes);
    for (const [at, end] of [[0, from] as const, [4, to] as const]) {
      const { features, extremes } = await reconstructRecording(model, end);
      expect([...decoded.subarray(at * model.clipSize, (at + 1) * model.clipSize)]).toEqual([...features]);
      expect(plan.clips[at]).toMatchObject(extremes);
    }
  });

  it('are refused from a recording that is another one than before, and leave nothing behind', async () => {
    const [from, to] = [recording('c.wav', 0.1), recording('d.wav', 0.1)];
    writeFileSync(to.path, toneWav(0.12));
    const work = generateSet(
      model,
      {
        model: { runFolder: folder, runName: 'Tiny', checkpoint: 7 },
        id: 'y',
        recipe: recipe('interpolate', { from: 'c.wav', to: 'd.wav' }),
        folder: path.join(folder, 'never'),
        ingredients: { kind: 'interpolate', recordings: [from, to] },
        notes: [],
      },
      quiet,
    );
    await expect(work).rejects.toMatchObject({ code: 'dataset/file-changed' });
    expect(() => readFileSync(path.join(folder, 'never', 'recipe.json'))).toThrow(/ENOENT/);
  });

  it('are refused from codes that are not numbers, naming the first clip', () => {
    const codes = Float32Array.of(0, 1, NaN, 2, 3, Infinity);
    let caught: unknown;
    try {
      refuseBroken(codes, ['a.wav', 'b.wav', 'c.wav'], model);
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).toMatchObject({
      code: 'latent/codes-not-finite',
      params: { count: 2, recording: 'b.wav' },
    });
  });
});
