import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { z } from 'zod';
import type {
  benchmark,
  benchmarksDelete,
  benchmarksList,
  benchmarksSave,
  benchmarksShow,
  BenchmarkSummary,
  BenchmarkTable,
} from '../../../src-preload/contract/commands/benchmark.ts';
import { benchmarkCsv, benchmarkLatex } from '../../../src-preload/contract/comparison/benchmark.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { benchmarkChanged, benchmarkRemoved } from '../../../src-preload/contract/events/benchmarks.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import type { HostHandler, Services } from '../services.ts';
import { type Definition, definitionOf, findBenchmark, keep, summaryOf } from './definition.ts';
import { fill } from './fill.ts';
import { benchmarkTable } from './table.ts';

type Given = z.output<typeof benchmark.input>;

/** Judges what is missing, and gives the table. What one system cannot does not keep the others from being judged. */
export const handleBenchmark: HostHandler<typeof benchmark> = async (input, context) => {
  const { services } = context;
  const writers = writersOf(input);
  const { definition, kept } = await definitionAsked(input, services);
  await fill(await benchmarkTable(definition, services), definition, context);
  return given(await benchmarkTable(definition, services), kept, writers);
};

export const handleBenchmarksShow: HostHandler<typeof benchmarksShow> = async (input, { services }) => {
  const writers = writersOf(input);
  const kept = await findBenchmark(input.benchmark, services);
  return given(await benchmarkTable(kept, services), kept, writers);
};

export const handleBenchmarksList: HostHandler<typeof benchmarksList> = async (_input, { services }) => {
  const stored = await services.database.listBenchmarks();
  return { benchmarks: await Promise.all(stored.map((one) => summaryOf(one, services))) };
};

export const handleBenchmarksSave: HostHandler<typeof benchmarksSave> = async (input, { services }) => {
  const { benchmark: id, name, ...asked } = input;
  return save(await definitionOf(asked, services), name, id, services);
};

export const handleBenchmarksDelete: HostHandler<typeof benchmarksDelete> = async (input, { services }) => {
  const found = await findBenchmark(input.benchmark, services);
  await services.database.removeBenchmark(found.benchmark);
  services.hub.publish(benchmarkRemoved, { benchmark: found.benchmark });
  return found;
};

/** What is to be judged: what was named, kept where it has a name; or what is kept under the name. */
async function definitionAsked(
  { name, ...asked }: Given,
  services: Services,
): Promise<{ definition: Definition; kept: BenchmarkSummary | null }> {
  const { systems, dataset, limit, against, metrics } = asked;
  const nothingElse = [dataset, limit, against].every((one) => one === undefined) && metrics.length === 0;
  if (systems.length === 0 && name !== undefined && nothingElse) {
    const kept = await findBenchmark(name, services);
    return { definition: kept, kept };
  }
  const definition = await definitionOf(asked, services);
  return {
    definition,
    kept: name === undefined ? null : await save(definition, name, undefined, services),
  };
}

/** Keeps a benchmark under its id, else as the one of that name, else as a new one. */
async function save(
  definition: Definition,
  name: string,
  id: string | undefined,
  services: Services,
): Promise<BenchmarkSummary> {
  const all = await services.database.listBenchmarks();
  const before = all.find((one) => (id === undefined ? one.name === name : one.id === id));
  const nowMs = Date.now();
  const kept: BenchmarkSummary = {
    benchmark: before?.id ?? id ?? randomUUID(),
    name,
    createdMs: before?.createdMs ?? nowMs,
    changedMs: nowMs,
    ...definition,
  };
  await keep(kept, services);
  services.hub.publish(benchmarkChanged, { benchmark: kept });
  return kept;
}

interface Writers {
  print: ((table: BenchmarkTable) => string) | null;
  out: { file: string; text(table: BenchmarkTable): string } | null;
}

/** How it is to be printed and written, asked for before anything is judged. @throws ResynthError benchmarks/unknown-ending. */
function writersOf({ format, out }: Pick<Given, 'format' | 'out'>): Writers {
  const print = { table: null, csv: benchmarkCsv, latex: benchmarkLatex }[format];
  if (out === undefined) return { print, out: null };
  const file = path.resolve(out);
  const endings: Partial<Record<string, (table: BenchmarkTable) => string>> = {
    '.csv': benchmarkCsv,
    '.tex': benchmarkLatex,
    '.json': (table) => `${JSON.stringify(table, null, 2)}\n`,
  };
  const text = endings[path.extname(file).toLowerCase()];
  if (!text) throw new ResynthError('benchmarks/unknown-ending', { file });
  return { print, out: { file, text } };
}

async function given(
  table: BenchmarkTable,
  kept: BenchmarkSummary | null,
  { print, out }: Writers,
): Promise<BenchmarkTable> {
  const named = { ...table, benchmark: kept?.benchmark ?? null, name: kept?.name ?? null };
  if (out) await writeFileAtomic(out.file, out.text(named));
  return { ...named, files: out ? [out.file] : [], text: print?.(named) ?? null };
}
