import type {
  AnalysisMeasure,
  DatasetAnalysis,
} from '../../../src-preload/contract/commands/datasets-analysis.ts';
import { formatDb, formatDuration, nothing } from '../../state/format.ts';

export type MeasuredBox = NonNullable<DatasetAnalysis['measures'][number]['all']>;
export type OutlierRow = DatasetAnalysis['outliers']['rows'][number];

/** A value of a measure with its unit. */
export function measureText(measure: AnalysisMeasure, value: number | null): string {
  if (value === null) return nothing;
  if (measure === 'durationSec') return formatDuration(value);
  return measure === 'prominentHz' ? `${Math.round(value)} Hz` : `${formatDb(value)}FS`;
}

/** The same for a row of the outliers. */
export function measureValue(row: OutlierRow, measure: AnalysisMeasure): string {
  return measureText(measure, row[measure]);
}

/** Where a value lies on an axis, as a share of its length. */
export function shareOf(value: number, low: number, high: number): number {
  return high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
}
