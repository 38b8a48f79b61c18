import { runsShow } from '../../../src-preload/contract/commands/runs.ts';
import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import { type FormField, trainForm } from '../../../src-preload/contract/commands/train-form.ts';
import { ChartView } from '../../components/chart/chart-view.svelte.ts';
import type { App } from '../../state/app.svelte.ts';
import { RunCode } from '../../state/runs/run-code.svelte.ts';
import { RunClips } from '../../state/runs/runs-clips.svelte.ts';
import { RunLog } from '../../state/runs/runs-log.svelte.ts';
import { RunMetrics } from '../../state/runs/runs-metrics.svelte.ts';
import { type ShownRun, chosenSettings } from '../runs/train-input.ts';

/** All that the page of one run knows. Closed with the page. */
export class RunPage {
  readonly id: string;
  readonly metrics: RunMetrics;
  readonly clips: RunClips;
  readonly code: RunCode;
  readonly log: RunLog;
  readonly view = new ChartView();
  readonly #app: App;
  readonly #stop: () => void;
  #shown = $state.raw<ShownRun | null>(null);
  #fields = $state.raw<readonly FormField[]>([]);
  #error = $state.raw<unknown>(null);
  #loads = 0;

  constructor(app: App, id: string) {
    this.#app = app;
    this.id = id;
    this.metrics = new RunMetrics(app.host, id);
    this.clips = new RunClips(app.host, id);
    this.code = new RunCode(app.host, id);
    this.log = new RunLog(app.host, id);
    this.#stop = app.host.keepLoaded(() => this.load());
  }

  /** The run in full; null until it was read. */
  get shown(): ShownRun | null {
    return this.#shown;
  }

  /** As the host told last: live where the window hears of it, else as it was read. */
  get summary(): RunSummary | null {
    return this.#app.runs.get(this.id) ?? this.#shown;
  }

  /** Titles, units and help of its settings; empty where its preset is not here any more. */
  get fields(): readonly FormField[] {
    return this.#fields;
  }

  get error(): unknown {
    return this.#error;
  }

  async load(): Promise<void> {
    const load = ++this.#loads;
    try {
      const shown = await this.#app.host.call(runsShow, { run: this.id });
      if (load !== this.#loads) return;
      const first = this.#shown === null;
      this.#shown = shown;
      this.#error = null;
      if (first) await this.#loadFields(shown);
    } catch (error) {
      if (load === this.#loads) this.#error = error;
    }
  }

  close(): void {
    this.#stop();
    this.#loads++;
    this.metrics.close();
    this.clips.close();
    this.code.close();
    this.log.close();
  }

  async #loadFields(shown: ShownRun): Promise<void> {
    try {
      const form = await this.#app.host.call(trainForm, {
        preset: shown.config.preset,
        set: chosenSettings(shown),
      });
      this.#fields = form.fields;
    } catch {
      // Its preset is of another version: the configuration is then shown with the names of its settings alone.
      this.#fields = [];
    }
  }
}
