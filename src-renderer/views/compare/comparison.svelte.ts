import { trainForm } from '../../../src-preload/contract/commands/train-form.ts';
import type { OtherSystem } from '../../../src-preload/contract/comparison/other-systems.ts';
import { parseVersion, type RunVersion } from '../../../src-preload/contract/comparison/versions.ts';
import type { ComparedRun } from '../../../src-preload/contract/commands/runs-compare.ts';
import type { Caution } from '../../../src-preload/contract/comparison/cautions.ts';
import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import { Deck } from '../../audio/deck.svelte.ts';
import { ChartView } from '../../components/chart/chart-view.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import { CompareClips } from '../../state/compare/compare-clips.svelte.ts';
import { RunColours } from '../../state/compare/compare-colours.ts';
import { CompareCurves } from '../../state/compare/compare-curves.svelte.ts';
import { formatCount } from '../../state/format.ts';
import { CompareFacts } from '../../state/compare/compare-facts.svelte.ts';
import { OtherSystems } from '../../state/compare/other-systems.svelte.ts';

/** Runs, steps of runs and other systems whose clips are shown at once. */
export const mostColumns = 8;

/** A run of the comparison, or one of its steps, with how it is told from the others everywhere on the page. */
export interface ComparedLook extends RunVersion {
  /** 'run', or 'run@step': as it stands in the address of the page. */
  id: string;
  /** With the step that it is held at. */
  name: string;
  /** A, B, C, ...: what it is called for short, and its key. */
  letter: string;
  colour: string;
  summary: RunSummary | null;
  hidden: boolean;
}

/** Where the pointer is on any of the pictures, the same place on all of them. */
export interface GridCursor {
  timeSec: number;
  frequencyHz: number;
}

/** All that the page of a comparison knows. Closed with the page. */
export class Comparison {
  readonly facts: CompareFacts;
  readonly curves: CompareCurves;
  readonly clips: CompareClips;
  /** What there is to hear beside runs. */
  readonly systems: OtherSystems;
  readonly deck: Deck;
  readonly view = new ChartView();
  readonly colours: RunColours;
  readonly #app: App;
  #ids = $state.raw<readonly string[]>([]);
  #others = $state.raw<readonly OtherSystem[]>([]);
  #hidden = $state.raw<ReadonlySet<string>>(new Set());
  #titles = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly #asked = new Set<string>();
  cursor = $state.raw<GridCursor | null>(null);

  constructor(app: App) {
    this.#app = app;
    this.facts = new CompareFacts(app.host);
    this.curves = new CompareCurves(app.host);
    this.clips = new CompareClips(app.host);
    this.systems = new OtherSystems(app.host);
    this.deck = new Deck(app.host, app.player);
    this.colours = new RunColours(app.settings);
  }

  /** The runs and steps of runs, in the order in which they were chosen. */
  readonly looks: readonly ComparedLook[] = $derived.by(() =>
    this.#ids.flatMap((id, at) => {
      const { run, step } = parseVersion(id);
      const summary = this.#app.runs.get(run) ?? null;
      const name = summary?.name ?? this.facts.get(id)?.name;
      // Deleted meanwhile: the page says so above.
      if (name === undefined) return [];
      return [
        {
          ...{ id, run, step, letter: letterOf(at), summary, hidden: this.#hidden.has(id) },
          name: step === null ? name : `${name} @ ${formatCount(step)}`,
          colour: this.colours.of(summary ?? { run, colour: null }),
        },
      ];
    }),
  );

  /** Those that are drawn. */
  readonly shown: readonly ComparedLook[] = $derived.by(() => this.looks.filter(({ hidden }) => !hidden));

  /** Those whose clips are beside each other: more would be too narrow to see anything in. */
  readonly heard: readonly ComparedLook[] = $derived.by(() => this.shown.slice(0, mostColumns));

  /** The other systems that are heard beside them, as far as there is room. */
  readonly others: readonly OtherSystem[] = $derived.by(() =>
    this.#others.slice(0, Math.max(0, mostColumns - this.heard.length)),
  );

  /** What is known of those that are drawn. */
  readonly compared: readonly ComparedRun[] = $derived.by(() =>
    this.shown.flatMap(({ id }) => this.facts.get(id) ?? []),
  );

  /** What cannot be compared between them. */
  get cautions(): readonly Caution[] {
    return this.facts.cautions;
  }

  /** Titles of settings as the form has them, by setting. */
  get titles(): ReadonlyMap<string, string> {
    return this.#titles;
  }

  setRuns(ids: readonly string[]): void {
    this.#ids = ids;
    this.facts.setRuns(ids);
  }

  setOthers(others: readonly OtherSystem[]): void {
    this.#others = others;
  }

  toggleHidden(id: string): void {
    const hidden = new Set(this.#hidden);
    if (!hidden.delete(id)) hidden.add(id);
    this.#hidden = hidden;
  }

  /** Asks for the titles of the settings of these presets. */
  async loadTitles(presets: readonly string[]): Promise<void> {
    for (const preset of presets) {
      if (this.#asked.has(preset)) continue;
      this.#asked.add(preset);
      try {
        const { fields } = await this.#app.host.call(trainForm, { preset });
        const titles = new Map(this.#titles);
        for (const { setting, title } of fields) titles.set(setting, title);
        this.#titles = titles;
      } catch {
        // A preset of another version: its settings are shown by their names alone.
      }
    }
  }

  close(): void {
    this.facts.close();
    this.curves.close();
    this.clips.close();
    this.systems.close();
    this.deck.close();
  }
}

/** A to Z, then AA, AB, ... */
export function letterOf(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : letterOf(Math.floor(at / 26) - 1) + last;
}
