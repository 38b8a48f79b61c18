import { createHash } from 'node:crypto';
import path from 'node:path';

/**
 * Where Electron keeps its own things for a data folder. It is what decides that there is one window: so each data folder
 * has its own, and the usual one the usual place.
 */
export function profileFolder(usual: string, home: string, usualHome: string): string {
  if (home === usualHome) return usual;
  return path.join(usual, 'homes', createHash('sha256').update(home).digest('hex').slice(0, 16));
}
