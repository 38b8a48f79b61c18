import { existsSync } from 'node:fs';
import path from 'node:path';

const shared = path.resolve(import.meta.dirname, '../../../shared');

/** A folder of real speech or golden values beside the checkout, or null where there is none (a user's clone). */
export function referenceFolder(...segments: string[]): string | null {
  const folder = path.join(shared, ...segments);
  if (existsSync(folder)) return folder;
  console.warn(
    `SKIPPED: the reference folder shared/${segments.join('/')} is not here; these extra tests need it.`,
  );
  return null;
}
