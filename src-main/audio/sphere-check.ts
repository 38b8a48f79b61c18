import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import type { SphereHeader } from './sphere-header.ts';

/**
 * Holds the samples of a SPHERE file to what its header announces: their number and their checksum, which is the sum of
 * all of them as unsigned 16-bit (or 8-bit) numbers, modulo 65536.
 */
export class SphereCheck {
  readonly remarks: ResynthError[] = [];
  readonly #file: string;
  readonly #header: SphereHeader;
  readonly #heldSamples: number | null;
  #sum = 0;
  /** The same with the bytes of every sample in the other order. */
  #swappedSum = 0;

  /** `heldSamples` are those that the file has room for; null where only decoding tells. */
  constructor(file: string, header: SphereHeader, heldSamples: number | null) {
    this.#file = shownName(file);
    this.#header = header;
    this.#heldSamples = heldSamples;
  }

  /** Samples as they are in the file. */
  addBytes(bytes: Uint8Array): void {
    const { bytesPerSample, littleEndian } = this.#header;
    if (bytesPerSample === 1) for (const byte of bytes) this.#sum += byte;
    if (bytesPerSample !== 2) return;
    let even = 0;
    let odd = 0;
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      even += bytes[at]!;
      odd += bytes[at + 1]!;
    }
    this.#sum += littleEndian ? even + 256 * odd : odd + 256 * even;
    this.#swappedSum += littleEndian ? odd + 256 * even : even + 256 * odd;
  }

  /** Decoded samples, full scale being 1. */
  addSamples(channels: readonly Float32Array[]): void {
    const scale = this.#header.bytesPerSample === 1 ? 2 ** 7 : 2 ** 15;
    const modulus = 2 * scale;
    for (const channel of channels) {
      for (const sample of channel) {
        const value = Math.round(sample * scale);
        this.#sum += value < 0 ? value + modulus : value;
      }
    }
  }

  /**
   * To be called once all samples were added; `beyond` were decoded behind those announced.
   * @throws {ResynthError} audio/sphere-byte-order where the checksum proves that the samples are in the other order
   */
  end(beyond = 0): void {
    const { sampleCount, checksum, bytesPerSample, shorten } = this.#header;
    const file = this.#file;
    const extra = beyond + Math.max(0, (this.#heldSamples ?? 0) - (sampleCount ?? Infinity));
    if (extra > 0 && sampleCount !== null) {
      this.remarks.push(new ResynthError('audio/sphere-count', { file, announced: sampleCount, extra }));
    }
    if (checksum === null || bytesPerSample > 2 || this.#sum % 65_536 === checksum) return;
    if (!shorten && bytesPerSample === 2 && this.#swappedSum % 65_536 === checksum) {
      throw new ResynthError('audio/sphere-byte-order', { file });
    }
    this.remarks.push(
      new ResynthError('audio/sphere-checksum', { file, announced: checksum, found: this.#sum % 65_536 }),
    );
  }
}
