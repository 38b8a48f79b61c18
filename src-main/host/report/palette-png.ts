import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { magma } from '../../dsp/figure/magma.ts';

const deflated = promisify(deflate);
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Levels `[bins, frames]`, lowest frequency first and 0..255, as a PNG of that size with magma as its palette: one byte a
 * pixel, a third of what full colour takes. Compressed off the event loop.
 */
export async function palettePng(
  levels: Uint8Array,
  bins: number,
  frames: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (levels.length !== bins * frames || levels.length === 0) {
    throw new RangeError(`${levels.length} levels are no picture of ${bins} bins and ${frames} frames.`);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(frames, 0);
  header.writeUInt32BE(bins, 4);
  // 8 bits a pixel, indexed; deflate, the usual filters, not interlaced.
  header.set([8, 3, 0, 0, 0], 8);
  const rows = Buffer.alloc(bins * (frames + 1));
  for (let row = 0; row < bins; row++) {
    // Each row begins with its filter, none; the highest frequency is at the top.
    const bin = bins - 1 - row;
    rows.set(levels.subarray(bin * frames, (bin + 1) * frames), row * (frames + 1) + 1);
  }
  const pieces = [
    signature,
    chunk('IHDR', header),
    chunk('PLTE', magma),
    chunk('IDAT', await deflated(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ];
  return new Uint8Array(Buffer.concat(pieces));
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
