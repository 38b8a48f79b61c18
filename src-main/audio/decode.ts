import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import { damageOf, refuseNotFinite, tooLong } from './damage.ts';
import { openAudio } from './open.ts';
import type { AudioInfo } from './source.ts';

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
  /** One channel (the first is 0), or all of them mixed into one; every channel by default. */
  channel?: number | 'mix' | undefined;
}

/** Numbers that one call of `decodeAudio` may give: 1 GiB. */
const mostNumbers = 2 ** 28;

/**
 * Decodes an audio file, or a range of it, at its own rate.
 * @throws {ResynthError} any of `audio/*`, naming the file
 */
export function decodeAudio(file: string, options: DecodeOptions = {}): DecodedAudio {
  return decodeRange(file, (info) => rangeOf(info, options), options.onDamage ?? 'error', options.channel);
}

/**
 * Decodes the samples `from` to `to` (not included) of an audio file, fewer where it ends before; damage behind them is
 * not seen.
 * @throws {ResynthError} any of `audio/*`, naming the file
 */
export function decodeStretch(file: string, from: number, to: number): DecodedAudio {
  return decodeRange(
    file,
    ({ announcedSamples }) => {
      const end = Math.min(to, announcedSamples ?? Infinity);
      return { start: Math.min(from, end), end };
    },
    'error',
  );
}

function decodeRange(
  file: string,
  choose: (info: AudioInfo) => SampleRange,
  onDamage: 'error' | 'keep',
  channel?: number | 'mix',
): DecodedAudio {
  const source = openAudio(file);
  try {
    const { info: whole } = source;
    const pick = channelPicker(file, whole, channel);
    const info = channel === undefined ? whole : { ...whole, channels: 1 };
    const range = choose(info);
    const within = Math.min(range.end, source.heldSamples ?? Infinity) - range.start;
    if (source.heldSamples !== null && within * info.channels > mostNumbers)
      throw tooLong(file, info, within);
    const collector = new Collector(file, info, Number.isFinite(within) ? Math.max(0, within) : null);
    let position = range.start;
    for (const block of source.blocks(range.start)) {
      const length = block[0]?.length ?? 0;
      const from = Math.max(0, range.start - position);
      const to = Math.min(length, range.end - position);
      if (to > from) collector.add(pick(block), from, to);
      position += length;
      if (position >= range.end) break;
    }
    const channels = collector.finish();
    const samples = channels[0]?.length ?? 0;
    // Beginning behind the end of what is there gives no block at all: how far the file goes is what has to be told.
    if (position < range.end) position = source.reached;
    const damage = damageOf(file, source, position, range.end);
    if (damage && (samples === 0 || onDamage === 'error')) throw damage;
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

/** What is kept of each block. @throws {ResynthError} audio/no-such-channel */
function channelPicker(
  file: string,
  { channels }: AudioInfo,
  channel: number | 'mix' | undefined,
): (block: readonly Float32Array[]) => readonly Float32Array[] {
  if (channel === undefined) return (block) => block;
  if (channel === 'mix') return (block) => [mixToMono(block)];
  if (!Number.isInteger(channel) || channel < 0 || channel >= channels) {
    throw new ResynthError('audio/no-such-channel', { file: shownName(file), channels, channel });
  }
  return (block) => block.slice(channel, channel + 1);
}

/** Samples `start` to `end`, which is not included. */
interface SampleRange {
  start: number;
  end: number;
}

/** The range in samples, `end` being infinite where the file's own end is not known. */
function rangeOf(info: AudioInfo, options: DecodeOptions): SampleRange {
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
    const first = Math.min(samples ?? 65_536, Math.ceil(2 ** 22 / info.channels));
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
