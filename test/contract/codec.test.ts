import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../src-preload/contract/codec.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { anyValue } from '../conformance/contract/arbitrary.ts';

const roundTrip = (value: unknown): unknown => decodeFrame(encodeFrame(value));

/** What decoding gives or refuses; anything but a refusal of ours is a crash and is thrown on. */
function attempt(bytes: Uint8Array): unknown {
  try {
    return decodeFrame(bytes);
  } catch (thrown) {
    if (thrown instanceof ResynthError) return thrown.code;
    throw thrown;
  }
}

/** A frame with a header of one's own making. */
function forged(header: unknown, attachmentBytes = 0): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const frame = new Uint8Array(Math.ceil((8 + json.length) / 8) * 8 + attachmentBytes);
  new DataView(frame.buffer).setUint32(0, 0x31465352, true);
  new DataView(frame.buffer).setUint32(4, json.length, true);
  frame.set(json, 8);
  return frame;
}

describe('the codec', () => {
  it('gives back whatever it was given', () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        expect(roundTrip(value)).toEqual(value);
      }),
    );
  });

  it.each([
    ['NaN', Number.NaN],
    ['the infinities', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['minus zero', { a: -0, b: 0 }],
    ['undefined in a list', [1, undefined, 3]],
    ['undefined alone', undefined],
    ['bigint', 2n ** 80n],
    ['an object that looks like a mark', { $t: 'nan', x: { $t: ['f32', 0] } }],
    ['lone surrogates', '\ud800 \udfff'],
    ['an empty array of numbers', new Float64Array()],
    ['an ArrayBuffer', Uint8Array.of(1, 2, 3).buffer],
    ['numbers of every kind', [Int8Array.of(-1), Uint16Array.of(65535), BigInt64Array.of(-5n)]],
  ])('keeps %s', (_what, value) => {
    expect(roundTrip(value)).toEqual(value);
    expect(Object.is(roundTrip(-0), -0)).toBe(true);
  });

  it('leaves out keys that are undefined', () => {
    expect(Object.keys(roundTrip({ a: undefined, b: 1 }) as object)).toEqual(['b']);
  });

  it('sends only what a view shows, and gives memory of its own', () => {
    const large = new Float32Array(1000).fill(7);
    const frame = encodeFrame({ part: large.subarray(10, 12), buffer: Buffer.from('abc') });
    expect(frame.byteLength).toBeLessThan(200);
    const { part, buffer } = decodeFrame(frame) as { part: Float32Array; buffer: Uint8Array };
    expect(part).toEqual(Float32Array.of(7, 7));
    expect(part.buffer.byteLength).toBe(8);
    expect(buffer).toEqual(Uint8Array.of(97, 98, 99));
    frame.fill(0);
    expect(part[0]).toBe(7);
  });

  it('reads a frame from anywhere inside other bytes', () => {
    const frame = encodeFrame({ levels: Float64Array.of(1, 2, 3) });
    const padded = Buffer.concat([Buffer.from('xyz'), frame]);
    expect(decodeFrame(padded.subarray(3))).toEqual({ levels: Float64Array.of(1, 2, 3) });
  });

  it('keeps a key named __proto__ as data and touches no prototype', () => {
    const hostile: unknown = JSON.parse('{"__proto__": {"polluted": 1}, "a": {"__proto__": [null]}}');
    const decoded = roundTrip(hostile) as object;
    expect(Object.hasOwn(decoded, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    const entries = attempt(forged({ v: { $t: ['object', [['__proto__', { polluted: 1 }]]] }, a: [] }));
    expect(Object.getPrototypeOf(entries)).toBe(Object.prototype);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it.each<[string, unknown, string]>([
    ['a function', { rows: [{ f: () => 1 }] }, 'rows[0].f'],
    ['a symbol', { s: Symbol('x') }, 's'],
    ['a date', { at: new Date(0) }, 'at'],
    ['a map', { m: new Map() }, 'm'],
    ['an instance', { i: new (class Thing {})() }, 'i'],
    ['shared memory', { m: new SharedArrayBuffer(8) }, 'm'],
  ])('refuses %s, and says where', (_what, value, where) => {
    expect(() => encodeFrame(value)).toThrow(ResynthError);
    try {
      encodeFrame(value);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'contract/unsendable', params: { where } });
    }
  });

  it('refuses what holds itself, and what is nested without end', () => {
    const own: Record<string, unknown> = {};
    own.own = own;
    expect(() => encodeFrame(own)).toThrow(/holds itself/);
    expect(attempt(forged(`{"v":${'['.repeat(10_000)}${']'.repeat(10_000)},"a":[]}`))).toBe(
      'contract/damaged-frame',
    );
  });
});

describe('bytes of anybody', () => {
  it('are refused or read, never a crash', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void attempt(bytes)));
    fc.assert(
      fc.property(anyValue(), fc.nat(), fc.nat(255), (value, at, byte) => {
        const frame = encodeFrame(value);
        frame[at % frame.length] = byte;
        attempt(frame);
      }),
    );
  });

  it('are refused when the end is missing, or more follows', () => {
    fc.assert(
      fc.property(anyValue(), fc.nat(), (value, cut) => {
        const frame = encodeFrame(value);
        expect(attempt(frame.subarray(0, cut % frame.length))).toBe('contract/damaged-frame');
        expect(attempt(Buffer.concat([frame, new Uint8Array(8)]))).toBe('contract/damaged-frame');
      }),
    );
  });

  it.each<[string, unknown, number]>([
    ['a header that is no JSON', '{"v":', 0],
    ['no value', { a: [] }, 0],
    ['an attachment larger than the frame', { v: { $t: ['u8', 0] }, a: [2 ** 40] }, 0],
    ['a length that wraps around', { v: { $t: ['u8', 0] }, a: [2 ** 32] }, 0],
    ['a negative length', { v: { $t: ['u8', 0] }, a: [-8] }, 0],
    ['a length that is no number', { v: 1, a: ['8'] }, 0],
    ['an attachment that is not there', { v: { $t: ['f32', 1] }, a: [8] }, 8],
    ['one attachment twice', { v: [{ $t: ['u8', 0] }, { $t: ['u8', 0] }], a: [8] }, 8],
    ['an attachment of nobody', { v: 1, a: [8] }, 8],
    ['half a number', { v: { $t: ['f64', 0] }, a: [4] }, 8],
    ['an unknown mark', { v: { $t: 'other' }, a: [] }, 0],
    ['a mark from the prototype', { v: { $t: ['constructor', 0] }, a: [8] }, 8],
    ['a mark with company', { v: { $t: 'nan', more: 1 }, a: [] }, 0],
    ['a number of a million digits', { v: { $t: ['bigint', '1'.repeat(1_000_000)] }, a: [] }, 0],
    ['entries that are none', { v: { $t: ['object', [['a']]] }, a: [] }, 0],
  ])('are refused for %s', (_what, header, attachmentBytes) => {
    expect(attempt(forged(header, attachmentBytes))).toBe('contract/damaged-frame');
  });

  it('take no memory for what a length only announces', () => {
    const frame = forged({ v: 1, a: [] });
    new DataView(frame.buffer).setUint32(4, 0x7fffffff, true);
    expect(attempt(frame)).toBe('contract/too-large');
  });
});
