import { closeSync } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { openWithFfmpeg } from './ffmpeg-source.ts';
import { shownName } from '../files/system-errors.ts';
import { openRegularFile } from './file-access.ts';
import { highestRateHz, lowestRateHz, type AudioInfo, type AudioSource } from './source.ts';
import { openWav } from './wav-source.ts';

export type { AudioInfo } from './source.ts';

export interface DecodedAudio {
  /** One array a channel, all of one length; full scale is 1. */
  channels: Float32Array[];
  sampleRateHz: number;
  /** Seconds that were decoded. */
  durationSec: number;
  container: string;
  codec: string;
  /** What is wrong with the file, where it was kept in spite of it (`onDamage: 'keep'`). */
  damage: ResynthError | null;
}

export interface DecodeOptions {
  /** Where to begin; 0 by default. */
  startSec?: number;
  /** How much to decode at most; to the end by default. */
  maxDurationSec?: number;
  /** A file that is cut short or damaged is an error by default; `keep` gives what can be decoded. */
  onDamage?: 'error' | 'keep';
}

/** Level of a whole recording. */
export interface MeasuredAudio extends AudioInfo {
  /** Samples a channel that were decoded, and their length. */
  samples: number;
  durationSec: number;
  /** Largest |sample| over all channels; 0 for silence, which is valid audio. */
  peak: number;
  /** Root mean square over all channels. */
  rms: number;
}

/** Numbers that one call of `decodeAudio` may give: 1 GiB. */
const mostNumbers = 2 ** 28;

/**
 * Decodes an audio file, or a range of it, at its own rate.
 * @throws {ResynthError} any of `audio/*`, naming the file
 */
export function decodeAudio(file: string, options: DecodeOptions = {}): DecodedAudio {
  const source = openAudio(file);
  try {
    const { info } = source;
    const range = rangeOf(info, options);
    const within = Math.min(range.end, source.heldSamples ?? Infinity) - range.start;
    if (source.heldSamples !== null && within * info.channels > mostNumbers)
      throw tooLong(file, info, within);
    const collector = new Collector(file, info, Number.isFinite(within) ? Math.max(0, within) : null);
    let position = 0;
    for (const block of source.blocks()) {
      const length = block[0]?.length ?? 0;
      const from = Math.max(0, range.start - position);
      const to = Math.min(length, range.end - position);
      if (to > from) collector.add(block, from, to);
      position += length;
      if (position >= range.end) break;
    }
    const channels = collector.finish();
    const samples = channels[0]?.length ?? 0;
    const damage = damageOf(file, source, position, range.end);
    if (damage && (samples === 0 || (options.onDamage ?? 'error') === 'error')) throw damage;
    if (position === 0) throw new ResynthError('audio/no-samples', { file: shownName(file) });
    refuseNotFinite(file, info, channels, range.start);
    return {
      channels,
      sampleRateHz: info.sampleRateHz,
      durationSec: samples / info.sampleRateHz,
      container: info.container,
      codec: info.codec,
      damage,
    };
  } finally {
    source.close();
  }
}

/**
 * What a file's header says, without decoding it: the length may be wrong in a damaged file.
 * @throws {ResynthError} any of `audio/*` that shows before decoding
 */
export function probeAudio(file: string): AudioInfo {
  const source = openAudio(file);
  source.close();
  return source.info;
}

/**
 * Decodes a whole file block by block, in little memory whatever its length, and measures its level.
 * @throws {ResynthError} any of `audio/*`, a damaged or cut file among them
 */
export function measureAudio(file: string): MeasuredAudio {
  const source = openAudio(file);
  try {
    const { info } = source;
    let samples = 0;
    let peak = 0;
    let energy = 0;
    for (const block of source.blocks()) {
      for (const channel of block) {
        for (let i = 0; i < channel.length; i++) {
          const size = Math.abs(channel[i]!);
          if (size > peak) peak = size;
          energy += size * size;
        }
      }
      if (!Number.isFinite(energy)) refuseNotFinite(file, info, block, samples);
      samples += block[0]?.length ?? 0;
    }
    const damage = damageOf(file, source, samples, Infinity);
    if (damage) throw damage;
    if (samples === 0) throw new ResynthError('audio/no-samples', { file: shownName(file) });
    const rms = Math.sqrt(energy / (samples * info.channels));
    return { ...info, samples, durationSec: samples / info.sampleRateHz, peak, rms };
  } finally {
    source.close();
  }
}

/** The mean of the channels, as `librosa.to_mono`; a single channel is given back as it is. */
export function mixToMono(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (!first) throw new RangeError('There is no channel to mix.');
  if (channels.length === 1) return first;
  const mono = new Float32Array(first.length);
  for (let i = 0; i < mono.length; i++) {
    let sum = 0;
    for (const channel of channels) sum += channel[i]!;
    mono[i] = sum / channels.length;
  }
  return mono;
}

function openAudio(file: string): AudioSource {
  const open = openRegularFile(file);
  let source: AudioSource | null = null;
  try {
    source = openWav(file, open);
  } finally {
    if (!source) closeSync(open.fd);
  }
  source ??= openWithFfmpeg(file);
  const { sampleRateHz, channels } = source.info;
  if (channels < 1 || sampleRateHz < lowestRateHz || sampleRateHz > highestRateHz) {
    source.close();
    const name = shownName(file);
    if (channels < 1) throw new ResynthError('audio/not-audio', { file: name, detail: 'it has no channels' });
    const range = { lowestHz: lowestRateHz, highestHz: highestRateHz };
    throw new ResynthError('audio/rate-out-of-range', { file: name, sampleRateHz, ...range });
  }
  return source;
}

/** The range in samples, `end` being infinite where the file's own end is not known. */
function rangeOf(info: AudioInfo, options: DecodeOptions): { start: number; end: number } {
  const { startSec = 0, maxDurationSec = Infinity } = options;
  if (!(startSec >= 0) || !(maxDurationSec > 0)) {
    throw new RangeError(`A range of ${maxDurationSec} s from ${startSec} s has no meaning.`);
  }
  const start = Math.floor(startSec * info.sampleRateHz);
  const wanted = start + Math.floor(maxDurationSec * info.sampleRateHz);
  const end = Math.min(wanted, info.announcedSamples ?? Infinity);
  return { start: Math.min(start, end), end };
}

/** Fills arrays of the known length, or grows them where it is not known. */
class Collector {
  private readonly file: string;
  private readonly info: AudioInfo;
  private channels: Float32Array[];
  private filled = 0;

  constructor(file: string, info: AudioInfo, samples: number | null) {
    this.file = file;
    this.info = info;
    // A header may announce what is not there: hours are not allocated before they have been seen.
    const first = Math.min(samples ?? 65_536, 2 ** 22);
    this.channels = Array.from({ length: info.channels }, () => new Float32Array(first));
  }

  add(block: readonly Float32Array[], from: number, to: number): void {
    const needed = this.filled + to - from;
    if (needed * this.info.channels > mostNumbers) throw tooLong(this.file, this.info, needed);
    if (needed > (this.channels[0]?.length ?? 0)) {
      this.channels = this.channels.map((channel) => {
        const longer = new Float32Array(Math.max(needed, 2 * channel.length));
        longer.set(channel);
        return longer;
      });
    }
    this.channels.forEach((channel, index) => channel.set(block[index]!.subarray(from, to), this.filled));
    this.filled = needed;
  }

  finish(): Float32Array[] {
    return this.channels.map((channel) =>
      channel.length === this.filled ? channel : channel.slice(0, this.filled),
    );
  }
}

function damageOf(
  file: string,
  source: AudioSource,
  decoded: number,
  wantedEnd: number,
): ResynthError | null {
  const { info, damage } = source;
  if (decoded >= wantedEnd) return null;
  const name = shownName(file);
  const heldSec = seconds(decoded / info.sampleRateHz);
  const announced = info.announcedSamples;
  if (announced !== null && decoded < Math.min(announced, wantedEnd)) {
    if (damage) return new ResynthError('audio/damaged', { file: name, heldSec, detail: damage });
    const announcedSec = seconds(announced / info.sampleRateHz);
    return new ResynthError('audio/truncated', { file: name, heldSec, announcedSec });
  }
  return damage ? new ResynthError('audio/damaged', { file: name, heldSec, detail: damage }) : null;
}

function refuseNotFinite(
  file: string,
  info: AudioInfo,
  channels: readonly Float32Array[],
  start: number,
): void {
  if (!info.floatingPoint) return;
  let count = 0;
  let first = Infinity;
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) {
      if (Number.isFinite(channel[i]!)) continue;
      count++;
      if (i < first) first = i;
    }
  }
  if (count === 0) return;
  const atSec = seconds((start + first) / info.sampleRateHz);
  throw new ResynthError('audio/not-finite', { file: shownName(file), count, atSec });
}

function tooLong(file: string, info: AudioInfo, samples: number): ResynthError {
  const durationSec = seconds(samples / info.sampleRateHz);
  return new ResynthError('audio/too-long', { file: shownName(file), durationSec, channels: info.channels });
}

/** Seconds as messages show them, to the millisecond. */
function seconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
