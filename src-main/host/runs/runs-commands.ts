import type { runsList, runsShow } from '../../../src-preload/contract/commands/runs.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { codeChoicesOf } from '../../models/code-choices.ts';
import { parseConfig } from '../../models/config.ts';
import type { Deviation } from '../../models/family.ts';
import { loadPresets } from '../../models/presets.ts';
import { checkpointBytes } from '../../trainer/checkpoint.ts';
import { bestStep, checkpointSteps, tryRecord } from '../../trainer/checkpoint-store.ts';
import { readMetricsEnd } from '../../trainer/metrics-end.ts';
import type { MetricsRow } from '../../trainer/metrics-log.ts';
import { filesOf, type Run } from './runs.ts';
import type { HostHandler } from '../services.ts';

/** The commands that show runs. */

export const handleRunsList: HostHandler<typeof runsList> = async (_input, { services }) => {
  const index = await services.trainers.whole();
  return {
    runs: index.summaries(),
    damaged: index
      .damaged()
      .map(({ id, error }) => ({ run: id, message: error.message, remedy: error.remedy })),
  };
};

export const handleRunsShow: HostHandler<typeof runsShow> = async ({ run: which }, { services }) => {
  const { index } = services.trainers;
  const run = await services.trainers.resolve(which);
  const { record, status } = run;
  const summary = index.summary(record.id);
  if (!summary) throw new ResynthError('runs/not-found', { name: which });
  const files = filesOf(run);
  const { differences, ...config } = record.config;
  const { error } = status;
  return {
    ...summary,
    folder: run.folder,
    log: files.log,
    remarks: status.notes,
    error: error && { code: error.code, message: error.message, remedy: error.remedy },
    config,
    codeChoices: codeChoicesOf(parseConfig(record.config)),
    differences,
    deviations: deviationsOf(record.config.preset),
    source: record.dataset,
    environment: record.environment,
    parent: record.parent,
    extensions: record.extensions,
    metrics: metricsSummary(files.metrics, files.checkpoints, status.best),
    checkpoints: checkpointsOf(files.checkpoints),
  };
};

/** A preset may be gone from a later version: its runs are shown all the same. */
function deviationsOf(preset: string): Deviation[] {
  return loadPresets().find(({ id }) => id === preset)?.deviations ?? [];
}

/** Where the curves stand. Read from their end: a run page asks for it at every mark of a run of any length. */
function metricsSummary(metricsFile: string, checkpoints: string, best: Run['status']['best']) {
  const { train, validation, segments } = readMetricsEnd(metricsFile);
  // The checkpoint of the best step keeps what was measured there; were it gone, the status still has the loss.
  const kept = best && tryRecord(checkpoints, best.step)?.validation;
  return {
    train: measured(train),
    validation: measured(validation),
    bestValidation:
      best && best.split === 'validation'
        ? measured({ step: best.step, epoch: best.epoch, values: kept ?? { total: best.value } })
        : null,
    segments,
  };
}

function measured(row: Pick<MetricsRow, 'step' | 'epoch' | 'values'> | null) {
  return row ? { step: row.step, epoch: row.epoch, values: finiteOnly(row.values) } : null;
}

// The contract's numbers are finite; a diverged value is told by the run's error and stays in its metrics.
function finiteOnly(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
}

function checkpointsOf(folder: string) {
  const steps = checkpointSteps(folder);
  const best = bestStep(folder, steps);
  return steps.map((step) => {
    const record = tryRecord(folder, step);
    return {
      step,
      epoch: record?.progress.epoch ?? null,
      bytes: checkpointBytes(folder, step),
      savedMs: record?.savedMs ?? null,
      best: step === best,
      last: step === steps.at(-1),
      readable: record !== null,
    };
  });
}

/** One line a row, one column a value; NaN and Infinity as words. */
export function metricsCsv(rows: readonly MetricsRow[]): string {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const lines = rows.map(({ split, step, epoch, segment, wallMs, values }) =>
    [split, step, epoch, segment, wallMs, ...names.map((name) => values[name] ?? '')].join(','),
  );
  return `${['split', 'step', 'epoch', 'segment', 'wallMs', ...names].join(',')}\n${lines.map((line) => `${line}\n`).join('')}`;
}
