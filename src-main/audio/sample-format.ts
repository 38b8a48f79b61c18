/** How the samples of an FFmpeg format lie in memory (in the machine's own byte order), and what makes full scale 1. */
interface Format {
  bytes: number;
  view(buffer: ArrayBufferLike, byteOffset: number, length: number): ArrayLike<number | bigint>;
  zero: number;
  fullScale: number;
}

const formats: Readonly<Record<string, Format>> = {
  u8: { bytes: 1, view: (...at) => new Uint8Array(...at), zero: 128, fullScale: 128 },
  s16: { bytes: 2, view: (...at) => new Int16Array(...at), zero: 0, fullScale: 2 ** 15 },
  s32: { bytes: 4, view: (...at) => new Int32Array(...at), zero: 0, fullScale: 2 ** 31 },
  s64: { bytes: 8, view: (...at) => new BigInt64Array(...at), zero: 0, fullScale: 2 ** 63 },
  flt: { bytes: 4, view: (...at) => new Float32Array(...at), zero: 0, fullScale: 1 },
  dbl: { bytes: 8, view: (...at) => new Float64Array(...at), zero: 0, fullScale: 1 },
};

/**
 * Copies a frame's samples out of native memory, a new array a channel. `name` is FFmpeg's, `s16p` being the planar form
 * of `s16`; `planes` are the frame's buffers. Null for a format that is not known.
 */
export function readSampleFormat(
  name: string,
  planes: readonly Uint8Array[],
  channels: number,
  samples: number,
): Float32Array[] | null {
  const planar = name.endsWith('p');
  const format = formats[planar ? name.slice(0, -1) : name];
  if (!format) return null;
  const { bytes, zero, fullScale } = format;
  const step = planar ? 1 : channels;
  const output: Float32Array[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const plane = planes[planar ? channel : 0];
    if (!plane || plane.byteLength < samples * step * bytes) return null;
    // A view must begin at a whole number of its elements; FFmpeg's memory does, a copy always does.
    const whole = plane.byteOffset % bytes === 0 ? plane : plane.slice();
    const source = format.view(whole.buffer, whole.byteOffset, samples * step);
    const target = new Float32Array(samples);
    const first = planar ? 0 : channel;
    if (source instanceof Int16Array) scale16(source, target, first, step);
    else if (source instanceof Int32Array) scale32(source, target, first, step);
    else {
      for (let i = 0, at = first; i < samples; i++, at += step) {
        target[i] = (Number(source[at]) - zero) / fullScale;
      }
    }
    output.push(target);
  }
  return output;
}

// The two formats that corpora come in, each in a loop of its own: one loop for all kinds of arrays takes four times as long.
// Full scale is a power of two, so that its inverse is exact.

function scale16(source: Int16Array, target: Float32Array, first: number, step: number): void {
  for (let i = 0, at = first; i < target.length; i++, at += step) target[i] = source[at]! * 2 ** -15;
}

function scale32(source: Int32Array, target: Float32Array, first: number, step: number): void {
  for (let i = 0, at = first; i < target.length; i++, at += step) target[i] = source[at]! * 2 ** -31;
}
