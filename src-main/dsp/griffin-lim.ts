import type { ComplexMatrix, Matrix } from './matrix.ts';
import { uniformNumbers } from './random.ts';
import { istft, magnitude, stft, tiny, type IstftOptions } from './stft.ts';

export interface GriffinLimOptions extends IstftOptions {
  /** 32 by default. */
  iterations?: number;
  /** 0..1, 0 is the original algorithm of Griffin and Lim (1984); 0.99 by default. */
  momentum?: number;
  /** Phase at the start: `random`, drawn for `seed`, by default; or all zero. */
  initialPhase?: 'random' | 'zero';
  seed?: number;
  /** Phase in radians `[bins, at least frames]` of the first `frames` frames, which keep it. */
  known?: { phase: Matrix; frames: number };
}

/**
 * A signal whose STFT magnitude approaches `magnitudes` `[nFft / 2 + 1, frames]`: `librosa.griffinlim` (0.11).
 * N. Perraudin, P. Balazs, P. Sondergaard, "A fast Griffin-Lim algorithm", WASPAA 2013; as in librosa the momentum enters
 * as `m / (1 + m)`. With `length` the signal is kept at that length in every iteration.
 */
export function griffinLim(magnitudes: Matrix, options: GriffinLimOptions): Float64Array {
  const iterations = options.iterations ?? 32;
  const momentum = options.momentum ?? 0.99;
  if (!(momentum >= 0 && momentum <= 1)) throw new RangeError(`A momentum of ${momentum} is not in 0..1.`);
  const { bins, frames, data: target } = magnitudes;
  const inertia = momentum / (1 + momentum);
  const estimate = initialSpectrum(magnitudes, options);
  const first = options.known?.frames ?? 0;
  let previous: ComplexMatrix | null = null;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const rebuilt = stft(istft(estimate, options), options);
    // A length that does not fill the last hop gives other frames than the target has: they are compared where both are.
    const shared = Math.min(frames, rebuilt.frames);
    for (let bin = 0; bin < bins; bin++) {
      for (let frame = first; frame < shared; frame++) {
        const at = bin * frames + frame;
        const from = bin * rebuilt.frames + frame;
        let re = rebuilt.re[from]!;
        let im = rebuilt.im[from]!;
        if (previous) {
          re -= inertia * previous.re[from]!;
          im -= inertia * previous.im[from]!;
        }
        const scale = target[at]! / (Math.sqrt(re * re + im * im) + tiny);
        estimate.re[at] = re * scale;
        estimate.im[at] = im * scale;
      }
    }
    previous = rebuilt;
  }
  return istft(estimate, options);
}

function initialSpectrum(magnitudes: Matrix, options: GriffinLimOptions): ComplexMatrix {
  const { bins, frames, data } = magnitudes;
  const re = new Float64Array(data);
  const im = new Float64Array(data.length);
  if ((options.initialPhase ?? 'random') === 'random') {
    const turns = uniformNumbers(options.seed ?? 0, data.length);
    for (let i = 0; i < data.length; i++) {
      re[i] = data[i]! * Math.cos(2 * Math.PI * turns[i]!);
      im[i] = data[i]! * Math.sin(2 * Math.PI * turns[i]!);
    }
  }
  if (options.known) setPhase({ bins, frames, re, im }, magnitudes, options.known);
  return { bins, frames, re, im };
}

/** Gives the first frames of a spectrum their known phase. */
function setPhase(
  { bins, frames, re, im }: ComplexMatrix,
  { data }: Matrix,
  { phase, frames: known }: NonNullable<GriffinLimOptions['known']>,
): void {
  if (phase.bins !== bins || phase.frames < known || frames < known) {
    throw new RangeError(
      `A phase of ${phase.bins} x ${phase.frames} is not that of ${known} frames of ${bins} bins.`,
    );
  }
  for (let bin = 0; bin < bins; bin++) {
    for (let frame = 0; frame < known; frame++) {
      const at = bin * frames + frame;
      const angle = phase.data[bin * phase.frames + frame]!;
      re[at] = data[at]! * Math.cos(angle);
      im[at] = data[at]! * Math.sin(angle);
    }
  }
}

/** How far a signal is from a magnitude: `|| |STFT(y)| - S ||_F / || S ||_F`, 0 where both are silent. */
export function spectralConvergence(
  samples: Float64Array,
  magnitudes: Matrix,
  options: IstftOptions,
): number {
  const reached = magnitude(stft(samples, options));
  const frames = Math.min(reached.frames, magnitudes.frames);
  let error = 0;
  let total = 0;
  for (let bin = 0; bin < magnitudes.bins; bin++) {
    for (let frame = 0; frame < frames; frame++) {
      const wanted = magnitudes.data[bin * magnitudes.frames + frame]!;
      error += (reached.data[bin * reached.frames + frame]! - wanted) ** 2;
      total += wanted ** 2;
    }
  }
  return total === 0 ? Math.sqrt(error) : Math.sqrt(error / total);
}
