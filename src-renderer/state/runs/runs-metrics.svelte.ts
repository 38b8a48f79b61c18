import { runsMetrics } from '../../../src-preload/contract/commands/runs-live.ts';
import { runMeasured } from '../../../src-preload/contract/events/runs.ts';
import { DerivedColumn } from '../../components/chart/derived-column.ts';
import { GrowingSeries, type SeriesRows, lowerBound } from '../../components/chart/growing-series.ts';
import type { PlotAxis, PlotCurve } from '../../components/chart/plot.ts';
import { Smoothing } from '../../components/chart/smoothing.ts';
import type { Host } from '../../host.svelte.ts';

/** One curve with what its legend says. */
export interface RunCurve extends PlotCurve {
  label: string;
  steps: Float64Array;
}

type ToldSeries = SeriesRows & { split: string; key: string };

/** In this order at the top of the page; what a family logs beyond these follows by name. */
const firstKeys = ['total', 'reconstruction', 'kl'];
const lastKeys = ['learningRate'];

const splitColours: Record<string, string> = {
  train: '--split-train',
  validation: '--split-validation',
  test: '--split-test',
};

/**
 * The curves of one run, read once and then fed by events. Rows that were told twice, by what was read and by an event
 * that came meanwhile, count once; after a resume that went back, everything is read again, so that nothing zig-zags.
 */
export class RunMetrics {
  readonly run: string;
  readonly #host: Pick<Host, 'call' | 'on' | 'keepLoaded'>;
  #series = new Map<string, GrowingSeries>();
  #smoothings = new Map<string, { smoothing: Smoothing; rewrites: number }>();
  #columns = new Map<string, { column: DerivedColumn; scale: number }>();
  #toldStepsPerEpoch: number | null = null;
  /** Told while the curves are being read; null while they are not. */
  #held: ToldSeries[] | null = null;
  /** What is here has been superseded, and could not yet be read again: nothing may be added to it. */
  #superseded = false;
  #loads = 0;
  #stops: (() => void)[] = [];

  /** Grows with every change: the columns are typed arrays, which nothing watches. */
  #version = $state(0);
  #loaded = $state(false);
  #error = $state.raw<unknown>(null);

  constructor(host: Pick<Host, 'call' | 'on' | 'keepLoaded'>, run: string) {
    this.#host = host;
    this.run = run;
    this.#stops = [
      host.on(runMeasured, (told) => {
        if (told.run !== run) return;
        if (told.superseded) {
          this.#superseded = true;
          void this.#load();
        } else this.#take(told.series);
      }),
      host.keepLoaded(() => this.#load()),
    ];
  }

  get version(): number {
    return this.#version;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** Why the curves could not be read. */
  get error(): unknown {
    return this.#error;
  }

  /** Reads the curves again. */
  retry(): void {
    void this.#load();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#loads++;
  }

  /** Names of what is measured, the losses first. */
  get keys(): readonly string[] {
    void this.#version;
    const keys = [...new Set([...this.#series.values()].map((series) => series.key))];
    const rank = (key: string): number => {
      const first = firstKeys.indexOf(key);
      if (first >= 0) return first;
      return lastKeys.includes(key) ? 1000 : 500;
    };
    return keys.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
  }

  /** The last step of any curve; 0 where nothing was measured. */
  get lastStep(): number {
    void this.#version;
    return Math.max(0, ...[...this.#series.values()].map((series) => series.column('steps').at(-1) ?? 0));
  }

  /**
   * The curves of one metric, training first. Only those of training are smoothed: a validation is measured once an
   * epoch, over all of its clips, and is what it is.
   */
  curves(key: string, axis: PlotAxis, smoothing: number): RunCurve[] {
    void this.#version;
    const curves: RunCurve[] = [];
    for (const series of this.#series.values()) {
      if (series.key !== key) continue;
      const measured = series.column('values');
      const smoothed = series.split === 'train' && smoothing > 0;
      curves.push({
        id: `${series.split} ${key}`,
        label: series.split,
        colour: splitColours[series.split] ?? '--data-4',
        x: this.#axis(series, axis),
        y: smoothed ? this.#smoothed(series, smoothing) : measured,
        raw: smoothed ? measured : null,
        steps: series.column('steps'),
      });
    }
    return curves.sort(
      (a, b) => Number(b.label === 'train') - Number(a.label === 'train') || a.id.localeCompare(b.id),
    );
  }

  /** From zero to the furthest point of any curve, in units of the axis. */
  domain(axis: PlotAxis): [number, number] {
    void this.#version;
    const ends = [...this.#series.values()].map((series) => this.#axis(series, axis).at(-1) ?? 0);
    return [0, Math.max(0, ...ends)];
  }

  #axis(series: GrowingSeries, axis: PlotAxis): Float64Array {
    switch (axis) {
      case 'step':
        return series.column('steps');
      case 'epoch': {
        const stepsPerEpoch = this.#stepsPerEpoch();
        return this.#column(series, axis, stepsPerEpoch, (from, into) => {
          const steps = series.column('steps');
          for (let row = from; row < series.length; row++) into[row] = (steps[row] ?? 0) / stepsPerEpoch;
        });
      }
      case 'wall': {
        const startMs = this.#startMs();
        return this.#column(series, axis, startMs, (from, into) => {
          const wallMs = series.column('wallMs');
          // Clocks are set back at times; a curve never runs backwards.
          for (let row = from; row < series.length; row++) {
            into[row] = Math.max(into[row - 1] ?? 0, ((wallMs[row] ?? 0) - startMs) / 1000);
          }
        });
      }
      case 'process':
        return this.#column(series, axis, 0, (from, into) => {
          const processMs = series.column('processMs');
          for (let row = from; row < series.length; row++) into[row] = (processMs[row] ?? 0) / 1000;
        });
    }
  }

  /** A column that is kept and extended; another `scale` (the start of the run, steps an epoch) makes it anew. */
  #column(
    series: GrowingSeries,
    axis: PlotAxis,
    scale: number,
    compute: (from: number, into: Float64Array) => void,
  ): Float64Array {
    const id = `${series.split} ${series.key} ${axis}`;
    let entry = this.#columns.get(id);
    if (!entry || entry.scale !== scale) {
      entry = { column: new DerivedColumn(), scale };
      this.#columns.set(id, entry);
    }
    return entry.column.of(series, compute);
  }

  /** What the trainer says of itself; without it, it is found from the rows. */
  tellStepsPerEpoch(steps: number): void {
    if (!(steps > 0) || steps === this.#toldStepsPerEpoch) return;
    this.#toldStepsPerEpoch = steps;
    this.#version++;
  }

  /** Of the last validation, which is logged when an epoch has ended; else of where training rows changed their epoch. */
  #stepsPerEpoch(): number {
    if (this.#toldStepsPerEpoch !== null) return this.#toldStepsPerEpoch;
    let steps = 0;
    for (const series of this.#series.values()) {
      const at = series.length - 1;
      const epoch = series.column('epochs')[at] ?? 0;
      const step = series.column('steps')[at] ?? 0;
      if (series.split !== 'train' && epoch > 0 && step > 0) return step / epoch;
      if (series.split === 'train' && epoch > 1) {
        const start = lowerBound(series.column('epochs'), series.length, epoch);
        steps = ((series.column('steps')[start] ?? 0) - 1) / (epoch - 1);
      }
    }
    return steps > 0 ? steps : Math.max(1, this.lastStep);
  }

  #startMs(): number {
    let start = Infinity;
    for (const series of this.#series.values())
      start = Math.min(start, series.column('wallMs')[0] ?? Infinity);
    return Number.isFinite(start) ? start : 0;
  }

  #smoothed(series: GrowingSeries, weight: number): Float64Array {
    const id = `${series.split} ${series.key}`;
    let entry = this.#smoothings.get(id);
    if (!entry || entry.smoothing.weight !== weight) {
      entry = { smoothing: new Smoothing(weight), rewrites: series.rewrites };
      this.#smoothings.set(id, entry);
    }
    if (entry.rewrites !== series.rewrites) entry.smoothing.reset();
    entry.rewrites = series.rewrites;
    return entry.smoothing.extend(series.column('values'));
  }

  async #load(): Promise<void> {
    const load = ++this.#loads;
    this.#held ??= [];
    try {
      const { series } = await this.#host.call(runsMetrics, { run: this.run });
      if (load !== this.#loads) return;
      this.#series = new Map();
      this.#smoothings.clear();
      this.#columns.clear();
      this.#superseded = false;
      this.#takeHeld(series);
      this.#error = null;
      this.#loaded = true;
    } catch (error) {
      if (load !== this.#loads) return;
      this.#takeHeld([]);
      this.#error = error;
    }
  }

  /** Takes what was read, then what was told meanwhile. */
  #takeHeld(read: readonly ToldSeries[]): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.#take([...read, ...held]);
  }

  #take(told: readonly ToldSeries[]): void {
    if (this.#held) return void this.#held.push(...told);
    if (this.#superseded) return;
    for (const rows of told) {
      const id = `${rows.split} ${rows.key}`;
      let series = this.#series.get(id);
      if (!series) {
        series = new GrowingSeries(rows.split, rows.key, Math.max(256, rows.steps.length * 2));
        this.#series.set(id, series);
      }
      series.append(newerThan(rows, series.column('steps').at(-1) ?? -Infinity));
    }
    this.#version++;
  }
}

/** The rows behind a step: what was told before it is known already. */
function newerThan(rows: SeriesRows, step: number): SeriesRows {
  const from = lowerBound(rows.steps, rows.steps.length, step + 1);
  if (from === 0) return rows;
  return {
    steps: rows.steps.subarray(from),
    values: rows.values.subarray(from),
    epochs: rows.epochs.subarray(from),
    wallMs: rows.wallMs.subarray(from),
    processMs: rows.processMs.subarray(from),
  };
}
