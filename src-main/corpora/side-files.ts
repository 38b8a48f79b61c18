import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Texts that lie beside recordings are small; what is larger is none of them. */
const mostBytes = 64 << 20;

/** The lines of a text beside recordings, whatever ends them and whether the last one is ended; none where it cannot be read. */
export function linesOf(file: string): string[] {
  try {
    if (statSync(file).size > mostBytes) return [];
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r\n|\n|\r/)
      .filter((line) => line.trim() !== '');
  } catch {
    // Not there, or not readable: the recordings can be used without it.
    return [];
  }
}

/** The names in a folder; none where it cannot be listed. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The first of some places that holds lines, and these; an empty list where none does. */
export function firstLinesOf(root: string, candidates: readonly string[]): string[] {
  for (const candidate of candidates) {
    const lines = linesOf(path.join(root, candidate));
    if (lines.length > 0) return lines;
  }
  return [];
}

/** What was read of the folder that was asked for last: the files of one come one after the other. */
export class LastFolder<Facts> {
  readonly #read: (folder: string) => Facts;
  #folder: string | null = null;
  #facts: Facts | null = null;

  constructor(read: (folder: string) => Facts) {
    this.#read = read;
  }

  of(folder: string): Facts {
    if (this.#facts === null || this.#folder !== folder) {
      this.#facts = this.#read(folder);
      this.#folder = folder;
    }
    return this.#facts;
  }
}
