import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { closeSync } from 'node:fs';
import { shownName } from '../files/system-errors.ts';
import { aLaw, muLaw } from './companding.ts';
import { openWithFfmpeg } from './ffmpeg-source.ts';
import { type OpenFile, readAt } from './file-access.ts';
import type { AudioInfo, AudioSource } from './source.ts';
import { SphereCheck } from './sphere-check.ts';
import { isSphere, readSphereHeader, type SphereHeader, sphereHeaderBytes } from './sphere-header.ts';

/**
 * NIST SPHERE, as TIMIT, WSJ0 and AN4 come: PCM of 8 to 32 bits in either byte order, mu-law and A-law by our own reader;
 * what shorten compressed by FFmpeg. Both hold to the header's sample_count and sample_checksum.
 */

const blockBytes = 1 << 20;
/** What shorten's data begin with. */
const shortenMagic = 'ajkg';

/**
 * A SPHERE file as a source that owns the descriptor, or null where it is none.
 * @throws {ResynthError} audio/sphere-header, audio/sphere-coding, audio/not-audio
 */
export function openSphere(file: string, open: OpenFile): AudioSource | null {
  const first = bytesAt(file, open, 0, 16);
  if (first.length < 16 || !isSphere(first)) return null;
  const headerBytes = sphereHeaderBytes(file, first, open.bytes);
  const header = readSphereHeader(file, bytesAt(file, open, 0, headerBytes));
  const magic = Buffer.from(bytesAt(file, open, headerBytes, 4)).toString('latin1');
  if (header.shorten !== (magic === shortenMagic)) {
    const said = header.shorten ? 'compressed by shorten' : 'not compressed';
    throw new ResynthError('audio/sphere-header', {
      file: shownName(file),
      detail: `its samples are said to be ${said}, and they are ${header.shorten ? 'not' : 'compressed by shorten'}`,
    });
  }
  if (!header.shorten) return new SphereSource(file, open, header);
  const decoded = new ShortenSource(file, header, openWithFfmpeg(file));
  closeSync(open.fd);
  return decoded;
}

function bytesAt(file: string, open: OpenFile, position: number, length: number): Uint8Array {
  if (open.content) return open.content.subarray(position, position + length);
  return readAt(
    file,
    open.fd,
    new Uint8Array(Math.max(0, Math.min(length, open.bytes - position))),
    position,
  );
}

function infoOf(header: SphereHeader, heldSamples: number | null): AudioInfo {
  const { coding, shorten, bytesPerSample, littleEndian, sampleCount, sampleRateHz, channels } = header;
  const samples = sampleCount ?? heldSamples;
  const width = bytesPerSample === 1 ? 's8' : `s${8 * bytesPerSample}${littleEndian ? 'le' : 'be'}`;
  return {
    sampleRateHz,
    channels,
    announcedSamples: sampleCount,
    announcedSec: samples === null ? null : samples / sampleRateHz,
    container: 'nistsphere',
    codec: shorten
      ? 'shorten'
      : coding === 'pcm'
        ? `pcm_${width}`
        : `pcm_${coding === 'ulaw' ? 'mulaw' : 'alaw'}`,
    floatingPoint: false,
  };
}

class SphereSource implements AudioSource {
  readonly info: AudioInfo;
  readonly heldSamples: number;
  readonly damage = null;
  reached = 0;
  readonly #file: string;
  readonly #open: OpenFile;
  readonly #header: SphereHeader;
  readonly #check: SphereCheck;

  constructor(file: string, open: OpenFile, header: SphereHeader) {
    this.#file = file;
    this.#open = open;
    this.#header = header;
    const held = Math.floor((open.bytes - header.headerBytes) / (header.bytesPerSample * header.channels));
    this.heldSamples = Math.min(held, header.sampleCount ?? held);
    this.info = infoOf(header, held);
    this.#check = new SphereCheck(file, header, held);
  }

  get remarks(): readonly ResynthError[] {
    return this.#check.remarks;
  }

  *blocks(start = 0): Generator<Float32Array[], void, void> {
    const { headerBytes, bytesPerSample, channels, coding, littleEndian } = this.#header;
    const frameBytes = bytesPerSample * channels;
    const blockSamples = Math.max(1, Math.floor(blockBytes / frameBytes));
    this.reached = Math.min(start, this.heldSamples);
    for (let done = this.reached; done < this.heldSamples; done += blockSamples) {
      const count = Math.min(blockSamples, this.heldSamples - done);
      const bytes = bytesAt(this.#file, this.#open, headerBytes + done * frameBytes, count * frameBytes);
      const samples = Math.floor(bytes.length / frameBytes);
      if (samples === 0) return;
      if (start === 0) this.#check.addBytes(bytes.subarray(0, samples * frameBytes));
      this.reached = done + samples;
      if (this.reached === this.heldSamples && start === 0) this.#check.end();
      yield deinterleave(
        bytes,
        samples,
        channels,
        readerOf(coding, bytesPerSample, littleEndian),
        bytesPerSample,
      );
      if (samples < count) return;
    }
  }

  close(): void {
    closeSync(this.#open.fd);
  }
}

/** What FFmpeg decodes, held to the header. */
class ShortenSource implements AudioSource {
  readonly info: AudioInfo;
  readonly heldSamples = null;
  readonly #source: AudioSource;
  readonly #check: SphereCheck;
  readonly #most: number;
  /** Decoding goes on behind what the header announces: what is there is not taken, and told. */
  #beyond = 0;

  constructor(file: string, header: SphereHeader, source: AudioSource) {
    this.#source = source;
    this.#most = header.sampleCount ?? Infinity;
    this.info = infoOf(header, null);
    this.#check = new SphereCheck(file, header, null);
    if (source.info.channels !== header.channels || source.info.sampleRateHz !== header.sampleRateHz) {
      const { channels, sampleRateHz } = source.info;
      source.close();
      throw new ResynthError('audio/sphere-header', {
        file: shownName(file),
        detail:
          `it announces ${header.channels} channel(s) at ${header.sampleRateHz} Hz, and the compressed samples ` +
          `are ${channels} at ${sampleRateHz} Hz`,
      });
    }
  }

  get damage(): string | null {
    return this.#source.damage;
  }

  get remarks(): readonly ResynthError[] {
    return this.#check.remarks;
  }

  get reached(): number {
    return Math.min(this.#source.reached, this.#most);
  }

  *blocks(start = 0): Generator<Float32Array[], void, void> {
    let position = start;
    this.#beyond = 0;
    for (const block of this.#source.blocks(start)) {
      const length = block[0]?.length ?? 0;
      const wanted = Math.max(0, Math.min(length, this.#most - position));
      this.#beyond += length - wanted;
      position += length;
      if (wanted === 0) continue;
      const taken = wanted === length ? block : block.map((channel) => channel.subarray(0, wanted));
      if (start === 0) this.#check.addSamples(taken);
      yield taken;
    }
    if (start === 0) this.#check.end(this.#beyond);
  }

  close(): void {
    this.#source.close();
  }
}

type ReadSample = (view: DataView, at: number) => number;

function readerOf(coding: SphereHeader['coding'], bytes: number, little: boolean): ReadSample {
  if (coding === 'ulaw') return (view, at) => muLaw[view.getUint8(at)]!;
  if (coding === 'alaw') return (view, at) => aLaw[view.getUint8(at)]!;
  if (bytes === 1) return (view, at) => view.getInt8(at) / 2 ** 7;
  if (bytes === 2) return (view, at) => view.getInt16(at, little) / 2 ** 15;
  if (bytes === 4) return (view, at) => view.getInt32(at, little) / 2 ** 31;
  return little
    ? (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23
    : (view, at) => ((view.getInt8(at) << 16) | view.getUint16(at + 1, false)) / 2 ** 23;
}

function deinterleave(
  bytes: Uint8Array,
  samples: number,
  channels: number,
  read: ReadSample,
  bytesPerSample: number,
): Float32Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = channels * bytesPerSample;
  return Array.from({ length: channels }, (_, channel) => {
    const target = new Float32Array(samples);
    for (let i = 0, at = channel * bytesPerSample; i < samples; i++, at += step) target[i] = read(view, at);
    return target;
  });
}
