import { describe, expect, it } from 'vitest';
import { refusal } from '../../helpers/refusal.ts';
import { openOperations } from './sample.ts';

const begun = {
  id: 'e1',
  identity: 'same',
  createdMs: 10,
  run: 'r1',
  about: { what: 'a run' },
  items: [{ recording: 'a' }, { recording: 'b' }],
};

describe('evaluations', () => {
  it('are begun with all that is to be judged, and rows come one by one', async () => {
    const operations = await openOperations();
    operations.beginEvaluation(begun);
    expect(operations.readEvaluation('e1')).toMatchObject({
      state: 'running',
      total: 2,
      done: 0,
      outcome: null,
    });
    operations.keepEvaluationRows('e1', [{ place: 1, result: { figure: 0 } }]);
    expect(operations.readEvaluation('e1').done).toBe(1);
    expect(operations.evaluationRows('e1')).toEqual([
      { item: { recording: 'a' }, result: null },
      { item: { recording: 'b' }, result: { figure: 0 } },
    ]);
    operations.setEvaluationState('e1', 'finished', 20, { tally: 1 });
    expect(operations.readEvaluation('e1')).toMatchObject({
      state: 'finished',
      endedMs: 20,
      outcome: { tally: 1 },
    });
  });

  it('are found by what their figures follow from, the newest that is not deleted', async () => {
    const operations = await openOperations();
    operations.beginEvaluation(begun);
    operations.beginEvaluation({ ...begun, id: 'e2', createdMs: 30 });
    expect(operations.evaluationOf('same')?.id).toBe('e2');
    operations.setEvaluationDeleted('e2', 40);
    expect(operations.evaluationOf('same')?.id).toBe('e1');
    expect(operations.listEvaluations().map(({ id }) => id)).toEqual(['e1']);
    operations.setEvaluationDeleted('e2', null);
    expect(operations.listEvaluations().map(({ id }) => id)).toEqual(['e2', 'e1']);
    expect(operations.evaluationOf('other')).toBeNull();
  });

  it('that are not there are refused', async () => {
    const operations = await openOperations();
    for (const call of [
      () => operations.readEvaluation('x'),
      () => operations.evaluationRows('x'),
      () => operations.keepEvaluationRows('x', []),
      () => operations.setEvaluationDeleted('x', 1),
    ]) {
      expect(refusal(call).code).toBe('evaluations/not-found');
    }
  });
});

describe('external systems', () => {
  it('have names of their own', async () => {
    const operations = await openOperations();
    const system = {
      id: 's1',
      name: 'codec',
      folder: '/a',
      dataset: 'd',
      createdMs: 1,
      matching: { matched: 3 },
    };
    operations.addSystem(system);
    expect(operations.listSystems()).toEqual([system]);
    expect(refusal(() => operations.addSystem({ ...system, id: 's2', folder: '/b' })).code).toBe(
      'systems/name-taken',
    );
    operations.setSystemMatching('s1', { matched: 4 });
    expect(operations.listSystems()[0]?.matching).toEqual({ matched: 4 });
    operations.removeSystem('s1');
    expect(operations.listSystems()).toEqual([]);
  });
});
