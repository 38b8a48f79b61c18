import { extremes, median } from '../report.ts';
import { writeReadme } from '../readme.ts';
import type { BenchRow } from '../report.ts';
import type { SectionOptions } from '../sections.ts';
import type { Experiment, Figure } from './experiment.ts';
import { quantisedExperiments } from './five-models.ts';
import { columnNotes, markdownTable } from './table.ts';
import { samplerExperiments } from './samplers.ts';
import { vaeExperiments } from './vaes.ts';
import { Workshop } from './workshop.ts';

/** Every experiment, one list a file and a table a list: by the name of its marks in README.md. */
const tables: Readonly<Record<string, readonly Experiment[]>> = {
  'fsdd-vaes': vaeExperiments,
  'fsdd-rvq': quantisedExperiments,
  'fsdd-samplers': samplerExperiments,
};

/**
 * What the models of papers/000, 002 and 003 reach within budgets for two processor cores: each preset trained by the
 * product on FSDD (or the sample corpus) with stated steps and seeds, and measured on clips that it was not trained on.
 * Runs are kept in `--home`: a call that was ended goes on where it was. `--only` takes the name of a table or of a row; `--readme`
 * writes the tables that were made whole into README.md.
 */
export async function benchFsdd(options: SectionOptions): Promise<BenchRow[]> {
  const { only, progress } = options;
  const wanted = Object.entries(tables).flatMap(([table, experiments]) => {
    const chosen = experiments.filter(({ name }) => only === undefined || `${table}: ${name}`.includes(only));
    return chosen.length === 0 ? [] : [{ table, chosen, whole: chosen.length === experiments.length }];
  });
  if (wanted.length === 0) return [];
  const workshop = await Workshop.open(options);
  try {
    const all: BenchRow[] = [];
    for (const { table, chosen, whole } of wanted) {
      const rows: BenchRow[] = [];
      const begun = chosen.map((experiment) => within(experiment, options));
      const steps = new Set<number>();
      const figures: Figure[] = [];
      for (const experiment of begun) {
        const measured = await rowsOf(experiment, workshop);
        rows.push(...measured.rows);
        steps.add(measured.steps);
        figures.push(...measured.figures);
      }
      const text = `${budgetText(begun, [...steps], workshop.dataset)}\n\n${markdownTable(rows)}\n\n${columnNotes(figures)}`;
      progress(`\n${text}\n`);
      if (options.readme && whole) await writeReadme(table, text);
      all.push(...rows);
    }
    return all;
  } finally {
    await workshop.close();
  }
}

/** What a table of experiments cost, in a sentence. */
function budgetText(experiments: readonly Experiment[], steps: readonly number[], dataset: string): string {
  const distinct = (of: (experiment: Experiment) => string): string =>
    [...new Set(experiments.map(of))].join(' or ');
  const seeds = distinct((experiment) => experiment.seeds.join(', '));
  const several = experiments.some((experiment) => experiment.seeds.length > 1);
  return (
    `Trained on ${distinct(({ about }) => (about ? `${dataset}, ${about},` : dataset))} for ` +
    `${distinct(({ epochs }) => String(epochs))} epochs (${steps.join(' or ')} steps), ` +
    (several ? `seeds ${seeds}; the median of the seeds, with the least and the largest.` : `seed ${seeds}.`)
  );
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

async function rowsOf(
  experiment: Experiment,
  workshop: Workshop,
): Promise<{ rows: BenchRow[]; steps: number; figures: Figure[] }> {
  const { name, seeds, epochs, about } = experiment;
  const bySeed: Figure[][] = [];
  let steps = 0;
  for (const seed of seeds) {
    const run = await workshop.trained(experiment, seed);
    steps = run.record.step;
    bySeed.push(await experiment.measure(run, workshop));
  }
  const on = about === undefined ? workshop.dataset : `${workshop.dataset}, ${about}`;
  const budget = `${on}; ${epochs} epochs = ${steps} steps, seed${seeds.length === 1 ? '' : 's'} ${seeds.join(', ')}`;
  const rows = (bySeed[0] ?? []).map((figure, at): BenchRow => {
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
  return { rows, steps, figures: bySeed[0] ?? [] };
}
