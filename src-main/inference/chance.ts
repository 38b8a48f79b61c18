/** What chance gives to codes and sequences: every number follows from a seed. */
import type { LatentMode } from '../../src-preload/contract/commands/reconstruct.ts';
import { uniformNumbers } from '../dsp/random.ts';
import { philoxNormal, philoxUniform } from '../engine/philox-noise.ts';

/** Which z a reconstruction is generated from: the mean of its posterior, or a draw from it. */
export type LatentChoice = { kind: 'mean' } | { kind: 'sample'; seed: number };

/** The mean unless a sample is asked for, which is drawn by `seed`. */
export function latentChoice(latent: LatentMode | undefined, seed: number): LatentChoice {
  return latent === 'sample' ? { kind: 'sample', seed } : { kind: 'mean' };
}

/** Zeros for the mean; else standard normal numbers by Box and Muller, the same for the same seed. */
export function posteriorNoise(latent: LatentChoice, count: number): Float32Array {
  const values = new Float32Array(count);
  if (latent.kind === 'mean') return values;
  const uniform = uniformNumbers(latent.seed, 2 * count);
  return values.map((_, at) => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform[2 * at]!));
    return radius * Math.cos(2 * Math.PI * uniform[2 * at + 1]!);
  });
}

/** The code of a posterior, `[..., latent]`: its mean, or a draw that depends on the seed and on this posterior alone. */
export function codeOf(
  { mean, logVar }: { mean: Float32Array; logVar: Float32Array },
  latent: LatentChoice,
): Float32Array {
  if (latent.kind === 'mean') return mean;
  const noise = posteriorNoise(latent, mean.length);
  return mean.map((value, at) => value + Math.exp(logVar[at]! / 2) * noise[at]!);
}

/** What a sequence is drawn with. */
export interface Chance {
  seed: number;
  /** Which of the sequences of this seed. */
  index: number;
  /** Factor on the draws of z. */
  temperature: number;
  /** A frame is the power that the model expects, or a draw from its distribution. */
  frames: 'expected' | 'drawn';
}

/**
 * The draws of a sequence, frame by frame, so that the beginning of a longer one is a shorter one: `eps` `[frames, z]` and `vEps` `[v]`
 * standard normal times the temperature; `xFactor` `[frames, bins]` what expected powers are multiplied with, exponential of mean 1,
 * as the power of a complex Gaussian coefficient is; null for the expectation.
 */
export function chanceOf(
  { seed, index, temperature, frames: kind }: Chance,
  frames: number,
  dims: { x: number; z: number; v: number | null },
): { eps: Float32Array; vEps: Float32Array | null; xFactor: Float32Array | null } {
  /** Sources of one sequence that share no numbers. */
  const source = (at: 0 | 1 | 2): [number, number] => [seed, 3 * index + at];
  const normal = (at: 0 | 1, count: number): Float32Array => {
    const values = new Float32Array(count);
    philoxNormal(source(at), values);
    return values.map((value) => temperature * value);
  };
  let xFactor: Float32Array | null = null;
  if (kind === 'drawn') {
    xFactor = new Float32Array(frames * dims.x);
    philoxUniform(source(2), xFactor);
    xFactor = xFactor.map((value) => -Math.log(1 - value));
  }
  return {
    eps: normal(0, frames * dims.z),
    vEps: dims.v === null ? null : normal(1, dims.v),
    xFactor,
  };
}
