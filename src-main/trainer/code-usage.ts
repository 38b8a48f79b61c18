import type { OutputValue } from '../engine/program.ts';
import { perplexityOf } from './component-usage.ts';

/** How often each code of a stage was chosen, and what follows from it. */
export interface StageUse {
  /** How many codes chosen equally often would be as hard to guess. */
  perplexity: number;
  /** Codes chosen at least once. */
  used: number;
  /** Codes never chosen. */
  unused: number;
}

/** What `counts`, one a code, say of a stage; of a stage that never chose the perplexity is 1. */
export function stageUse(counts: ArrayLike<number>): StageUse {
  const all = Array.from(counts);
  const sum = all.reduce((total, count) => total + count, 0);
  const used = all.filter((count) => count > 0).length;
  const perplexity = sum === 0 ? 1 : perplexityOf(all.map((count) => count / sum));
  return { perplexity, used, unused: all.length - used };
}

/** Use of the codes of a discrete code over a whole validation, from its batches: its perplexity is not the mean of theirs. */
export class CodeUsage {
  #counts: Float64Array[] = [];

  /** Takes `codeCounts` `[stages, codebookSize]` of a batch; nothing where the family does not tell. */
  add({ codeCounts }: Record<string, OutputValue>): void {
    const [stages, size] = codeCounts?.shape ?? [];
    if (!codeCounts || stages === undefined || size === undefined) return;
    for (let stage = 0; stage < stages; stage++) {
      const sums = (this.#counts[stage] ??= new Float64Array(size));
      for (let code = 0; code < size; code++)
        sums[code] = (sums[code] ?? 0) + (codeCounts.data[stage * size + code] ?? 0);
    }
  }

  /** `perplexity/stage-1`, `used/stage-1`, `unused/stage-1` and so on; nothing where the family does not tell. */
  values(): Record<string, number> {
    const values: [string, number][] = this.#counts.flatMap((counts, stage) =>
      Object.entries(stageUse(counts)).map(([name, value]): [string, number] => [
        `${name}/stage-${stage + 1}`,
        value as number,
      ]),
    );
    return Object.fromEntries(values);
  }
}
