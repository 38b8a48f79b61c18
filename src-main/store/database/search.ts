import type { Database as SqliteDatabase } from 'better-sqlite3';
import { firstKey, lastKey, numberOf } from './context.ts';

/** Words to look up in the full-text index, and pieces that it cannot know for want of letters and digits. */
export interface SearchTerms {
  /** An FTS5 expression; null where there is nothing to look up. */
  match: string | null;
  /** To be found anywhere in the text as they are: emoji, signs. */
  pieces: string[];
}

/**
 * What a user typed, as terms that all have to be met. Nothing in it is an operator: quotes, stars, AND, colons and
 * brackets are text. A term meets words that begin like it; one with signs in it (7_jack) meets words that follow
 * one another.
 */
export function searchTerms(typed: string): SearchTerms {
  const words: string[] = [];
  const pieces: string[] = [];
  for (const term of typed.replaceAll('\0', ' ').split(/\s+/)) {
    if (term === '') continue;
    if (/[\p{L}\p{N}]/u.test(term)) words.push(`"${term.replaceAll('"', '""')}"*`);
    else pieces.push(term);
  }
  return { match: words.length > 0 ? words.join(' AND ') : null, pieces };
}

/** The numbers of the rows of a collection that meet every term, of which there has to be one. */
export function searchCollection(
  db: SqliteDatabase,
  collection: number,
  { match, pieces }: SearchTerms,
): number[] {
  let found: number[] | null = null;
  if (match !== null) {
    found = matching(db, match, collection).map(numberOf);
  }
  for (const piece of pieces) {
    const holding = new Set(
      db
        .prepare<{ piece: string; first: number; last: number }, number>(
          `SELECT rowKey FROM recordings WHERE rowKey BETWEEN :first AND :last
             AND (instr(id, :piece) OR instr(speaker, :piece) OR instr(label, :piece) OR instr(transcript, :piece))`,
        )
        .pluck()
        .all({ piece, first: firstKey(collection), last: lastKey(collection) })
        .map(numberOf),
    );
    found = found === null ? [...holding] : found.filter((number) => holding.has(number));
  }
  return found ?? [];
}

/** Keys of the rows of a collection that an expression finds. */
function matching(db: SqliteDatabase, match: string, collection: number): number[] {
  const [first, last] = [firstKey(collection), lastKey(collection)];
  const others = db
    .prepare<[number, number], number>('SELECT 1 FROM recordings WHERE rowKey < ? OR rowKey > ? LIMIT 1')
    .pluck()
    .get(first, last);
  // Where nothing else is indexed the range only costs: from nothing to a third of the time of a prefix.
  if (others === undefined) {
    return db
      .prepare<[string], number>('SELECT rowid FROM recordings_fts WHERE recordings_fts MATCH ?')
      .pluck()
      .all(match);
  }
  return db
    .prepare<[string, number, number], number>(
      'SELECT rowid FROM recordings_fts WHERE recordings_fts MATCH ? AND rowid BETWEEN ? AND ?',
    )
    .pluck()
    .all(match, first, last);
}
