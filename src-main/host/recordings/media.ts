import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type {
  recordingsPeaks,
  recordingsSound,
  recordingsSpectrogram,
  recordingsTile,
} from '../../../src-preload/contract/commands/recordings.ts';
import { tileColumns, tileHop } from '../../../src-preload/contract/tiles.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { IndexedFile, Stretch } from '../../analyst/tasks.ts';
import { type Recording, recordingPath } from '../../corpora/recording.ts';
import type { Services } from '../services.ts';
import { MediaCache } from './media-cache.ts';

/** What is seen and heard of a recording: made by the analyst's processes, never in the host's own loop. */

type Peaks = z.output<typeof recordingsPeaks.output>;
type Picture = z.output<typeof recordingsSpectrogram.output>;
type Sound = z.output<typeof recordingsSound.output>;

/** Keyed by content: the same for every dataset and data folder. */
const outlines = new MediaCache<Peaks>(32 << 20, ({ peaks }) => peaks.byteLength);
const pictures = new MediaCache<Picture>(96 << 20, ({ levels }) => levels.byteLength);

/** A recording and the file that it is. */
export interface Located {
  recording: Recording;
  file: IndexedFile;
}

/** @throws ResynthError dataset/unknown, dataset/recording-unknown. */
export async function locate(
  { database }: Pick<Services, 'database'>,
  dataset: string,
  id: string,
): Promise<Located> {
  const { folder, name } = await database.readDataset(dataset);
  const recording = await database.readRecording(dataset, id);
  if (!recording) throw new ResynthError('dataset/recording-unknown', { name, recording: id });
  const { bytes, modifiedMs, contentHash } = recording;
  return { recording, file: { id, path: recordingPath(folder, recording), bytes, modifiedMs, contentHash } };
}

/**
 * The outline of a stretch for drawing.
 *
 * @throws ResynthError dataset/unknown, dataset/recording-unknown; dataset/file-changed and dataset/file-vanished, which
 *   name the rescan; any of `audio/*`.
 */
export async function peaksOf(
  services: Services,
  { dataset, recording: id, fromSec, toSec, spans }: z.output<typeof recordingsPeaks.input>,
): Promise<Peaks> {
  const located = await locate(services, dataset, id);
  const { sampleRateHz, channels, durationSec, contentHash } = located.recording;
  const stretch = stretchOf(located.recording, fromSec, toSec);
  const first = firstSample(located.recording);
  const key = JSON.stringify([contentHash, stretch, spans]);
  return cached(outlines, key, located, async () => {
    const cacheFile = path.join(
      services.home.media,
      'outlines',
      contentHash.slice(0, 2),
      `${contentHash}.outline`,
    );
    const { peaks } = await services.analysts.run({
      kind: 'peaks',
      file: located.file,
      stretch,
      spans,
      cacheFile,
    });
    return {
      sampleRateHz,
      channels,
      durationSec,
      fromSec: (stretch.from - first) / sampleRateHz,
      toSec: (stretch.to - first) / sampleRateHz,
      peaks: owned(peaks),
    };
  });
}

/** The spectrogram of a stretch, on an absolute scale. @throws ResynthError as `peaksOf`. */
export async function spectrogramOf(
  services: Services,
  request: z.output<typeof recordingsSpectrogram.input>,
): Promise<Picture> {
  const { dataset, recording: id, fromSec, toSec, columns, windowSec, minDb, maxDb, show } = request;
  if (!(minDb < maxDb)) throw new ResynthError('dataset/level-range', { minDb, maxDb });
  const located = await locate(services, dataset, id);
  const { sampleRateHz, contentHash } = located.recording;
  const stretch = stretchOf(located.recording, fromSec, toSec);
  const first = firstSample(located.recording);
  const key = JSON.stringify([contentHash, stretch, columns, windowSec, minDb, maxDb, show]);
  return cached(pictures, key, located, async () => {
    const { kind: _kind, ...picture } = await services.analysts.run({
      kind: 'spectrogram',
      file: located.file,
      stretch,
      columns,
      windowSec,
      minDb,
      maxDb,
      show,
    });
    return {
      ...picture,
      levels: ownedBytes(picture.levels),
      fromSec: (stretch.from - first) / sampleRateHz,
      toSec: (stretch.from - first + picture.frames * picture.hopLength) / sampleRateHz,
      minDb,
      maxDb,
      reference: 'dBFS' as const,
    };
  });
}

/** Windows a column of a sketch: three hours are sketched within a second or two. */
const sketchWindows = 2;
/** Tiles of so much sound are worth a place on the disk; shorter ones are made as fast as they are read. */
const keptTileSec = 30;

/**
 * A tile of the spectrogram of a recording, made from its own stretch of the file alone.
 *
 * @throws ResynthError dataset/tile-outside, dataset/level-range, and as `peaksOf`.
 */
export async function tileOf(
  services: Services,
  request: z.output<typeof recordingsTile.input>,
): Promise<Picture> {
  const { dataset, recording: id, level, index, sketch, windowSec, minDb, maxDb, show } = request;
  if (!(minDb < maxDb)) throw new ResynthError('dataset/level-range', { minDb, maxDb });
  const located = await locate(services, dataset, id);
  const { sampleRateHz, contentHash } = located.recording;
  const whole = stretchOf(located.recording, 0, undefined);
  const samples = tileColumns * tileHop(level, windowSec, sampleRateHz);
  const from = whole.from + index * samples;
  if (from >= whole.to) throw new ResynthError('dataset/tile-outside', { recording: id, level, index });
  const stretch = { from, to: Math.min(whole.to, from + samples) };
  const about = [stretch.from, stretch.to, level, Math.round(1e6 * windowSec), minDb, maxDb, show];
  const key = JSON.stringify([contentHash, 'tile', sketch, about]);
  const keep = !sketch && samples >= keptTileSec * sampleRateHz;
  const name = `${about.join('_')}.tile`;
  const cacheFile = path.join(services.home.media, 'tiles', contentHash.slice(0, 2), contentHash, name);
  return cached(pictures, key, located, async () => {
    const { kind: _kind, ...picture } = await services.analysts.run({
      ...{ kind: 'spectrogram', file: located.file, stretch, columns: tileColumns },
      ...{ windowSec, minDb, maxDb, show },
      ...(sketch ? { mostWindows: sketchWindows } : {}),
      ...(keep ? { cacheFile } : {}),
    });
    return {
      ...picture,
      levels: ownedBytes(picture.levels),
      fromSec: (stretch.from - whole.from) / sampleRateHz,
      toSec: (stretch.from - whole.from + picture.frames * picture.hopLength) / sampleRateHz,
      ...{ minDb, maxDb, reference: 'dBFS' as const },
    };
  });
}

/** The samples of a stretch, for playing. @throws ResynthError as `peaksOf`. */
export async function soundOf(
  services: Services,
  { dataset, recording: id, fromSec, durationSec }: z.output<typeof recordingsSound.input>,
): Promise<Sound> {
  const { recording, file } = await locate(services, dataset, id);
  const stretch = stretchOf(recording, fromSec, fromSec + durationSec);
  const { sampleRateHz, channels, samples } = await services.analysts.run({ kind: 'sound', file, stretch });
  return {
    sampleRateHz,
    channels,
    fromSec: (stretch.from - firstSample(recording)) / sampleRateHz,
    durationSec: samples.length / channels / sampleRateHz,
    samples: owned(samples),
  };
}

/** Seconds of a recording as samples of its file: a recording may be a stretch of it. */
function stretchOf(recording: Recording, fromSec: number, toSec: number | undefined): Stretch {
  const { sampleRateHz, durationSec } = recording;
  const first = firstSample(recording);
  const samples = Math.round(durationSec * sampleRateHz);
  const from = Math.min(samples, Math.round(fromSec * sampleRateHz));
  const to = toSec === undefined ? samples : Math.min(samples, Math.round(toSec * sampleRateHz));
  return { from: first + from, to: first + Math.max(from, to) };
}

/** Where a recording begins in its file. */
function firstSample({ startSec, sampleRateHz }: Recording): number {
  return Math.floor((startSec ?? 0) * sampleRateHz);
}

/** What is kept is shown only as long as the file is the one that was indexed: otherwise the analyst says what it is now. */
async function cached<Value>(
  cache: MediaCache<Value>,
  key: string,
  { file }: Located,
  make: () => Promise<Value>,
): Promise<Value> {
  if (cache.has(key)) {
    const about = await stat(file.path).catch(() => null);
    if (about?.size !== file.bytes || about.mtimeMs !== file.modifiedMs) cache.forget(key);
  }
  return cache.get(key, make);
}

/** What came from another process lies in memory of its own; the types do not say so. */
function owned(values: Float32Array): Float32Array<ArrayBuffer> {
  return values as Float32Array<ArrayBuffer>;
}

function ownedBytes(values: Uint8Array): Uint8Array<ArrayBuffer> {
  return values as Uint8Array<ArrayBuffer>;
}
