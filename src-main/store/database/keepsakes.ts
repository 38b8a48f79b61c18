import { z } from 'zod';
import type { StoreContext } from './context.ts';

/** A job as it is remembered; `job` is the host's own, kept as it is. */
export interface StoredJob {
  id: string;
  startedMs: number;
  /** Null while it is under way. */
  endedMs: number | null;
  job: unknown;
}

const jsonText = z.string().transform((text): unknown => JSON.parse(text));

/** Operations on what the host remembers for itself: its jobs, and the settings of the window. */
export function keepsakeOperations(context: StoreContext) {
  const { db } = context;
  const putJob = db.prepare('INSERT OR REPLACE INTO jobs (id, startedMs, endedMs, job) VALUES (?, ?, ?, ?)');
  const jobs = db.prepare<[number], { id: string; startedMs: number; endedMs: number | null; job: string }>(
    'SELECT id, startedMs, endedMs, job FROM jobs ORDER BY startedMs DESC, id LIMIT ?',
  );
  const putSetting = db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  const dropSetting = db.prepare('DELETE FROM settings WHERE key = ?');
  const settings = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings');

  const pragma = (name: string) => Number(db.pragma(name, { simple: true }));

  return {
    /** Where the database stands, for diagnostics: rows of every collection are counted, also those that wait. */
    readState: (): {
      version: number;
      sqlite: string;
      bytes: number;
      recordings: number;
      metrics: number;
    } => ({
      version: pragma('user_version'),
      sqlite: String(db.prepare('SELECT sqlite_version()').pluck().get()),
      bytes: pragma('page_count') * pragma('page_size'),
      recordings: Number(db.prepare('SELECT count(*) FROM recordings').pluck().get()),
      metrics: Number(db.prepare('SELECT count(*) FROM metrics').pluck().get()),
    }),

    /** Remembers a job, or how it stands now; of old ones only the last 500 are kept. */
    putJob({ id, startedMs, endedMs, job }: StoredJob): void {
      db.transaction(() => {
        putJob.run(id, startedMs, endedMs, JSON.stringify(job ?? null));
        db.prepare(
          'DELETE FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY startedMs DESC, id LIMIT -1 OFFSET 500)',
        ).run();
      })();
      context.wrote('little');
    },

    /** The last jobs, the newest first. */
    listJobs: (limit: number): StoredJob[] =>
      jobs.all(limit).map((row) => ({ ...row, job: jsonText.parse(row.job) })),

    /** Keeps a value (anything that JSON can say) under a key; undefined takes the key away. */
    setSetting(key: string, value: unknown): void {
      if (value === undefined) dropSetting.run(key);
      else putSetting.run(key, JSON.stringify(value));
      context.wrote('little');
    },

    readSettings: (): Record<string, unknown> =>
      Object.fromEntries(settings.all().map(({ key, value }) => [key, jsonText.parse(value)])),
  };
}
