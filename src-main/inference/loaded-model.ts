import { readRunRecord, runFiles } from '../trainer/run-record.ts';
import { openCheckpoint } from '../trainer/checkpoint-store.ts';
import { carriedLabels, labelNumbers } from './asked-labels.ts';
import { type AncestralPlan, drawAncestral } from '../trainer/ancestral-entries.ts';
import { buildModelProgram, type ModelEntry } from '../trainer/model-program.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { ModelUsed } from '../../src-preload/contract/commands/reconstruct.ts';
import type { Extremes } from '../dsp/minmax.ts';
import { representationOf } from '../dsp/representation.ts';
import { openBackend } from '../engine/backends/open.ts';
import { compileProgram } from '../engine/compile.ts';
import type { OutputValue, Program } from '../engine/program.ts';
import { parseConfig, type ResolvedConfig } from '../models/config.ts';
import type { CodeGrid, Posterior } from '../models/family.ts';
import type { CodeRange } from '../models/parts/code-quantiser.ts';
import { codeGridOf } from '../models/code-size.ts';
import { sizeOf } from '../models/parameters.ts';
import { familyById } from '../models/registry.ts';
import type { ModelReference } from './protocol.ts';
import { UtteranceModel, utteranceProgramOf } from './utterances/utterance-model.ts';

/** Clips of one call: shapes of a program are fixed, so what is asked is padded to whole batches. */
const BATCH_SIZE = 8;

const ENTRIES = [
  'encode',
  'decode',
  'sample',
  'draw',
  'indices',
  'vectors',
  'mixture',
  'responsibilities',
  'density',
] as const satisfies readonly ModelEntry[];

/** Posterior numbers of clips, each `[count, latent]`, and their KL from the model's prior `[count]`. */
export type PosteriorValues = Record<keyof Posterior | 'klNats', Float32Array>;

/** A prior that is a mixture of Gaussians: weights `[components]`, means and deviations `[components, latent]`. */
export interface MixtureValues {
  components: number;
  weights: Float32Array;
  means: Float32Array;
  deviations: Float32Array;
}

/** A checkpoint in a running program: encode, decode and sample any number of clips. */
export class LoadedModel {
  readonly used: ModelUsed;
  /** sha256 of the checkpoint's tensors. */
  readonly weights: string;
  readonly config: ResolvedConfig;
  readonly inputShape: readonly number[];
  readonly latentDim: number;
  /** Vectors in the code of one clip, in order of time. */
  readonly vectors: number;
  /** What a quantiser of its code covers; null where the checkpoint does not say. */
  readonly codeRange: CodeRange | null;
  /** What takes utterances of any length, for families of such; clips are then not encoded nor decoded by themselves. */
  readonly utterances: UtteranceModel | null;
  /** What computes. `threads` are those inside one operation; null where the backend has no such setting. */
  readonly engine: { backend: string; device: string; threads: number | null };
  readonly #program: Program;
  /** Of a prior that is drawn from position by position. */
  readonly #ancestral: AncestralPlan | null;
  readonly #can: ReadonlySet<string>;

  private constructor(parts: {
    used: ModelUsed;
    weights: string;
    config: ResolvedConfig;
    inputShape: readonly number[];
    latentDim: number;
    vectors: number;
    codeRange: CodeRange | null;
    program: Program;
    ancestral: AncestralPlan | null;
    can: ReadonlySet<string>;
    utterances: UtteranceModel | null;
    engine: LoadedModel['engine'];
  }) {
    this.used = parts.used;
    this.weights = parts.weights;
    this.config = parts.config;
    this.inputShape = parts.inputShape;
    this.latentDim = parts.latentDim;
    this.vectors = parts.vectors;
    this.codeRange = parts.codeRange;
    this.utterances = parts.utterances;
    this.engine = parts.engine;
    this.#program = parts.program;
    this.#ancestral = parts.ancestral;
    this.#can = parts.can;
  }

  /**
   * Opens the engine and the checkpoint meant, and gives its weights to a program without a training step. A damaged
   * checkpoint falls back to the one before it, said in `used.notes`. Throws runs/*, models/*, engine/*.
   */
  static async load(reference: ModelReference): Promise<LoadedModel> {
    const record = readRunRecord(reference.runFolder);
    const checkpoint = openCheckpoint(runFiles(reference.runFolder).checkpoints, reference.checkpoint);
    const config = parseConfig(checkpoint.record.config);
    const engine = reference.engine ?? {};
    const backend = await openBackend(engine);
    const ofUtterances = utteranceProgramOf(config);
    const { definition, inputShape, latentDim, vectors, ancestral } = ofUtterances
      ? { ...ofUtterances, ...shapeOf(config, ofUtterances.model.dims.z) }
      : programOfClips(config);
    // The checkpoint holds the optimiser's moments as well: only what this program registered is wanted.
    const names = definition.state.entries().map((entry) => entry.name);
    const state = new Map<string, OutputValue>();
    for (const name of names) {
      const value = checkpoint.state.get(name);
      if (!value) {
        throw new ResynthError('engine/state-mismatch', {
          name,
          given: 'not in the checkpoint',
          expected: 'it',
        });
      }
      state.set(name, value);
    }
    const can = new Set(ofUtterances ? [] : Object.keys(definition.entries));
    const program = compileProgram(definition);
    await program.writeState(state);
    const { progress } = checkpoint.record;
    return new LoadedModel({
      config,
      inputShape,
      latentDim,
      vectors,
      codeRange: rangeOf(checkpoint.record.codeRange),
      program,
      ancestral,
      can,
      utterances: ofUtterances ? new UtteranceModel(program, ofUtterances.model, config) : null,
      weights: checkpoint.record.tensors.sha256,
      engine: {
        backend: backend.kind,
        device: backend.deviceName,
        threads: backend.threads?.intraOp ?? null,
      },
      used: {
        run: record.id,
        name: reference.runName,
        preset: config.preset,
        step: progress.step,
        epoch: progress.epoch,
        backend: backend.kind,
        device: backend.deviceName,
        mode: program.mode,
        notes: checkpoint.passedOver.map((error) => error.message),
      },
    });
  }

  /** Whether the family can do this. */
  can(entry: (typeof ENTRIES)[number]): boolean {
    return this.#can.has(entry);
  }

  /** The shape of its code, where that is discrete. */
  get grid(): CodeGrid | null {
    return codeGridOf(this.config);
  }

  /** Bits that an index of its code takes, where that is one of discrete codes; null where it is numbers. */
  get indexBits(): number | null {
    const { grid } = this;
    return grid && Math.log2(grid.codebookSize);
  }

  /** What the model gives of one clip, `[...inputShape]`, as levels `[bins, frames]` on `extremes`. */
  levels(values: Float32Array, extremes: Extremes): Float32Array {
    const { features } = this.config;
    return representationOf(features).toFeatures(values, extremes, features);
  }

  /** Numbers of one clip: bins x frames x channels. */
  get clipSize(): number {
    return this.inputShape.reduce((product, extent) => product * extent, 1);
  }

  /** Posteriors of `features` `[count, ...inputShape]`. */
  async encode(features: Float32Array): Promise<PosteriorValues> {
    this.#require('encode', 'encode clips');
    return this.#inBatches(features, this.clipSize, (x) => this.#program.call('encode', { x }), {
      mean: this.latentDim,
      logVar: this.latentDim,
      klNats: 1,
    });
  }

  /** Expected features `[count, ...inputShape]` for `z` `[count, latent]`. */
  async decode(z: Float32Array): Promise<Float32Array> {
    this.#require('decode', 'decode a code');
    const { x } = await this.#inBatches(
      z,
      this.latentDim,
      (batch) => this.#program.call('decode', { z: batch }),
      {
        x: this.clipSize,
      },
    );
    return x;
  }

  /**
   * `count` latents of the prior with what they decode to. Draw i depends on the seed and on i alone, not on how many are
   * drawn.
   */
  async samplePrior(
    count: number,
    seed: number,
    temperature = 1,
    asked: readonly string[] = [],
  ): Promise<{ z: Float32Array; features: Float32Array }> {
    this.#require('sample', 'draw samples');
    const numbers = labelNumbers(asked, this);
    const z = new Float32Array(count * this.latentDim);
    const features = new Float32Array(count * this.clipSize);
    for (let first = 0, step = 0; first < count; first += BATCH_SIZE, step++) {
      const key = { seed, step };
      const drawn = this.#ancestral
        ? await drawAncestral(
            this.#program,
            this.#ancestral,
            BATCH_SIZE,
            { ...key, temperature },
            carriedLabels(numbers, first, BATCH_SIZE),
          )
        : await this.#program.call('sample', { temperature }, key);
      const here = Math.min(BATCH_SIZE, count - first);
      z.set(floats(drawn, 'z').subarray(0, here * this.latentDim), first * this.latentDim);
      features.set(floats(drawn, 'x').subarray(0, here * this.clipSize), first * this.clipSize);
    }
    return { z, features };
  }

  /** Labels that its prior can be asked for; none of other models. */
  get labels(): readonly string[] {
    return this.#ancestral?.labels ?? [];
  }

  /** Indices of `features` `[count, ...inputShape]`: `[count, positions * stages]`, the stages of a position side by side. */
  async indices(features: Float32Array): Promise<Float32Array> {
    const { grid, stages } = this.#requireGrid();
    const each = sizeOf(grid) * stages;
    const run = (x: Float32Array) => this.#program.call('indices', { x });
    return (await this.#inBatches(features, this.clipSize, run, { indices: each })).indices;
  }

  /** @throws ResynthError inference/no-capability where the code is of numbers; inference/too-many-stages. */
  checkStages(stages: number): void {
    const { stages: all } = this.#requireGrid();
    if (stages > all)
      throw new ResynthError('inference/too-many-stages', { run: this.used.name, all, stages });
  }

  /** What the first `stages` of indices `[count, positions * stages]` stand for: `[count, latent]`. @throws as `checkStages`. */
  async vectorsOf(indices: Float32Array, stages: number): Promise<Float32Array> {
    this.checkStages(stages);
    const { grid, stages: all } = this.#requireGrid();
    const run = (batch: Float32Array) => this.#program.call('vectors', { indices: batch, stages });
    return (await this.#inBatches(indices, sizeOf(grid) * all, run, { z: this.latentDim })).z;
  }

  #requireGrid(): CodeGrid {
    const { grid } = this;
    this.#require('indices', 'tell indices: its code is of numbers');
    if (!grid) throw new Error(`${this.config.family} tells indices and no grid`);
    return grid;
  }

  /** The mixture that the prior is. @throws ResynthError inference/no-capability where it is none. */
  async mixture(): Promise<MixtureValues> {
    this.#require('mixture', 'tell the components of its prior');
    const outputs = await this.#program.call('mixture', {});
    const weights = floats(outputs, 'weights');
    return {
      components: weights.length,
      weights,
      means: floats(outputs, 'means'),
      deviations: floats(outputs, 'deviations'),
    };
  }

  /** p(component | z) for `z` `[count, latent]`: `[count, components]`. */
  async responsibilities(z: Float32Array, components: number): Promise<Float32Array> {
    this.#require('responsibilities', 'tell the components of its prior');
    const { shares } = await this.#inBatches(
      z,
      this.latentDim,
      (batch) => this.#program.call('responsibilities', { z: batch }),
      { shares: components },
    );
    return shares;
  }

  /**
   * Of models that are densities: log p(x | z) and log p(z) in nats, `[count]`, of `features` `[count, ...inputShape]` and `z`
   * `[count, latent]`.
   */
  async logDensity(
    features: Float32Array,
    z: Float32Array,
  ): Promise<Record<'logLikelihood' | 'logPrior', Float32Array>> {
    this.#require('density', 'tell the likelihood of clips: its decoder is no distribution');
    const { latentDim } = this;
    let first = 0;
    return this.#inBatches(
      features,
      this.clipSize,
      (x) => {
        const codes = new Float32Array(BATCH_SIZE * latentDim);
        codes.set(z.subarray(first * latentDim, (first + BATCH_SIZE) * latentDim));
        first += BATCH_SIZE;
        return this.#program.call('density', { x, z: codes });
      },
      { logLikelihood: 1, logPrior: 1 },
    );
  }

  dispose(): void {
    this.utterances?.dispose();
    this.#program.dispose();
  }

  /** Calls `run` for whole batches, the last one padded with zeros; gives each output cut to the clips asked for. */
  async #inBatches<Name extends string>(
    input: Float32Array,
    size: number,
    run: (batch: Float32Array) => Promise<Record<string, OutputValue>>,
    outputs: Record<Name, number>,
  ): Promise<Record<Name, Float32Array>> {
    const count = input.length / size;
    if (!Number.isInteger(count)) {
      throw new RangeError(`${input.length} numbers are not whole clips of ${size}.`);
    }
    const sizes = Object.entries(outputs) as [Name, number][];
    const results = Object.fromEntries(
      sizes.map(([name, numbers]) => [name, new Float32Array(count * numbers)]),
    ) as Record<Name, Float32Array>;
    for (let first = 0; first < count; first += BATCH_SIZE) {
      const here = Math.min(BATCH_SIZE, count - first);
      const batch = new Float32Array(BATCH_SIZE * size);
      batch.set(input.subarray(first * size, (first + here) * size));
      const output = await run(batch);
      for (const [name, numbers] of sizes) {
        results[name].set(floats(output, name).subarray(0, here * numbers), first * numbers);
      }
    }
    return results;
  }

  #require(entry: string, capability: string): void {
    if (this.#can.has(entry)) return;
    throw new ResynthError('inference/no-capability', { family: this.config.family, capability });
  }
}

function programOfClips(config: ResolvedConfig) {
  const { definition, model } = buildModelProgram(config, { batchSize: BATCH_SIZE, entries: ENTRIES });
  const { inputShape, latentDim, vectors = 1, ancestral = null } = model;
  return { definition, inputShape, latentDim, vectors, ancestral };
}

function shapeOf(config: ResolvedConfig, latentDim: number) {
  // A vector a frame, of however many frames.
  const inputShape = familyById(config.family).inputShape(config.features);
  return { inputShape, latentDim, vectors: 1, ancestral: null };
}

function rangeOf(stored: { low: number[]; high: number[] } | null): CodeRange | null {
  if (!stored) return null;
  return { low: Float32Array.from(stored.low), high: Float32Array.from(stored.high), source: 'measured' };
}

function floats(outputs: Record<string, OutputValue>, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`the program gave no float output named ${name}`);
  return data;
}
