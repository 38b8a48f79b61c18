import { frameKernel, type FrameKernel } from '../fft/frame-kernel.ts';
import { isPowerOfTwo } from '../fft/powers.ts';
import { binCount, frameWindow, type StftOptions } from '../frames.ts';
import type { FrameTransform } from './frame-transform.ts';

/** A page of WebAssembly's memory. */
const pageBytes = 65_536;

/**
 * Frames two by two through vector instructions, in double precision (fft/frame-kernel.ts), for powers of two from 16 up.
 * The numbers are those of the plain transform but for rounding, and the same on every machine.
 */
export class PairedFrameTransform implements FrameTransform {
  readonly bins: number;
  readonly spectra: Float64Array;
  readonly narrowSpectra: Float32Array;
  readonly #kernel: FrameKernel;
  readonly #samples: Float64Array;
  readonly #hopBytes: number;
  readonly #first: 2 | 4;
  readonly #stages: readonly { quarter: number; twiddles: number }[];
  readonly #at: Record<
    'window' | 'order' | 'turns' | 'work' | 'workEnd' | 'samples' | 'spectra' | 'spare',
    number
  >;

  /** The transform, or null where the length or the machine has none. */
  static make(options: StftOptions, mostFrames: number): PairedFrameTransform | null {
    if (!isPowerOfTwo(options.nFft) || options.nFft < 16) return null;
    const space = new Space(options, mostFrames);
    const kernel = frameKernel(space.memory);
    return kernel ? new PairedFrameTransform(options, mostFrames, space, kernel) : null;
  }

  private constructor(options: StftOptions, mostFrames: number, space: Space, kernel: FrameKernel) {
    const { nFft, hopLength } = options;
    const { memory, at } = space;
    const half = nFft / 2;
    const bits = Math.log2(half);
    this.bins = binCount(options);
    this.#kernel = kernel;
    this.#at = at;
    this.#hopBytes = 8 * hopLength;
    this.#first = bits % 2 === 1 ? 2 : 4;
    this.spectra = new Float64Array(memory.buffer, at.spectra, 2 * this.bins * mostFrames);
    // Never both at once: single precision takes the first half of the same place.
    this.narrowSpectra = new Float32Array(memory.buffer, at.spectra, 2 * this.bins * mostFrames);
    this.#samples = new Float64Array(memory.buffer, at.samples, nFft + (mostFrames - 1) * hopLength);
    new Float64Array(memory.buffer, at.window, nFft).set(frameWindow(options));
    const order = new Uint32Array(memory.buffer, at.order, half);
    for (let i = 0; i < half; i++) order[i] = 16 * reversed(i, bits);
    const turns = new Float64Array(memory.buffer, at.turns, 2 * half);
    // The place of bin 0, which needs no turn, holds the factor of one half.
    turns.fill(0.5, 0, 2);
    for (let k = 1; k < half; k++) putTurn(turns, k, k / nFft);
    this.#stages = makeStages(memory, at.twiddles, half, this.#first);
  }

  transform(samples: Float64Array, frames: number): void {
    this.#run(samples, frames, this.#kernel.split, 16);
  }

  transformNarrow(samples: Float64Array, frames: number): void {
    this.#run(samples, frames, this.#kernel.splitNarrow, 8);
  }

  #run(samples: Float64Array, frames: number, split: FrameKernel['split'], binBytes: 8 | 16): void {
    const { window, order, turns, work, workEnd, samples: input, spectra, spare } = this.#at;
    const kernel = this.#kernel;
    this.#samples.set(
      samples.length > this.#samples.length ? samples.subarray(0, this.#samples.length) : samples,
    );
    const stride = binBytes * this.bins;
    for (let frame = 0; frame < frames; frame += 2) {
      const alone = frame + 1 === frames;
      const a = input + frame * this.#hopBytes;
      const b = alone ? a : a + this.#hopBytes;
      if (this.#first === 4) kernel.begin4(a, b, window, order, work, workEnd);
      else kernel.begin2(a, b, window, order, work, workEnd);
      for (const { quarter, twiddles } of this.#stages) kernel.stage(work, workEnd, quarter, twiddles);
      const out = spectra + frame * stride;
      split(work, workEnd, turns, out, alone ? spare : out + stride);
    }
  }
}

/** Where everything lies in one memory. */
class Space {
  readonly memory: WebAssembly.Memory;
  readonly at;

  constructor(options: StftOptions, mostFrames: number) {
    const { nFft, hopLength } = options;
    const half = nFft / 2;
    const bins = binCount(options);
    let used = 0;
    const take = (bytes: number): number => {
      const start = used;
      used += 16 * Math.ceil(bytes / 16);
      return start;
    };
    const window = take(8 * nFft);
    const order = take(4 * half);
    const turns = take(16 * half);
    // Stages of radix 4: together less than a third of the length, three turns each.
    const twiddles = take(48 * half);
    const work = take(32 * half);
    const samples = take(8 * (nFft + (mostFrames - 1) * hopLength));
    const spectra = take(16 * bins * mostFrames);
    const spare = take(16 * bins);
    this.at = { window, order, turns, twiddles, work, workEnd: work + 32 * half, samples, spectra, spare };
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(used / pageBytes) });
  }
}

function reversed(value: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((value >> bit) & 1) << (bits - 1 - bit);
  return result;
}

function putTurn(into: Float64Array, at: number, turn: number): void {
  into[2 * at] = Math.cos(2 * Math.PI * turn);
  into[2 * at + 1] = Math.sin(2 * Math.PI * turn);
}

function makeStages(memory: WebAssembly.Memory, start: number, size: number, first: 2 | 4) {
  const stages: { quarter: number; twiddles: number }[] = [];
  let at = start;
  for (let quarter = first as number; quarter * 4 <= size; quarter *= 4) {
    const twiddles = new Float64Array(memory.buffer, at, 6 * quarter);
    for (let k = 0; k < quarter; k++) {
      for (let power = 1; power <= 3; power++)
        putTurn(twiddles, 3 * k + power - 1, (k * power) / (4 * quarter));
    }
    stages.push({ quarter: 32 * quarter, twiddles: at });
    at += 48 * quarter;
  }
  return stages;
}
