import type { Database } from '../store/database/client.ts';

/** The preference that says how many runs of the queue train at once. */
export const concurrentTrainingsKey = 'concurrentTrainings';

/** How many runs of the queue train at once: one, unless the user says otherwise. */
export async function concurrentTrainings(database: Pick<Database, 'readSettings'>): Promise<number> {
  const value = (await database.readSettings())[concurrentTrainingsKey];
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? Math.min(value, 64) : 1;
}
