import type { OutputValue } from '../engine/program.ts';

/** A component with a smaller part of an equal share of the clips is dead: nothing of note lies in it. */
export const deadBelowEqualShare = 0.1;

/**
 * Over so many steps every validation has to find a component dead before it is told: the first steps put all codes in one
 * place, which belongs to one component.
 */
const tellAfterSteps = 100;

/** What a validation found: the mean responsibility of each component of the prior. */
export interface SharesRow {
  step: number;
  componentShares: readonly number[] | null;
}

/** Components that the last validations have all found dead. */
export interface DeadComponents {
  /** Counted from 0. */
  dead: number[];
  components: number;
  /** The first validation from which on each of them was dead, and the last. */
  sinceStep: number;
  step: number;
}

/** Which components have less than a tenth of an equal share. */
export function deadAmong(shares: readonly number[]): number[] {
  const least = deadBelowEqualShare / shares.length;
  return [...shares.keys()].filter((component) => (shares[component] ?? 0) < least);
}

/** How many components are used, softly: e to the entropy of the shares, 1 to as many as there are. */
export function perplexityOf(shares: readonly number[]): number {
  return Math.exp(-shares.reduce((sum, share) => sum + (share > 0 ? share * Math.log(share) : 0), 0));
}

/**
 * The components that the last validations, over a hundred steps at least, have all found dead. Null where there are none.
 *
 * @param rows by step
 */
export function findDeadComponents(rows: readonly SharesRow[]): DeadComponents | null {
  const known = rows.flatMap(({ step, componentShares }) =>
    componentShares ? [{ step, componentShares }] : [],
  );
  const last = known.at(-1);
  const from = known.findLastIndex(({ step }) => last !== undefined && last.step - step >= tellAfterSteps);
  if (!last || from < 0) return null;
  const isDead = known.map(({ componentShares }) => new Set(deadAmong(componentShares)));
  const dead = deadAmong(last.componentShares).filter((component) =>
    isDead.slice(from).every((then) => then.has(component)),
  );
  if (dead.length === 0) return null;
  const alive = isDead.findLastIndex((then) => dead.some((component) => !then.has(component)));
  const since = known[alive + 1] ?? last;
  return { dead, components: last.componentShares.length, sinceStep: since.step, step: last.step };
}

/** Shares of the components over a validation, from its batches. */
export class ComponentShares {
  #sums: Float64Array | null = null;
  #clips = 0;

  /** Takes `responsibilities` `[batch, components]` whose first `clips` rows are real; nothing where the family does not tell. */
  add({ responsibilities }: Record<string, OutputValue>, clips: number): void {
    const components = responsibilities?.shape[1];
    if (!responsibilities || components === undefined) return;
    const sums = (this.#sums ??= new Float64Array(components));
    this.#clips += clips;
    for (let at = 0; at < clips * components; at++)
      sums[at % components] = (sums[at % components] ?? 0) + (responsibilities.data[at] as number);
  }

  /** Mean over all clips, adding up to 1; null where the family does not tell. */
  result(): number[] | null {
    return this.#sums && Array.from(this.#sums, (sum) => sum / this.#clips);
  }
}

/** Tells in words when components of the prior have died: of each once, until it has come back. */
export class DeadComponentAlarm {
  readonly #rows: SharesRow[] = [];
  #told: ReadonlySet<number> = new Set();

  /** What there is to tell after a validation, mostly null. */
  heed(row: SharesRow): string | null {
    if (!row.componentShares) return null;
    this.#rows.push(row);
    const found = findDeadComponents(this.#rows);
    const isNew = found?.dead.some((component) => !this.#told.has(component)) === true;
    this.#told = new Set(found?.dead);
    if (!found || !isNew) return null;
    const dead = found.dead.map((component) => component + 1).join(', ');
    const one = found.dead.length === 1;
    return (
      `${found.dead.length} of ${found.components} components of the prior ${one ? 'is' : 'are'} dead since step ` +
      `${found.sinceStep}: hardly a clip belongs to ${one ? 'component' : 'components'} ${dead}. The tab Components says what helps.`
    );
  }
}
