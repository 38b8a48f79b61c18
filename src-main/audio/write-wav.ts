import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { writeFileAtomicSync } from '../files/atomic-file.ts';
import { shownName } from '../files/system-errors.ts';

/** How samples are stored. */
export type WavEncoding = 'pcm16' | 'float32';

export interface WavOptions {
  /** `pcm16` by default. */
  encoding?: WavEncoding;
}

export interface WrittenWav {
  /** Samples outside of full scale, which 16 bits had to clip. */
  clipped: number;
}

/**
 * Writes a WAV file, whole or not at all. `samples` is one channel, or one array a channel, full scale being 1.
 *
 * 16-bit samples are `round(x * 32768)` clipped to the range, so that what was read from 16 bits is written back bit for
 * bit. (soundfile takes the floor instead: up to one step lower for anything else.)
 * @throws {ResynthError} audio/no-sound; files/disk-full, files/not-writable: also where the folder is not there
 */
export function writeWav(
  file: string,
  samples: Float32Array | readonly Float32Array[],
  sampleRateHz: number,
  options: WavOptions = {},
): WrittenWav {
  const channels = samples instanceof Float32Array ? [samples] : samples;
  refuseNotFinite(file, channels);
  const { bytes, clipped } = encodeWav(channels, sampleRateHz, options.encoding ?? 'pcm16');
  writeFileAtomicSync(file, [bytes], { makeFolder: false });
  return { clipped };
}

/** The bytes of a WAV file. */
export function encodeWav(
  channels: readonly Float32Array[],
  sampleRateHz: number,
  encoding: WavEncoding,
): { bytes: Uint8Array<ArrayBuffer>; clipped: number } {
  const count = channels[0]?.length ?? 0;
  if (channels.length === 0 || channels.some((channel) => channel.length !== count)) {
    throw new RangeError('A WAV file needs at least one channel, and channels of one length.');
  }
  const width = encoding === 'pcm16' ? 2 : 4;
  const frameBytes = width * channels.length;
  const dataBytes = count * frameBytes;
  // A float file says how many samples it has in a chunk of its own (the standard asks for it).
  const factBytes = encoding === 'float32' ? 12 : 0;
  const headerBytes = 44 + factBytes;
  if (headerBytes + dataBytes > 0xffffffff) throw new RangeError('A WAV file cannot hold more than 4 GiB.');
  const bytes = new Uint8Array(headerBytes + dataBytes);
  const view = new DataView(bytes.buffer);
  putTag(view, 0, 'RIFF');
  view.setUint32(4, headerBytes - 8 + dataBytes, true);
  putTag(view, 8, 'WAVE');
  putTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, encoding === 'pcm16' ? 1 : 3, true);
  view.setUint16(22, channels.length, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, 8 * width, true);
  if (factBytes > 0) {
    putTag(view, 36, 'fact');
    view.setUint32(40, 4, true);
    view.setUint32(44, count, true);
  }
  putTag(view, headerBytes - 8, 'data');
  view.setUint32(headerBytes - 4, dataBytes, true);
  let clipped = 0;
  channels.forEach((channel, index) => {
    let at = headerBytes + index * width;
    for (let i = 0; i < count; i++, at += frameBytes) {
      const value = channel[i]!;
      if (encoding === 'float32') {
        view.setFloat32(at, value, true);
        continue;
      }
      const wanted = Math.round(value * 32768);
      const kept = Math.max(-32768, Math.min(32767, wanted));
      if (wanted !== kept && wanted !== 32768) clipped++;
      view.setInt16(at, kept, true);
    }
  });
  return { bytes, clipped };
}

function refuseNotFinite(file: string, channels: readonly Float32Array[]): void {
  for (const channel of channels) {
    const at = channel.findIndex((sample) => !Number.isFinite(sample));
    if (at < 0) continue;
    const detail = `sample ${at} is ${channel[at]}, not a number that can be heard`;
    throw new ResynthError('audio/no-sound', { file: shownName(file), detail });
  }
}

function putTag(view: DataView, at: number, tag: string): void {
  for (let i = 0; i < 4; i++) view.setUint8(at + i, tag.charCodeAt(i));
}
