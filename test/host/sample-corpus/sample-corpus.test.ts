import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../../src-main/audio/decode.ts';
import { parseFsddName } from '../../../src-main/corpora/fsdd.ts';
import { makeSampleCorpus } from '../../../src-main/host/sample-corpus/sample-corpus.ts';
import { manifestName } from '../../../src-main/host/sample-corpus/sample-corpus-manifest.ts';
import {
  sampleCorpusRecipe,
  variantIndices,
} from '../../../src-main/host/sample-corpus/sample-corpus-recipe.ts';
import { speak, trimSilence } from '../../../src-main/host/sample-corpus/sample-corpus-voice.ts';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const never = new AbortController().signal;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the recipe', () => {
  const recipe = sampleCorpusRecipe();

  it('is four voices, ten digits, fifteen variants, named as FSDD does', () => {
    expect(recipe).toHaveLength(600);
    expect(new Set(recipe.map(({ file }) => file)).size).toBe(600);
    const names = recipe.map(({ file }) => parseFsddName(file));
    expect(new Set(names.map((name) => name?.speaker))).toEqual(new Set(['awb', 'kal', 'rms', 'slt']));
    expect(new Set(names.map((name) => name?.digit)).size).toBe(10);
    expect(variantIndices).toHaveLength(15);
  });

  it('varies every word in pitch, duration and level, no two variants alike', () => {
    for (const digit of ['0', '9']) {
      const variants = recipe.filter(({ file }) => file.startsWith(`${digit}_slt_`));
      for (const key of ['pitch', 'stretch', 'peakDb'] as const) {
        const values = variants.map((variant) => variant[key]);
        expect(new Set(values).size).toBe(15);
        expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(key === 'peakDb' ? 12 : 0.25);
      }
    }
  });
});

describe('speaking', () => {
  it.each(['awb', 'kal', 'rms', 'slt'])('changes pitch, duration and level of %s as asked', async (name) => {
    const folder = await temporaryFolder();
    const base = sampleCorpusRecipe().find(({ file }) => file.startsWith(`1_${name}`));
    if (!base) throw new Error(`no voice ${name}`);
    const say = async (change: Partial<typeof base>) => {
      const utterance = { ...base, pitch: 1, stretch: 1, peakDb: -6, ...change };
      await speak({ utterance, folder, scratch: folder });
      const { channels, sampleRateHz } = decodeAudio(path.join(folder, base.file));
      expect(sampleRateHz).toBe(8000);
      return channels[0] ?? new Float32Array();
    };
    const plain = await say({});
    expect(Math.max(...plain.map(Math.abs))).toBeCloseTo(0.501, 2);
    expect(Math.max(...(await say({ peakDb: -18 })).map(Math.abs))).toBeCloseTo(0.126, 2);
    expect((await say({ stretch: 0.65 })).length / plain.length).toBeLessThan(0.85);
    const [low, high] = [pitchOf(await say({ pitch: 0.85 })), pitchOf(await say({ pitch: 1.25 }))];
    expect(high / low).toBeGreaterThan(1.25);
    expect(high / low).toBeLessThan(1.75);
  });

  it('trims what is far below the loudest part, and nothing else', () => {
    const samples = new Float32Array(8000).fill(1e-4);
    samples.fill(0.5, 3000, 5000);
    const trimmed = trimSilence(samples);
    expect(trimmed.length).toBeGreaterThanOrEqual(2000);
    expect(trimmed.length).toBeLessThan(2500);
    expect(trimmed.filter((sample) => sample === 0.5)).toHaveLength(2000);
    expect(trimSilence(new Float32Array(100))).toHaveLength(100);
  });
});

describe('makeSampleCorpus', () => {
  it('makes all of it over what an interrupted call left, the same bytes again, and recognises it', async () => {
    const out = path.join(await temporaryFolder(), 'corpus');
    await mkdir(out);
    await writeFile(path.join(out, '0_awb_3.wav'), 'half of a fi');
    const events: ProgressEvent[] = [];
    const { manifest, reused } = await makeSampleCorpus({ out }, (event) => events.push(event), never);
    expect(reused).toBe(false);
    expect(events.at(-1)).toMatchObject({ done: 600, total: 600, unit: 'files' });
    expect((await readdir(out)).sort()).toEqual(
      [manifestName, ...manifest.files.map(({ file }) => file)].sort(),
    );
    for (const { file, sha256: expected, durationSec } of manifest.files) {
      expect(sha256(await readFile(path.join(out, file))), file).toBe(expected);
      expect(durationSec).toBeGreaterThan(0.15);
      expect(durationSec).toBeLessThan(0.74);
    }
    expect(new Set(manifest.files.map((one) => one.sha256)).size).toBe(600);

    const scratch = await temporaryFolder();
    for (const utterance of sampleCorpusRecipe().filter((_, index) => index % 50 === 7)) {
      const again = await speak({ utterance, folder: scratch, scratch });
      expect(again).toEqual(manifest.files.find(({ file }) => file === utterance.file));
    }

    const second = await makeSampleCorpus({ out }, () => expect.unreachable('nothing is to be made'), never);
    expect(second).toEqual({ folder: out, manifest, reused: true });
  });

  it('takes away what it made when cancelled, and leaves a folder that was there', async () => {
    const parent = await temporaryFolder();
    const there = path.join(parent, 'there');
    await mkdir(there);
    for (const out of [path.join(parent, 'new'), there]) {
      const controller = new AbortController();
      const making = makeSampleCorpus({ out }, () => controller.abort(), controller.signal);
      await expect(making).rejects.toMatchObject({ code: 'internal/cancelled' });
    }
    expect(await readdir(parent)).toEqual(['there']);
    expect(await readdir(there)).toEqual([]);
  });

  it('does not write among files of somebody else, nor onto a file', async () => {
    const out = await temporaryFolder();
    await writeFile(path.join(out, 'thesis.docx'), 'x');
    const making = makeSampleCorpus({ out }, () => undefined, never);
    await expect(making).rejects.toMatchObject({
      code: 'corpus/folder-in-use',
      message: expect.stringContaining('thesis.docx'),
    });
    expect(await readdir(out)).toEqual(['thesis.docx']);
    await expect(
      makeSampleCorpus({ out: path.join(out, 'thesis.docx') }, () => undefined, never),
    ).rejects.toMatchObject({ code: 'dataset/not-a-folder' });
  });
});

/** Median fundamental in Hz at 8 kHz, by autocorrelation of 40 ms frames. */
function pitchOf(samples: Float32Array): number {
  const frame = 320;
  const found: number[] = [];
  for (let start = 0; start + 2 * frame < samples.length; start += frame / 2) {
    const at = (lag: number) => {
      let [cross, energy] = [0, 1e-9];
      for (let time = start; time < start + frame; time++) {
        cross += (samples[time] ?? 0) * (samples[time + lag] ?? 0);
        energy += (samples[time + lag] ?? 0) ** 2;
      }
      return cross / Math.sqrt(energy);
    };
    let [best, lagOfBest] = [0, 0];
    for (let lag = 26; lag < 134; lag++) {
      const value = at(lag);
      if (value > best * 1.03) [best, lagOfBest] = [value, lag];
    }
    if (best > 0.8 * at(0)) found.push(8000 / lagOfBest);
  }
  found.sort((a, b) => a - b);
  return found[found.length >> 1] ?? NaN;
}
