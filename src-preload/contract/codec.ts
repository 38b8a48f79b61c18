import { maximumFrameBytes } from './channel.ts';
import { messageOf, ResynthError } from './errors/error.ts';
import { pack, unpack } from './codec-values.ts';

/**
 * The one form in which values travel between processes. A frame is
 *
 *     'RSF1' | length of the header, uint32 | header: JSON, UTF-8 | attachments, each from a multiple of 8
 *
 * with the header `{v, a}`: the value, and the lengths of the attachments in bytes. Typed arrays and ArrayBuffers are
 * attachments; what JSON has no word for (NaN, the infinities, -0, undefined, bigint) is marked in the value
 * (codec-values.ts). All numbers little-endian, as every machine that Resynth runs on has them.
 */

const magic = 0x31465352; // 'RSF1'
const prefixBytes = 8;
/** Of JSON: what is larger should have been typed arrays or a range. */
const maximumHeaderBytes = 32 * 1024 * 1024;

const aligned = (offset: number): number => (offset + 7) & ~7;

/**
 * A value as one frame, copied.
 *
 * @throws ResynthError contract/unsendable for functions, class instances, cycles; contract/too-large.
 */
export function encodeFrame(value: unknown): Uint8Array<ArrayBuffer> {
  const attachments: ArrayBufferView[] = [];
  const packed = pack(value, attachments);
  const header = new TextEncoder().encode(
    JSON.stringify({ v: packed, a: attachments.map(({ byteLength }) => byteLength) }),
  );
  checkSize(header.length, maximumHeaderBytes);
  let end = aligned(prefixBytes + header.length);
  const offsets = attachments.map(({ byteLength }) => {
    const offset = end;
    end = aligned(end + byteLength);
    return offset;
  });
  checkSize(end, maximumFrameBytes);
  const frame = new Uint8Array(end);
  const prefix = new DataView(frame.buffer);
  prefix.setUint32(0, magic, true);
  prefix.setUint32(4, header.length, true);
  frame.set(header, prefixBytes);
  for (const [index, { buffer, byteOffset, byteLength }] of attachments.entries()) {
    frame.set(new Uint8Array(buffer, byteOffset, byteLength), offsets[index]);
  }
  return frame;
}

/**
 * The value that a frame holds; nothing in it shares memory with the frame. Bytes of anybody are safe: what is not exactly
 * a frame is refused, and no more memory is taken than the frame's own size gives reason for.
 *
 * @throws ResynthError contract/damaged-frame, contract/too-large
 */
export function decodeFrame(frame: Uint8Array): unknown {
  checkSize(frame.byteLength, maximumFrameBytes);
  if (frame.byteLength < prefixBytes) throw damaged('it has no head');
  const prefix = new DataView(frame.buffer, frame.byteOffset, prefixBytes);
  if (prefix.getUint32(0, true) !== magic) throw damaged('it does not begin as a message does');
  const headerBytes = prefix.getUint32(4, true);
  checkSize(headerBytes, maximumHeaderBytes);
  if (prefixBytes + headerBytes > frame.byteLength) throw damaged('its head is cut off');
  const header = parseHeader(frame.subarray(prefixBytes, prefixBytes + headerBytes));
  let end = aligned(prefixBytes + headerBytes);
  const spans = header.a.map((byteLength) => {
    const offset = end;
    // First the length alone: a huge one would wrap around in the sum.
    end = byteLength > frame.byteLength ? Number.POSITIVE_INFINITY : aligned(end + byteLength);
    if (end > frame.byteLength) throw damaged('an attachment is cut off');
    return { offset, byteLength };
  });
  if (end !== frame.byteLength) throw damaged('its length is not what its head says');
  return unpack(
    header.v,
    spans.map(
      ({ offset, byteLength }) =>
        // Never `slice` of a Buffer, which shares its memory.
        new Uint8Array(frame.subarray(offset, offset + byteLength)).buffer,
    ),
  );
}

function parseHeader(bytes: Uint8Array): { v: unknown; a: number[] } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (thrown) {
    throw damaged(messageOf(thrown).slice(0, 100));
  }
  if (typeof parsed !== 'object' || parsed === null || !('v' in parsed) || !('a' in parsed)) {
    throw damaged('its head lacks a part');
  }
  const { v, a } = parsed;
  if (!Array.isArray(a) || !a.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw damaged('its head names attachments that cannot be');
  }
  return { v, a: a as number[] };
}

function checkSize(bytes: number, limit: number): void {
  if (bytes > limit) throw new ResynthError('contract/too-large', { bytes, limit });
}

function damaged(detail: string): ResynthError {
  return new ResynthError('contract/damaged-frame', { detail });
}
