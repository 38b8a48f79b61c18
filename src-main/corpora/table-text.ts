import { createReadStream } from 'node:fs';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';

/**
 * Tables as text, read piece by piece: a list of a million recordings costs the memory of one piece. A cell is a text, or
 * null where it is empty; a quoted empty one is an empty text.
 */

export interface TableRow {
  /** Of its first line, the first of the file being 1. */
  line: number;
  cells: (string | null)[];
  /** A quote was opened in it and never closed: the file ended first. */
  unended?: true;
}

/** One row or line is never longer: a quote that is not closed would take in the rest of the file. */
export const longestRow = 1 << 20;

/** The text of a file in pieces, without the mark that some editors put at its beginning. @throws ResynthError list/not-utf8. */
export async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const refuse = () => new ResynthError('dataset/list-not-utf8', { file: shownName(file) });
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 18 })) {
      yield decoder.decode(piece as Buffer, { stream: true });
    }
    yield decoder.decode();
  } catch (thrown) {
    if (thrown instanceof TypeError) throw refuse();
    throw thrown;
  }
}

/** Lines without what ends them: LF, CRLF or CR LF mixed. @throws ResynthError dataset/list-row-too-long. */
export async function* linesFrom(
  file: string,
  pieces: AsyncIterable<string>,
): AsyncGenerator<{ line: number; text: string }> {
  let rest = '';
  let line = 0;
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { line: ++line, text: text.endsWith('\r') ? text.slice(0, -1) : text };
    if (rest.length > longestRow) throw tooLong(file, line + 1);
  }
  if (rest !== '') yield { line: line + 1, text: rest.endsWith('\r') ? rest.slice(0, -1) : rest };
}

/**
 * Rows of comma-separated values (RFC 4180): quoted cells may hold commas, quotes (doubled) and line ends.
 * @throws ResynthError dataset/list-row-too-long
 */
export async function* csvRows(file: string, pieces: AsyncIterable<string>): AsyncGenerator<TableRow> {
  const state = new CsvState();
  for await (const piece of pieces) {
    yield* state.take(piece);
    if (state.held > longestRow) throw tooLong(file, state.rowLine);
  }
  yield* state.end();
}

/** Reads character by character where quotes matter, and in whole runs where they do not. */
class CsvState {
  rowLine = 1;
  held = 0;
  #line = 1;
  #cells: (string | null)[] = [];
  #cell = '';
  #quoted = false;
  /** Inside quotes, or behind one that may be the first of two. */
  #inside: 'no' | 'yes' | 'quote' = 'no';

  *take(text: string): Generator<TableRow> {
    for (let at = 0; at < text.length;) {
      if (this.#inside === 'yes') {
        const end = text.indexOf('"', at);
        const run = text.slice(at, end < 0 ? text.length : end);
        this.#add(run);
        for (let i = run.indexOf('\n'); i >= 0; i = run.indexOf('\n', i + 1)) this.#line++;
        if (end < 0) return;
        this.#inside = 'quote';
        at = end + 1;
        continue;
      }
      const sign = text[at]!;
      at++;
      if (this.#inside === 'quote') {
        this.#inside = 'no';
        if (sign === '"') {
          this.#add('"');
          this.#inside = 'yes';
          continue;
        }
      }
      if (sign === ',') this.#endCell();
      else if (sign === '\n') {
        this.#line++;
        yield* this.#endRow();
      } else if (sign === '"' && this.#cell === '' && !this.#quoted) {
        this.#quoted = true;
        this.#inside = 'yes';
      } else if (sign === '\r' && this.#quoted) {
        // Between the closing quote and the end of the line.
      } else {
        let end = at;
        while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '"') end++;
        this.#add(text.slice(at - 1, end));
        at = end;
      }
    }
  }

  *end(): Generator<TableRow> {
    const unended = this.#inside === 'yes';
    if (this.#cell === '' && !this.#quoted && this.#cells.length === 0) return;
    for (const row of this.#endRow()) yield unended ? { ...row, unended } : row;
  }

  #add(text: string): void {
    this.#cell += text;
    this.held += text.length;
  }

  #endCell(): void {
    this.#cells.push(this.#cell === '' && !this.#quoted ? null : this.#cell);
    this.#cell = '';
    this.#quoted = false;
    this.held++;
  }

  *#endRow(): Generator<TableRow> {
    // The CR of a CRLF is no part of the last cell.
    if (!this.#quoted && this.#cell.endsWith('\r')) this.#cell = this.#cell.slice(0, -1);
    this.#endCell();
    const cells = this.#cells;
    const line = this.rowLine;
    this.#cells = [];
    this.held = 0;
    this.rowLine = this.#line;
    if (cells.length > 1 || cells[0] !== null) yield { line, cells };
  }
}

/**
 * Rows of tab-separated values: a line a row. Most programs quote nothing there, so a quote counts only where a cell
 * begins and ends with one; what is quoted may be escaped as in JSON (as we write it) or by doubling (as spreadsheets do).
 */
export async function* tsvRows(file: string, pieces: AsyncIterable<string>): AsyncGenerator<TableRow> {
  for await (const { line, text } of linesFrom(file, pieces)) {
    if (text !== '') yield { line, cells: text.split('\t').map(tsvCell) };
  }
}

function tsvCell(text: string): string | null {
  if (text === '') return null;
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return value;
  } catch {
    // Not ours: doubled quotes, or quotes that are words.
  }
  const inner = text.slice(1, -1);
  return /^(?:[^"]|"")*$/.test(inner) ? inner.replaceAll('""', '"') : text;
}

/** One row of comma-separated values, with its line end. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  const texts = cells.map((cell) => {
    if (cell === null) return '';
    const text = String(cell);
    return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  });
  return `${texts.join(',')}\n`;
}

/** One row of tab-separated values, with its line end. */
export function tsvLine(cells: readonly (string | number | null)[]): string {
  const texts = cells.map((cell) => {
    if (cell === null) return '';
    const text = String(cell);
    return text === '' || /[\t\r\n]|^"|^\s|\s$/.test(text) ? JSON.stringify(text) : text;
  });
  return `${texts.join('\t')}\n`;
}

function tooLong(file: string, line: number): ResynthError {
  return new ResynthError('dataset/list-row-too-long', { file: shownName(file), line });
}
