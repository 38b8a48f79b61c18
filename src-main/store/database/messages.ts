import type { SerialisedError } from '../../../src-preload/contract/errors/error.ts';
import type { OpenOptions } from './connection.ts';

/** What the main side and the database's thread say to one another. */

/** Given to the thread when it starts. */
export interface ThreadData {
  file: string;
  options: OpenOptions;
}

export type Request =
  | { kind: 'call'; id: number; name: string; args: unknown[] }
  /** Writes a last copy where one is due, closes the database and ends the thread. */
  | { kind: 'close' };

export type Answer =
  | { kind: 'open'; names: string[] }
  /** It could not be opened; the thread ends. */
  | { kind: 'refused'; error: SerialisedError }
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'error'; id: number; error: SerialisedError }
  | { kind: 'notice'; notice: SerialisedError };
