/** How one sample of an FFmpeg format lies in memory, and what makes full scale 1. */
interface Reader {
  bytes: number;
  read(view: DataView, at: number): number;
}

const readers: Readonly<Record<string, Reader>> = {
  u8: { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 128 },
  s16: { bytes: 2, read: (view, at) => view.getInt16(at, true) / 32768 },
  s32: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2147483648 },
  s64: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) / 2 ** 63 },
  flt: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  dbl: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

/**
 * Copies a frame's samples out of native memory, a new array a channel. `format` is FFmpeg's name, `s16p` being the planar
 * form of `s16`; `planes` are the frame's buffers. Null for a format that is not known.
 */
export function readSampleFormat(
  format: string,
  planes: readonly Uint8Array[],
  channels: number,
  samples: number,
): Float32Array[] | null {
  const planar = format.endsWith('p');
  const reader = readers[planar ? format.slice(0, -1) : format];
  if (!reader) return null;
  const output: Float32Array[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const plane = planes[planar ? channel : 0];
    if (!plane) return null;
    const view = new DataView(plane.buffer, plane.byteOffset, plane.byteLength);
    const step = planar ? reader.bytes : reader.bytes * channels;
    const target = new Float32Array(samples);
    let at = planar ? 0 : channel * reader.bytes;
    for (let i = 0; i < samples; i++, at += step) target[i] = reader.read(view, at);
    output.push(target);
  }
  return output;
}
