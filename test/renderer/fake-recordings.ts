import type { z } from 'zod';
import type {
  RecordingRow,
  recordingsList,
  recordingsStats,
} from '../../src-preload/contract/commands/recordings.ts';

type Filter = Omit<z.output<typeof recordingsStats.input>, 'dataset'>;
type ListInput = z.output<typeof recordingsList.input>;

const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const splits = ['train', 'validation', 'test'] as const;

export interface FakeCorpus {
  count: number;
  speakers: readonly string[];
  labels: readonly string[];
  sampleRateHz: number;
  meanSec: number;
  transcripts: boolean;
}

/** Rows of a corpus that does not exist, made when they are asked for. */
export class FakeRecordings {
  readonly corpus: FakeCorpus;
  readonly #rows: RecordingRow[] = [];
  #ordered: { key: string; rows: RecordingRow[] } | null = null;

  constructor(corpus: FakeCorpus) {
    this.corpus = corpus;
  }

  get rows(): readonly RecordingRow[] {
    while (this.#rows.length < this.corpus.count) this.#rows.push(makeRow(this.corpus, this.#rows.length));
    return this.#rows;
  }

  find(id: string): RecordingRow | undefined {
    return this.rows.find((row) => row.id === id);
  }

  list(input: ListInput): z.output<typeof recordingsList.output> {
    const { dataset: _dataset, offset, limit, cursor: _cursor, sort, descending, ...filter } = input;
    const key = JSON.stringify([filter, sort, descending]);
    if (this.#ordered?.key !== key) {
      const rows = this.filtered(filter);
      rows.sort((a, b) => compare(a[sort], b[sort]) * (descending ? -1 : 1) || compare(a.id, b.id));
      this.#ordered = { key, rows };
    }
    const { rows } = this.#ordered;
    return { rows: rows.slice(offset, offset + limit), total: rows.length, offset, nextCursor: null };
  }

  filtered(filter: Filter): RecordingRow[] {
    const search = filter.search.toLowerCase().split(/\s+/).filter(Boolean);
    const speakers = new Set(filter.speakers);
    const labels = new Set(filter.labels);
    return this.rows.filter(
      (row) =>
        (speakers.size === 0 || speakers.has(row.speaker ?? '')) &&
        (labels.size === 0 || labels.has(row.label ?? '')) &&
        (filter.splits.length === 0 || filter.splits.includes(row.split)) &&
        (filter.minDurationSec === undefined || row.durationSec >= filter.minDurationSec) &&
        (filter.maxDurationSec === undefined || row.durationSec <= filter.maxDurationSec) &&
        (filter.silent === undefined || (row.peak === 0) === filter.silent) &&
        search.every((word) => `${row.id} ${row.transcript ?? ''}`.toLowerCase().includes(word)),
    );
  }

  stats(filter: Filter): z.output<typeof recordingsStats.output> {
    const rows = this.filtered(filter);
    return {
      recordings: rows.length,
      durationSec: sum(rows.map((row) => row.durationSec)),
      bytes: sum(rows.map((row) => row.bytes)),
      speakers: facets(rows, (row) => row.speaker),
      labels: facets(rows, (row) => row.label),
      splits: facets(
        rows.filter((row) => row.excluded === null),
        (row) => row.split,
      ),
      sexes: facets(rows, (row) => row.sex),
      subsets: facets(rows, (row) => row.subset),
      excluded: rows.filter((row) => row.excluded !== null).length,
      warned: rows.filter((row) => row.warning !== null).length,
      sampleRates: facets(rows, (row) => String(row.sampleRateHz)),
      channels: facets(rows, (row) => String(row.channels)),
      duration: histogram(
        rows.map((row) => row.durationSec),
        's',
      ),
      peakDb: histogram(rows.map((row) => decibel(row.peak)).filter(Number.isFinite), 'dB'),
      rmsDb: histogram(rows.map((row) => decibel(row.rms)).filter(Number.isFinite), 'dB'),
    };
  }
}

function makeRow(corpus: FakeCorpus, index: number): RecordingRow {
  const random = (salt: number): number =>
    (Math.imul(index * 2654435761 + salt * 40503, 2246822519) >>> 0) / 2 ** 32;
  const speakerAt = Math.floor(index / (corpus.count / corpus.speakers.length));
  const speaker = corpus.speakers[Math.min(speakerAt, corpus.speakers.length - 1)] ?? null;
  const label = corpus.labels[index % Math.max(1, corpus.labels.length)] ?? null;
  const durationSec = corpus.meanSec * (0.4 + random(1) + random(2) * random(3) * 0.8);
  const peak = 10 ** (-(1 + 14 * random(4) * random(5)) / 20);
  const silent = index % 9973 === 77;
  const split = splits[random(6) < 0.8 ? 0 : random(7) < 0.5 ? 1 : 2] ?? 'train';
  const number = String(index % 50).padStart(2, '0');
  return {
    id: corpus.transcripts
      ? `${speaker}/${128000 + (index % 97)}/${speaker}-${128000 + (index % 97)}-${String(index).padStart(6, '0')}.flac`
      : `${label}_${speaker}_${number}${index >= 3000 ? `_${index}` : ''}.wav`,
    bytes: Math.round(durationSec * corpus.sampleRateHz * (corpus.transcripts ? 1.1 : 2)) + 44,
    modifiedMs: 1_700_000_000_000 + index * 1000,
    contentHash: index.toString(16).padStart(64, '0'),
    sampleRateHz: corpus.sampleRateHz,
    channels: 1,
    durationSec: Math.round(durationSec * corpus.sampleRateHz) / corpus.sampleRateHz,
    peak: silent ? 0 : peak,
    rms: silent ? 0 : peak * (0.08 + 0.1 * random(8)),
    speaker,
    label: corpus.transcripts ? null : label,
    sex: corpus.transcripts ? (speakerAt % 2 === 0 ? 'F' : 'M') : null,
    subset: corpus.transcripts ? 'train-clean-360' : null,
    source: null,
    startSec: null,
    endSec: null,
    excluded: null,
    warning: null,
    split,
    transcript: corpus.transcripts
      ? Array.from({ length: 6 + (index % 14) }, (_, at) => words[(index * 7 + at * at) % 10])
          .join(' ')
          .toUpperCase()
      : null,
  };
}

function facets(
  rows: readonly RecordingRow[],
  of: (row: RecordingRow) => string | null,
): { value: string | null; recordings: number; durationSec: number }[] {
  const found = new Map<string | null, { value: string | null; recordings: number; durationSec: number }>();
  for (const row of rows) {
    const value = of(row);
    const facet = found.get(value) ?? { value, recordings: 0, durationSec: 0 };
    facet.recordings++;
    facet.durationSec += row.durationSec;
    found.set(value, facet);
  }
  return [...found.values()].sort((a, b) => compare(a.value, b.value));
}

function histogram(
  values: readonly number[],
  unit: string,
): { edges: number[]; counts: number[]; unit: string } {
  if (values.length === 0) return { edges: [0, 1], counts: [0], unit };
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b)) + 1e-9;
  const bins = 40;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return {
    edges: Array.from({ length: bins + 1 }, (_, at) => low + ((high - low) * at) / bins),
    counts,
    unit,
  };
}

function decibel(magnitude: number): number {
  return 20 * Math.log10(magnitude);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
