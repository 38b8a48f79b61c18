// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';
import {
  allTags,
  filterRuns,
  isSort,
  leastWidth,
  queueOf,
  runColumns,
  shownColumns,
  sortRuns,
} from '../../../src-renderer/views/runs/run-list.ts';
import { shareDone, stateGroups, stateLook } from '../../../src-renderer/views/runs/run-states.ts';

function run(name: string, part: Partial<RunSummary> = {}): RunSummary {
  return {
    run: `id-${name}`,
    name,
    state: 'finished',
    reason: null,
    preset: 'fsdd-vae',
    dataset: 'fsdd',
    step: 10,
    epoch: 1,
    epochs: 2,
    bestValidation: null,
    createdMs: 0,
    updatedMs: 0,
    pid: null,
    queuePlace: null,
    notes: '',
    tags: [],
    colour: null,
    progress: null,
    ...part,
  };
}

const best = (value: number): Partial<RunSummary> => ({
  bestValidation: { step: 1, epoch: 1, value, split: 'validation' },
});
const names = (runs: readonly RunSummary[]): string[] => runs.map((one) => one.name);
const everything = { search: '', group: 'all', tags: [] } as const;

describe('filtering runs', () => {
  const runs = [
    run('wide', { tags: ['beta', 'paper'], notes: 'Sounds hollow' }),
    run('small', { dataset: 'LibriSpeech', state: 'interrupted' }),
    run('live', { state: 'running' }),
  ];

  it('finds words in any order in name, dataset, tags and notes, whatever their case', () => {
    expect(names(filterRuns(runs, { ...everything, search: 'HOLLOW wide' }))).toEqual(['wide']);
    expect(names(filterRuns(runs, { ...everything, search: 'librispeech' }))).toEqual(['small']);
    expect(names(filterRuns(runs, { ...everything, search: 'id-live' }))).toEqual(['live']);
    expect(filterRuns(runs, { ...everything, search: 'wide librispeech' })).toEqual([]);
  });

  it('asks for all of the tags', () => {
    expect(names(filterRuns(runs, { ...everything, tags: ['beta', 'paper'] }))).toEqual(['wide']);
    expect(filterRuns(runs, { ...everything, tags: ['beta', 'other'] })).toEqual([]);
  });

  it('shows every state in one group besides all', () => {
    const grouped = Object.values(stateGroups).flatMap(({ states }) => states ?? []);
    expect(new Set(grouped).size).toBe(grouped.length);
    for (const state of [
      'queued',
      'starting',
      'running',
      'paused',
      'stopped',
      'finished',
      'failed',
      'interrupted',
    ]) {
      expect(grouped).toContain(state);
    }
    expect(names(filterRuns(runs, { ...everything, group: 'trouble' }))).toEqual(['small']);
  });

  it('shows a state that it does not know by its name', () => {
    expect(stateLook('hibernating')).toMatchObject({ title: 'hibernating', live: false });
  });
});

describe('sorting runs', () => {
  it('puts runs without a value, and those that diverged, behind the others in either direction', () => {
    const runs = [run('none'), run('bad', best(Number.NaN)), run('two', best(2)), run('one', best(1))];
    expect(names(sortRuns(runs, { column: 'best', descending: false }))).toEqual([
      'one',
      'two',
      'bad',
      'none',
    ]);
    expect(names(sortRuns(runs, { column: 'best', descending: true }))).toEqual([
      'two',
      'one',
      'bad',
      'none',
    ]);
  });

  it('keeps every run and the order of those that are equal, by any column', () => {
    const some = fc.array(fc.record({ step: fc.nat(3), value: fc.option(fc.double()) }), { maxLength: 20 });
    fc.assert(
      fc.property(some, fc.constantFrom(...runColumns), fc.boolean(), (parts, column, descending) => {
        const runs = parts.map(({ step, value }, at) =>
          run(`${at}`, { step, ...(value === null ? {} : best(value)) }),
        );
        const sorted = sortRuns(runs, { column: column.id, descending });
        expect([...names(sorted)].sort()).toEqual([...names(runs)].sort());
        expect(names(sortRuns(sorted, { column: column.id, descending }))).toEqual(names(sorted));
      }),
    );
  });

  it('leaves the order alone for a column that is not there', () => {
    const runs = [run('b'), run('a')];
    expect(names(sortRuns(runs, { column: 'gone', descending: false }))).toEqual(['b', 'a']);
    expect(isSort({ column: 'gone', descending: false })).toBe(false);
    expect(isSort({ column: 'best', descending: true })).toBe(true);
    expect(isSort('best')).toBe(false);
  });
});

describe('columns', () => {
  it('always have the name, in their own order, without those that are not known', () => {
    expect(shownColumns(['step', 'gone', 'state']).map((column) => column.id)).toEqual([
      'name',
      'state',
      'step',
    ]);
    expect(shownColumns([]).map((column) => column.id)).toEqual(['name']);
    expect(shownColumns(null).map((column) => column.id)).toContain('best');
  });

  it('say how wide they are at least', () => {
    expect(leastWidth([{ width: '88px' }, { width: 'minmax(160px, 1fr)' }])).toBe(248);
  });

  it('write a text for every run', () => {
    for (const column of runColumns) expect(column.text(run('one'))).toBeTypeOf('string');
  });
});

describe('what is told of runs', () => {
  it('counts tags, the commonest first', () => {
    const runs = [run('1', { tags: ['b'] }), run('2', { tags: ['a', 'c'] }), run('3', { tags: ['c'] })];
    expect(allTags(runs)).toEqual([
      { tag: 'c', runs: 2 },
      { tag: 'a', runs: 1 },
      { tag: 'b', runs: 1 },
    ]);
  });

  it('orders the queue by place', () => {
    const runs = [run('later', { queuePlace: 2 }), run('none'), run('next', { queuePlace: 1 })];
    expect(names(queueOf(runs))).toEqual(['next', 'later']);
  });

  it('is done to a share of 0 to 1', () => {
    expect(shareDone(run('x', { epochs: 0, epoch: 0, state: 'queued' }))).toBe(0);
    expect(shareDone(run('x', { state: 'running' }))).toBe(0.5);
    expect(shareDone(run('x', { epoch: 9, state: 'stopped' }))).toBe(1);
  });
});
