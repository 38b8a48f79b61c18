import { setImmediate } from 'node:timers/promises';
import type {
  BenchmarkCell,
  BenchmarkRow,
  BenchmarkTable,
} from '../../../src-preload/contract/commands/benchmark.ts';
import type { MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import { parseOtherSystem } from '../../../src-preload/contract/comparison/other-systems.ts';
import { judgedWords, parseJudgedRun } from '../../../src-preload/contract/comparison/judged-runs.ts';
import { asResynthError } from '../../../src-preload/contract/errors/error.ts';
import { evaluationMetrics as allMetrics } from '../../metrics/registry.ts';
import { benchmarkOfDynamicalModels as paper } from '../../models/dynamical/published.ts';
import { differenceOf, type Side, sideOf, warningsOf } from '../evaluation/compare.ts';
import { aboutOf, settingsOf } from '../evaluation/evaluate.ts';
import { type Selected, selectItems } from '../evaluation/selection.ts';
import type { JudgedRow } from '../evaluation/summary.ts';
import { judgedRows, metricSummary, summaryOf, tallyOf } from '../evaluation/summary.ts';
import { readySystem } from '../evaluation/system.ts';
import type { Services } from '../services.ts';
import { type Definition, inputOf } from './definition.ts';
import { keptFor, known, type KnownEvaluation } from './kept-evaluation.ts';
import { modelFacts } from './model-facts.ts';

const interval = 'Means with 95 % percentile bootstrap intervals over recordings (seeded)';

/** A row with what it was reckoned from, where something is judged. */
interface JudgedSystem {
  row: BenchmarkRow;
  side: Side | null;
}

/**
 * A benchmark as far as its evaluations have got; nothing is judged.
 *
 * @throws ResynthError dataset/unknown, evaluations/no-recordings.
 */
export async function benchmarkTable(definition: Definition, services: Services): Promise<BenchmarkTable> {
  const { split, limit, metrics, against } = definition;
  const { database } = services;
  const dataset = await database.readDataset(definition.dataset.id);
  const about = { files: [], dataset: dataset.id, split, limit: limit ?? undefined };
  const { selection } = await selectItems(about, null, services);
  const kept = known(await database.listEvaluations());
  const systems: JudgedSystem[] = [];
  for (const system of definition.systems) {
    systems.push(await judgedSystem(system, definition, selection, kept, services));
  }
  await addDifferences(systems, definition);
  const rows = systems.map(({ row }) => row);
  const sides = systems.flatMap(({ side }) => side ?? []);
  return {
    benchmark: null,
    name: null,
    systems: definition.systems,
    against,
    split,
    limit,
    metrics,
    dataset: { id: dataset.id, name: dataset.name, splitHash: dataset.splitHash },
    recordings: selection.recordings,
    columns: metrics.flatMap((wanted) => {
      const found = allMetrics.find(({ key }) => key === wanted);
      if (!found) return [];
      const { key, title, variant, unit, better, source } = found;
      return { key, title, variant, unit, better, source };
    }),
    rows,
    published: rows.some(({ published }) => published !== null)
      ? {
          document: paper.document,
          citation: paper.citation,
          table: paper.table,
          dataset: paper.dataset,
          note: paper.note,
        }
      : null,
    interval,
    warnings: sides.length > 1 ? warningsOf(sides, sharedBy(sides)) : [],
    files: [],
    text: null,
  };
}

async function judgedSystem(
  system: string,
  definition: Definition,
  selection: Selected['selection'],
  kept: readonly KnownEvaluation[],
  services: Services,
): Promise<JudgedSystem> {
  const input = inputOf(definition, system);
  let ready, facts;
  try {
    ready = await readySystem(input, services);
    facts = ready.about.kind === 'run' ? await modelFacts(ready.about.run, services) : null;
  } catch (thrown) {
    return { row: goneRow(system, thrown), side: null };
  }
  const { about } = ready;
  const wanted = aboutOf(ready, selection, settingsOf(input));
  const { use, note } = keptFor(wanted, kept);
  const row: BenchmarkRow = {
    ...emptyRow(system, about.kind, titleOf(about.name, system)),
    run: facts && about.kind === 'run' ? { ...facts.run, step: about.step, epoch: about.epoch } : null,
    dynamical: facts?.dynamical ?? null,
    parameters: facts?.parameters ?? null,
    published: facts?.published ?? null,
    notes: note === null ? [] : [note],
  };
  if (!use) return { row, side: null };
  const rows = await judgedRows(await services.database.evaluationRows(use.id));
  const summary = summaryOf(use, tallyOf(rows, definition.metrics), services);
  const { state, evaluation, done, failed, error, speed } = summary;
  const cells = await cellsOf(rows, definition.metrics);
  return {
    row: { ...row, state, evaluation, done, failed, error, speed, cells },
    side: state === 'finished' ? sideOf(summary, rows) : null,
  };
}

async function cellsOf(
  rows: readonly JudgedRow[],
  metrics: readonly MetricKey[],
): Promise<BenchmarkRow['cells']> {
  const results = rows.flatMap(({ result }) => result ?? []);
  const cells: BenchmarkRow['cells'] = {};
  if (results.length === 0) return cells;
  for (const key of metrics) {
    await setImmediate();
    cells[key] = { ...metricSummary(results, key), difference: null };
  }
  return cells;
}

/** Each system against the one that the others are compared with, on the recordings where both have a figure. */
async function addDifferences(
  systems: readonly JudgedSystem[],
  { against, metrics }: Definition,
): Promise<void> {
  const base = systems.find(({ row }) => row.system === against);
  if (!base?.side) return;
  for (const { row, side } of systems) {
    if (!side || side === base.side) continue;
    for (const key of metrics) {
      const cell = row.cells[key];
      if (!cell) continue;
      await setImmediate();
      row.cells[key] = { ...cell, difference: difference(key, side, base.side) };
    }
  }
}

function difference(key: MetricKey, side: Side, base: Side): BenchmarkCell['difference'] {
  const better = allMetrics.find((metric) => metric.key === key)?.better ?? 'higher';
  const pairs = [...side.results].flatMap(([recording, result]) => {
    const [value, other] = [result.figures[key], base.results.get(recording)?.figures[key]];
    return typeof value === 'number' && typeof other === 'number' ? [[value, other] as const] : [];
  });
  return differenceOf(
    pairs.map(([value]) => value),
    pairs.map(([, other]) => other),
    better,
  );
}

function sharedBy(sides: readonly Side[]): string[] {
  const [first, ...others] = sides;
  return [...(first?.results.keys() ?? [])].filter((key) => others.every(({ results }) => results.has(key)));
}

/** A name, with how its run is judged where that is not the usual way: 'SRNN, sampled z'. */
function titleOf(name: string, system: string): string {
  const words = parseOtherSystem(system) === null ? judgedWords(parseJudgedRun(system)) : '';
  return words === '' ? name : `${name}, ${words}`;
}

function emptyRow(system: string, kind: BenchmarkRow['kind'], title: string): BenchmarkRow {
  return {
    system,
    kind,
    title,
    run: null,
    dynamical: null,
    parameters: null,
    state: 'none',
    evaluation: null,
    done: 0,
    failed: 0,
    error: null,
    cells: {},
    speed: null,
    published: null,
    notes: [],
  };
}

/** A system that is not there any more keeps its place, with the reason. */
function goneRow(system: string, thrown: unknown): BenchmarkRow {
  const { code, message, remedy } = asResynthError(thrown);
  const other = parseOtherSystem(system);
  const { run, step } = parseJudgedRun(system);
  const title = other?.system ?? titleOf(step === null ? run : `${run} at step ${step}`, system);
  return {
    ...emptyRow(system, other?.kind ?? 'run', title),
    state: 'gone',
    error: { code, message, remedy },
  };
}
