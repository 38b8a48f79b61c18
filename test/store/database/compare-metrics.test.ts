import { expect, it } from 'vitest';
import { openOperations } from './sample.ts';

it('gives the extremes and the last values of curves with their steps, and those at a step', async () => {
  const operations = await openOperations();
  const run = { id: 'r', name: 'r', state: 'running', preset: 'p', dataset: 'd', createdMs: 1, updatedMs: 2 };
  operations.putRuns([{ ...run, step: 0, epoch: 0, bestValue: null, queuePlace: null, summary: {} }]);
  const rows = [5, 1, Number.NaN, 3].map((total, at) => ({
    ...{ segment: 0, step: 10 * at, epoch: at, wallMs: at, processMs: at, split: 'validation' },
    values: { total },
  }));
  operations.ingestMetrics('r', { from: 0, to: 100, rows });
  const known = {
    ...{ split: 'validation', key: 'total', rows: 4 },
    min: { step: 10, value: 1 },
    max: { step: 0, value: 5 },
    last: { step: 30, value: 3 },
  };
  expect(operations.compareMetrics('r', { atStep: null, untilStep: null })).toEqual([{ ...known, at: null }]);
  expect(operations.compareMetrics('r', { atStep: 25, untilStep: null })).toEqual([
    { ...known, at: { step: 20, value: Number.NaN } },
  ]);
  expect(operations.compareMetrics('r', { atStep: 10, untilStep: null })[0]?.at).toEqual({
    step: 10,
    value: 1,
  });
  // Held at a step, it is as it was then.
  expect(operations.compareMetrics('r', { atStep: 15, untilStep: 15 })).toEqual([
    {
      ...{ split: 'validation', key: 'total', rows: 2 },
      min: { step: 10, value: 1 },
      max: { step: 0, value: 5 },
      last: { step: 10, value: 1 },
      at: { step: 10, value: 1 },
    },
  ]);
  // Runs of whose curves nothing was read yet: blanks, not an error.
  expect(operations.compareMetrics('nobody', { atStep: 3, untilStep: null })).toEqual([]);
});

it('has no value at a step before the first', async () => {
  const operations = await openOperations();
  const run = { id: 'r', name: 'r', state: 'running', preset: 'p', dataset: 'd', createdMs: 1, updatedMs: 2 };
  operations.putRuns([{ ...run, step: 0, epoch: 0, bestValue: null, queuePlace: null, summary: {} }]);
  const row = { segment: 0, step: 10, epoch: 1, wallMs: 1, processMs: 1, split: 'train', values: { kl: 2 } };
  operations.ingestMetrics('r', { from: 0, to: 9, rows: [row] });
  expect(operations.compareMetrics('r', { atStep: 9, untilStep: null })[0]?.at).toBeNull();
});
