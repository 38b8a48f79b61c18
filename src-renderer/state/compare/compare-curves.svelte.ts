import type { PlotAxis } from '../../components/chart/plot.ts';
import type { Host } from '../../host.svelte.ts';
import { type RunCurve, RunMetrics } from '../runs/runs-metrics.svelte.ts';

/** A run as its curve is drawn. */
export interface CurveLook {
  run: string;
  label: string;
  colour: string;
}

/** So many runs are drawn at once: beyond, lines cannot be told apart, and each holds all of its rows. */
export const mostCurves = 24;

/** The curves of several runs over each other. */
export class CompareCurves {
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  #metrics = $state.raw<ReadonlyMap<string, RunMetrics>>(new Map());

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>) {
    this.#host = host;
  }

  /** The runs to draw: those that are new are read, those that are gone are let go of. */
  setRuns(runs: readonly string[]): void {
    const wanted = runs.slice(0, mostCurves);
    if (wanted.join() === [...this.#metrics.keys()].join()) return;
    const kept = new Map(
      wanted.map((run) => [run, this.#metrics.get(run) ?? new RunMetrics(this.#host, run)]),
    );
    for (const [run, metrics] of this.#metrics) if (!kept.has(run)) metrics.close();
    this.#metrics = kept;
  }

  get loaded(): boolean {
    return [...this.#metrics.values()].every((metrics) => metrics.loaded);
  }

  /** Why the curves of one of them could not be read. */
  get error(): unknown {
    return [...this.#metrics.values()].find((metrics) => metrics.error !== null)?.error ?? null;
  }

  retry(): void {
    for (const metrics of this.#metrics.values()) if (metrics.error !== null) metrics.retry();
  }

  /** Names of what any of them measured, in the order of the first that did. */
  get keys(): readonly string[] {
    return [...new Set([...this.#metrics.values()].flatMap((metrics) => [...metrics.keys]))];
  }

  /** The curves of one metric on one split, a run each in its colour. */
  curves(
    looks: readonly CurveLook[],
    key: string,
    split: string,
    axis: PlotAxis,
    smoothing: number,
  ): RunCurve[] {
    return looks.flatMap(({ run, label, colour }) => {
      const curve = this.#metrics
        .get(run)
        ?.curves(key, axis, smoothing)
        .find((one) => one.label === split);
      return curve ? [{ ...curve, id: `${run} ${curve.id}`, label, colour }] : [];
    });
  }

  /** From zero to the furthest point of any run, in units of the axis. */
  domain(axis: PlotAxis): [number, number] {
    return [0, Math.max(0, ...[...this.#metrics.values()].map((metrics) => metrics.domain(axis)[1]))];
  }

  close(): void {
    for (const metrics of this.#metrics.values()) metrics.close();
    this.#metrics = new Map();
  }
}
