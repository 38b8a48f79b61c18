import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import type { Settings } from '../settings.svelte.ts';

/** Tokens of the theme, told apart by every common kind of colour blindness. */
const palette = [
  '--data-1',
  '--data-2',
  '--data-3',
  '--data-4',
  '--data-5',
  '--data-6',
  '--data-7',
  '--data-8',
];

const key = 'compare.colours';
/** Those of the runs that were compared last are kept. */
const mostKept = 2000;

type Kept = Record<string, string>;

/**
 * The colour of each run: the one that somebody gave it, else one that it is given when it is compared for the first time
 * and that stays with it, whatever it is compared with later.
 */
export class RunColours {
  readonly #settings: Pick<Settings, 'get' | 'set' | 'loaded'>;

  constructor(settings: Pick<Settings, 'get' | 'set' | 'loaded'>) {
    this.#settings = settings;
  }

  /** A token ('--data-1') or a colour ('#0072b2'). */
  of(run: Pick<RunSummary, 'run' | 'colour'>): string {
    return run.colour ?? this.#kept()[run.run] ?? '--text-muted';
  }

  /** Gives those runs a colour that have none: of the palette the one that is rarest among the runs given. */
  assign(runs: readonly Pick<RunSummary, 'run' | 'colour'>[]): void {
    // Before the host has told them, colours that are kept would be given anew.
    if (!this.#settings.loaded) return;
    const kept = this.#kept();
    const added = newColours(runs, kept);
    if (Object.keys(added).length === 0) return;
    const all = Object.entries({ ...kept, ...added }).slice(-mostKept);
    // Not kept, they are given again next time: nothing that has to be told.
    this.#settings.set(key, Object.fromEntries(all)).catch(() => undefined);
  }

  #kept(): Kept {
    return this.#settings.get(key, isKept, {});
  }
}

/** Colours for the runs that have none yet. */
export function newColours(runs: readonly Pick<RunSummary, 'run' | 'colour'>[], kept: Readonly<Kept>): Kept {
  const added: Kept = {};
  const uses = new Map(palette.map((token) => [token, 0]));
  for (const { run, colour } of runs) {
    const token = colour ?? kept[run];
    if (token !== undefined && uses.has(token)) uses.set(token, (uses.get(token) ?? 0) + 1);
  }
  for (const { run, colour } of runs) {
    if (colour !== null || kept[run] !== undefined || added[run] !== undefined) continue;
    const rarest = palette.reduce((best, token) =>
      (uses.get(token) ?? 0) < (uses.get(best) ?? 0) ? token : best,
    );
    uses.set(rarest, (uses.get(rarest) ?? 0) + 1);
    added[run] = rarest;
  }
  return added;
}

/** A token or a colour as CSS has it. */
export function cssColour(colour: string): string {
  return colour.startsWith('--') ? `var(${colour})` : colour;
}

function isKept(value: unknown): value is Kept {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((one) => typeof one === 'string' && palette.includes(one))
  );
}
