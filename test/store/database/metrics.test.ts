import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operations } from '../../../src-main/store/database/operations.ts';
import type { LoggedRow, StoredRun } from '../../../src-main/store/database/types.ts';
import { mergeSegments } from '../../../src-main/trainer/metrics-log.ts';
import { refusal } from '../../helpers/refusal.ts';
import { openOperations } from './sample.ts';

function run(id: string, more: Partial<StoredRun> = {}): StoredRun {
  return {
    id,
    name: id,
    state: 'running',
    preset: 'p',
    dataset: 'd',
    createdMs: 1,
    updatedMs: 2,
    step: 0,
    epoch: 0,
    bestValue: null,
    queuePlace: null,
    summary: { any: 'thing' },
    ...more,
  };
}

function row(step: number, values: Record<string, number>, more: Partial<LoggedRow> = {}): LoggedRow {
  return {
    segment: 0,
    step,
    epoch: 1,
    wallMs: 1000 + step,
    processMs: step,
    split: 'train',
    values,
    ...more,
  };
}

const segment = (number: number, step: number): LoggedRow =>
  row(step, {}, { split: 'segment', segment: number });

/** step -> value of one curve. */
function curve(operations: Operations, key = 'total', split = 'train'): [number, number][] {
  const series = operations.readMetrics('r', 0, []).find((one) => one.key === key && one.split === split);
  return series ? [...series.steps].map((step, index) => [step, series.values[index] as number]) : [];
}

async function withRun(): Promise<Operations> {
  const operations = await openOperations();
  operations.putRuns([run('r')]);
  return operations;
}

describe('the curves of a run', () => {
  it('are taken in stretch by stretch, each once however often it is offered', async () => {
    const operations = await withRun();
    const first = {
      from: 0,
      to: 100,
      rows: [segment(0, 0), row(1, { total: 3, kl: 1 }), row(2, { total: 2, kl: 1 })],
    };
    expect(operations.metricsPosition('r')).toBe(0);
    expect(operations.ingestMetrics('r', first)).toEqual({ next: 100, superseded: false });
    const before = operations.readMetrics('r', 0, []);
    expect(operations.ingestMetrics('r', first)).toEqual({ next: 100, superseded: false });
    expect(operations.readMetrics('r', 0, [])).toEqual(before);
    expect(operations.metricsPosition('r')).toBe(100);
    expect(curve(operations)).toEqual([
      [1, 3],
      [2, 2],
    ]);
    // What overlaps the end is taken, what leaves a gap is not.
    const overlapping = { from: 50, to: 150, rows: [row(2, { total: 2, kl: 1 }), row(3, { total: 1 })] };
    expect(operations.ingestMetrics('r', overlapping).next).toBe(150);
    const beyond = { from: 200, to: 300, rows: [row(9, { total: 9 })] };
    expect(operations.ingestMetrics('r', beyond)).toEqual({ next: 150, superseded: false });
    expect(curve(operations).map(([step]) => step)).toEqual([1, 2, 3]);
  });

  it('keep NaN and infinities, and leave them out of the extremes', async () => {
    const operations = await withRun();
    operations.ingestMetrics('r', {
      from: 0,
      to: 1,
      rows: [
        row(1, { total: 5, bad: Number.NaN }),
        row(2, { total: Infinity }),
        row(3, { total: -Infinity }),
        row(4, { total: 7 }),
        row(5, { total: Number.NaN }),
      ],
    });
    expect(curve(operations)).toEqual([
      [1, 5],
      [2, Infinity],
      [3, -Infinity],
      [4, 7],
      [5, Number.NaN],
    ]);
    const [bad, total] = operations.summariseMetrics('r');
    expect(bad).toMatchObject({ key: 'bad', rows: 1, min: null, max: null, last: { value: Number.NaN } });
    expect(total).toMatchObject({
      key: 'total',
      rows: 5,
      min: { step: 1, value: 5 },
      max: { step: 4, value: 7 },
      last: { step: 5, value: Number.NaN },
    });
  });

  it('come as typed arrays by step, from a step on, all or some', async () => {
    const operations = await withRun();
    operations.ingestMetrics('r', {
      from: 0,
      to: 1,
      rows: [
        row(2, { total: 2 }),
        row(1, { total: 1, kl: 0.5 }),
        row(2, { total: 4 }, { split: 'validation', epoch: 2 }),
      ],
    });
    const all = operations.readMetrics('r', 0, []);
    expect(all.map(({ split, key }) => `${split} ${key}`)).toEqual([
      'train kl',
      'train total',
      'validation total',
    ]);
    expect(all[1]).toEqual({
      split: 'train',
      key: 'total',
      steps: Float64Array.of(1, 2),
      values: Float64Array.of(1, 2),
      epochs: Float64Array.of(1, 1),
      wallMs: Float64Array.of(1001, 1002),
      processMs: Float64Array.of(1, 2),
    });
    expect(operations.readMetrics('r', 2, ['total', 'nothing']).map(({ steps }) => [...steps])).toEqual([
      [2],
      [2],
    ]);
    expect(operations.readMetrics('r', 2, ['kl'])).toEqual([]);
  });

  it('forget what a resume went back over, and say so', async () => {
    const operations = await withRun();
    operations.ingestMetrics('r', {
      from: 0,
      to: 1,
      rows: [1, 2, 3, 4].map((step) => row(step, { total: step })),
    });
    const resumed = { from: 1, to: 2, rows: [segment(1, 2), row(3, { total: 30 }, { segment: 1 })] };
    expect(operations.ingestMetrics('r', resumed)).toEqual({ next: 2, superseded: true });
    expect(curve(operations)).toEqual([
      [1, 1],
      [2, 2],
      [3, 30],
    ]);
    expect(operations.ingestMetrics('r', { from: 2, to: 3, rows: [segment(2, 3)] }).superseded).toBe(false);
  });

  it('can be taken in anew', async () => {
    const operations = await withRun();
    operations.ingestMetrics('r', { from: 0, to: 9, rows: [row(1, { total: 1 })] });
    operations.resetMetrics('r');
    expect(operations.metricsPosition('r')).toBe(0);
    expect(operations.readMetrics('r', 0, [])).toEqual([]);
    operations.ingestMetrics('r', { from: 0, to: 9, rows: [row(1, { total: 2 })] });
    expect(curve(operations)).toEqual([[1, 2]]);
  });

  it('are what the trainer itself reads from its file, however the file is cut into stretches', async () => {
    const operations = await openOperations();
    let count = 0;
    // A run that is killed and resumed: each segment begins at or before the last step.
    const history = fc.array(fc.record({ back: fc.nat(4), steps: fc.nat(6) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 5 }), (segments, size) => {
        const rows: LoggedRow[] = [];
        let at = 0;
        for (const [number, { back, steps }] of segments.entries()) {
          at = Math.max(0, at - back);
          rows.push(segment(number, at));
          for (let step = 0; step < steps; step++) {
            at++;
            rows.push(row(at, { total: number * 100 + at }, { segment: number }));
            if (at % 2 === 0) rows.push(row(at, { total: at }, { segment: number, split: 'validation' }));
          }
        }
        const id = `r${count++}`;
        operations.putRuns([run(id)]);
        for (let from = 0; from < rows.length; from += size) {
          const stretch = {
            from,
            to: Math.min(from + size, rows.length),
            rows: rows.slice(from, from + size),
          };
          operations.ingestMetrics(id, stretch);
          operations.ingestMetrics(id, stretch);
        }
        const expected = mergeSegments(rows.map((one) => JSON.stringify(one)).join('\n')).rows;
        const taken = operations
          .readMetrics(id, 0, [])
          .flatMap(({ split, steps, values }) =>
            [...steps].map((step, index) => `${split} ${step} ${values[index]}`),
          );
        expect(taken.sort()).toEqual(
          expected.map((one) => `${one.split} ${one.step} ${one.values.total}`).sort(),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('are of a run that there is', async () => {
    const operations = await openOperations();
    const error = refusal(() => operations.ingestMetrics('nobody', { from: 0, to: 1, rows: [] }));
    expect(error.code).toBe('runs/not-found');
    expect(error.message).toContain('nobody');
  });
});

describe('runs', () => {
  it('are listed with what the user said about them, which a new state of the folder leaves alone', async () => {
    const operations = await openOperations();
    operations.putRuns([run('old', { createdMs: 1 }), run('new', { createdMs: 2 })]);
    operations.annotateRun('old', { notes: 'good', tags: ['b', 'a', 'b'], colour: '#102030' });
    operations.putRuns([
      run('old', { createdMs: 1, state: 'finished', bestValue: 0, step: 7, summary: [1] }),
    ]);
    const [first, second] = operations.listRuns();
    expect(first).toMatchObject({ id: 'new', notes: '', tags: [], colour: null, deletedMs: null });
    expect(second).toMatchObject({
      id: 'old',
      state: 'finished',
      bestValue: 0,
      step: 7,
      summary: [1],
      notes: 'good',
      tags: ['b', 'a'],
      colour: '#102030',
    });
    operations.annotateRun('old', { notes: '' });
    expect(operations.readRun('old')).toMatchObject({ notes: '', tags: ['b', 'a'], colour: '#102030' });
    expect(operations.readRun('nobody')).toBeNull();
    expect(refusal(() => operations.annotateRun('nobody', {})).code).toBe('runs/not-found');
  });

  it('are deleted with undo, and forgotten with their curves', async () => {
    const operations = await withRun();
    operations.ingestMetrics('r', { from: 0, to: 1, rows: [row(1, { total: 1 })] });
    operations.putClips('r', { step: 5, epoch: 1, mse: [0.5, Number.NaN] });
    operations.putClips('r', { step: 5, epoch: 1, mse: [0.25, Number.NaN] });
    expect(operations.listClips('r')).toEqual([{ step: 5, epoch: 1, mse: [0.25, Number.NaN] }]);
    operations.setRunDeleted('r', 99);
    expect(operations.listRuns()).toEqual([]);
    expect(operations.listDeletedRuns()).toMatchObject([{ id: 'r', deletedMs: 99 }]);
    operations.setRunDeleted('r', null);
    expect(curve(operations)).toEqual([[1, 1]]);
    expect(operations.forgetRun('r')).toBe(true);
    expect(operations.forgetRun('r')).toBe(false);
    operations.putRuns([run('r')]);
    expect(operations.readMetrics('r', 0, [])).toEqual([]);
    expect(operations.listClips('r')).toEqual([]);
    expect(operations.readState()).toMatchObject({ metrics: 0, recordings: 0 });
  });
});
