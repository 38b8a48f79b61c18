/**
 * As much of the binary format of WebAssembly as a few loops over memory need: code is lists of bytes, put together by the
 * functions below. (WebAssembly 2.0, chapter 5; vector instructions by their numbers in 5.4.9.)
 *
 * Why by hand: JavaScript has no vector instructions, and transforms are most of what features cost. A compiler for
 * WebAssembly would be one more tool to install for five short loops (frame-kernel.ts), and a compiled file would be bytes
 * that nobody can review. Where a machine refuses the module, `frameKernel` gives null and the plain transform does the
 * same in JavaScript; test/dsp/features/frame-transform.test.ts holds the two to each other.
 *
 * An expression is a list of bytes that leaves its value on the stack: `add(get(2), load(get(0)))` is `v2 + memory[i0]`.
 */
export type Code = readonly number[];

/** Of a function: its pointers and counts are 32-bit whole numbers, its vectors two doubles. */
export interface WasmFunction {
  name: string;
  /** Whole numbers that it is given, which are its first locals. */
  parameters: number;
  /** Further locals: whole numbers, then vectors. */
  integers: number;
  vectors: number;
  body: Code;
}

const [i32, v128, emptyBlock] = [0x7f, 0x7b, 0x40];

/** A module that imports its memory as `env.memory` and exports its functions. */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...list(Array(parameters).fill([i32])), 0]);
  const memory = [...text('env'), ...text('memory'), 0x02, 0x00, 0x00];
  const exported = functions.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]);
  const bodies = functions.map(({ integers, vectors, body }) => {
    const locals = [
      [...unsigned(integers), i32],
      [...unsigned(vectors), v128],
    ];
    const code = [...list(locals), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(2, list([memory])),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(7, list(exported)),
    ...section(10, list(bodies)),
  ]);
}

function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): Code {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

function signed(value: number): Code {
  const bytes: number[] = [];
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    const done = (value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const constant = (value: number): Code => [0x41, ...signed(value)];
export const plus = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const minus = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
export const advance = (local: number, by: Code): Code => set(local, plus(get(local), by));
/** The 32-bit number at an address. */
export const loadInteger = (address: Code): Code => [...address, 0x28, 2, 0];

/** Does `body` once and again as long as local `a` is below local `b` after it. */
export const repeatWhileBelow = (a: number, b: number, body: Code): Code => [
  ...[0x03, emptyBlock],
  ...body,
  ...[...get(a), ...get(b), 0x49, 0x0d, 0x00, 0x0b],
];

const vector = (code: number): Code => [0xfd, ...unsigned(code)];
/** Two doubles at an address, which need not be a multiple of 16. */
export const load = (address: Code, offset = 0): Code => [...address, ...vector(0), 3, ...unsigned(offset)];
/** One double at an address, twice. */
export const loadTwice = (address: Code, offset = 0): Code => [
  ...address,
  ...vector(10),
  3,
  ...unsigned(offset),
];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...vector(11),
  3,
  ...unsigned(offset),
];
/** Two doubles as two floats, 8 bytes. */
export const storeNarrow = (address: Code, value: Code): Code => [
  ...address,
  ...[...value, ...vector(94)],
  ...[...vector(91), 2, 0, 0],
];
export const add = (a: Code, b: Code): Code => [...a, ...b, ...vector(240)];
export const subtract = (a: Code, b: Code): Code => [...a, ...b, ...vector(241)];
export const multiply = (a: Code, b: Code): Code => [...a, ...b, ...vector(242)];
/** The first doubles of two vectors, or the second ones. */
export const firsts = (a: Code, b: Code): Code => pick(a, b, 0);
export const seconds = (a: Code, b: Code): Code => pick(a, b, 8);

function pick(a: Code, b: Code, from: number): Code {
  const lanes = Array.from({ length: 16 }, (_, i) => (i < 8 ? from + i : 8 + from + i));
  return [...a, ...b, ...vector(13), ...lanes];
}
