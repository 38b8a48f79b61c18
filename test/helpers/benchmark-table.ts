import type {
  BenchmarkCell,
  BenchmarkRow,
  BenchmarkTable,
} from '../../src-preload/contract/commands/benchmark.ts';
import type { Speed } from '../../src-preload/contract/commands/evaluate.ts';

export const speed: Speed = {
  realTimeFactor: 0.05,
  recordings: 4,
  seconds: 20,
  passes: 3,
  measuredMs: 0,
  backend: 'tensorflow',
  device: 'Some processor',
  threads: 2,
  load: 0.5,
  cores: 2,
};

export function cell(mean: number | null, more: Partial<BenchmarkCell> = {}): BenchmarkCell {
  const interval = mean === null ? null : { low: mean * 0.9, high: mean * 1.1 };
  return { n: mean === null ? 0 : 4, mean, median: mean, interval, blanks: [], difference: null, ...more };
}

/** A row that is judged to the end, unless `more` says otherwise. */
export function row(
  title: string,
  cells: BenchmarkRow['cells'],
  more: Partial<BenchmarkRow> = {},
): BenchmarkRow {
  return {
    system: `${title}@1`,
    kind: 'run',
    title,
    run: { run: title, step: 1, epoch: 1, family: 'A family', dataset: 'some', origin: null },
    dynamical: null,
    parameters: 1000,
    state: 'finished',
    evaluation: `evaluation of ${title}`,
    done: 4,
    failed: 0,
    error: null,
    cells,
    speed,
    published: null,
    notes: [],
    ...more,
  };
}

const about = { unit: '', source: 'somewhere' };

/** RMSE, the lower the better, and PESQ, the higher. */
export function table(rows: BenchmarkRow[], more: Partial<BenchmarkTable> = {}): BenchmarkTable {
  return {
    benchmark: 'b',
    name: 'first & only',
    systems: rows.map(({ system }) => system),
    against: null,
    split: 'test',
    limit: 4,
    metrics: ['rmse_normalised', 'pesq_nb_raw'],
    dataset: { id: 'd', name: 'some_speech', splitHash: '0123456789abcdef' },
    recordings: 4,
    columns: [
      {
        key: 'rmse_normalised',
        title: 'RMSE, normalised',
        variant: 'at a peak of 1',
        better: 'lower',
        ...about,
      },
      { key: 'pesq_nb_raw', title: 'PESQ-NB raw', variant: 'narrow-band', better: 'higher', ...about },
    ],
    rows,
    published: null,
    interval: '95 % bootstrap',
    warnings: [],
    files: [],
    text: null,
    ...more,
  };
}

export const vrnn = {
  name: 'VRNN',
  autoregressive: true,
  truePosterior: false,
  dynamicalLatent: true,
  generationOfZ: 'p(z)',
  generationOfX: 'p(x)',
};

export const published: NonNullable<BenchmarkTable['published']> = {
  document: 'papers/004',
  citation: 'Bie et al. 2021',
  table: 'a table',
  dataset: 'WSJ0 si_et_05',
  note: 'To be set beside.',
};
