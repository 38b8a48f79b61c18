import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPeaks } from '../../src-main/analyst/peaks.ts';
import { readSound } from '../../src-main/analyst/sound.ts';
import { readFileFacts } from '../../src-main/analyst/source-file.ts';
import { drawSpectrogram } from '../../src-main/analyst/spectrogram.ts';
import type { IndexedFile } from '../../src-main/analyst/tasks.ts';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import { refusal } from '../helpers/refusal.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function recording(channels: Float32Array | Float32Array[], rateHz = 16_000): Promise<IndexedFile> {
  const file = path.join(await temporaryFolder(), 'a.wav');
  writeWav(file, channels, rateHz, { encoding: 'float32' });
  return { id: 'a.wav', path: file, ...readFileFacts(file, 'a.wav') };
}

const sine = (samples: number, frequencyHz: number, rateHz = 16_000, level = 1) =>
  Float32Array.from(
    { length: samples },
    (_, t) => level * Math.sin((2 * Math.PI * frequencyHz * t) / rateHz),
  );

const noise = (samples: number, seed = 1) => {
  let state = seed;
  return Float32Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
};

/** Extremes of the samples of one span, by the definition. */
function extremes(samples: Float32Array, from: number, to: number): [number, number] {
  const part = samples.subarray(Math.floor(from), Math.max(Math.floor(from) + 1, Math.ceil(to)));
  return part.reduce<[number, number]>(
    ([low, high], x) => [Math.min(low, x), Math.max(high, x)],
    [Infinity, -Infinity],
  );
}

describe('readPeaks', () => {
  it('gives the extremes of each span, of all channels, near by', async () => {
    const left = noise(4000);
    const right = noise(4000, 2).map((x) => x / 2);
    const file = await recording([left, right]);
    const cacheFile = `${file.path}.outline`;
    const { peaks } = readPeaks({
      kind: 'peaks',
      file,
      stretch: { from: 1000, to: 3000 },
      spans: 70,
      cacheFile,
    });
    for (let span = 0; span < 70; span++) {
      const at: [number, number] = [1000 + (2000 * span) / 70, 1000 + (2000 * (span + 1)) / 70];
      const [low, high] = [extremes(left, ...at), extremes(right, ...at)];
      expect(peaks[2 * span]).toBe(Math.min(low[0], high[0]));
      expect(peaks[2 * span + 1]).toBe(Math.max(low[1], high[1]));
    }
    expect(() => readFileSync(cacheFile)).toThrow(/ENOENT/);
  });

  it('draws more spans than samples as the samples', async () => {
    const file = await recording(Float32Array.of(0.5, -0.25));
    const task = { kind: 'peaks', file, stretch: { from: 0, to: 2 }, spans: 4, cacheFile: 'none' } as const;
    expect([...readPeaks(task).peaks]).toEqual([0.5, 0.5, 0.5, 0.5, -0.25, -0.25, -0.25, -0.25]);
  });

  it('comes out of the kept outline from far away, within a cell of the definition, never less', async () => {
    const samples = noise(300_001);
    const file = await recording(samples);
    const cacheFile = `${file.path}.outline`;
    const draw = (from: number, to: number, spans: number) =>
      readPeaks({ kind: 'peaks', file, stretch: { from, to }, spans, cacheFile }).peaks;
    draw(0, 300_001, 100);
    const kept = readFileSync(cacheFile);
    fc.assert(
      fc.property(
        fc.nat(150_000),
        fc.integer({ min: 20_000, max: 150_000 }),
        fc.integer({ min: 1, max: 15 }),
        (from, length, spans) => {
          const peaks = draw(from, from + length, spans);
          for (let span = 0; span < spans; span++) {
            const begin = from + (length * span) / spans;
            const end = from + (length * (span + 1)) / spans;
            const inside = extremes(samples, begin, end);
            const around = extremes(samples, Math.max(0, begin - 8192), end + 8192);
            expect(peaks[2 * span]!).toBeLessThanOrEqual(inside[0]);
            expect(peaks[2 * span]!).toBeGreaterThanOrEqual(around[0]);
            expect(peaks[2 * span + 1]!).toBeGreaterThanOrEqual(inside[1]);
            expect(peaks[2 * span + 1]!).toBeLessThanOrEqual(around[1]);
          }
        },
      ),
      { numRuns: 30 },
    );
    expect(readFileSync(cacheFile)).toEqual(kept);
    // Cut short by a disk that was full, it is made again.
    writeFileSync(cacheFile, kept.subarray(0, 3000));
    expect(draw(0, 300_001, 50)).toEqual(draw(0, 300_001, 50));
    expect(readFileSync(cacheFile)).toEqual(kept);
  });
});

describe('drawSpectrogram', () => {
  const draw = (file: IndexedFile, from: number, to: number, columns = 100, windowSec = 0.025) =>
    drawSpectrogram({
      kind: 'spectrogram',
      file,
      stretch: { from, to },
      columns,
      windowSec,
      minDb: -100,
      maxDb: 0,
    });
  const dbOf = (level: number) => -100 + (level / 255) * 100;
  const column = (picture: ReturnType<typeof draw>, at: number) =>
    Array.from({ length: picture.bins }, (_, bin) => picture.levels[bin * picture.frames + at]!);

  it.each([8000, 16_000, 44_100])(
    'puts a sine at full scale at 0 dB, at its frequency: %i Hz',
    async (rateHz) => {
      for (const frequencyHz of [440, 1000, 1234.5, 3210]) {
        const file = await recording(sine(rateHz, frequencyHz, rateHz), rateHz);
        const picture = draw(file, 0, rateHz);
        const levels = column(picture, 50);
        const loudest = Math.max(...levels);
        expect(dbOf(loudest)).toBeGreaterThan(-0.7);
        const binHz = rateHz / picture.fftSize;
        expect(Math.abs(levels.indexOf(loudest) * binHz - frequencyHz)).toBeLessThanOrEqual(binHz);
      }
    },
  );

  it('is absolute: half the amplitude is 6 dB less, silence is 0', async () => {
    const file = await recording(
      [...[1, 0.5, 0]].reduce((all, level) => {
        const more = new Float32Array(all.length + 16_000);
        more.set(all);
        more.set(sine(16_000, 1000, 16_000, level), all.length);
        return more;
      }, new Float32Array(0)),
    );
    const picture = draw(file, 0, 48_000, 300);
    const loudest = (at: number) => dbOf(Math.max(...column(picture, at)));
    expect(loudest(50) - loudest(150)).toBeCloseTo(6, 0);
    expect(Math.max(...column(picture, 250))).toBe(0);
  });

  it('loses no click, however long the stretch', async () => {
    const samples = new Float32Array(160_000);
    samples[77_777] = 1;
    const file = await recording(samples);
    for (const columns of [1, 7, 64, 1000]) {
      const picture = draw(file, 0, 160_000, columns);
      expect(picture.frames).toBeLessThanOrEqual(columns);
      expect(picture.frames * picture.hopLength).toBeGreaterThanOrEqual(160_000);
      const at = Math.floor(77_777 / picture.hopLength);
      expect(Math.max(...column(picture, at)), `${columns} columns`).toBeGreaterThan(80);
    }
  });

  it('fits stretches together: the columns of a part are those of the whole', async () => {
    const file = await recording(noise(200_000));
    const hop = 500;
    const whole = draw(file, 0, 200_000, 400);
    expect(whole.hopLength).toBe(hop);
    const part = draw(file, 150_000, 175_000, 50);
    for (const at of [0, 20, 49]) expect(column(part, at)).toEqual(column(whole, 300 + at));
  });
});

describe('readSound', () => {
  it('gives the samples as they are, channels side by side', async () => {
    const left = noise(1000);
    const right = noise(1000, 5);
    const file = await recording([left, right]);
    const sound = readSound({ kind: 'sound', file, stretch: { from: 100, to: 103 } });
    expect([...sound.samples]).toEqual([100, 101, 102].flatMap((t) => [left[t], right[t]]));
    expect(sound).toMatchObject({ sampleRateHz: 16_000, channels: 2 });
  });

  it('takes a file that was only touched, and refuses one that has changed or gone, naming the rescan', async () => {
    const file = await recording(noise(1000));
    const read = () => readSound({ kind: 'sound', file, stretch: { from: 0, to: 10 } });
    utimesSync(file.path, 1, 1);
    expect(read().samples).toHaveLength(10);
    const bytes = readFileSync(file.path);
    bytes[500] = bytes[500]! ^ 1;
    writeFileSync(file.path, bytes);
    expect(refusal(read)).toMatchObject({
      code: 'dataset/file-changed',
      remedy: expect.stringContaining('datasets rescan'),
    });
    const gone = { ...file, path: `${file.path}.not` };
    expect(
      refusal(() => readSound({ kind: 'sound', file: gone, stretch: { from: 0, to: 10 } })),
    ).toMatchObject({
      code: 'dataset/file-vanished',
    });
  });
});
