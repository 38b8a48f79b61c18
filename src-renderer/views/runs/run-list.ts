import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import type { Column, Sort } from '../../components/table-column.ts';
import { formatAgo, formatCount, formatSpan, formatTime, formatValue, nothing } from '../../state/format.ts';
import { type StateGroup, shareDone, stateGroups, stateLook, stateOrder } from './run-states.ts';

export interface RunFilter {
  /** Words that all have to occur in the name, dataset, preset, tags, notes or id. */
  search: string;
  group: StateGroup;
  /** Tags that a run has to have, all of them. */
  tags: readonly string[];
}

/** The runs that a filter lets through, in the order they came. */
export function filterRuns(runs: readonly RunSummary[], filter: RunFilter): RunSummary[] {
  const words = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
  const states: readonly string[] | null = stateGroups[filter.group].states;
  return runs.filter((run) => {
    if (states && !states.includes(run.state)) return false;
    if (!filter.tags.every((tag) => run.tags.includes(tag))) return false;
    if (words.length === 0) return true;
    const text = [run.name, run.dataset, run.preset, run.run, run.notes, ...run.tags]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface RunColumn extends Column<RunSummary> {
  /** What it is sorted by; null comes last, whichever way. */
  value(run: RunSummary): string | number | null;
  /** Shown until somebody chooses otherwise. */
  standard: boolean;
}

/** Columns that can be chosen, in their order. Those of the tick and of the menu are the view's own. */
export const runColumns: readonly RunColumn[] = [
  {
    id: 'name',
    title: 'Name',
    width: 'minmax(150px, 2fr)',
    text: (run) => run.name,
    value: (run) => run.name.toLowerCase(),
    standard: true,
  },
  {
    id: 'state',
    title: 'State',
    width: '112px',
    text: (run) => stateLook(run.state).title,
    value: (run) => stateOrder.indexOf(run.state),
    standard: true,
  },
  {
    id: 'epoch',
    title: 'Progress',
    width: '136px',
    text: (run) => `${run.epoch} / ${run.epochs}`,
    value: shareDone,
    help: 'Epochs done, of all that are to be done.',
    standard: true,
  },
  {
    id: 'best',
    title: 'Best validation',
    width: '116px',
    align: 'end',
    text: (run) => formatValue(run.bestValidation?.value),
    value: (run) => run.bestValidation?.value ?? null,
    help: 'The lowest total loss of a validation so far. Losses of different presets do not compare.',
    standard: true,
  },
  {
    id: 'step',
    title: 'Step',
    width: '84px',
    align: 'end',
    text: (run) => formatCount(run.step),
    value: (run) => run.step,
    standard: false,
  },
  {
    id: 'msPerStep',
    title: 'Step time',
    width: '86px',
    align: 'end',
    text: (run) => (run.progress?.msPerStep ? `${formatValue(run.progress.msPerStep)} ms` : nothing),
    value: (run) => run.progress?.msPerStep ?? null,
    help: 'Milliseconds an optimiser step takes now.',
    standard: true,
  },
  {
    id: 'clipsPerSec',
    title: 'Clips/s',
    width: '76px',
    align: 'end',
    text: (run) => (run.progress?.clipsPerSec ? formatCount(run.progress.clipsPerSec) : nothing),
    value: (run) => run.progress?.clipsPerSec ?? null,
    standard: false,
  },
  {
    id: 'eta',
    title: 'Left',
    width: '72px',
    align: 'end',
    text: (run) => formatSpan(run.progress?.etaSec),
    value: (run) => run.progress?.etaSec ?? null,
    help: 'Time that it will still take at the pace of now.',
    standard: true,
  },
  {
    id: 'dataset',
    title: 'Dataset',
    width: 'minmax(80px, 1fr)',
    text: (run) => run.dataset,
    value: (run) => run.dataset.toLowerCase(),
    standard: true,
  },
  {
    id: 'preset',
    title: 'Preset',
    width: 'minmax(110px, 1fr)',
    text: (run) => run.preset,
    value: (run) => run.preset,
    standard: true,
  },
  {
    id: 'tags',
    title: 'Tags',
    width: 'minmax(80px, 1fr)',
    text: (run) => run.tags.join(', '),
    value: (run) => run.tags.join(', ').toLowerCase() || null,
    standard: true,
  },
  {
    id: 'created',
    title: 'Started',
    width: '98px',
    text: (run) => formatAgo(run.createdMs),
    value: (run) => run.createdMs,
    standard: true,
  },
  {
    id: 'updated',
    title: 'Last change',
    width: '124px',
    text: (run) => formatTime(run.updatedMs),
    value: (run) => run.updatedMs,
    standard: false,
  },
  {
    id: 'notes',
    title: 'Notes',
    width: 'minmax(80px, 1fr)',
    text: (run) => run.notes.split('\n', 1)[0] ?? '',
    value: (run) => run.notes.toLowerCase() || null,
    standard: false,
  },
  {
    id: 'id',
    title: 'Id',
    width: '150px',
    text: (run) => run.run,
    value: (run) => run.run,
    standard: false,
  },
];

/** Sorted by a column; runs without a value come last in either direction, ties keep their order. */
export function sortRuns(runs: readonly RunSummary[], sort: Sort): RunSummary[] {
  const column = runColumns.find((one) => one.id === sort.column);
  if (!column) return [...runs];
  const direction = sort.descending ? -1 : 1;
  const keyed = runs.map((run) => ({ run, value: column.value(run) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
    if (typeof a.value === 'string' || typeof b.value === 'string') {
      return direction * String(a.value).localeCompare(String(b.value));
    }
    // A diverged run has NaN as its best: worse than any number.
    if (Number.isNaN(a.value) || Number.isNaN(b.value)) {
      return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
    }
    return direction * (a.value - b.value);
  });
  return keyed.map(({ run }) => run);
}

/** The columns to show, given what was kept: ids that are not known are passed over. */
export function shownColumns(kept: readonly string[] | null): RunColumn[] {
  if (kept === null) return runColumns.filter((column) => column.standard);
  return runColumns.filter((column) => column.id === 'name' || kept.includes(column.id));
}

/** The least width in px that columns need side by side. */
export function leastWidth(columns: readonly { width: string }[]): number {
  return columns.reduce((sum, { width }) => sum + Number(/(\d+)px/.exec(width)?.[1] ?? 0), 0);
}

/** Whether a kept setting is a list of columns. */
export function isColumnList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

export function isSort(value: unknown): value is Sort {
  return (
    typeof value === 'object' &&
    value !== null &&
    'column' in value &&
    'descending' in value &&
    typeof value.descending === 'boolean' &&
    runColumns.some((column) => column.id === value.column)
  );
}

/** Every tag there is, those of most runs first. */
export function allTags(runs: readonly RunSummary[]): { tag: string; runs: number }[] {
  const counts = new Map<string, number>();
  for (const run of runs) for (const tag of run.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([tag, count]) => ({ tag, runs: count }))
    .sort((a, b) => b.runs - a.runs || a.tag.localeCompare(b.tag));
}

/** The queue, next first. */
export function queueOf(runs: readonly RunSummary[]): RunSummary[] {
  return runs
    .filter((run) => run.queuePlace !== null)
    .sort((a, b) => (a.queuePlace ?? 0) - (b.queuePlace ?? 0));
}
