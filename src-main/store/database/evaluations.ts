import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { StoreContext } from './context.ts';

export type EvaluationState = 'running' | 'finished' | 'cancelled' | 'failed';

/** An evaluation as the database keeps it; `about`, `outcome` and the rows are the host's own, kept as they are. */
export interface StoredEvaluation {
  id: string;
  identity: string;
  createdMs: number;
  /** Null while it is under way, or was broken off by the end of its process. */
  endedMs: number | null;
  state: EvaluationState;
  /** When it was deleted; null while it is there. */
  deletedMs: number | null;
  /** Id of the run that was judged; null for anything else. */
  run: string | null;
  about: unknown;
  outcome: unknown;
  /** Recordings that it has, and how many of them are judged. */
  total: number;
  done: number;
}

export interface StoredEvaluationRow {
  item: unknown;
  /** Null until it was judged. */
  result: unknown;
}

export interface NewEvaluation extends Pick<
  StoredEvaluation,
  'id' | 'identity' | 'createdMs' | 'run' | 'about'
> {
  items: readonly unknown[];
}

export interface StoredSystem {
  id: string;
  name: string;
  folder: string;
  dataset: string;
  createdMs: number;
  matching: unknown;
}

interface EvaluationRecord extends Omit<StoredEvaluation, 'about' | 'outcome'> {
  about: string;
  outcome: string | null;
}

const columns = `e.id, e.identity, e.createdMs, e.endedMs, e.state, e.deletedMs, e.run, e.about, e.outcome,
  (SELECT COUNT(*) FROM evaluation_rows r WHERE r.evaluation = e.key) AS total,
  (SELECT COUNT(r.result) FROM evaluation_rows r WHERE r.evaluation = e.key) AS done`;

/** Operations on evaluations: what is to be judged is fixed when one begins, results are added as they come. */
export function evaluationOperations(context: StoreContext) {
  const { db } = context;
  const byId = db.prepare<[string], EvaluationRecord>(`SELECT ${columns} FROM evaluations e WHERE e.id = ?`);
  const byIdentity = db.prepare<[string], EvaluationRecord>(
    `SELECT ${columns} FROM evaluations e WHERE e.identity = ? AND e.deletedMs IS NULL
     ORDER BY e.createdMs DESC LIMIT 1`,
  );
  const listed = db.prepare<[], EvaluationRecord>(
    `SELECT ${columns} FROM evaluations e WHERE e.deletedMs IS NULL ORDER BY e.createdMs DESC, e.id`,
  );
  const ids = db.prepare<[], string>('SELECT id FROM evaluations ORDER BY id').pluck();
  const keyOf = db.prepare<[string], number>('SELECT key FROM evaluations WHERE id = ?').pluck();
  const add = db.prepare(
    `INSERT INTO evaluations (id, identity, createdMs, state, run, about) VALUES (?, ?, ?, 'running', ?, ?)`,
  );
  const addRow = db.prepare('INSERT INTO evaluation_rows (evaluation, place, item) VALUES (?, ?, ?)');
  const rowsOf = db.prepare<[number], { item: string; result: string | null }>(
    'SELECT item, result FROM evaluation_rows WHERE evaluation = ? ORDER BY place',
  );
  const setResult = db.prepare('UPDATE evaluation_rows SET result = ? WHERE evaluation = ? AND place = ?');
  const setState = db.prepare('UPDATE evaluations SET state = ?, endedMs = ?, outcome = ? WHERE key = ?');
  const setDeleted = db.prepare('UPDATE evaluations SET deletedMs = ? WHERE key = ?');
  const systems = db.prepare<[], Omit<StoredSystem, 'matching'> & { matching: string }>(
    'SELECT id, name, folder, dataset, createdMs, matching FROM external_systems ORDER BY name',
  );
  const addSystem = db.prepare(
    'INSERT INTO external_systems (id, name, folder, dataset, createdMs, matching) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const setMatching = db.prepare('UPDATE external_systems SET matching = ? WHERE id = ?');
  const removeSystem = db.prepare('DELETE FROM external_systems WHERE id = ?');

  const need = (id: string): number => {
    const key = keyOf.get(id);
    if (key === undefined) throw new ResynthError('evaluations/not-found', { evaluation: id });
    return key;
  };

  return {
    /** Keeps what is to be judged, before the first of it is. */
    beginEvaluation({ id, identity, createdMs, run, about, items }: NewEvaluation): void {
      db.transaction(() => {
        const key = Number(add.run(id, identity, createdMs, run, JSON.stringify(about)).lastInsertRowid);
        for (const [place, item] of items.entries()) addRow.run(key, place, JSON.stringify(item));
      })();
      context.wrote('little');
    },

    /** Keeps what came of some rows. @throws ResynthError evaluations/not-found. */
    keepEvaluationRows(id: string, results: readonly { place: number; result: unknown }[]): void {
      const key = need(id);
      db.transaction(() => {
        for (const { place, result } of results) setResult.run(JSON.stringify(result), key, place);
      })();
      context.wrote('little');
    },

    /** How it stands; `outcome` is kept with it. @throws ResynthError evaluations/not-found. */
    setEvaluationState(id: string, state: EvaluationState, endedMs: number | null, outcome: unknown): void {
      setState.run(state, endedMs, outcome === null ? null : JSON.stringify(outcome), need(id));
      context.wrote('little');
    },

    /** The newest evaluation of this identity that is not deleted; null where there is none. */
    evaluationOf(identity: string): StoredEvaluation | null {
      const found = byIdentity.get(identity);
      return found ? evaluationOf(found) : null;
    },

    /** Every evaluation that is not deleted, the newest first. */
    listEvaluations: (): StoredEvaluation[] => listed.all().map(evaluationOf),

    /** Ids of all evaluations, deleted or not, in order. */
    evaluationIds: (): string[] => ids.all(),

    /** One evaluation, deleted or not. @throws ResynthError evaluations/not-found. */
    readEvaluation(id: string): StoredEvaluation {
      const found = byId.get(id);
      if (!found) throw new ResynthError('evaluations/not-found', { evaluation: id });
      return evaluationOf(found);
    },

    /** Its recordings in order, with what came of each. @throws ResynthError evaluations/not-found. */
    evaluationRows: (id: string): StoredEvaluationRow[] =>
      rowsOf.all(need(id)).map(({ item, result }) => {
        return { item: JSON.parse(item) as unknown, result: parsed(result) };
      }),

    /** Takes an evaluation out of the list, or (null) puts it back. @throws ResynthError evaluations/not-found. */
    setEvaluationDeleted(id: string, deletedMs: number | null): void {
      setDeleted.run(deletedMs, need(id));
      context.wrote('little');
    },

    /** External systems in order of name. */
    listSystems: (): StoredSystem[] =>
      systems.all().map((system) => ({ ...system, matching: JSON.parse(system.matching) as unknown })),

    /** @throws ResynthError systems/name-taken. */
    addSystem({ id, name, folder, dataset, createdMs, matching }: StoredSystem): void {
      const taken = systems.all().find((system) => system.name === name);
      if (taken) throw new ResynthError('systems/name-taken', { name, folder: taken.folder });
      addSystem.run(id, name, folder, dataset, createdMs, JSON.stringify(matching));
      context.wrote('little');
    },

    /** Keeps how its files match now. */
    setSystemMatching(id: string, matching: unknown): void {
      setMatching.run(JSON.stringify(matching), id);
      context.wrote('little');
    },

    removeSystem(id: string): void {
      removeSystem.run(id);
      context.wrote('little');
    },
  };
}

function evaluationOf({ about, outcome, ...row }: EvaluationRecord): StoredEvaluation {
  return { ...row, about: JSON.parse(about) as unknown, outcome: parsed(outcome) };
}

function parsed(text: string | null): unknown {
  return text === null ? null : (JSON.parse(text) as unknown);
}
