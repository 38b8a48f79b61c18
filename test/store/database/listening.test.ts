import { describe, expect, it } from 'vitest';
import type { Operations } from '../../../src-main/store/database/operations.ts';
import { refusal } from '../../helpers/refusal.ts';
import { openOperations } from './sample.ts';

type Saved = Parameters<Operations['saveListeningTest']>[0];

function saved(answers: unknown[], more: Partial<Saved> = {}): Saved {
  return {
    id: 't1',
    kind: 'abx',
    startedMs: 10,
    endedMs: null,
    abandoned: false,
    design: { trials: 3 },
    about: { a: 'first' },
    answers,
    ...more,
  };
}

describe('listening tests', () => {
  it('are kept as far as they have got, again and again', async () => {
    const operations = await openOperations();
    operations.saveListeningTest(saved([]));
    operations.saveListeningTest(saved(['a']));
    // An answer whose acknowledgement was lost is sent once more; the runs may have other names by now.
    operations.saveListeningTest(saved(['a'], { about: { a: 'renamed' } }));
    operations.saveListeningTest(saved(['a', 'b', 'a'], { endedMs: 20 }));
    operations.saveListeningTest(saved(['a', 'b', 'a'], { endedMs: 30 }));
    expect(operations.readListeningTest('t1')).toEqual({
      ...saved(['a', 'b', 'a'], { endedMs: 20 }),
      deletedMs: null,
    });
    expect(operations.listListeningTests()).toHaveLength(1);
  });

  it('never change what was begun or answered', async () => {
    const operations = await openOperations();
    operations.saveListeningTest(saved(['a', 'b']));
    const code = (next: Saved): string => refusal(() => operations.saveListeningTest(next)).code;
    expect(code(saved(['a', 'b'], { design: { trials: 4 } }))).toBe('listening-tests/design-changed');
    expect(code(saved(['a', 'b'], { startedMs: 11 }))).toBe('listening-tests/design-changed');
    expect(code(saved(['a']))).toBe('listening-tests/not-continued');
    expect(code(saved(['a', 'a', 'a']))).toBe('listening-tests/not-continued');
    operations.saveListeningTest(saved(['a', 'b'], { endedMs: 20, abandoned: true }));
    expect(code(saved(['a', 'b', 'a'], { endedMs: 30 }))).toBe('listening-tests/over');
    expect(operations.readListeningTest('t1')).toMatchObject({ answers: ['a', 'b'], abandoned: true });
  });

  it('are listed newest first, without those that were deleted', async () => {
    const operations = await openOperations();
    for (const [id, startedMs] of [
      ['old', 1],
      ['new', 3],
      ['gone', 2],
    ] as const) {
      operations.saveListeningTest(saved([], { id, startedMs }));
    }
    operations.setListeningTestDeleted('gone', 5);
    expect(operations.listListeningTests().map(({ id }) => id)).toEqual(['new', 'old']);
    expect(operations.listeningTestIds()).toEqual(['gone', 'new', 'old']);
    operations.setListeningTestDeleted('gone', null);
    expect(operations.listListeningTests()).toHaveLength(3);
    expect(refusal(() => operations.readListeningTest('nobody')).code).toBe('listening-tests/not-found');
    expect(refusal(() => operations.setListeningTestDeleted('nobody', 1)).code).toBe(
      'listening-tests/not-found',
    );
  });
});
