import type { SamplerComparison } from '../commands/samplers.ts';
import { csvText } from './csv.ts';

const columns = [
  ...['kind', 'name', 'preset', 'step', 'clips', 'accuracy', 'confidence', 'confidence_of_real'],
  ...['label_entropy_bits', 'labels', 'diversity', 'nearest_distance'],
];

/** A line a source of sounds, with a heading. */
export function samplersCsv({ sources }: Pick<SamplerComparison, 'sources'>): string {
  const rows = sources.map(({ kind, name, preset, step, figures }) => [
    ...[kind, name, preset, step, figures.count, figures.accuracy, figures.confidence],
    ...[figures.confidenceOfReal, figures.labelEntropyBits, figures.labels],
    ...[figures.diversity, figures.nearestDistance],
  ]);
  return csvText(columns, rows);
}
