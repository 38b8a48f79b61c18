import { uniformNumbers } from '../../dsp/random.ts';
import type { Matrix } from '../../dsp/matrix.ts';
import type { Program, ProgramDefinition } from '../../engine/program.ts';
import { StateRegistry } from '../../engine/state.ts';
import type { ResolvedConfig } from '../../models/config.ts';
import { runUtterance } from '../../models/dynamical/utterance.ts';
import { utteranceProgram } from '../../models/dynamical/utterance-program.ts';
import type { UtteranceStages } from '../../models/family.ts';
import { familyById } from '../../models/registry.ts';

/** Which z a reconstruction is generated from: the mean of its posterior, or a draw from it. */
export type LatentChoice = { kind: 'mean' } | { kind: 'sample'; seed: number };

/** What a model made of an utterance. */
export interface ModelledUtterance {
  /** The variance of each coefficient, `[bins, frames]`: what stands for the power. */
  power: Matrix<Float32Array>;
  /** KL of the posterior to the prior over the whole utterance, in nats; 0 where both are one. */
  klNats: number;
}

/**
 * A model of utterances of any length. Where it generates a frame from the frames before, those are the true ones, as in the
 * published code of papers/004 (teacher forcing).
 */
export class UtteranceModel {
  readonly #program: Program;
  readonly #model: UtteranceStages;

  constructor(program: Program, model: UtteranceStages) {
    this.#program = program;
    this.#model = model;
  }

  /** `power` `[bins, frames]` through the model. Time and memory are linear in frames. */
  async reconstruct(power: Matrix, latent: LatentChoice, signal?: AbortSignal): Promise<ModelledUtterance> {
    const { stages, dims } = this.#model;
    const { bins, frames } = power;
    const vDim = dims.v ?? 1;
    const wanted = ['xLogVar', 'zMean', 'zLogVar', ...givenBy(stages, ['priorMean', 'priorLogVar'])];
    const ofSequence = givenBy(stages, ['vMean', 'vLogVar']);
    const drawn = noise(latent, vDim + frames * dims.z);
    const found = await runUtterance(
      this.#program,
      stages,
      frames,
      {
        sequences: { x: turned(power.data, bins, frames), eps: drawn.slice(vDim) },
        statics: { vEps: drawn.slice(0, vDim) },
      },
      [...wanted, ...ofSequence],
      signal ? { signal } : {},
    );
    const values = (name: string): Float32Array => found[name] as Float32Array;
    const prior = found.priorMean && found.priorLogVar ? [found.priorMean, found.priorLogVar] : null;
    const klNats =
      klOf(values('zMean'), values('zLogVar'), prior) +
      (ofSequence.length > 0 ? klOf(values('vMean'), values('vLogVar'), null) : 0);
    const variance = values('xLogVar').map(Math.exp);
    return { power: { bins, frames, data: turned(variance, frames, bins) }, klNats };
  }
}

/** The program of a configuration's utterances; null where its family takes clips of a fixed length. */
export function utteranceProgramOf(
  config: ResolvedConfig,
): { definition: ProgramDefinition; model: UtteranceStages } | null {
  const family = familyById(config.family);
  const state = new StateRegistry();
  const model = family.utterances?.({ config: config.model, features: config.features, state });
  if (!model) return null;
  const { x, z, v } = model.dims;
  return { definition: utteranceProgram(model.stages, { x, eps: z, vEps: v ?? 1 }, state), model };
}

function givenBy(stages: UtteranceStages['stages'], names: readonly string[]): string[] {
  return names.filter((name) => stages.some(({ outputs }) => name in outputs));
}

/** `[rows, columns]` as `[columns, rows]`. */
function turned(values: Matrix['data'], rows: number, columns: number): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  return result;
}

/** Zeros for the mean; else standard normal numbers by Box and Muller, the same for the same seed. */
function noise(latent: LatentChoice, count: number): Float32Array {
  const values = new Float32Array(count);
  if (latent.kind === 'mean') return values;
  const uniform = uniformNumbers(latent.seed, 2 * count);
  return values.map((_, at) => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform[2 * at]!));
    return radius * Math.cos(2 * Math.PI * uniform[2 * at + 1]!);
  });
}

/** KL of Gaussians in nats, summed over everything; a prior of null is standard normal. */
function klOf(mean: Float32Array, logVar: Float32Array, prior: readonly Float32Array[] | null): number {
  let sum = 0;
  for (let at = 0; at < mean.length; at++) {
    const priorMean = prior?.[0]?.[at] ?? 0;
    const priorLogVar = prior?.[1]?.[at] ?? 0;
    const difference = logVar[at]! - priorLogVar;
    const distance = (mean[at]! - priorMean) ** 2 * Math.exp(-priorLogVar);
    sum += 0.5 * (Math.exp(difference) + distance - 1 - difference);
  }
  return sum;
}
