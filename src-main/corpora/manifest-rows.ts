import path from 'node:path';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import { hashSplit } from './folder.ts';
import { type CorpusFacts, isSegment, type Split } from './recording.ts';
import { csvRows, linesFrom, type TableRow, textOf, tsvRows } from './table-text.ts';

/** What a row of a list says of a recording. */
export interface ListedRecording extends CorpusFacts {
  id: string;
  /** The file relative to the list, with forward slashes, or absolute. */
  file: string;
  speaker: string | null;
  label: string | null;
  split: Split;
  transcript: string | null;
}

/** A row of a list, or why it cannot be used. */
export type ListRow = { line: number } & ({ listed: ListedRecording } | { refused: string });

/** Columns by the names that programs give them. `duration` counts only beside a start: alone it is the file's own. */
const columnNames: Readonly<Record<string, readonly string[]>> = {
  path: [
    'path',
    'file',
    'filename',
    'file_name',
    'filepath',
    'audio',
    'audio_path',
    'audio_filepath',
    'wav',
    'wav_path',
  ],
  id: ['id', 'utt_id', 'utterance', 'utterance_id'],
  label: ['label', 'class', 'word', 'digit', 'target'],
  speaker: ['speaker', 'speaker_id', 'spk', 'spk_id', 'client_id'],
  split: ['split', 'partition', 'set'],
  text: ['text', 'transcript', 'transcription', 'sentence'],
  start: ['start', 'start_sec', 'startsec', 'begin', 'offset'],
  end: ['end', 'end_sec', 'endsec', 'stop'],
  duration: ['duration', 'duration_sec'],
  sex: ['sex', 'gender'],
  subset: ['subset'],
  excluded: ['excluded'],
};

const splitNames: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  tr: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
  eval: 'test',
};

/** Whether a name is that of a list that can be read. */
export function isListName(name: string): boolean {
  return /\.(?:jsonl|ndjson|csv|tsv)$/i.test(name);
}

/**
 * The rows of a list one after the other, in little memory however many there are.
 * @throws ResynthError dataset/list-columns, dataset/list-not-utf8, dataset/list-row-too-long.
 */
export async function* readList(file: string): AsyncGenerator<ListRow> {
  const pieces = textOf(file);
  if (/\.(?:jsonl|ndjson)$/i.test(file)) {
    for await (const { line, text } of linesFrom(file, pieces)) {
      if (text.trim() !== '') yield { line, ...fromJson(text) };
    }
    return;
  }
  const rows = /\.tsv$/i.test(file) ? tsvRows(file, pieces) : csvRows(file, pieces);
  let columns: (string | null)[] | null = null;
  for await (const row of rows) {
    if (columns === null) columns = readHeading(file, row);
    else yield { line: row.line, ...fromCells(columns, row) };
  }
  if (columns === null)
    throw new ResynthError('dataset/list-columns', { file: shownName(file), found: 'none' });
}

/** What each column is; null for those that are not known. */
function readHeading(file: string, { cells }: TableRow): (string | null)[] {
  const columns = cells.map((cell) => columnOf(cell ?? ''));
  if (!columns.includes('path')) {
    const found = cells
      .map((cell) => shownName(cell ?? ''))
      .join(', ')
      .slice(0, 200);
    throw new ResynthError('dataset/list-columns', { file: shownName(file), found });
  }
  return columns;
}

function columnOf(name: string): string | null {
  const plain = name.trim().toLowerCase().replaceAll(/[ -]/g, '_');
  return Object.keys(columnNames).find((column) => columnNames[column]?.includes(plain)) ?? null;
}

function fromCells(columns: readonly (string | null)[], { cells, unended }: TableRow) {
  if (unended) return { refused: 'a quote that opens in it is never closed, so it took in all that follows' };
  if (cells.length > columns.length) {
    return { refused: `it has ${cells.length} cells, and there are ${columns.length} columns` };
  }
  const fields = new Map<string, string | number>();
  for (const [at, column] of columns.entries()) {
    const cell = cells[at];
    if (column !== null && cell !== null && cell !== undefined && !fields.has(column))
      fields.set(column, cell);
  }
  return asRecording(fields);
}

function fromJson(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { refused: 'it is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { refused: 'it is not an object' };
  const fields = new Map<string, string | number>();
  for (const [name, one] of Object.entries(value)) {
    const column = columnOf(name);
    if (column === null || one === null || fields.has(column)) continue;
    if (typeof one !== 'string' && typeof one !== 'number')
      return { refused: `its ${name} is neither text nor a number` };
    fields.set(column, one);
  }
  return asRecording(fields);
}

function asRecording(
  fields: ReadonlyMap<string, string | number>,
): { listed: ListedRecording } | { refused: string } {
  const text = (name: string) => {
    const value = fields.get(name);
    return value === undefined ? null : String(value);
  };
  const given = text('path');
  if (given === null || given === '') return { refused: 'it names no file' };
  if (given.includes('\0')) return { refused: 'the name of its file holds a NUL character' };
  const stretch = stretchOf(fields);
  if ('refused' in stretch) return stretch;
  const file = path.posix.normalize(given);
  const { startSec, endSec } = stretch;
  const own = isSegment(stretch) ? `${file}#t=${startSec ?? ''},${endSec ?? ''}` : file;
  const id = text('id') ?? own;
  if (id === '') return { refused: 'its id is empty' };
  const named = text('split')?.trim().toLowerCase();
  const split = named === undefined || named === '' ? hashSplit(id) : splitNames[named];
  if (split === undefined)
    return { refused: `"${shownName(named ?? '')}" is no split: train, validation or test` };
  const facts = { sex: text('sex'), subset: text('subset'), excluded: text('excluded') };
  return {
    listed: {
      id,
      file,
      source: id === file ? null : file,
      startSec,
      endSec,
      ...facts,
      speaker: text('speaker'),
      label: text('label'),
      split,
      transcript: text('text'),
    },
  };
}

function stretchOf(
  fields: ReadonlyMap<string, string | number>,
): { startSec: number | null; endSec: number | null } | { refused: string } {
  const startSec = secondsOf(fields.get('start'));
  const durationSec = secondsOf(fields.get('duration'));
  let endSec = secondsOf(fields.get('end'));
  for (const [name, value] of Object.entries({ start: startSec, end: endSec, duration: durationSec })) {
    if (Number.isNaN(value)) return { refused: `its ${name} is not a number of seconds` };
    if (value !== null && value < 0) return { refused: `its ${name} is ${value} s` };
  }
  if (endSec === null && startSec !== null && durationSec !== null) endSec = startSec + durationSec;
  if (endSec !== null && endSec <= (startSec ?? 0)) {
    return { refused: `it ends at ${endSec} s, which is not after its start at ${startSec ?? 0} s` };
  }
  return { startSec, endSec };
}

/** NaN for what is no number. */
function secondsOf(value: string | number | undefined): number | null {
  if (value === undefined || value === '') return null;
  const seconds = Number(value);
  return Number.isFinite(seconds) ? seconds : NaN;
}
