import type { ComparedRun } from '../../../src-preload/contract/commands/runs-compare.ts';
import { csvText } from '../../../src-preload/contract/comparison/csv.ts';
import { type Difference, differencesOf } from '../../../src-preload/contract/comparison/differences.ts';
import {
  type CurveSummary,
  type MeasuredPoint,
  type MetricPick,
  metricPicks,
  pickValue,
} from '../../../src-preload/contract/comparison/metric-choice.ts';
import { nothing } from '../../state/format.ts';
import { settingText } from '../runs/train-input.ts';

/** One curve as a column: 'validation total'. */
export interface MetricColumn {
  id: string;
  split: string;
  key: string;
}

/** Every curve that any of the runs has, validation first, the losses first. */
export function metricColumns(runs: readonly ComparedRun[]): MetricColumn[] {
  const columns = new Map<string, MetricColumn>();
  for (const { metrics } of runs) {
    for (const { split, key } of metrics) {
      const id = `${split} ${key}`;
      if (!columns.has(id)) columns.set(id, { id, split, key });
    }
  }
  const splits = ['validation', 'test', 'train'];
  const keys = ['total', 'reconstruction', 'kl', 'mse'];
  const rank = (names: readonly string[], name: string): number => {
    const at = names.indexOf(name);
    return at < 0 ? names.length : at;
  };
  return [...columns.values()].sort(
    (a, b) =>
      rank(splits, a.split) - rank(splits, b.split) ||
      rank(keys, a.key) - rank(keys, b.key) ||
      a.id.localeCompare(b.id),
  );
}

/** Those that are shown until somebody chooses otherwise: how well it does on what it was not trained on. */
export function standardMetrics(columns: readonly MetricColumn[]): MetricColumn[] {
  const wanted = ['total', 'reconstruction', 'kl'];
  for (const split of ['validation', 'train']) {
    const found = columns.filter((column) => column.split === split && wanted.includes(column.key));
    if (found.length > 0) return found;
  }
  return columns.slice(0, 3);
}

/** The value of a run in a column, with its step. */
export function metricValue(
  run: ComparedRun | undefined,
  column: MetricColumn,
  pick: MetricPick,
): MeasuredPoint | null {
  const curve = run?.metrics.find(({ split, key }) => split === column.split && key === column.key);
  return pickValue(curve satisfies CurveSummary | undefined, pick);
}

/** A setting as a cell has it: hashes in short, nothing where there is none. */
export function factText(key: string, value: unknown): string {
  if (value === null || value === undefined) return nothing;
  if (key === 'data.splitHash') return String(value).slice(0, 8);
  if (typeof value === 'object' && !Array.isArray(value)) return JSON.stringify(value);
  return settingText(value);
}

/** What differs, the settings first, what they were computed on last. */
export function shownDifferences(runs: readonly ComparedRun[]): Difference[] {
  return differencesOf(runs.map(({ facts }) => facts));
}

/** Everything about the runs as one wide table: all settings, and of each curve all values with their steps. */
export function wideTable(runs: readonly ComparedRun[]): { titles: string[]; rows: unknown[][] } {
  const facts = [...new Set(runs.flatMap((run) => Object.keys(run.facts)))];
  const metrics = metricColumns(runs);
  // At a step only where one was asked for.
  const atStep = runs.some((run) => run.metrics.some(({ at }) => at !== null));
  const picks = metricPicks.filter((pick) => pick !== 'at' || atStep);
  const titles = [
    ...['run', 'name', 'state', 'createdAt'],
    ...facts,
    ...metrics.flatMap(({ split, key }) =>
      picks.flatMap((pick) => [`${split}.${key}.${pick}`, `${split}.${key}.${pick}.step`]),
    ),
  ];
  const rows = runs.map((run) => [
    ...[run.run, run.name, run.state, new Date(run.createdMs).toISOString()],
    ...facts.map((key) => run.facts[key]),
    ...metrics.flatMap((column) =>
      picks.flatMap((pick) => {
        const point = metricValue(run, column, pick);
        return [point?.value, point?.step];
      }),
    ),
  ]);
  return { titles, rows };
}

export function wideCsv(runs: readonly ComparedRun[]): string {
  const { titles, rows } = wideTable(runs);
  return csvText(
    titles,
    rows.map((row) => row.map((value) => (Array.isArray(value) ? settingText(value) : value))),
  );
}

/** The same as a list of records; NaN and the infinities, which JSON has not, as words. */
export function wideJson(runs: readonly ComparedRun[]): string {
  const { titles, rows } = wideTable(runs);
  const records = rows.map((row) =>
    Object.fromEntries(titles.map((title, at) => [title, plain(row[at])] as const)),
  );
  return `${JSON.stringify(records, null, 2)}\n`;
}

function plain(value: unknown): unknown {
  if (value === undefined) return null;
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
