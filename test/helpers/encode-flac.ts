import { writeFileSync } from 'node:fs';

/** Samples a frame. */
const blockSize = 4096;

/**
 * Writes a mono FLAC file (16 bits, every frame stored verbatim): small enough to write by hand, so that the tests need no
 * encoder. RFC 9639.
 */
export function encodeFlac(file: string, samples: Float32Array, sampleRateHz: number): void {
  const info = Buffer.alloc(38);
  // The last metadata block, of type 0 (STREAMINFO), 34 bytes.
  info.writeUInt32BE(0x80000022, 0);
  info.writeUInt16BE(blockSize, 4);
  info.writeUInt16BE(blockSize, 6);
  // 20 bits of rate, 3 of channels less one, 5 of bits less one, 36 of samples.
  info.writeUInt32BE(((sampleRateHz << 12) | (15 << 4)) >>> 0, 14);
  info.writeUInt32BE(samples.length, 18);
  const frames: Buffer[] = [];
  for (let start = 0, number = 0; start < samples.length; start += blockSize, number++) {
    frames.push(encodeFrame(samples.subarray(start, start + blockSize), number));
  }
  writeFileSync(file, Buffer.concat([Buffer.from('fLaC'), info, ...frames]));
}

function encodeFrame(samples: Float32Array, number: number): Buffer {
  if (number > 127) throw new RangeError('The test encoder writes up to 128 frames.');
  const header = Buffer.alloc(8);
  // Sync code with fixed block size; a 16-bit block size at the end, rate from STREAMINFO; mono, 16 bits; frame number.
  header.set([0xff, 0xf8, 0x70, 0x08, number]);
  header.writeUInt16BE(samples.length - 1, 5);
  header[7] = crc(header.subarray(0, 7), 8, 0x07);
  const body = Buffer.alloc(1 + 2 * samples.length);
  // A verbatim subframe.
  body[0] = 0x02;
  samples.forEach((sample, i) => {
    body.writeInt16BE(Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), 1 + 2 * i);
  });
  const frame = Buffer.concat([header, body, Buffer.alloc(2)]);
  frame.writeUInt16BE(crc(frame.subarray(0, -2), 16, 0x8005), frame.length - 2);
  return frame;
}

function crc(bytes: Uint8Array, bits: 8 | 16, polynomial: number): number {
  const top = 1 << (bits - 1);
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++)
      value = (value & top ? (value << 1) ^ polynomial : value << 1) & ((1 << bits) - 1);
  }
  return value;
}
