import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Av from 'node-av/lib';
import type * as AvConstants from 'node-av/constants';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import { readSampleFormat } from './sample-format.ts';
import type { AudioInfo, AudioSource } from './source.ts';

/**
 * Containers that may be opened. A list, because FFmpeg also takes play lists and the like for media, which lead to other
 * files and to the network, whatever the name of the file is.
 */
const containers = [
  ...[
    'wav',
    'w64',
    'flac',
    'mp3',
    'ogg',
    'aiff',
    'au',
    'caf',
    'nistsphere',
    'aac',
    'ac3',
    'eac3',
    'amr',
    'ape',
    'tta',
  ],
  ...[
    'wv',
    'asf',
    'mov',
    'matroska',
    'voc',
    'ircam',
    'sox',
    'gsm',
    'dsf',
    'avr',
    'pvf',
    '8svx',
    'shn',
    'mpc',
    'mpc8',
    'oma',
  ],
].join(',');

/** Codecs whose containers say exactly how many samples there are. */
const exactLength = /^(flac|alac|pcm_|shorten|ape|tta|wavpack)/;

/** Damaged packets in a row after which a file is given up. */
const toleratedFailures = 50;

interface Ffmpeg {
  av: typeof Av;
  constants: typeof AvConstants;
  /** The code for 'send more first', which differs between systems. */
  again: number;
}

let loaded: Ffmpeg | null = null;

/** FFmpeg is loaded when the first file needs it: it takes longer than reading a folder of small WAV files. */
export function loadFfmpeg(file: string): Ffmpeg {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  try {
    const av = require('node-av/lib') as typeof Av;
    const constants = require('node-av/constants') as typeof AvConstants;
    // Its messages would go to stderr between ours; what matters comes back as error codes.
    av.Log.setLevel(constants.AV_LOG_QUIET);
    loaded = { av, constants, again: av.FFmpegError.AVERROR(av.PosixError.EAGAIN) };
    return loaded;
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ResynthError('audio/decoder-missing', { file: shownName(file), detail }, { cause: error });
  }
}

/**
 * Opens any audio file by FFmpeg. The file must be known to be a regular one.
 * @throws {ResynthError} audio/not-audio, audio/decoder-missing
 */
export function openWithFfmpeg(file: string): AudioSource {
  const ffmpeg = loadFfmpeg(file);
  const { av, constants } = ffmpeg;
  const format = new av.FormatContext();
  const decoder = new av.CodecContext();
  const close = (): void => {
    decoder.freeContext();
    format.closeInputSync();
  };
  const refuse = (detail: string): never => {
    throw new ResynthError('audio/not-audio', { file: shownName(file), detail });
  };
  const must = (result: number): void => {
    if (result < 0) refuse(av.FFmpegError.strerror(result));
  };
  try {
    const settings = av.Dictionary.fromObject({ format_whitelist: containers, protocol_whitelist: 'file' });
    try {
      // An absolute path with its protocol before it: no character of a name can then be taken for anything else.
      must(format.openInputSync(`file:${path.resolve(file)}`, null, settings));
    } finally {
      settings.free();
    }
    must(format.findStreamInfoSync(null));
    const index = format.findBestStream(constants.AVMEDIA_TYPE_AUDIO);
    const stream = format.streams.find((candidate) => candidate.index === index);
    if (!stream) return refuse('there is no sound in it');
    const codec = av.Codec.findDecoder(stream.codecpar.codecId);
    if (!codec)
      return refuse(`there is no decoder for its coding (${av.avGetCodecName(stream.codecpar.codecId)})`);
    decoder.allocContext3(codec);
    must(decoder.parametersToContext(stream.codecpar));
    decoder.pktTimebase = stream.timeBase;
    decoder.threadCount = 1;
    // Without this FFmpeg does not look at the checksums of FLAC frames, and damage would be heard.
    must(decoder.setOption('err_detect', 'crccheck'));
    must(decoder.open2Sync(codec, null));
    return new FfmpegSource(ffmpeg, format, decoder, stream, codec.name ?? 'unknown', close);
  } catch (error) {
    close();
    throw error;
  }
}

/** Codecs and beginnings for which jumping is worth it, and lands where it says. */
const exactSeek = /^(flac|pcm_)/;
const jumpFromSec = 2;
/** How far before a place is aimed at, until a jump lands before it: near the end of a FLAC file, some find nothing. */
const jumpMarginsSec = [0.5, 5, 60];

interface DecodedFrame {
  block: Float32Array[];
  /** Number of its first sample, null where the file does not say. */
  position: number | null;
}

class FfmpegSource implements AudioSource {
  readonly info: AudioInfo;
  readonly heldSamples = null;
  readonly close: () => void;
  damage: string | null = null;
  reached = 0;

  private readonly ffmpeg: Ffmpeg;
  private readonly format: Av.FormatContext;
  private readonly decoder: Av.CodecContext;
  private readonly streamIndex: number;
  /** Length of a tick of `frame.pts` in samples, and the tick of the first sample. */
  private readonly samplesATick: number;
  private readonly firstTick: bigint;

  constructor(
    ffmpeg: Ffmpeg,
    format: Av.FormatContext,
    decoder: Av.CodecContext,
    stream: Av.Stream,
    codec: string,
    close: () => void,
  ) {
    this.ffmpeg = ffmpeg;
    this.format = format;
    this.decoder = decoder;
    this.streamIndex = stream.index;
    this.close = close;
    const { codecpar, timeBase, duration, startTime } = stream;
    this.samplesATick = (codecpar.sampleRate * timeBase.num) / timeBase.den;
    // Unknown is the most negative number there is.
    this.firstTick = startTime > 0n ? startTime : 0n;
    const known = duration > 0n;
    const announcedSec = known ? (Number(duration) * timeBase.num) / timeBase.den : null;
    this.info = {
      sampleRateHz: codecpar.sampleRate,
      channels: codecpar.channels,
      announcedSamples:
        announcedSec !== null && exactLength.test(codec)
          ? Math.round(announcedSec * codecpar.sampleRate)
          : null,
      announcedSec,
      container: format.iformat?.name?.split(',')[0] ?? 'unknown',
      codec,
      floatingPoint: /f32|f64|f16/.test(codec),
    };
  }

  *blocks(start = 0): Generator<Float32Array[], void, void> {
    this.reached = 0;
    if (this.canJump(start)) {
      for (const marginSec of jumpMarginsSec) {
        const aim = start - marginSec * this.info.sampleRateHz;
        if (aim > 0 && this.jumpTo(aim) && (yield* this.blocksAfterJump(start))) return;
      }
      this.jumpTo(0);
      this.reached = 0;
    }
    for (const { block } of this.frames()) yield* this.upTo(block, start);
  }

  /** The blocks from `start` on after a jump; false, with nothing given, where it did not land before `start`. */
  private *blocksAfterJump(start: number): Generator<Float32Array[], boolean, void> {
    let landed = false;
    for (const { block, position } of this.frames()) {
      if (!landed) {
        if (position === null || position > start) return false;
        this.reached = position;
        landed = true;
      }
      yield* this.upTo(block, start);
    }
    return landed;
  }

  /** What of the next block lies behind `start`. */
  private *upTo(block: Float32Array[], start: number): Generator<Float32Array[], void, void> {
    const length = block[0]?.length ?? 0;
    const before = start - this.reached;
    this.reached += length;
    if (before <= 0) yield block;
    else if (before < length) yield block.map((channel) => channel.subarray(before));
  }

  /** Whether going to a place costs less than decoding up to it, and lands where it says: times must be exact for that. */
  private canJump(start: number): boolean {
    const { sampleRateHz, codec, announcedSamples } = this.info;
    if (start < jumpFromSec * sampleRateHz || !exactSeek.test(codec)) return false;
    return announcedSamples !== null && start < announcedSamples;
  }

  private jumpTo(sample: number): boolean {
    const microseconds = BigInt(Math.floor((sample / this.info.sampleRateHz) * 1e6));
    this.decoder.flushBuffers();
    return this.format.seekFrameSync(-1, microseconds, this.ffmpeg.constants.AVSEEK_FLAG_BACKWARD) >= 0;
  }

  private *frames(): Generator<DecodedFrame, void, void> {
    const { av, constants } = this.ffmpeg;
    const packet = new av.Packet();
    const frame = new av.Frame();
    packet.alloc();
    frame.alloc();
    let failures = 0;
    try {
      for (;;) {
        const read = this.format.readFrameSync(packet);
        if (read < 0) {
          if (read !== constants.AVERROR_EOF) this.noteDamage(read);
          break;
        }
        if (packet.streamIndex === this.streamIndex && packet.size > 0) {
          const sent = this.decoder.sendPacketSync(packet);
          if (sent < 0) {
            this.noteDamage(sent);
            if (++failures >= toleratedFailures) return;
          } else failures = 0;
        }
        packet.unref();
        yield* this.receive(frame);
      }
      this.decoder.sendPacketSync(null);
      yield* this.receive(frame);
    } finally {
      packet.free();
      frame.free();
    }
  }

  /** The frames that are ready. `frame.data` is native memory: it is copied before the frame is let go. */
  private *receive(frame: Av.Frame): Generator<DecodedFrame, void, void> {
    const { av, constants, again } = this.ffmpeg;
    for (;;) {
      const received = this.decoder.receiveFrameSync(frame);
      if (received < 0) {
        if (received !== again && received !== constants.AVERROR_EOF) this.noteDamage(received);
        return;
      }
      const same = frame.channels === this.info.channels && frame.sampleRate === this.info.sampleRateHz;
      const name = av.avGetSampleFmtName(frame.format as AvConstants.AVSampleFormat);
      const block =
        same && name
          ? readSampleFormat(name, frame.extendedData ?? frame.data ?? [], frame.channels, frame.nbSamples)
          : null;
      const tick = frame.pts;
      const position = tick < 0n ? null : Math.round(Number(tick - this.firstTick) * this.samplesATick);
      frame.unref();
      if (block) yield { block, position };
      else this.damage ??= 'the rate, the channels or the sample format change within the file';
    }
  }

  private noteDamage(code: number): void {
    this.damage ??= this.ffmpeg.av.FFmpegError.strerror(code);
  }
}
