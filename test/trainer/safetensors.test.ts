import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../src-main/trainer/safetensors.ts';
import type { OutputValue } from '../../src-main/engine/program.ts';

const join = (chunks: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(chunks));

/** A file with this header and data. */
function fileOf(header: unknown, data = new Uint8Array(0)): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return join([length, json, data]);
}

describe('safetensors', () => {
  it('gives back any tensors in order, bit for bit', () => {
    const value = fc.array(fc.nat(4), { maxLength: 3 }).chain((shape) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return fc
        .boolean()
        .chain((isFloat): fc.Arbitrary<OutputValue> =>
          isFloat
            ? fc
                .float32Array({ minLength: size, maxLength: size })
                .map((data) => ({ data: new Float32Array(data), shape }))
            : fc
                .int32Array({ minLength: size, maxLength: size })
                .map((data) => ({ data: new Int32Array(data), shape })),
        );
    });
    const name = fc
      .string({ minLength: 1 })
      .filter((text) => text !== '__metadata__' && text !== '__proto__' && !/^\d+$/.test(text));
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key, maxLength: 6 }),
        (entries) => {
          const tensors = new Map(entries);
          const decoded = decodeSafetensors(join(encodeSafetensors(tensors, { format: 'test' })), 'x');
          expect(decoded.metadata).toEqual({ format: 'test' });
          expect([...decoded.tensors.keys()]).toEqual([...tensors.keys()]);
          for (const [key, { data, shape }] of tensors) {
            const back = decoded.tensors.get(key);
            expect(back?.shape).toEqual(shape);
            expect(new Uint8Array(back?.data.buffer ?? new ArrayBuffer(0))).toEqual(
              new Uint8Array(data.buffer),
            );
            expect(back?.data.constructor).toBe(data.constructor);
          }
        },
      ),
    );
  });

  it('aligns the data to 8 bytes', () => {
    const [length] = encodeSafetensors(new Map([['a', { data: Float32Array.of(1), shape: [1] }]]));
    expect(Buffer.from(length ?? []).readBigUInt64LE() % 8n).toBe(0n);
  });

  it('takes a view into a larger buffer for what it is', () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const tensors = new Map<string, OutputValue>([['part', { data: whole.subarray(1, 3), shape: [2] }]]);
    expect(decodeSafetensors(join(encodeSafetensors(tensors)), 'x').tensors.get('part')?.data).toEqual(
      Float32Array.of(2, 3),
    );
  });

  it('gives tensors of their own from a Buffer, which is often a part of a larger one', () => {
    const tensors = new Map([['a', { data: Float32Array.of(1, 2), shape: [2] }]]);
    const bytes = Buffer.concat(encodeSafetensors(tensors));
    const decoded = decodeSafetensors(bytes, 'x').tensors.get('a')?.data;
    bytes.fill(0);
    expect(decoded).toEqual(Float32Array.of(1, 2));
    expect(decoded?.buffer.byteLength).toBe(8);
  });

  it('refuses to write numbers that do not fill their shape', () => {
    expect(() => encodeSafetensors(new Map([['a', { data: Float32Array.of(1), shape: [2] }]]))).toThrow(
      /tensor a/,
    );
  });

  const whole = { a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } };
  it.each([
    ['an empty file', new Uint8Array(0), /0 bytes/],
    ['a header longer than the file', fileOf('{"a":').subarray(0, 10), /does not fit/],
    ['a header that is not JSON', fileOf('{"a":'), /not JSON/],
    ['a header that is a list', fileOf([]), /no object/],
    ['missing data', fileOf(whole, new Uint8Array(4)), /ends at byte 8 of 4/],
    ['too much data', fileOf(whole, new Uint8Array(12)), /12 bytes of data/],
    ['an unknown type', fileOf({ a: { ...whole.a, dtype: 'BF16' } }, new Uint8Array(8)), /BF16/],
    ['a wrong size', fileOf({ a: { ...whole.a, shape: [3] } }, new Uint8Array(8)), /size of its shape/],
    ['a negative shape', fileOf({ a: { ...whole.a, shape: [-2] } }, new Uint8Array(8)), /no shape/],
    [
      'swapped offsets',
      fileOf({ a: { ...whole.a, data_offsets: [8, 0] } }, new Uint8Array(8)),
      /before it begins/,
    ],
    ['overlapping tensors', fileOf({ ...whole, b: whole.a }, new Uint8Array(8)), /hole or an overlap/],
    [
      'a hole',
      fileOf({ a: { ...whole.a, data_offsets: [4, 12] } }, new Uint8Array(12)),
      /hole or an overlap/,
    ],
  ])('refuses %s, naming the file', (_case, bytes, detail) => {
    expect(() => decodeSafetensors(bytes, 'runs/r/checkpoints/3.safetensors')).toThrow(detail);
    expect(() => decodeSafetensors(bytes, 'runs/r/checkpoints/3.safetensors')).toThrow(/3\.safetensors/);
  });
});
