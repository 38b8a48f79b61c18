import {
  analysisMeasures,
  type DatasetAnalysis,
  datasetsAnalyse,
  datasetsExclude,
  datasetsExport,
  datasetsInclude,
} from '../../src-preload/contract/commands/datasets-analysis.ts';
import { boxOf, fencesOf } from '../../src-main/corpora/distribution.ts';
import type { RecordingRow } from '../../src-preload/contract/commands/recordings.ts';
import type { FakeHost } from './fake-host.ts';

/** What stands for the datasets of the fake host. */
export interface AnalysedDatasets {
  rowsOf(which: string): readonly RecordingRow[];
  /** Tells that so many are left out now. */
  excluded(which: string, count: number): void;
}

/** Answers the commands of the analysis from made-up rows, as the host does from real ones. */
export function answerAnalysis(host: FakeHost, datasets: AnalysedDatasets): void {
  host.on(datasetsAnalyse, ({ dataset, fence, measures, limit }) => {
    const rows = datasets.rowsOf(dataset).filter((row) => row.excluded === null && row.peak > 0);
    const valueOf = (row: RecordingRow, key: (typeof analysisMeasures)[number]): number =>
      key === 'durationSec'
        ? row.durationSec
        : key === 'prominentHz'
          ? row === rows[0]
            ? 5000
            : 200 + (row.bytes % 700)
          : 20 * Math.log10(key === 'peakDb' ? row.peak : row.rms);
    const outliers = new Map<RecordingRow, DatasetAnalysis['outliers']['rows'][number]['because']>();
    const described = analysisMeasures.map((key) => {
      const box = boxOf(Float64Array.from(rows, (row) => valueOf(row, key)));
      const fences = box ? fencesOf(box, fence) : null;
      let count = 0;
      for (const row of rows) {
        const value = valueOf(row, key);
        if (!fences || !measures.includes(key) || (value >= fences.low && value <= fences.high)) continue;
        count++;
        outliers.set(row, [
          ...(outliers.get(row) ?? []),
          { measure: key, side: value < fences.low ? 'low' : 'high' },
        ]);
      }
      const histogram = { edges: [box?.min ?? 0, box?.max ?? 1], counts: [rows.length], unit: 's' };
      const labels = box ? [{ value: '0', ...box }] : [];
      return {
        key,
        title: key,
        unit: 's',
        all: box,
        fences,
        histogram,
        labels,
        speakers: [],
        outliers: count,
      };
    });
    return {
      dataset,
      recordings: rows.length,
      rule: `More than ${fence} times the range between the quartiles.`,
      measures: described,
      outliers: {
        total: outliers.size,
        rows: [...outliers].slice(0, limit).map(([row, because]) => ({
          id: row.id,
          speaker: row.speaker,
          label: row.label,
          durationSec: row.durationSec,
          peakDb: valueOf(row, 'peakDb'),
          rmsDb: valueOf(row, 'rmsDb'),
          prominentHz: valueOf(row, 'prominentHz'),
          because,
        })),
      },
    };
  });
  const change = (dataset: string, ids: readonly string[], reason: string | null) => {
    const rows = datasets.rowsOf(dataset);
    const changed = rows.filter(
      (row) => ids.includes(row.id) && (row.excluded === null) === (reason !== null),
    );
    for (const row of changed) row.excluded = reason;
    const excluded = rows.filter((row) => row.excluded !== null).length;
    datasets.excluded(dataset, excluded);
    const splits = { train: rows.length - excluded, validation: 0, test: 0 };
    return {
      dataset,
      changed: changed.length,
      ids: changed.map(({ id }) => id),
      excluded,
      splits,
      splitHash: `${excluded}`,
    };
  };
  host.on(datasetsExclude, ({ dataset, recordings, reason }) =>
    change(dataset, recordings, reason ?? 'by hand'),
  );
  host.on(datasetsInclude, ({ dataset, recordings, all }) =>
    change(dataset, all ? datasets.rowsOf(dataset).map(({ id }) => id) : recordings, null),
  );
  host.on(datasetsExport, ({ dataset, out }) => {
    return { dataset, file: out, recordings: datasets.rowsOf(dataset).length, bytes: 1000, splitHash: 'x' };
  });
}
