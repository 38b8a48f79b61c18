import type { Database as Sqlite } from 'better-sqlite3';
import { ResynthError } from '../../../../src-preload/contract/errors/error.ts';
import { first } from './001-first.ts';
import { listening } from './002-listening.ts';
import { corpusFacts } from './003-corpus-facts.ts';
import { evaluations } from './004-evaluations.ts';
import { searchPrefixes } from './005-search-prefixes.ts';
import { benchmarks } from './006-benchmarks.ts';

/** Every step from an empty file to the newest format, in order; a step is never changed once it was released. */
const steps: readonly string[] = [first, listening, corpusFacts, evaluations, searchPrefixes, benchmarks];

/** The newest format that this version knows. */
export const newestVersion = steps.length;

/** Marks a file as ours ("RSNT"), beside its format in user_version. */
const applicationId = 0x52534e54;

/** The format that a database has: 0 for an empty one. Reads only. */
export function versionOf(db: Sqlite): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/**
 * Brings a database to the newest format, each step whole or not at all. `upTo` stops earlier, for tests.
 *
 * @throws ResynthError store/newer-version, before anything is written.
 */
export function migrate(db: Sqlite, file: string, upTo = newestVersion): void {
  const found = versionOf(db);
  if (found > newestVersion)
    throw new ResynthError('store/newer-version', { file, found, known: newestVersion });
  for (let version = found; version < upTo; version++) {
    const step = steps[version];
    if (step === undefined) break;
    db.transaction(() => {
      db.exec(step);
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${version + 1}`);
    }).exclusive();
  }
}
