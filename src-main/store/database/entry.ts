import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The file of the database's thread: beside this one where the program runs from source, `database-worker.js` where it was
 * bundled. The one place that knows.
 */
export function workerEntry(): string {
  const source = path.join(import.meta.dirname, 'thread.ts');
  if (existsSync(source)) return source;
  // Bundled, this module may be in a folder of shared pieces below that of the entries.
  const beside = path.join(import.meta.dirname, 'database-worker.js');
  return existsSync(beside) ? beside : path.join(import.meta.dirname, '..', 'database-worker.js');
}
