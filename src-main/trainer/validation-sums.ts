import type { OutputValue } from '../engine/program.ts';
import { type CodeRange, widenRange } from '../models/parts/code-quantiser.ts';
import { KlPerDimension } from './active-units.ts';
import { ComponentShares, deadAmong, perplexityOf } from './component-usage.ts';
import { CodeUsage } from './code-usage.ts';
import { CodeSums, type LatentStatistics } from './latent-statistics.ts';
import { scalarValues } from './outputs.ts';

/** What a validation found. */
export interface Measured {
  /** Mean losses over all clips, and `activeUnits` where the family tells the KL of each dimension. */
  values: Record<string, number>;
  /** What each number of the code spanned; null where the family tells no code. */
  codeRange: CodeRange | null;
  /** Null where the family does not tell the KL of each dimension. */
  latents: LatentStatistics | null;
}

/** The outputs of a validation's batches, brought together. */
export class ValidationSums {
  readonly #sums: Record<string, number> = {};
  readonly #klPerDimension = new KlPerDimension();
  readonly #code = new CodeSums();
  readonly #components = new ComponentShares();
  readonly #codeUsage = new CodeUsage();
  #codeRange: CodeRange | null = null;
  #clips = 0;

  /** Takes the outputs of a batch whose first `clips` rows are real, and gives its losses. */
  add(outputs: Record<string, OutputValue>, clips: number): Record<string, number> {
    const values = scalarValues(outputs);
    for (const [name, value] of Object.entries(values))
      this.#sums[name] = (this.#sums[name] ?? 0) + value * clips;
    this.#clips += clips;
    this.#klPerDimension.add(outputs, clips);
    this.#code.add(outputs, clips);
    this.#components.add(outputs, clips);
    this.#codeUsage.add(outputs);
    this.#widen(outputs, clips);
    return values;
  }

  result(): Measured {
    const means = Object.entries(this.#sums).map(([name, sum]) => [name, sum / this.#clips]);
    const values = Object.fromEntries(means) as Record<string, number>;
    const klPerDimension = this.#klPerDimension.means();
    const componentShares = this.#components.result();
    const ofComponents = componentShares && {
      componentPerplexity: perplexityOf(componentShares),
      deadComponents: deadAmong(componentShares).length,
    };
    return {
      values: { ...values, ...this.#klPerDimension.values(), ...ofComponents, ...this.#codeUsage.values() },
      codeRange: this.#codeRange,
      latents: klPerDimension && { klPerDimension, code: this.#code.result(), componentShares },
    };
  }

  #widen({ code }: Record<string, OutputValue>, clips: number): void {
    const latentDim = code?.shape.at(-1);
    const batch = code?.shape[0];
    if (!(code?.data instanceof Float32Array) || !latentDim || !batch) return;
    const real = code.data.subarray(0, (code.data.length / batch) * clips);
    this.#codeRange = widenRange(this.#codeRange, real, latentDim);
  }
}
