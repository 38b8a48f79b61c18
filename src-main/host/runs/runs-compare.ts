import { setImmediate } from 'node:timers/promises';
import type { ComparedRun, runsCompare } from '../../../src-preload/contract/commands/runs-compare.ts';
import { asResynthError } from '../../../src-preload/contract/errors/error.ts';
import { cautionsOf } from '../../../src-preload/contract/comparison/cautions.ts';
import { parseVersion } from '../../../src-preload/contract/comparison/versions.ts';
import type { RunFacts } from '../../../src-preload/contract/comparison/differences.ts';
import type { RunRecord } from '../../trainer/run-record.ts';
import type { RunIndex } from './run-index.ts';
import { pickRun, type Run } from './runs.ts';
import type { HostHandler } from '../services.ts';

/** Runs described before other work has its turn. */
const describedTogether = 50;

/** Many runs beside each other. From what is in memory: nothing is read anew, so that a thousand are as good as at once. */
export const handleRunsCompare: HostHandler<typeof runsCompare> = async (input, { services }) => {
  const { trainers, database } = services;
  const index = await trainers.whole();
  const candidates = index.all().map(({ id, run }) => ({ id, name: run?.record.name ?? null }));
  const states = new Map(index.summaries().map(({ run, state }) => [run, state]));
  const runs: ComparedRun[] = [];
  const missing: string[] = [];
  for (const [place, which] of input.runs.entries()) {
    if (place % describedTogether === describedTogether - 1) await setImmediate();
    const { run, step } = foundVersion(index, candidates, which);
    if (!run) {
      missing.push(which);
      continue;
    }
    const { record, status } = run;
    const until = { atStep: step ?? input.atStep ?? null, untilStep: step };
    runs.push({
      run: record.id,
      step,
      name: record.name,
      preset: record.config.preset,
      state: states.get(record.id) ?? status.state,
      createdMs: record.createdMs,
      facts: factsOf(record, step),
      metrics: input.metrics ? await database.compareMetrics(record.id, until) : [],
    });
  }
  return { runs, cautions: cautionsOf(runs), missing };
};

/** A run that is called 'small@500' goes before step 500 of 'small'. */
function foundVersion(
  index: RunIndex,
  candidates: readonly { id: string; name: string | null }[],
  which: string,
): { run: Run | null; step: number | null } {
  const whole = found(index, candidates, which);
  if (whole) return { run: whole, step: null };
  const { run, step } = parseVersion(which);
  return { run: step === null ? null : found(index, candidates, run), step };
}

function found(
  index: RunIndex,
  candidates: readonly { id: string; name: string | null }[],
  which: string,
): Run | null {
  const exact = index.get(which)?.run;
  if (exact) return exact;
  try {
    return index.get(pickRun(which, candidates))?.run ?? null;
  } catch (thrown) {
    // A comparison of many is not refused for one that was deleted meanwhile; a name for two has to be cleared up.
    if (asResynthError(thrown).code === 'runs/not-found') return null;
    throw thrown;
  }
}

/** All that a run was made from, flat. What only says when and where it was (ids, folders of runs) is no difference. */
export function factsOf(record: RunRecord, step: number | null = null): RunFacts {
  const { config, dataset, environment, parent, engine } = record;
  return {
    step,
    preset: config.preset,
    family: config.family,
    ...prefixed('model', config.model),
    ...prefixed('training', config.training),
    ...prefixed('features', config.features),
    'data.dataset': dataset.name,
    'data.folder': dataset.folder,
    'data.splitHash': dataset.splitHash,
    'engine.backend': environment?.backend ?? engine.backend,
    'engine.device': environment?.device ?? engine.device,
    'engine.deviceName': environment?.deviceName ?? null,
    'engine.mode': environment?.mode ?? null,
    'engine.deterministic': environment?.deterministic ?? null,
    'engine.threads': environment?.threads
      ? `${environment.threads.intraOp} / ${environment.threads.interOp}`
      : engine.threads,
    ...prefixed('versions', environment?.versions ?? {}),
    'parent.run': parent?.name ?? null,
    'parent.step': parent?.step ?? null,
  };
}

function prefixed(section: string, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${section}.${key}`, value]));
}
