import {
  add,
  advance,
  type Code,
  constant,
  firsts,
  get,
  load,
  loadInteger,
  loadTwice,
  minus,
  multiply,
  plus,
  repeatWhileBelow,
  seconds,
  set,
  store,
  storeNarrow,
  subtract,
  wasmModule,
  type WasmFunction,
} from './wasm-module.ts';

/**
 * The transform of power-of-two.ts for two frames side by side, each vector holding the same number of either: half as many
 * instructions, no checks of bounds. A complex element is two vectors, the real parts and the imaginary ones: 32 bytes.
 */
export interface FrameKernel {
  /** Window times both frames into `work`, in bit-reversed order, and the first stage of radix 2 or 4. */
  readonly begin2: (
    a: number,
    b: number,
    window: number,
    order: number,
    work: number,
    workEnd: number,
  ) => void;
  readonly begin4: (
    a: number,
    b: number,
    window: number,
    order: number,
    work: number,
    workEnd: number,
  ) => void;
  /** One stage of radix 4 in place, `quarter` bytes apart. */
  readonly stage: (work: number, workEnd: number, quarter: number, twiddles: number) => void;
  /** From the half-size complex transform to the real one's bins 0 .. N / 2 of either frame, `[bins, 2]`. */
  readonly split: (work: number, workEnd: number, turns: number, outA: number, outB: number) => void;
  /** The same, rounded to floats. */
  readonly splitNarrow: (work: number, workEnd: number, turns: number, outA: number, outB: number) => void;
}

/** A double, a vector, a complex element. */
const [double, vector, element] = [8, 16, 32];

/** The kernel on a memory of its own, or null where this machine has no vector instructions for it. */
export function frameKernel(memory: WebAssembly.Memory): FrameKernel | null {
  compiled ??= compile();
  if (compiled === 'unsupported') return null;
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as FrameKernel;
}

let compiled: WebAssembly.Module | 'unsupported' | null = null;

function compile(): WebAssembly.Module | 'unsupported' {
  const code = wasmModule([
    begin('begin2', 2),
    begin('begin4', 4),
    stage(),
    split('split'),
    split('splitNarrow'),
  ]);
  return WebAssembly.validate(code) ? new WebAssembly.Module(code) : 'unsupported';
}

/** Sum and difference of two vector locals, put in place of them. */
function butterfly(a: number, b: number, spare: number): Code {
  return [...set(spare, add(get(a), get(b))), ...set(b, subtract(get(a), get(b))), ...set(a, get(spare))];
}

function begin(name: string, radix: 2 | 4): WasmFunction {
  const [a, b, window, order, work, workEnd] = [0, 1, 2, 3, 4, 5];
  const [offset, weights, own, other, spare] = [6, 7, 8, 9, 10];
  const re = (i: number): number => 11 + 2 * i;
  const im = (i: number): number => 12 + 2 * i;
  const body: number[] = [];
  for (let i = 0; i < radix; i++) {
    body.push(
      ...set(offset, loadInteger(plus(get(order), constant(4 * i)))),
      ...set(weights, load(plus(get(window), get(offset)))),
      ...set(own, multiply(load(plus(get(a), get(offset))), get(weights))),
      ...set(other, multiply(load(plus(get(b), get(offset))), get(weights))),
      ...set(re(i), firsts(get(own), get(other))),
      ...set(im(i), seconds(get(own), get(other))),
    );
  }
  for (let i = 0; i < radix; i += 2)
    body.push(...butterfly(re(i), re(i + 1), spare), ...butterfly(im(i), im(i + 1), spare));
  const put = (i: number, real: Code, imaginary: Code): Code => [
    ...store(get(work), real, i * element),
    ...store(get(work), imaginary, i * element + vector),
  ];
  if (radix === 2) {
    for (let i = 0; i < 2; i++) body.push(...put(i, get(re(i)), get(im(i))));
  } else {
    body.push(
      ...put(0, add(get(re(0)), get(re(2))), add(get(im(0)), get(im(2)))),
      ...put(1, add(get(re(1)), get(im(3))), subtract(get(im(1)), get(re(3)))),
      ...put(2, subtract(get(re(0)), get(re(2))), subtract(get(im(0)), get(im(2)))),
      ...put(3, subtract(get(re(1)), get(im(3))), add(get(im(1)), get(re(3)))),
    );
  }
  body.push(...advance(order, constant(4 * radix)), ...advance(work, constant(element * radix)));
  return {
    name,
    parameters: 6,
    integers: 1,
    vectors: 4 + 2 * radix,
    body: repeatWhileBelow(work, workEnd, body),
  };
}

function stage(): WasmFunction {
  const [work, workEnd, quarter, twiddles] = [0, 1, 2, 3];
  const [at0, at1, at2, at3, stop, turn] = [4, 5, 6, 7, 8, 9];
  const [c, s, xRe, xIm, spare] = [10, 11, 12, 13, 14];
  const re = (i: number): number => 15 + 2 * i;
  const im = (i: number): number => 16 + 2 * i;
  /** Element i times the conjugate turn of its power. Blocks lie in bit-reversed order: 4n, 4n + 2, 4n + 1, 4n + 3. */
  const turned = (i: number, at: number, power: number): Code => [
    ...set(c, loadTwice(get(turn), 2 * double * (power - 1))),
    ...set(s, loadTwice(get(turn), 2 * double * (power - 1) + double)),
    ...set(xRe, load(get(at))),
    ...set(xIm, load(get(at), vector)),
    ...set(re(i), add(multiply(get(xRe), get(c)), multiply(get(xIm), get(s)))),
    ...set(im(i), subtract(multiply(get(xIm), get(c)), multiply(get(xRe), get(s)))),
  ];
  const put = (at: number, real: Code, imaginary: Code): Code => [
    ...store(get(at), real),
    ...store(get(at), imaginary, vector),
  ];
  const inner = [
    ...set(at1, plus(get(at0), get(quarter))),
    ...set(at2, plus(get(at1), get(quarter))),
    ...set(at3, plus(get(at2), get(quarter))),
    ...set(re(0), load(get(at0))),
    ...set(im(0), load(get(at0), vector)),
    ...turned(1, at1, 2),
    ...turned(2, at2, 1),
    ...turned(3, at3, 3),
    ...butterfly(re(0), re(1), spare),
    ...butterfly(im(0), im(1), spare),
    ...butterfly(re(2), re(3), spare),
    ...butterfly(im(2), im(3), spare),
    ...put(at0, add(get(re(0)), get(re(2))), add(get(im(0)), get(im(2)))),
    ...put(at1, add(get(re(1)), get(im(3))), subtract(get(im(1)), get(re(3)))),
    ...put(at2, subtract(get(re(0)), get(re(2))), subtract(get(im(0)), get(im(2)))),
    ...put(at3, subtract(get(re(1)), get(im(3))), add(get(im(1)), get(re(3)))),
    ...advance(at0, constant(element)),
    ...advance(turn, constant(6 * double)),
  ];
  const block = [
    ...set(at0, get(work)),
    ...set(stop, plus(get(work), get(quarter))),
    ...set(turn, get(twiddles)),
    ...repeatWhileBelow(at0, stop, inner),
    ...set(work, plus(get(at3), constant(element))),
  ];
  return {
    name: 'stage',
    parameters: 4,
    integers: 6,
    vectors: 13,
    body: repeatWhileBelow(work, workEnd, block),
  };
}

function split(name: 'split' | 'splitNarrow'): WasmFunction {
  const keep = name === 'split' ? store : storeNarrow;
  const bin = name === 'split' ? vector : vector / 2;
  const [work, workEnd, turns, outA, outB] = [0, 1, 2, 3, 4];
  const [up, down, upA, upB, downA, downB] = [5, 6, 7, 8, 9, 10];
  const [aRe, aIm, bRe, bIm, evenRe, evenIm, oddRe, oddIm, c, s, real, imaginary, half] = [
    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
  ];
  const put = (a: number, b: number): Code => [
    ...keep(get(a), firsts(get(real), get(imaginary))),
    ...keep(get(b), seconds(get(real), get(imaginary))),
  ];
  const inner = [
    ...set(aRe, load(get(up))),
    ...set(aIm, load(get(up), vector)),
    ...set(bRe, load(get(down))),
    ...set(bIm, load(get(down), vector)),
    ...set(evenRe, multiply(get(half), add(get(aRe), get(bRe)))),
    ...set(evenIm, multiply(get(half), subtract(get(aIm), get(bIm)))),
    ...set(oddRe, multiply(get(half), add(get(aIm), get(bIm)))),
    ...set(oddIm, multiply(get(half), subtract(get(bRe), get(aRe)))),
    ...set(c, loadTwice(get(turns))),
    ...set(s, loadTwice(get(turns), double)),
    ...set(aRe, add(multiply(get(c), get(oddRe)), multiply(get(s), get(oddIm)))),
    ...set(aIm, subtract(multiply(get(c), get(oddIm)), multiply(get(s), get(oddRe)))),
    ...set(real, add(get(evenRe), get(aRe))),
    ...set(imaginary, add(get(evenIm), get(aIm))),
    ...put(upA, upB),
    ...set(real, subtract(get(evenRe), get(aRe))),
    ...set(imaginary, subtract(get(aIm), get(evenIm))),
    ...put(downA, downB),
    ...[up, upA, upB].flatMap((local) => [...advance(local, constant(local === up ? element : bin))]),
    ...set(down, minus(get(down), constant(element))),
    ...set(downA, minus(get(downA), constant(bin))),
    ...set(downB, minus(get(downB), constant(bin))),
    ...advance(turns, constant(2 * double)),
  ];
  // 0 Hz and Nyquist, whose imaginary parts are zero, are written where the loop would be told to: before it.
  const body = [
    ...set(aRe, load(get(work))),
    ...set(aIm, load(get(work), vector)),
    ...set(half, subtract(get(aRe), get(aRe))),
    ...set(imaginary, get(half)),
    ...set(upA, get(outA)),
    ...set(upB, get(outB)),
    // Nyquist lies as many bins behind the beginning as the work space has elements.
    ...set(down, shiftedRight(minus(get(workEnd), get(work)), Math.log2(element / bin))),
    ...set(downA, plus(get(outA), get(down))),
    ...set(downB, plus(get(outB), get(down))),
    ...set(real, add(get(aRe), get(aIm))),
    ...put(upA, upB),
    ...set(real, subtract(get(aRe), get(aIm))),
    ...put(downA, downB),
    ...set(half, loadTwice(get(turns))),
    ...advance(turns, constant(2 * double)),
    ...set(up, plus(get(work), constant(element))),
    ...set(down, minus(get(workEnd), constant(element))),
    ...advance(upA, constant(bin)),
    ...advance(upB, constant(bin)),
    ...set(downA, minus(get(downA), constant(bin))),
    ...set(downB, minus(get(downB), constant(bin))),
    // One more than `down`, as the middle meets itself.
    ...repeatWhilePassed(up, down, inner),
  ];
  return { name, parameters: 5, integers: 6, vectors: 13, body };
}

/** A whole number divided by a power of two. */
const shiftedRight = (value: Code, bits: number): Code => [...value, ...constant(bits), 0x76];

/** Does `body` as long as local `a` is at most local `b` after it. */
const repeatWhilePassed = (a: number, b: number, body: Code): Code => [
  ...[0x03, 0x40],
  ...body,
  ...[...get(a), ...get(b), 0x4d, 0x0d, 0x00, 0x0b],
];
