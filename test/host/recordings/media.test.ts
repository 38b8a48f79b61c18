import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import {
  handleRecordingsList,
  handleRecordingsPeaks,
  handleRecordingsShow,
  handleRecordingsSound,
  handleRecordingsSpectrogram,
  handleRecordingsStats,
} from '../../../src-main/host/recordings/commands.ts';
import { MediaCache } from '../../../src-main/host/recordings/media-cache.ts';
import {
  recordingsList,
  recordingsPeaks,
  recordingsShow,
  recordingsSound,
  recordingsSpectrogram,
  recordingsStats,
} from '../../../src-preload/contract/commands/recordings.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { add, contextOf, folderWith, openServices } from '../datasets/dataset-services.ts';

const which = { dataset: 'd', recording: 'sine.wav' };

/** A dataset of one sine at full scale, two seconds at 8 kHz. */
async function sineHost() {
  const services = await openServices();
  const dir = await temporaryFolder();
  const sine = Float32Array.from({ length: 16_000 }, (_, t) => Math.sin((2 * Math.PI * 1000 * t) / 8000));
  writeWav(path.join(dir, 'sine.wav'), sine, 8000, { encoding: 'float32' });
  await add(services, { dir, name: 'd' });
  return { context: contextOf(services), file: path.join(dir, 'sine.wav'), sine, services };
}

describe('the pictures and the sound of a recording', () => {
  it('are those of the stretch that was asked for', async () => {
    const { context, sine } = await sineHost();
    const peaks = recordingsPeaks.output.parse(
      await handleRecordingsPeaks(
        recordingsPeaks.input.parse({ ...which, fromSec: 0.5, toSec: 1, spans: 10 }),
        context,
      ),
    );
    expect(peaks).toMatchObject({ sampleRateHz: 8000, channels: 1, durationSec: 2, fromSec: 0.5, toSec: 1 });
    expect(peaks.peaks).toHaveLength(20);
    expect(Math.max(...peaks.peaks)).toBeCloseTo(1, 5);
    const picture = recordingsSpectrogram.output.parse(
      await handleRecordingsSpectrogram(
        recordingsSpectrogram.input.parse({ ...which, columns: 64 }),
        context,
      ),
    );
    expect(picture).toMatchObject({ reference: 'dBFS', minDb: -100, maxDb: 0, fromSec: 0 });
    expect(picture.levels).toHaveLength(picture.bins * picture.frames);
    expect(Math.max(...picture.levels)).toBeGreaterThan(253);
    const sound = recordingsSound.output.parse(
      await handleRecordingsSound(
        recordingsSound.input.parse({ ...which, fromSec: 1.5, durationSec: 60 }),
        context,
      ),
    );
    expect(sound).toMatchObject({ fromSec: 1.5, durationSec: 0.5, channels: 1 });
    expect([...sound.samples]).toEqual([...sine.subarray(12_000)]);
    const beyond = recordingsSound.input.parse({ ...which, fromSec: 99 });
    expect((await handleRecordingsSound(beyond, context)).samples).toHaveLength(0);
  });

  it('are refused when the file has changed or gone, though they were seen before, naming the rescan', async () => {
    const { context, file } = await sineHost();
    const draw = () => handleRecordingsSpectrogram(recordingsSpectrogram.input.parse(which), context);
    expect(await draw()).toBe(await draw());
    const shown = recordingsShow.output.parse(await handleRecordingsShow(which, context));
    expect(shown).toMatchObject({ codec: 'pcm_f32le', path: file });
    writeWav(file, new Float32Array(16_000).fill(0.1), 8000);
    await expect(draw()).rejects.toMatchObject({
      code: 'dataset/file-changed',
      remedy: expect.stringContaining('datasets rescan'),
    });
    rmSync(file);
    await expect(draw()).rejects.toMatchObject({ code: 'dataset/file-vanished' });
    // What the index knows is shown all the same.
    expect((await handleRecordingsShow(which, context)).codec).toBeNull();
  });

  it('are refused for a recording that there is none of, and for an empty scale', async () => {
    const { context } = await sineHost();
    const none = recordingsPeaks.input.parse({ dataset: 'd', recording: 'none.wav' });
    await expect(handleRecordingsPeaks(none, context)).rejects.toMatchObject({
      code: 'dataset/recording-unknown',
      message: expect.stringContaining('none.wav'),
    });
    const empty = recordingsSpectrogram.input.parse({ ...which, minDb: 0, maxDb: 0 });
    await expect(handleRecordingsSpectrogram(empty, context)).rejects.toMatchObject({
      code: 'dataset/level-range',
    });
  });
});

describe('the table of recordings', () => {
  it('is paged by cursor and by row, filtered and counted as the contract says', async () => {
    const services = await openServices();
    const context = contextOf(services);
    await add(services, { dir: await folderWith('0_al_0.wav', '1_al_5.wav', '1_bo_10.wav'), name: 'd' });
    const list = async (query: Record<string, unknown>) =>
      recordingsList.output.parse(
        await handleRecordingsList(recordingsList.input.parse({ dataset: 'd', ...query }), context),
      );
    const first = await list({ limit: 2 });
    expect(first).toMatchObject({ total: 3, rows: [{ id: '0_al_0.wav' }, { id: '1_al_5.wav' }] });
    const next = await list({ limit: 2, cursor: first.nextCursor });
    expect(next).toMatchObject({ rows: [{ id: '1_bo_10.wav' }], nextCursor: null });
    expect((await list({ speakers: ['al'], labels: ['1'] })).rows.map(({ id }) => id)).toEqual([
      '1_al_5.wav',
    ]);
    const stats = recordingsStats.output.parse(
      await handleRecordingsStats(recordingsStats.input.parse({ dataset: 'd' }), context),
    );
    expect(stats).toMatchObject({ recordings: 3, sampleRates: [{ value: '8000', recordings: 3 }] });
    expect(stats.duration.unit).toBe('s');
  });
});

describe('MediaCache', () => {
  it('makes a value once for all who ask at a time, and again after a failure', async () => {
    const cache = new MediaCache<string>(100, (value) => value.length);
    let made = 0;
    const make = async () => `value ${++made}`;
    expect(await Promise.all([cache.get('a', make), cache.get('a', make)])).toEqual(['value 1', 'value 1']);
    await expect(cache.get('b', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('b', make)).toBe('value 2');
  });

  it('lets go of what was asked for longest ago', async () => {
    const cache = new MediaCache<string>(25, (value) => value.length);
    const ten = async () => 'x'.repeat(10);
    for (const key of ['a', 'b', 'a', 'c']) await cache.get(key, ten);
    expect(['a', 'b', 'c'].map((key) => cache.has(key))).toEqual([true, false, true]);
  });
});

describe('a recording that is a stretch of its file', () => {
  async function segments() {
    const { services, context, sine, file } = await sineHost();
    const list = path.join(path.dirname(file), 'list.csv');
    writeFileSync(list, 'path,id,start,end\nsine.wav,first,0,0.25\nsine.wav,later,0.5,1.5\n');
    await add(services, { dir: list, name: 'parts' });
    return { services, context, sine, which: { dataset: 'parts', recording: 'later' } };
  }

  it('is as long as it is said to be, and sounds and looks as that part', async () => {
    const { context, sine, which: part } = await segments();
    const shown = recordingsShow.output.parse(
      await handleRecordingsShow(recordingsShow.input.parse(part), context),
    );
    expect(shown).toMatchObject({ durationSec: 1, startSec: 0.5, endSec: 1.5, source: 'sine.wav' });
    expect(shown.path).toMatch(/sine\.wav$/);
    const sound = recordingsSound.output.parse(
      await handleRecordingsSound(recordingsSound.input.parse({ ...part, fromSec: 0.25 }), context),
    );
    expect(sound).toMatchObject({ fromSec: 0.25, durationSec: 0.75 });
    expect(sound.samples).toEqual(sine.slice(6000, 12_000));
    const picture = recordingsSpectrogram.output.parse(
      await handleRecordingsSpectrogram(recordingsSpectrogram.input.parse(part), context),
    );
    expect(picture.fromSec).toBe(0);
    expect(picture.toSec).toBeGreaterThanOrEqual(1);
    const peaks = recordingsPeaks.output.parse(
      await handleRecordingsPeaks(recordingsPeaks.input.parse({ ...part, spans: 4 }), context),
    );
    expect(peaks).toMatchObject({ fromSec: 0, toSec: 1 });
  });
});

describe('pictures of phase', () => {
  const pictureOf = async (show: string, hz = 1000) => {
    const { context } = await sineHost();
    const input = recordingsSpectrogram.input.parse({ ...which, show, windowSec: 0.032, columns: 40 });
    const picture = recordingsSpectrogram.output.parse(await handleRecordingsSpectrogram(input, context));
    const { shows, levels, frames, fftSize } = picture;
    if (!shows) throw new Error('it shows levels');
    const bin = Math.round((hz * fftSize) / 8000);
    const at = (column: number, of = bin) =>
      shows.low + ((levels[of * frames + column] ?? 0) / 255) * (shows.high - shows.low);
    return { picture, at, bin, step: (shows.high - shows.low) / 255 };
  };

  it('phase turns by the tone between two windows, all of it from -pi to pi', async () => {
    const { picture, at, step } = await pictureOf('phase');
    expect(picture.shows).toMatchObject({ quantity: 'phase', low: -Math.PI, high: Math.PI, unit: 'rad' });
    const turn = (2 * Math.PI * 1000 * picture.hopLength) / 8000;
    for (let column = 5; column < 30; column++) {
      const difference = at(column + 1) - at(column) - turn;
      const rest = difference - 2 * Math.PI * Math.round(difference / (2 * Math.PI));
      expect(Math.abs(rest)).toBeLessThan(2.1 * step);
    }
  });

  it('instantaneous frequency of the bins beside a tone leads to the tone', async () => {
    const { picture, at, bin, step } = await pictureOf('instantaneous-frequency');
    for (const beside of [-2, -1, 0, 1, 2]) {
      const found = ((bin + beside) * 8000) / picture.fftSize + at(20, bin + beside);
      expect(Math.abs(found - 1000)).toBeLessThan(3 + step);
    }
  });

  it('group delay of a steady tone is none', async () => {
    const { at, step } = await pictureOf('group-delay');
    for (let column = 5; column < 35; column++) expect(Math.abs(at(column))).toBeLessThan(2 * step);
  });
});
