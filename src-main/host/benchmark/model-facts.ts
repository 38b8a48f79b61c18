import type { BenchmarkRow } from '../../../src-preload/contract/commands/benchmark.ts';
import { parameterCount, parseConfig } from '../../models/config.ts';
import { benchmarkOfDynamicalModels as paper } from '../../models/dynamical/published.ts';
import { familyById } from '../../models/registry.ts';
import { propertiesOf } from '../models.ts';
import type { Services } from '../services.ts';

/** What is known of a run's model without loading it. */
export interface ModelFacts extends Pick<BenchmarkRow, 'dynamical' | 'published'> {
  run: Omit<NonNullable<BenchmarkRow['run']>, 'step' | 'epoch'>;
  /** Numbers that are trained. */
  parameters: number;
}

/** @throws ResynthError runs/not-found, models/*. */
export async function modelFacts(run: string, { trainers }: Services): Promise<ModelFacts> {
  const { record, status } = await trainers.resolve(run);
  const config = parseConfig(record.config);
  const family = familyById(config.family);
  const name = family.dynamical?.name;
  const figures = name === undefined ? undefined : paper.figures[name];
  return {
    run: {
      run: record.id,
      family: family.title,
      dataset: record.dataset.name,
      origin: status.reason?.startsWith('imported from ') ? status.reason : null,
    },
    dynamical: family.dynamical ? propertiesOf(family.dynamical) : null,
    parameters: parameterCount(config).trainable,
    published: name === undefined || !figures ? null : { name, figures, note: paper.notes[name] ?? null },
  };
}
