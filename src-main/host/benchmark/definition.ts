import { z } from 'zod';
import {
  type benchmark,
  benchmarkSummarySchema,
  type BenchmarkSummary,
} from '../../../src-preload/contract/commands/benchmark.ts';
import { evaluate, type EvaluatedSystem } from '../../../src-preload/contract/commands/evaluate.ts';
import { benchmarkMetrics, evaluateInput } from '../../../src-preload/contract/comparison/benchmark.ts';
import { otherSystemText, parseOtherSystem } from '../../../src-preload/contract/comparison/other-systems.ts';
import {
  type JudgedRun,
  judgedRunText,
  parseJudgedRun,
} from '../../../src-preload/contract/comparison/judged-runs.ts';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { StoredBenchmark } from '../../store/database/benchmarks.ts';
import { settingsOf } from '../evaluation/evaluate.ts';
import { readySystem } from '../evaluation/system.ts';
import type { Services } from '../services.ts';

/** What is kept of a benchmark. */
const definitionSchema = benchmarkSummarySchema
  .pick({ systems: true, against: true, split: true, limit: true, metrics: true })
  .extend({ dataset: z.string() });
type Stored = z.output<typeof definitionSchema>;

/** What a benchmark is of. */
export type Definition = Omit<BenchmarkSummary, 'benchmark' | 'name' | 'createdMs' | 'changedMs'>;

type Given = Pick<
  z.output<typeof benchmark.input>,
  'systems' | 'dataset' | 'split' | 'limit' | 'metrics' | 'against'
>;

/**
 * What was asked for, with systems that stay the same: a run at its best checkpoint is that checkpoint from then on.
 *
 * @throws ResynthError benchmarks/nothing-named, benchmarks/no-dataset, benchmarks/not-among; evaluations/unknown-metric;
 *   what finds runs, checkpoints, baselines, external systems and datasets.
 */
export async function definitionOf(given: Given, services: Services): Promise<Definition> {
  const { split, limit, against } = given;
  if (given.systems.length === 0) throw new ResynthError('benchmarks/nothing-named');
  if (given.dataset === undefined) throw new ResynthError('benchmarks/no-dataset');
  const { id, name } = await services.database.readDataset(given.dataset);
  const { metrics: known } = settingsOf(evaluate.input.parse({ metrics: given.metrics }));
  // Columns stand in the order in which they were named.
  const named = given.metrics.flatMap((one) => one.split(',')).map((one) => one.trim());
  const metrics = known.toSorted((a, b) => named.indexOf(a) - named.indexOf(b));
  const systems: string[] = [];
  for (const system of given.systems) systems.push(await lasting(system, services));
  const definition: Definition = {
    systems: [...new Set(systems)],
    against: against === undefined ? null : await lasting(against, services),
    dataset: { id, name },
    split,
    limit: limit ?? null,
    metrics: given.metrics.length === 0 ? [...benchmarkMetrics] : metrics,
  };
  if (definition.against !== null && !definition.systems.includes(definition.against)) {
    const among = given.systems.join(', ');
    throw new ResynthError('benchmarks/not-among', { against: against ?? '', systems: among });
  }
  return definition;
}

/** What judges a system of a benchmark, with its defaults filled in. */
export function inputOf(definition: Definition, system: string): z.output<typeof evaluate.input> {
  return evaluate.input.parse(evaluateInput(definition, system));
}

/** A system as a text that means the same tomorrow. */
async function lasting(system: string, services: Services): Promise<string> {
  const other = parseOtherSystem(system);
  if (other) {
    const key = other.kind === 'baseline' ? 'baseline' : 'system';
    const { about } = await readySystem(evaluate.input.parse({ [key]: other.system }), services);
    if (about.kind === 'external') return otherSystemText({ kind: about.kind, system: about.system });
    if (about.kind === 'baseline') return otherSystemText({ kind: about.kind, system: about.baseline });
  }
  const { run, step, latent, feedback } = await judgedRunOf(system, services);
  const asked = { run, checkpoint: step ?? 'best', latent, feedback };
  const { about } = await readySystem(evaluate.input.parse(asked), services);
  return about.kind === 'run' ? judgedTextOf(about) : system;
}

/** A run that is called 'small@500' goes before step 500 of 'small', and one called 'a+own' before 'a'. */
async function judgedRunOf(text: string, { trainers }: Services): Promise<JudgedRun> {
  try {
    const { record } = await trainers.resolve(text);
    return { run: record.id, step: null, latent: 'mean', feedback: 'recording' };
  } catch (thrown) {
    const judged = parseJudgedRun(text);
    if (judged.run === text || asResynthError(thrown).code !== 'runs/not-found') throw thrown;
    return judged;
  }
}

/** The text of a run as it was judged: what makes no difference to its model is not said. */
function judgedTextOf(about: Extract<EvaluatedSystem, { kind: 'run' }>): string {
  const { run, step, latent = 'mean', feedback = 'recording' } = about;
  return judgedRunText({ run, step, latent, feedback });
}

/** Keeps a benchmark under its id. @throws ResynthError benchmarks/name-taken. */
export async function keep(
  { benchmark: id, name, createdMs, changedMs, ...definition }: BenchmarkSummary,
  { database }: Pick<Services, 'database'>,
): Promise<void> {
  const stored: Stored = { ...definition, dataset: definition.dataset.id };
  await database.putBenchmark({ id, name, createdMs, changedMs, definition: stored });
}

/** A benchmark that is kept, as others are told of it. */
export async function summaryOf(
  { id, name, createdMs, changedMs, definition }: StoredBenchmark,
  { database }: Pick<Services, 'database'>,
): Promise<BenchmarkSummary> {
  const { dataset, ...rest } = definitionSchema.parse(definition);
  const found = await database.findDataset(dataset);
  return {
    benchmark: id,
    name,
    createdMs,
    changedMs,
    ...rest,
    dataset: { id: dataset, name: found?.name ?? dataset },
  };
}

/** By name, by id or by the beginning of an id. @throws ResynthError benchmarks/not-found, benchmarks/ambiguous. */
export async function findBenchmark(
  which: string,
  services: Pick<Services, 'database'>,
): Promise<BenchmarkSummary> {
  const all = await services.database.listBenchmarks();
  const exact = all.filter(({ name, id }) => name === which || id === which);
  const found = exact.length > 0 ? exact : all.filter(({ id }) => id.startsWith(which));
  const [one] = found;
  if (!one) throw new ResynthError('benchmarks/not-found', { benchmark: which });
  if (found.length > 1) {
    const candidates = found.map(({ id, name }) => `${name} (${id.slice(0, 8)})`).join(', ');
    throw new ResynthError('benchmarks/ambiguous', { benchmark: which, candidates });
  }
  return summaryOf(one, services);
}
