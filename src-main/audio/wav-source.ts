import { closeSync } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import { readAt, type OpenFile } from './file-access.ts';
import { addLevel } from './level.ts';
import type { AudioInfo, AudioSource, Level } from './source.ts';

/**
 * Reads uncompressed WAV without FFmpeg, which takes fifteen times as long to open a file of half a second. What this
 * reader does not know (compressed codings, RF64, big-endian RIFX) is left to FFmpeg; a test holds both to the same samples.
 */

const blockBytes = 1 << 20;
/** Bytes of the first block of whoever does not begin at the beginning. */
const firstBytes = 1 << 13;

type Coding = 'u8' | 's16' | 's24' | 's32' | 'f32' | 'f64';

interface WavFormat {
  coding: Coding;
  channels: number;
  sampleRateHz: number;
  bytesPerSample: number;
}

const codecNames: Readonly<Record<Coding, string>> = {
  u8: 'pcm_u8',
  s16: 'pcm_s16le',
  s24: 'pcm_s24le',
  s32: 'pcm_s32le',
  f32: 'pcm_f32le',
  f64: 'pcm_f64le',
};

/** An uncompressed WAV file as a source that owns the descriptor, or null where FFmpeg must read it. */
export function openWav(file: string, open: OpenFile): AudioSource | null {
  const head = open.content ?? readAt(file, open.fd, new Uint8Array(Math.min(open.bytes, blockBytes)), 0);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') return null;
  const layout = findChunks(view);
  return layout && new WavSource(file, open, head, layout);
}

interface Layout {
  format: WavFormat;
  dataStart: number;
  dataBytes: number | null;
}

class WavSource implements AudioSource {
  readonly info: AudioInfo;
  readonly heldSamples: number;
  readonly damage = null;
  readonly remarks: readonly ResynthError[];
  reached = 0;

  private readonly file: string;
  private readonly open: OpenFile;
  private readonly head: Uint8Array;
  private readonly format: WavFormat;
  private readonly dataStart: number;

  constructor(file: string, open: OpenFile, head: Uint8Array, { format, dataStart, dataBytes }: Layout) {
    this.file = file;
    this.open = open;
    this.head = head;
    this.format = format;
    this.dataStart = dataStart;
    const frameBytes = format.bytesPerSample * format.channels;
    const held = Math.max(0, Math.floor((open.bytes - dataStart) / frameBytes));
    const announcedSamples = dataBytes === null ? null : Math.floor(dataBytes / frameBytes);
    this.heldSamples = Math.min(held, announcedSamples ?? held);
    const unused = dataBytes === null ? 0 : bytesOfNoChunk(file, open, dataStart + dataBytes);
    this.remarks =
      unused === 0
        ? []
        : [new ResynthError('audio/wav-length', { file: shownName(file), announced: dataBytes, unused })];
    this.info = {
      sampleRateHz: format.sampleRateHz,
      channels: format.channels,
      announcedSamples,
      announcedSec: (announcedSamples ?? held) / format.sampleRateHz,
      container: 'wav',
      codec: codecNames[format.coding],
      floatingPoint: format.coding === 'f32' || format.coding === 'f64',
    };
  }

  *blocks(start = 0): Generator<Float32Array[], void, void> {
    for (const { bytes, samples } of this.pieces(start)) yield deinterleave(bytes, this.format, samples);
  }

  measureLevel(): Level {
    const level: Level = { samples: 0, peak: 0, energy: 0 };
    if (this.format.coding !== 's16') {
      for (const block of this.blocks()) addLevel(level, block, this.file, this.info);
      return level;
    }
    let largest = 0;
    for (const { bytes, samples } of this.pieces(0)) {
      const count = samples * this.format.channels;
      const view = new DataView(bytes.buffer, bytes.byteOffset, count * 2);
      let energy = 0;
      for (let at = 0; at < count * 2; at += 2) {
        const value = view.getInt16(at, true);
        energy += value * value;
        const size = value < 0 ? -value : value;
        if (size > largest) largest = size;
      }
      // Whole numbers divided by a power of two: the same sum as of the samples themselves, to the last bit.
      level.energy += energy / 2 ** 30;
      level.samples += samples;
    }
    level.peak = largest / 2 ** 15;
    return level;
  }

  close(): void {
    closeSync(this.open.fd);
  }

  /** The bytes of the samples in order, in whole frames; they may be overwritten by the next piece. */
  private *pieces(start: number): Generator<{ bytes: Uint8Array; samples: number }, void, void> {
    const { file, open, head, format, dataStart, heldSamples } = this;
    const frameBytes = format.bytesPerSample * format.channels;
    // Whoever begins in the middle may want a moment only: the first pieces are small.
    let blockSamples = Math.max(1, Math.floor((start > 0 ? firstBytes : blockBytes) / frameBytes));
    let large = open.bytes > head.length ? new Uint8Array(blockSamples * frameBytes) : null;
    this.reached = Math.min(start, heldSamples);
    for (let done = start, count = 0; done < heldSamples; done += count) {
      if (done > start && blockSamples * frameBytes < blockBytes / 8) {
        blockSamples *= 8;
        if (large) large = new Uint8Array(blockSamples * frameBytes);
      }
      count = Math.min(blockSamples, heldSamples - done);
      const at = dataStart + done * frameBytes;
      const bytes = large
        ? readAt(file, open.fd, large.subarray(0, count * frameBytes), at)
        : head.subarray(at, at + count * frameBytes);
      const samples = Math.floor(bytes.length / frameBytes);
      this.reached = done + samples;
      if (samples > 0) yield { bytes, samples };
      if (samples < count) return;
    }
  }
}

/** The format and where the samples lie; null where it is not for this reader. */
function findChunks(view: DataView): Layout | null {
  let format: WavFormat | null = null;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const name = tag(view, at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (name === 'fmt ') format = readFormat(view, start, size);
    else if (name === 'data') {
      return format ? { format, dataStart: start, dataBytes: announcedBytes(view, size) } : null;
    }
    // Chunks are padded to an even length.
    at = start + size + (size % 2);
  }
  return null;
}

/**
 * Bytes behind the samples that are no further chunk: the header announces less than there is. Fewer than a frame of
 * anything is what sloppy writers leave.
 */
function bytesOfNoChunk(file: string, open: OpenFile, end: number): number {
  const least = 64;
  if (open.bytes - end < least) return 0;
  const read = (at: number): DataView => {
    const bytes = open.content?.subarray(at, at + 4) ?? readAt(file, open.fd, new Uint8Array(4), at);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  // A chunk begins at an even place; some writers leave the padding out.
  const isChunk = [end, end + (end % 2)].some((at) => /^[\x20-\x7e]{4}$/.test(tag(read(at), 0)));
  return isChunk ? 0 : open.bytes - end;
}

/**
 * The announced length of the samples, or null where the writer could not know it: a stream (all ones), or a recorder that
 * was stopped before it filled in its sizes (zero in the file's own size too). The samples then reach to the end.
 */
function announcedBytes(view: DataView, size: number): number | null {
  const riffSize = view.getUint32(4, true);
  if (size === 0xffffffff) return null;
  return size === 0 && (riffSize === 0 || riffSize === 0xffffffff) ? null : size;
}

function readFormat(view: DataView, at: number, size: number): WavFormat | null {
  if (size < 16 || at + size > view.byteLength) return null;
  let code = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRateHz = view.getUint32(at + 4, true);
  const frameBytes = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  // WAVE_FORMAT_EXTENSIBLE holds the code in the first two bytes of its sub-format.
  if (code === 0xfffe) code = size >= 40 ? view.getUint16(at + 24, true) : 0;
  const coding = codingOf(code, bits);
  if (!coding || channels === 0 || frameBytes !== (channels * bits) / 8) return null;
  return { coding, channels, sampleRateHz, bytesPerSample: bits / 8 };
}

function codingOf(code: number, bits: number): Coding | null {
  if (code === 1)
    return bits === 8 ? 'u8' : bits === 16 ? 's16' : bits === 24 ? 's24' : bits === 32 ? 's32' : null;
  if (code === 3) return bits === 32 ? 'f32' : bits === 64 ? 'f64' : null;
  return null;
}

function deinterleave(bytes: Uint8Array, format: WavFormat, samples: number): Float32Array[] {
  const { channels, bytesPerSample, coding } = format;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = channels * bytesPerSample;
  const output: Float32Array[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const target = new Float32Array(samples);
    let at = channel * bytesPerSample;
    // One loop a coding: a choice inside the loop would be made for every sample.
    if (coding === 's16')
      for (let i = 0; i < samples; i++, at += step) target[i] = view.getInt16(at, true) / 32768;
    else if (coding === 'f32')
      for (let i = 0; i < samples; i++, at += step) target[i] = view.getFloat32(at, true);
    else if (coding === 's24') {
      for (let i = 0; i < samples; i++, at += step) {
        target[i] = ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8388608;
      }
    } else if (coding === 's32') {
      for (let i = 0; i < samples; i++, at += step) target[i] = view.getInt32(at, true) / 2147483648;
    } else if (coding === 'f64') {
      for (let i = 0; i < samples; i++, at += step) target[i] = view.getFloat64(at, true);
    } else for (let i = 0; i < samples; i++, at += step) target[i] = (bytes[at]! - 128) / 128;
    output.push(target);
  }
  return output;
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  );
}
