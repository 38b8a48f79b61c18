import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perform } from '../../src-main/analyst/perform.ts';
import type { IndexedFile, SpectrogramPicture } from '../../src-main/analyst/tasks.ts';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { levelFor, tileColumns, tileHop, tileSec } from '../../src-preload/contract/tiles.ts';

const rateHz = 8000;
const windowSec = 0.025;
const samples = 600 * rateHz;

/** Ten minutes: a tone that rises from 500 to 3500 Hz in steps, one a minute. */
function sound(): Float32Array {
  const out = new Float32Array(samples);
  for (let at = 0; at < samples; at++) {
    const hz = 500 + 300 * Math.floor(at / (60 * rateHz));
    out[at] = 0.5 * Math.sin((2 * Math.PI * hz * at) / rateHz);
  }
  return out;
}

describe('tiles of a recording of ten minutes', () => {
  let file: IndexedFile;
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-tiles-'));
    const wav = path.join(folder, 'long.wav');
    writeWav(wav, sound(), rateHz, { encoding: 'pcm16' });
    const { size: bytes, mtimeMs: modifiedMs } = statSync(wav);
    file = { id: 'long.wav', path: wav, bytes, modifiedMs, contentHash: 'h' };
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function draw(
    level: number,
    index: number,
    more: { mostWindows?: number; cacheFile?: string } = {},
  ): Promise<SpectrogramPicture> {
    const span = tileColumns * tileHop(level, windowSec, rateHz);
    const stretch = { from: index * span, to: Math.min(samples, (index + 1) * span) };
    return (await perform({
      ...{ kind: 'spectrogram', file, stretch, columns: tileColumns, windowSec, minDb: -100, maxDb: 0 },
      ...more,
    })) as SpectrogramPicture;
  }

  const loudest = (picture: SpectrogramPicture, frame: number): number => {
    let best = 0;
    for (let bin = 0; bin < picture.bins; bin++) {
      const level = picture.levels[bin * picture.frames + frame] ?? 0;
      if (level > (picture.levels[best * picture.frames + frame] ?? 0)) best = bin;
    }
    return (best * rateHz) / picture.fftSize;
  };

  it('has at each level the columns that page and host reckon', async () => {
    for (const [level, index] of [
      [0, 100],
      [3, 20],
      [6, 2],
    ] as const) {
      const tile = await draw(level, index);
      expect(tile.hopLength).toBe(tileHop(level, windowSec, rateHz));
      expect(tile.frames).toBe(tileColumns);
      const sec = (index + 0.5) * tileSec(level, windowSec, rateHz);
      const hz = 500 + 300 * Math.floor(sec / 60);
      expect(Math.abs(loudest(tile, tileColumns / 2) - hz)).toBeLessThan(40);
    }
  });

  it('has in a coarse tile the loudest of the two finer ones below it', async () => {
    const coarse = await draw(5, 1);
    const fine = [await draw(4, 2), await draw(4, 3)];
    for (let frame = 1; frame < tileColumns - 1; frame += 37) {
      const child = fine[frame < tileColumns / 2 ? 0 : 1]!;
      const at = (2 * frame) % tileColumns;
      for (let bin = 0; bin < coarse.bins; bin += 5) {
        const of = (column: number) => child.levels[bin * child.frames + column] ?? 0;
        const level = coarse.levels[bin * coarse.frames + frame] ?? 0;
        expect(Math.abs(level - Math.max(of(at), of(at + 1)))).toBeLessThanOrEqual(40);
      }
    }
  });

  it('sketches from a few windows what the whole tile shows, and reads little of the file', async () => {
    const whole = await draw(9, 0);
    const before = process.cpuUsage();
    const sketch = await draw(9, 0, { mostWindows: 2 });
    const spent = process.cpuUsage(before);
    expect(spent.user).toBeLessThan(2e6);
    expect(sketch.frames).toBe(whole.frames);
    let seen = 0;
    for (let frame = 0; frame < sketch.frames; frame += 9) {
      // A column in which one tone ends and the next begins has both.
      const begins = (frame * sketch.hopLength) / rateHz;
      const tones = [begins, begins + sketch.hopLength / rateHz].map(
        (sec) => 500 + 300 * Math.floor(sec / 60),
      );
      expect(tones.some((hz) => Math.abs(loudest(sketch, frame) - hz) < 40)).toBe(true);
      seen++;
    }
    expect(seen).toBeGreaterThan(20);
    // A sketch shows nothing that is not there: it is the loudest of some of the windows.
    let louder = 0;
    for (let at = 0; at < sketch.levels.length; at++) {
      if ((sketch.levels[at] ?? 0) > (whole.levels[at] ?? 0) + 12) louder++;
    }
    expect(louder).toBeLessThan(0.02 * sketch.levels.length);
  });

  it('is kept on disk, read back alike, and made again where the file is damaged or the sound has changed', async () => {
    const cacheFile = path.join(folder, 'media', 'a', 'b.tile');
    const made = await draw(7, 0, { cacheFile });
    expect(existsSync(cacheFile)).toBe(true);
    expect(await draw(7, 0, { cacheFile })).toEqual(made);
    for (const damaged of ['', '{', `${' '.repeat(600)}`]) {
      writeFileSync(cacheFile, damaged);
      expect(await draw(7, 0, { cacheFile })).toEqual(made);
    }
    const changed = { ...file, bytes: file.bytes + 1 };
    const stretch = { from: 0, to: samples };
    await expect(
      perform({
        ...{
          kind: 'spectrogram',
          file: changed,
          stretch,
          columns: tileColumns,
          windowSec,
          minDb: -100,
          maxDb: 0,
        },
        cacheFile,
      }),
    ).rejects.toMatchObject({ code: 'dataset/file-changed' });
  });
});

it('takes the level whose columns are just closer than a pixel', () => {
  const finest = tileHop(0, windowSec, rateHz) / rateHz;
  expect(levelFor(0, windowSec, rateHz)).toBe(0);
  expect(levelFor(finest, windowSec, rateHz)).toBe(0);
  expect(levelFor(1.99 * finest, windowSec, rateHz)).toBe(0);
  expect(levelFor(2.01 * finest, windowSec, rateHz)).toBe(1);
  expect(levelFor(1e12, windowSec, rateHz)).toBe(23);
});
