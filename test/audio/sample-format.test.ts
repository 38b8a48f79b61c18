import { describe, expect, it } from 'vitest';
import { readSampleFormat } from '../../src-main/audio/sample-format.ts';

function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

const halves = [0, 0.5, -0.5, -1];

describe('readSampleFormat', () => {
  it.each([
    ['u8', Uint8Array.from(halves, (value) => 128 + 128 * value)],
    ['s16', Int16Array.from(halves, (value) => 2 ** 15 * value)],
    ['s32', Int32Array.from(halves, (value) => 2 ** 31 * value)],
    ['s64', BigInt64Array.from(halves, (value) => BigInt(2 ** 63 * value))],
    ['flt', Float32Array.from(halves)],
    ['dbl', Float64Array.from(halves)],
  ])('%s, interleaved and planar', (name, values) => {
    const bytes = bytesOf(values);
    expect(readSampleFormat(name, [bytes], 2, 2)?.map((channel) => [...channel])).toEqual([
      [0, -0.5],
      [0.5, -1],
    ]);
    expect(readSampleFormat(`${name}p`, [bytes, bytes.slice().reverse()], 1, 4)?.map((c) => [...c])).toEqual([
      halves,
    ]);
  });

  it('copies, also from memory that is not aligned', () => {
    const shifted = new Uint8Array(9);
    shifted.set(bytesOf(Int16Array.of(16_384, 0, -16_384)), 1);
    const source = shifted.subarray(1, 7);
    const read = readSampleFormat('s16', [source], 1, 3);
    source.fill(0);
    expect(read?.map((channel) => [...channel])).toEqual([[0.5, 0, -0.5]]);
  });

  it('is null for a format that is not known, and for planes that are missing or short', () => {
    expect(readSampleFormat('s24', [new Uint8Array(12)], 1, 4)).toBeNull();
    expect(readSampleFormat('s16p', [new Uint8Array(8)], 2, 4)).toBeNull();
    expect(readSampleFormat('s16', [new Uint8Array(6)], 1, 4)).toBeNull();
  });
});
