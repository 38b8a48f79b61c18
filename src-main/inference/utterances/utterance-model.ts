import type { FeedbackMode } from '../../../src-preload/contract/commands/reconstruct.ts';
import type { Matrix } from '../../dsp/matrix.ts';
import { compileProgram } from '../../engine/compile.ts';
import type { Program, ProgramDefinition } from '../../engine/program.ts';
import { StateRegistry } from '../../engine/state.ts';
import type { ResolvedConfig } from '../../models/config.ts';
import { generationEntry, generationOf, runGeneration } from '../../models/dynamical/generation.ts';
import { runUtterance } from '../../models/dynamical/utterance.ts';
import { utteranceProgram } from '../../models/dynamical/utterance-program.ts';
import type { UtteranceStages } from '../../models/family.ts';
import { familyById } from '../../models/registry.ts';
import { chanceOf, type Chance, type LatentChoice, posteriorNoise } from '../chance.ts';

/** How an utterance is reconstructed. */
export interface ReconstructionChoice {
  latent: LatentChoice;
  /** The recording's frames if left out, as in the published code of papers/004 (teacher forcing). */
  feedback?: FeedbackMode;
}

/** What a model made of an utterance. */
export interface ModelledUtterance {
  /** The variance of each coefficient, `[bins, frames]`: what stands for the power. */
  power: Matrix<Float32Array>;
  /** KL of the posterior to the prior over the whole utterance, in nats; 0 where both are one. */
  klNats: number;
}

/** The code of an utterance: `z` `[frames, z]`, and `v` of models with one for the whole sequence. */
export interface UtteranceCode {
  z: Float32Array;
  v: Float32Array | null;
}

/** A sequence that is to be made up, by itself or from a beginning that is given. */
export interface SequenceWish {
  /** In all. */
  frames: number;
  chance: Chance;
  /** True frames at the beginning with their code. */
  given?: { power: Matrix; code: UtteranceCode };
}

/** A model of utterances of any length. */
export class UtteranceModel {
  readonly #program: Program;
  readonly #model: UtteranceStages;
  readonly #config: ResolvedConfig;
  #generator: Program | null = null;

  constructor(program: Program, model: UtteranceStages, config: ResolvedConfig) {
    this.#program = program;
    this.#model = model;
    this.#config = config;
  }

  /** Numbers in the vector of a whole utterance; 0 where there is none. */
  get wholeNumbers(): number {
    return this.#model.dims.v ?? 0;
  }

  /** It generates a frame from the frames before. */
  get hearsItself(): boolean {
    return generationOf(this.#model.factors).givesX;
  }

  /**
   * `power` `[bins, frames]` through the model. Time and memory are linear in frames. The code is that of the posterior of the recording, with
   * the true frames wherever the posterior looks at frames before, whichever way x is generated then.
   */
  async reconstruct(
    power: Matrix,
    { latent, feedback = 'recording' }: ReconstructionChoice,
    signal?: AbortSignal,
  ): Promise<ModelledUtterance> {
    const { stages } = this.#model;
    const { bins, frames } = power;
    const ofPrior = givenBy(stages, ['priorMean', 'priorLogVar']);
    const ofSequence = givenBy(stages, ['vMean', 'vLogVar', 'v']);
    const alone = feedback === 'own' && this.hearsItself;
    const wanted = ['zMean', 'zLogVar', alone ? 'z' : 'xLogVar', ...ofPrior, ...ofSequence];
    const found = await this.#run(power, latent, wanted, signal);
    const values = (name: string): Float32Array => found[name] as Float32Array;
    const prior = found.priorMean && found.priorLogVar ? [found.priorMean, found.priorLogVar] : null;
    const klNats =
      klOf(values('zMean'), values('zLogVar'), prior) +
      (ofSequence.length > 0 ? klOf(values('vMean'), values('vLogVar'), null) : 0);
    const variance = alone
      ? await this.#generate({ z: values('z'), v: found.v ?? null }, { frames, signal })
      : values('xLogVar').map(Math.exp);
    return { power: { bins, frames, data: turned(variance, frames, bins) }, klNats };
  }

  /** The code of `power` `[bins, frames]`: the mean of its posterior, or a draw. */
  async encode(power: Matrix, latent: LatentChoice, signal?: AbortSignal): Promise<UtteranceCode> {
    const ofSequence = givenBy(this.#model.stages, ['v']);
    const { z, v = null } = await this.#run(power, latent, ['z', ...ofSequence], signal);
    return { z: z as Float32Array, v };
  }

  /** The power `[bins, frames]` that a code stands for: where a frame is generated from those before, from the model's own. */
  async decode({ z, v }: UtteranceCode, frames: number, signal?: AbortSignal): Promise<Matrix<Float32Array>> {
    const { x: bins } = this.#model.dims;
    return { bins, frames, data: turned(await this.#generate({ z, v }, { frames, signal }), frames, bins) };
  }

  /**
   * Draws a sequence from the model: each z from the prior, each frame from what was drawn before. Where a beginning is given its code and
   * its frames stand in the place of draws (teacher forcing). Gives the power `[bins, frames]` of all of it, at the beginning what the model
   * expected there.
   */
  async draw({ frames, chance, given }: SequenceWish, signal?: AbortSignal): Promise<Matrix<Float32Array>> {
    const { dims } = this.#model;
    const { eps, vEps, xFactor } = chanceOf(chance, frames, dims);
    const x = given ? turned(given.power.data, given.power.bins, given.power.frames) : undefined;
    const code = given?.code ?? { z: new Float32Array(0), v: vEps };
    const variance = await this.#generate(code, { frames, eps, xFactor, signal, ...(x ? { x } : {}) });
    return { bins: dims.x, frames, data: turned(variance, frames, dims.x) };
  }

  dispose(): void {
    this.#generator?.dispose();
    this.#generator = null;
  }

  #run(
    power: Matrix,
    latent: LatentChoice,
    wanted: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Record<string, Float32Array>> {
    const { stages, dims } = this.#model;
    const { bins, frames } = power;
    const vDim = dims.v ?? 1;
    const drawn = posteriorNoise(latent, vDim + frames * dims.z);
    const given = {
      sequences: { x: turned(power.data, bins, frames), eps: drawn.slice(vDim) },
      statics: { vEps: drawn.slice(0, vDim) },
    };
    return runUtterance(this.#program, stages, frames, given, wanted, signal ? { signal } : {});
  }

  /** Powers `[frames, bins]` for a code that is given in part or whole. */
  async #generate(
    { z, v }: UtteranceCode,
    chosen: {
      frames: number;
      x?: Float32Array;
      eps?: Float32Array;
      xFactor?: Float32Array | null;
      signal: AbortSignal | undefined;
    },
  ): Promise<Float32Array> {
    const { dims, factors } = this.#model;
    const generation = generationOf(factors);
    const { frames, x = new Float32Array(0), xFactor = null, signal } = chosen;
    const options = signal ? { signal } : {};
    const eps = chosen.eps ?? new Float32Array(frames * dims.z);
    const program = await this.openGeneration();
    const draw = { frames, z, x, eps, xFactor, v };
    const found = await runGeneration(program, generation, dims, draw, options);
    if (found.power) return found.power;
    const { xLogVar } = await runUtterance(
      this.#program,
      generation.after,
      frames,
      { sequences: { z: found.z }, ...(v ? { statics: { v } } : {}) },
      ['xLogVar'],
      options,
    );
    const expected = (xLogVar as Float32Array).map(Math.exp);
    return xFactor ? expected.map((value, at) => value * (xFactor[at] as number)) : expected;
  }

  /** Compiles what `draw` and `feedback: 'own'` need, if it is not there yet: a program of its own, for whoever only reconstructs is not to wait for it. */
  async openGeneration(): Promise<Program> {
    if (this.#generator) return this.#generator;
    const { state, model } = stagesOfConfig(this.#config) ?? {};
    if (!state || !model) throw new Error(`${this.#config.family} has no stages any more`);
    const generate = generationEntry(generationOf(model.factors), model.dims);
    this.#generator = compileProgram({ state, entries: { generate } });
    await this.#generator.writeState(await this.#program.readState());
    return this.#generator;
  }
}

/** The program of a configuration's utterances; null where its family takes clips of a fixed length. */
export function utteranceProgramOf(
  config: ResolvedConfig,
): { definition: ProgramDefinition; model: UtteranceStages } | null {
  const { state, model } = stagesOfConfig(config) ?? {};
  if (!state || !model) return null;
  const { x, z, v } = model.dims;
  return { definition: utteranceProgram(model.stages, { x, eps: z, vEps: v ?? 1 }, state), model };
}

function stagesOfConfig(config: ResolvedConfig): { state: StateRegistry; model: UtteranceStages } | null {
  const state = new StateRegistry();
  const { family, model: settings, features } = config;
  const model = familyById(family).utterances?.({ config: settings, features, state });
  return model ? { state, model } : null;
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
