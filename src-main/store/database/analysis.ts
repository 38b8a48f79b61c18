import type { Database as SqliteDatabase } from 'better-sqlite3';
import {
  type AnalysisMeasure,
  analysisMeasures,
  type DatasetAnalysis,
} from '../../../src-preload/contract/commands/datasets-analysis.ts';
import { type Box, boxOf, type Fences, fencesOf } from '../../corpora/distribution.ts';
import type { Recording } from '../../corpora/recording.ts';
import type { Columns, NamedColumn } from './column-cache.ts';
import { firstKey, lastKey, numberOf, type StoreContext } from './context.ts';
import { datasetFinder } from './rows.ts';
import { evenHistogram } from './stats.ts';

/** How recordings stand out. */
export interface OutlierRule {
  fence: number;
  within: 'all' | 'label' | 'speaker';
  measures: readonly AnalysisMeasure[];
}

/** A recording whose spectrum has not been looked at. */
export type UnanalysedRecording = Pick<
  Recording,
  'id' | 'durationSec' | 'bytes' | 'contentHash' | 'source' | 'startSec' | 'endSec'
>;

/** What was measured of a recording; null where it has no spectrum. */
export interface MeasuredFrequency extends Pick<Recording, 'contentHash' | 'startSec' | 'endSec'> {
  frequencyHz: number | null;
}

export const measureWords: Readonly<Record<AnalysisMeasure, { title: string; unit: string }>> = {
  durationSec: { title: 'Length', unit: 's' },
  peakDb: { title: 'Amplitude (peak)', unit: 'dBFS' },
  rmsDb: { title: 'Level (RMS)', unit: 'dBFS' },
  prominentHz: { title: 'Prominent frequency', unit: 'Hz' },
};

/** Groups beyond these are not drawn: the most frequent ones are. */
const mostGroups = 60;

/** Operations of the analysis of a dataset. */
export function analysisOperations(context: StoreContext) {
  const { db, columns } = context;
  const datasets = datasetFinder(db);
  const join = `LEFT JOIN prominent_frequencies AS known ON known.contentHash = own.contentHash
    AND known.startSec = coalesce(own.startSec, 0) AND known.endSec = coalesce(own.endSec, -1)`;
  const unanalysed = db.prepare<[number, string, number], UnanalysedRecording>(
    `SELECT own.id, own.durationSec, own.bytes, lower(hex(own.contentHash)) AS contentHash, own.source,
       own.startSec, own.endSec
     FROM recordings AS own ${join}
     WHERE own.collection = ? AND own.id > ? AND own.peak > 0 AND known.contentHash IS NULL
     ORDER BY own.id LIMIT ?`,
  );
  const put = db.prepare(
    `INSERT OR REPLACE INTO prominent_frequencies (contentHash, startSec, endSec, frequencyHz) VALUES (?, ?, ?, ?)`,
  );

  return {
    /** The next recordings whose spectrum is not known, in order of id. @throws ResynthError dataset/unknown. */
    unanalysedRecordings(which: string, afterId: string | null, limit: number): UnanalysedRecording[] {
      return unanalysed.all(datasets.need(which).collection, afterId ?? '', limit);
    },

    /** Keeps what was measured, by content: other datasets with the same recordings need not measure it again. */
    putProminentFrequencies(measured: readonly MeasuredFrequency[]): void {
      db.transaction(() => {
        for (const { contentHash, startSec, endSec, frequencyHz } of measured) {
          put.run(Buffer.from(contentHash, 'hex'), startSec ?? 0, endSec ?? -1, frequencyHz);
        }
      })();
      context.wrote('little');
    },

    /** What the recordings of a dataset are like, and which stand out. @throws ResynthError dataset/unknown. */
    analyseRecordings(which: string, rule: OutlierRule, limit: number): DatasetAnalysis {
      const { collection, id } = datasets.need(which);
      const all = columns.of(collection);
      const values = valuesOf(db, collection, all);
      const positions = analysed(all);
      const found = outliersOf(all, values, positions, rule);
      const idOf = db.prepare<[number], string>('SELECT id FROM recordings WHERE rowKey = ?').pluck();
      return {
        dataset: id,
        recordings: positions.length,
        rule: ruleText(rule),
        measures: analysisMeasures.map((key) => ({
          key,
          ...measureWords[key],
          ...describe(all, values[key], positions, measureWords[key].unit),
          fences: rule.within === 'all' ? (found.fences.get(key) ?? null) : null,
          outliers: found.counts.get(key) ?? 0,
        })),
        outliers: {
          total: found.outliers.length,
          rows: found.outliers.slice(0, limit).map(({ position, because }) => ({
            id: idOf.get(firstKey(collection) + all.numbers[position]!) ?? '',
            speaker: nameAt(all.speaker, position),
            label: nameAt(all.label, position),
            durationSec: values.durationSec[position]!,
            peakDb: orNull(values.peakDb[position]!),
            rmsDb: orNull(values.rmsDb[position]!),
            prominentHz: orNull(values.prominentHz[position]!),
            because,
          })),
        },
      };
    },

    /** The ids of all that stand out. @throws ResynthError dataset/unknown. */
    listOutliers(which: string, rule: OutlierRule): string[] {
      const { collection } = datasets.need(which);
      const all = columns.of(collection);
      const found = outliersOf(all, valuesOf(db, collection, all), analysed(all), rule);
      const idOf = db.prepare<[number], string>('SELECT id FROM recordings WHERE rowKey = ?').pluck();
      return found.outliers.flatMap(
        ({ position }) => idOf.get(firstKey(collection) + all.numbers[position]!) ?? [],
      );
    },
  };
}

/** The rule in words. */
export function ruleText({ fence, within, measures }: OutlierRule): string {
  const what = measures.map((key) => measureWords[key].title.toLowerCase()).join(', ');
  const whose =
    within === 'all'
      ? 'all recordings'
      : within === 'label'
        ? 'recordings of its label'
        : 'recordings of its speaker';
  return (
    `A recording stands out where its ${what} lies more than ${fence} times the range between the quartiles of ` +
    `${whose} below the lower or above the upper one (Tukey's fences).`
  );
}

type Values = Record<AnalysisMeasure, Float64Array>;

function valuesOf(db: SqliteDatabase, collection: number, all: Columns): Values {
  const decibel = (level: number) => (level > 0 ? 20 * Math.log10(level) : NaN);
  const prominentHz = new Float64Array(all.count).fill(NaN);
  const rows = db
    .prepare<[number, number], [number, number]>(
      `SELECT own.rowKey, known.frequencyHz FROM recordings AS own
       JOIN prominent_frequencies AS known ON known.contentHash = own.contentHash
         AND known.startSec = coalesce(own.startSec, 0) AND known.endSec = coalesce(own.endSec, -1)
       WHERE own.rowKey BETWEEN ? AND ? AND known.frequencyHz IS NOT NULL`,
    )
    .raw();
  for (const [rowKey, hz] of rows.iterate(firstKey(collection), lastKey(collection))) {
    prominentHz[all.positionOf(numberOf(rowKey))] = hz;
  }
  return {
    durationSec: all.numeric.durationSec,
    peakDb: all.numeric.peak.map(decibel),
    rmsDb: all.numeric.rms.map(decibel),
    prominentHz,
  };
}

/** Positions of what is in a split and not silent. */
function analysed(all: Columns): Uint32Array {
  const positions = Uint32Array.from({ length: all.count }, (_, position) => position);
  return positions.filter((position) => all.excluded[position] === 0 && all.numeric.peak[position]! > 0);
}

function describe(all: Columns, values: Float64Array, positions: Uint32Array, unit: string) {
  const known = positions.filter((position) => Number.isFinite(values[position]));
  return {
    all: boxOf(gathered(values, known)),
    histogram: { ...evenHistogram(known, (position) => values[position]!), unit },
    labels: groupsOf(all.label, values, known),
    speakers: groupsOf(all.speaker, values, known),
  };
}

/** The box of each group, in order of its name; of many groups the most frequent. */
function groupsOf(column: NamedColumn, values: Float64Array, positions: Uint32Array) {
  const groups = byGroup(column, positions);
  const kept = new Set(
    [...groups.keys()]
      .sort((a, b) => groups.get(b)!.length - groups.get(a)!.length || a - b)
      .slice(0, mostGroups),
  );
  const named = column.names.length === 0 ? [] : [...column.names.keys(), -1];
  return named.flatMap((code) => {
    const group = kept.has(code) ? groups.get(code) : undefined;
    const box = group ? boxOf(gathered(values, group)) : null;
    return box ? [{ value: column.names[code] ?? null, ...box }] : [];
  });
}

function byGroup({ code }: NamedColumn, positions: Iterable<number>): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const position of positions) {
    const own = groups.get(code[position]!);
    if (own) own.push(position);
    else groups.set(code[position]!, [position]);
  }
  return groups;
}

interface Found {
  outliers: { position: number; because: { measure: AnalysisMeasure; side: 'low' | 'high' }[] }[];
  fences: Map<AnalysisMeasure, Fences>;
  counts: Map<AnalysisMeasure, number>;
}

function outliersOf(all: Columns, values: Values, positions: Uint32Array, rule: OutlierRule): Found {
  const reasons = new Map<number, Found['outliers'][number]['because']>();
  const fences = new Map<AnalysisMeasure, Fences>();
  const counts = new Map<AnalysisMeasure, number>();
  const groups =
    rule.within === 'all'
      ? [positions]
      : [...byGroup(rule.within === 'label' ? all.label : all.speaker, positions).values()];
  for (const measure of analysisMeasures) {
    if (!rule.measures.includes(measure)) continue;
    const column = values[measure];
    for (const group of groups) {
      const known = Uint32Array.from(group).filter((position) => Number.isFinite(column[position]));
      const box: Box | null = boxOf(gathered(column, known));
      if (!box) continue;
      const own = fencesOf(box, rule.fence);
      if (rule.within === 'all') fences.set(measure, own);
      for (const position of known) {
        const value = column[position]!;
        if (value >= own.low && value <= own.high) continue;
        counts.set(measure, (counts.get(measure) ?? 0) + 1);
        const because = { measure, side: value < own.low ? ('low' as const) : ('high' as const) };
        reasons.set(position, [...(reasons.get(position) ?? []), because]);
      }
    }
  }
  const outliers = [...reasons].map(([position, because]) => ({ position, because }));
  outliers.sort((a, b) => b.because.length - a.because.length || a.position - b.position);
  return { outliers, fences, counts };
}

function gathered(values: Float64Array, positions: ArrayLike<number>): Float64Array {
  return Float64Array.from(positions, (position) => values[position]!);
}

function nameAt({ names, code }: NamedColumn, position: number): string | null {
  return names[code[position]!] ?? null;
}

function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
