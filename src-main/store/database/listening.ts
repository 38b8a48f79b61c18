import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { StoreContext } from './context.ts';

/** A listening test as the database keeps it; `design`, `about` and `answers` are the host's own, kept as they are. */
export interface StoredListeningTest {
  id: string;
  kind: string;
  startedMs: number;
  /** When the last trial was answered, or the listener gave up; null while it is under way. */
  endedMs: number | null;
  abandoned: boolean;
  /** When it was deleted; null while it is there. */
  deletedMs: number | null;
  design: unknown;
  about: unknown;
  answers: unknown[];
}

type SavedListeningTest = Omit<StoredListeningTest, 'deletedMs'>;

interface TestRow extends Omit<StoredListeningTest, 'abandoned' | 'design' | 'about' | 'answers'> {
  key: number;
  abandoned: number;
  design: string;
  about: string;
}

/** Operations on listening tests: a design that stays as it was begun, and answers that are only ever added. */
export function listeningOperations(context: StoreContext) {
  const { db } = context;
  const byId = db.prepare<[string], TestRow>('SELECT * FROM listening_tests WHERE id = ?');
  const listed = db.prepare<[], TestRow>(
    'SELECT * FROM listening_tests WHERE deletedMs IS NULL ORDER BY startedMs DESC, id',
  );
  const ids = db.prepare<[], string>('SELECT id FROM listening_tests ORDER BY id').pluck();
  const answersOf = db
    .prepare<[number], string>('SELECT answer FROM listening_answers WHERE test = ? ORDER BY place')
    .pluck();
  const add = db.prepare(
    `INSERT INTO listening_tests (id, kind, startedMs, design, about) VALUES (?, ?, ?, ?, ?)`,
  );
  const addAnswer = db.prepare('INSERT INTO listening_answers (test, place, answer) VALUES (?, ?, ?)');
  const end = db.prepare('UPDATE listening_tests SET endedMs = ?, abandoned = ? WHERE key = ?');
  const setDeleted = db.prepare('UPDATE listening_tests SET deletedMs = ? WHERE key = ?');

  const need = (id: string): TestRow => {
    const row = byId.get(id);
    if (!row) throw new ResynthError('listening-tests/not-found', { test: id });
    return row;
  };
  const testOf = ({ key, abandoned, design, about, ...row }: TestRow): StoredListeningTest => ({
    ...row,
    abandoned: abandoned === 1,
    design: JSON.parse(design) as unknown,
    about: JSON.parse(about) as unknown,
    answers: answersOf.all(key).map((answer): unknown => JSON.parse(answer)),
  });

  return {
    /**
     * Keeps a test as far as it has got. Saying the same again is no matter; `about` counts the first time only.
     *
     * @throws ResynthError listening-tests/design-changed, listening-tests/not-continued where answers that are kept are
     *   not the first of those given, listening-tests/over.
     */
    saveListeningTest({
      id,
      kind,
      startedMs,
      endedMs,
      abandoned,
      design,
      about,
      answers,
    }: SavedListeningTest): void {
      const words = JSON.stringify(design);
      const given = answers.map((answer) => JSON.stringify(answer));
      db.transaction(() => {
        const known = byId.get(id);
        if (known && (known.design !== words || known.kind !== kind || known.startedMs !== startedMs)) {
          throw new ResynthError('listening-tests/design-changed', { test: id });
        }
        const key =
          known?.key ?? Number(add.run(id, kind, startedMs, words, JSON.stringify(about)).lastInsertRowid);
        const kept = answersOf.all(key);
        if (kept.some((answer, place) => answer !== given[place])) {
          throw new ResynthError('listening-tests/not-continued', { test: id, kept: kept.length });
        }
        if (known && known.endedMs !== null) {
          if (given.length > kept.length) throw new ResynthError('listening-tests/over', { test: id });
          return;
        }
        for (const [place, answer] of given.entries())
          if (place >= kept.length) addAnswer.run(key, place, answer);
        end.run(endedMs, abandoned ? 1 : 0, key);
      })();
      context.wrote('little');
    },

    /** Every test that is not deleted, the newest first. */
    listListeningTests: (): StoredListeningTest[] => listed.all().map(testOf),

    /** Ids of all tests, deleted or not, in order. */
    listeningTestIds: (): string[] => ids.all(),

    /** One test, deleted or not. @throws ResynthError listening-tests/not-found. */
    readListeningTest: (id: string): StoredListeningTest => testOf(need(id)),

    /** Takes a test out of the list, or (null) puts it back. @throws ResynthError listening-tests/not-found. */
    setListeningTestDeleted(id: string, deletedMs: number | null): void {
      setDeleted.run(deletedMs, need(id).key);
      context.wrote('little');
    },
  };
}
