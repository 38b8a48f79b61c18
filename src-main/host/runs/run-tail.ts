import { statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import type { EventHub } from '../../../src-preload/contract/event-hub.ts';
import { runClipsDecoded, runMeasured } from '../../../src-preload/contract/events/runs.ts';
import { clipSteps, readClipStep } from '../../trainer/clips/files.ts';
import type { MetricsRow } from '../../trainer/metrics-log.ts';
import { runFiles } from '../../trainer/run-record.ts';
import { readMetricsAfter } from './run-metrics-tail.ts';
import type { RunStore } from './run-store.ts';

type MetricsStore = Pick<RunStore, 'metricsBytes' | 'ingestMetrics' | 'resetMetrics'>;

interface Position {
  /** The next byte of metrics.jsonl; null before the database was asked. */
  next: number | null;
  clipsChanged: bigint;
  /** Steps whose clips were told; null before the first look. */
  clips: Set<number> | null;
}

type Series = z.input<typeof runMeasured.payload>['series'][number];

/** Follows what runs log, from where the database has it, and tells clients what is new. */
export class RunTail {
  readonly #store: MetricsStore;
  readonly #hub: Pick<EventHub, 'publish'>;
  readonly #positions = new Map<string, Position>();

  constructor(store: MetricsStore, hub: Pick<EventHub, 'publish'>) {
    this.#store = store;
    this.#hub = hub;
  }

  /**
   * Takes in what a run has logged since. `tell` is false for what was logged while no host looked: its rows are not told
   * one by one, but whoever has read the curves meanwhile is told to read them again.
   */
  async follow(id: string, folder: string, tell: boolean): Promise<void> {
    const position = this.#positions.get(id) ?? { next: null, clipsChanged: -1n, clips: null };
    this.#positions.set(id, position);
    await this.#metrics(id, folder, position, tell);
    this.#clips(id, folder, position, tell);
  }

  forget(id: string): void {
    this.#positions.delete(id);
  }

  async #metrics(id: string, folder: string, position: Position, tell: boolean): Promise<void> {
    const file = runFiles(folder).metrics;
    let untold = false;
    for (;;) {
      position.next ??= await this.#store.metricsBytes(id);
      const stretch = await readMetricsAfter(file, position.next);
      if (!stretch) {
        if (untold) this.#hub.publish(runMeasured, { run: id, superseded: true, series: [] });
        return;
      }
      // A shorter file than the one that was read is another one: a folder put back from a backup.
      const isOther = stretch.from < position.next;
      if (isOther) await this.#store.resetMetrics(id);
      const { next, superseded } = await this.#store.ingestMetrics(id, stretch);
      position.next = next;
      if (next === stretch.to && tell) this.#tellRows(id, stretch.rows, superseded || isOther);
      else untold = true;
      await setImmediate();
    }
  }

  #tellRows(run: string, rows: readonly MetricsRow[], superseded: boolean): void {
    const series = seriesOf(rows);
    if (series.length > 0 || superseded) this.#hub.publish(runMeasured, { run, superseded, series });
  }

  #clips(id: string, folder: string, position: Position, tell: boolean): void {
    const stat = statSync(runFiles(folder).clips, { throwIfNoEntry: false, bigint: true });
    if (!stat || stat.mtimeNs === position.clipsChanged) return;
    position.clipsChanged = stat.mtimeNs;
    const steps = clipSteps(folder);
    const known = position.clips;
    position.clips = new Set(steps);
    // A resume deletes steps and decodes them again: those are told again.
    if (!known || !tell) return;
    for (const step of steps) {
      if (known.has(step)) continue;
      const { epoch, mse } = readClipStep(folder, step);
      this.#hub.publish(runClipsDecoded, { run: id, step, epoch, mse });
    }
  }
}

/** Rows as one curve for each split and key, in the order of the rows. */
export function seriesOf(rows: readonly MetricsRow[]): Series[] {
  const grouped = new Map<string, { split: string; key: string; rows: MetricsRow[] }>();
  for (const row of rows) {
    if (row.split === 'segment') continue;
    for (const key of Object.keys(row.values)) {
      const name = `${row.split}\n${key}`;
      const group = grouped.get(name);
      if (group) group.rows.push(row);
      else grouped.set(name, { split: row.split, key, rows: [row] });
    }
  }
  return [...grouped.values()].map(({ split, key, rows: own }) => ({
    split,
    key,
    steps: Float64Array.from(own, ({ step }) => step),
    values: Float64Array.from(own, ({ values }) => values[key] ?? Number.NaN),
    epochs: Float64Array.from(own, ({ epoch }) => epoch),
    wallMs: Float64Array.from(own, ({ wallMs }) => wallMs),
    processMs: Float64Array.from(own, ({ processMs }) => processMs),
  }));
}
