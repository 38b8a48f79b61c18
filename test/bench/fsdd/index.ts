import { extremes, median } from '../report.ts';
import type { BenchRow } from '../report.ts';
import type { SectionOptions } from '../sections.ts';
import type { Experiment, Figure } from './experiment.ts';
import { markdownTable } from './table.ts';
import { samplerExperiments } from './samplers.ts';
import { vaeExperiments } from './vaes.ts';
import { Workshop } from './workshop.ts';

/** Every experiment, one list a file, in the order of the table. */
const experiments: readonly Experiment[] = [...vaeExperiments, ...samplerExperiments];

/**
 * What the models of papers/000, 002 and 003 reach within budgets for two processor cores: each preset trained by the
 * product on FSDD (or the sample corpus) with stated steps and seeds, and measured on clips that it was not trained on.
 * Runs are kept in `--home`: a call that was ended goes on where it was.
 */
export async function benchFsdd(options: SectionOptions): Promise<BenchRow[]> {
  const { only, progress } = options;
  const chosen = experiments
    .filter(({ name }) => only === undefined || name.includes(only))
    .map((experiment) => within(experiment, options));
  if (chosen.length === 0) return [];
  const workshop = await Workshop.open(options);
  try {
    const rows: BenchRow[] = [];
    for (const experiment of chosen) rows.push(...(await rowsOf(experiment, workshop)));
    progress(`\n${markdownTable(rows)}\n`);
    return rows;
  } finally {
    await workshop.close();
  }
}

/** The experiment for other epochs and fewer seeds, where these are asked for; also what it builds on. */
function within(experiment: Experiment, { epochs, seeds }: SectionOptions): Experiment {
  return {
    ...experiment,
    seeds: experiment.seeds.slice(0, seeds),
    ...(epochs !== undefined && {
      epochs,
      ...(experiment.on && { on: { ...experiment.on, epochs } }),
    }),
  };
}

async function rowsOf(experiment: Experiment, workshop: Workshop): Promise<BenchRow[]> {
  const { name, seeds, epochs } = experiment;
  const bySeed: Figure[][] = [];
  let steps = 0;
  for (const seed of seeds) {
    const run = await workshop.trained(experiment, seed);
    steps = run.record.step;
    bySeed.push(await experiment.measure(run, workshop));
  }
  const budget = `${workshop.dataset}, ${epochs} epochs = ${steps} steps, seed${seeds.length === 1 ? '' : 's'} ${seeds.join(', ')}`;
  return (bySeed[0] ?? []).map((figure, at): BenchRow => {
    const values = bySeed.flatMap((figures) => figures[at]?.value ?? []);
    return {
      section: 'fsdd',
      what: `${name}: ${figure.name}`,
      value: values.length === seeds.length ? median(values) : null,
      unit: figure.unit,
      ...(values.length > 1 ? { spread: extremes(values) } : {}),
      note: [budget, figure.note].filter((part) => part !== undefined).join('; '),
    };
  });
}
