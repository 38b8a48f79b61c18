import type { BenchmarkRow, BenchmarkTable } from '../../../src-preload/contract/commands/benchmark.ts';
import { lackOf } from '../../../src-preload/contract/comparison/benchmark.ts';
import { asResynthError } from '../../../src-preload/contract/errors/error.ts';
import { judge, timeFinished } from '../evaluation/evaluate.ts';
import { judgedRows } from '../evaluation/summary.ts';
import { readySystem } from '../evaluation/system.ts';
import type { HostContext } from '../services.ts';
import { type Definition, inputOf } from './definition.ts';

/**
 * Judges the systems of a benchmark that are not judged to the end, and times those that were not timed, one after the other.
 * One that fails is told of, and the next has its turn.
 *
 * @throws ResynthError internal/cancelled; files/disk-full, which the next would meet as well.
 */
export async function fill(
  { rows, recordings }: BenchmarkTable,
  definition: Definition,
  context: HostContext,
): Promise<void> {
  const { signal } = context;
  const open = rows.filter((row) => lackOf(row) !== null);
  for (const [at, row] of open.entries()) {
    signal.throwIfAborted();
    const detail = open.length === 1 ? row.title : `${row.title}, ${at + 1} of ${open.length} systems`;
    const within: HostContext = {
      ...context,
      // Recordings of all systems together, so that the time left is that of the whole.
      progress: ({ done, total: _ofOne, ...event }) =>
        context.progress({
          detail,
          ...event,
          ...(done === undefined ? {} : { done: at * recordings + done, total: open.length * recordings }),
        }),
    };
    try {
      await completed(row, definition, within);
    } catch (thrown) {
      const error = asResynthError(thrown);
      if (signal.aborted || ['internal/cancelled', 'files/disk-full'].includes(error.code)) throw thrown;
      context.progress({ stage: 'Judging recordings', warning: `${row.title}: ${error.message}` });
    }
  }
}

async function completed(row: BenchmarkRow, definition: Definition, context: HostContext): Promise<void> {
  const input = inputOf(definition, row.system);
  if (lackOf(row) === 'figures') {
    await judge(input, context);
    return;
  }
  const { database } = context.services;
  const stored = await database.readEvaluation(row.evaluation ?? '');
  const items = (await judgedRows(await database.evaluationRows(stored.id))).map(({ item }) => item);
  await timeFinished(stored, await readySystem(input, context.services), items, context);
}
