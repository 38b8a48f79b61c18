import { fork } from 'node:child_process';
import { readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ensureFeatures, featureKey, type FeatureRequest } from '../../src-main/analyst/feature-cache.ts';
import type { FeatureReader } from '../../src-main/analyst/features.ts';
import { inspect } from '../../src-main/analyst/inspect.ts';
import { decodeAudio, mixToMono } from '../../src-main/audio/decode.ts';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { noFacts, type Recording } from '../../src-main/corpora/recording.ts';
import { analyse } from '../../src-main/dsp/representation.ts';
import { featurePipelineSchema } from '../../src-main/dsp/pipeline.ts';
import { openHome } from '../../src-main/store/home.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const config = featurePipelineSchema.parse({
  kind: 'log-spectrogram',
  sampleRateHz: 8000,
  nFft: 64,
  hopLength: 32,
  durationSec: 0.1,
});
const never = new AbortController().signal;

/** Twelve recordings for training, one of them silent, one stereo; lengths around the clip's. */
async function dataset(): Promise<FeatureRequest> {
  const folder = await temporaryFolder();
  for (let index = 10; index < 22; index++) {
    const length = 400 + 60 * index;
    const tone = Float32Array.from(
      { length },
      (_, time) => 0.5 * Math.sin(time * 0.1 * (index - 8)) * Math.exp(-time / 300),
    );
    if (index === 12) tone.fill(0);
    writeWav(
      path.join(folder, `1_anna_${index}.wav`),
      index === 15 ? [tone, tone.map((x) => x / 2)] : tone,
      8000,
    );
  }
  const ids = (await readdir(folder)).sort();
  const recordings = inspect({
    kind: 'inspect',
    folder,
    files: ids.map((id) => ({ id, ...noFacts })),
  }).files.map((file, index): Recording => {
    if ('refused' in file) throw ResynthError.from(file.refused);
    const id = ids[index] ?? '';
    return {
      id,
      ...noFacts,
      ...file.measures,
      speaker: 'anna',
      label: '1',
      split: 'train',
      transcript: null,
    };
  });
  const home = openHome(await temporaryFolder());
  return { dataset: { name: 'tones', folder, splitHash: 'hash' }, recordings, split: 'train', config, home };
}

async function open(request: FeatureRequest, events: ProgressEvent[] = []): Promise<FeatureReader> {
  const reader = await ensureFeatures(request, (event) => events.push(event), never);
  onTestFinished(() => reader.close());
  return reader;
}

function rowsOf(reader: FeatureReader, indices: number[]): Float32Array {
  const out = new Float32Array(indices.length * reader.shape[0] * reader.shape[1]);
  reader.read(indices, out);
  return out;
}

describe('ensureFeatures', () => {
  it('holds in each row what the pipeline makes of that recording, silent ones left out', async () => {
    const request = await dataset();
    const events: ProgressEvent[] = [];
    const reader = await open(request, events);
    expect(reader.ids).toEqual(
      [10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21].map((index) => `1_anna_${index}.wav`),
    );
    expect(reader.count).toBe(11);
    for (const [row, id] of reader.ids.entries()) {
      const { channels, sampleRateHz } = decodeAudio(path.join(request.dataset.folder, id));
      const expected = analyse(mixToMono(channels), sampleRateHz, config);
      expect(reader.shape).toEqual([expected.bins, expected.frames]);
      expect(rowsOf(reader, [row])).toEqual(expected.features);
      expect(reader.extremesDb[2 * row]).toBe(Math.fround(expected.minDb));
      expect(reader.extremesDb[2 * row + 1]).toBe(Math.fround(expected.maxDb));
      expect(reader.spokenSec[row]).toBeCloseTo(expected.spokenSec, 6);
    }
    expect(events.at(-1)).toMatchObject({ done: 11, total: 11, unit: 'clips' });
  });

  it('reads rows in any order, repeated, alone and in runs', async () => {
    const reader = await open(await dataset());
    const indices = [3, 4, 5, 0, 10, 10, 9, 2];
    const size = reader.shape[0] * reader.shape[1];
    const rows = rowsOf(reader, indices);
    for (const [at, index] of indices.entries()) {
      expect(rows.subarray(at * size, (at + 1) * size)).toEqual(rowsOf(reader, [index]));
    }
    // Into the middle of a larger array as well.
    const large = new Float32Array(3 * size).fill(7);
    reader.read([2], large.subarray(size, 2 * size));
    expect(large.subarray(size, 2 * size)).toEqual(rowsOf(reader, [2]));
    expect([large[size - 1], large[2 * size]]).toEqual([7, 7]);
  });

  it('refuses rows there are none of, a wrong size, and reading after closing', async () => {
    const reader = await open(await dataset());
    const size = reader.shape[0] * reader.shape[1];
    for (const bad of [-1, 11, 0.5, NaN]) expect(() => rowsOf(reader, [bad])).toThrow(RangeError);
    expect(() => reader.read([0], new Float32Array(size - 1))).toThrow(RangeError);
    expect(() => reader.read([0, 1], new Float32Array(size))).toThrow(RangeError);
    reader.close();
    expect(() => rowsOf(reader, [0])).toThrow(/closed/);
    expect(() => reader.close()).not.toThrow();
  });

  it('is there at once the second time, even when the recordings are out of reach', async () => {
    const request = await dataset();
    const first = await open(request);
    await unlink(path.join(request.dataset.folder, '1_anna_10.wav'));
    const events: ProgressEvent[] = [];
    const second = await open(request, events);
    expect(events).toEqual([]);
    expect(rowsOf(second, [0, 1])).toEqual(rowsOf(first, [0, 1]));
  });

  const damages: [string, (rows: string, index: string) => Promise<void>][] = [
    ['rows cut short', (rows) => truncate(rows, 1000)],
    ['rows missing', (rows) => unlink(rows)],
    ['index cut short', (_, index) => truncate(index, 200)],
    [
      'index altered',
      async (_, index) => writeFile(index, (await readFile(index, 'utf8')).replace('1_anna_10', '1_anna_01')),
    ],
    ['index of another cache', async (_, index) => writeFile(index, '{}')],
  ];
  it.each(damages)('makes a damaged cache again and says so: %s', async (_, damage) => {
    const request = await dataset();
    const before = await open(request);
    const expected = rowsOf(before, [0, 5, 10]);
    const { features } = request.home;
    await damage(path.join(features, `${before.key}.f32`), path.join(features, `${before.key}.json`));
    const events: ProgressEvent[] = [];
    const after = await open(request, events);
    expect(events[0]?.stage).toMatch(/damaged and are made again/);
    expect(after.ids).toEqual(before.ids);
    expect(rowsOf(after, [0, 5, 10])).toEqual(expected);
  });

  it('names a recording that has changed or vanished since it was indexed, and leaves nothing behind', async () => {
    const changed = await dataset();
    writeWav(path.join(changed.dataset.folder, '1_anna_16.wav'), new Float32Array(500).fill(0.1), 8000);
    await expect(open(changed)).rejects.toMatchObject({
      code: 'dataset/file-changed',
      message: expect.stringContaining('1_anna_16.wav'),
      remedy: expect.stringContaining('datasets rescan'),
    });
    expect(await readdir(changed.home.features)).toEqual([]);
    const vanished = await dataset();
    await unlink(path.join(vanished.dataset.folder, '1_anna_17.wav'));
    await expect(open(vanished)).rejects.toMatchObject({ code: 'dataset/file-vanished' });
    const gone = { ...vanished, dataset: { ...vanished.dataset, folder: '/nowhere/at/all' } };
    await expect(open(gone)).rejects.toMatchObject({ code: 'dataset/folder-missing' });
  });

  it('refuses a split with nothing in it', async () => {
    const request = await dataset();
    await expect(open({ ...request, split: 'test' })).rejects.toMatchObject({ code: 'dataset/split-empty' });
  });

  it('leaves nothing when cancelled', async () => {
    const request = await dataset();
    const controller = new AbortController();
    const building = ensureFeatures(request, () => controller.abort(), controller.signal);
    await expect(building).rejects.toMatchObject({ code: 'internal/cancelled' });
    expect(await readdir(request.home.features)).toEqual([]);
    await expect(ensureFeatures(request, () => undefined, AbortSignal.abort())).rejects.toMatchObject({
      code: 'internal/cancelled',
    });
  });

  it('is made by two processes at once without harm', async () => {
    const request = await dataset();
    const module = path.resolve(import.meta.dirname, '../../src-main/analyst/feature-cache.ts');
    const script = path.join(request.home.root, 'build.ts');
    await writeFile(
      script,
      `import { ensureFeatures } from ${JSON.stringify(module)};
       process.once('message', async (request) => {
         const reader = await ensureFeatures(request, () => undefined, new AbortController().signal);
         const out = new Float32Array(reader.count * reader.shape[0] * reader.shape[1]);
         reader.read(reader.ids.keys().toArray(), out);
         process.send(Buffer.from(out.buffer).toString('base64'), () => process.disconnect());
       });`,
    );
    const build = () =>
      new Promise<string>((resolve, reject) => {
        const child = fork(script, [], { execArgv: [] });
        child.once('message', (message) => resolve(String(message)));
        child.once('exit', (code) => reject(new Error(`exit code ${code}`)));
        child.send(request);
      });
    const [one, other] = await Promise.all([build(), build()]);
    expect(one).toBe(other);
    const reader = await open(request);
    const all = rowsOf(reader, [...reader.ids.keys()]);
    expect(Buffer.from(all.buffer).toString('base64')).toBe(one);
    expect((await readdir(request.home.features)).map((name) => path.extname(name)).sort()).toEqual([
      '.f32',
      '.json',
      '.used',
    ]);
  });
});

describe('featureKey', () => {
  it('depends on contents, ids, their order, and every setting', async () => {
    const { recordings } = await dataset();
    const key = featureKey(recordings, config);
    const [first, ...others] = recordings;
    if (!first) throw new Error('no recordings');
    const keys = [
      featureKey(others, config),
      featureKey([...others, first], config),
      featureKey([{ ...first, contentHash: 'f'.repeat(64) }, ...others], config),
      featureKey([{ ...first, id: 'renamed.wav' }, ...others], config),
      ...Object.entries(config).flatMap(([name, value]) =>
        typeof value === 'number' ? [featureKey(recordings, { ...config, [name]: value + 1 })] : [],
      ),
    ];
    expect(new Set([key, ...keys]).size).toBe(keys.length + 1);
    const reordered = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
    expect(featureKey(recordings, reordered)).toBe(key);
  });
});
