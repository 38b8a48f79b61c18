import { evaluate } from '../../../src-preload/contract/commands/evaluate.ts';
import { latentComponents } from '../../../src-preload/contract/commands/components.ts';
import type { MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import type { Figure } from './experiment.ts';
import type { TrainedRun, Workshop } from './workshop.ts';

/** Test recordings that are judged, drawn evenly: half of FSDD's. */
const judged = 150;

/** What every experiment states of its training: the lowest validation loss, as the model reckons it, and when. */
export function trainingFigures({ record }: TrainedRun): Figure[] {
  const best = record.bestValidation;
  return [
    {
      name: 'validation loss',
      value: best?.value ?? null,
      unit: '',
      note: best ? `lowest at step ${best.step} of ${record.step}` : 'the dataset has no validation split',
    },
  ];
}

/** Errors of reconstructions of the test split, by the product's `evaluate`. */
export async function reconstructionFigures(
  { name: run }: TrainedRun,
  { client, told }: Workshop,
): Promise<Figure[]> {
  const metrics: MetricKey[] = ['lsd_db', 'rmse', 'stoi'];
  const { summary } = await client.call(
    evaluate,
    { run, split: 'test', limit: judged, metrics },
    { progress: told(run) },
  );
  const figure = (name: string, key: MetricKey, unit: string): Figure => ({
    name,
    value: summary[key]?.mean ?? null,
    unit,
    note: `mean of ${summary[key]?.n ?? 0} test recordings, Griffin-Lim`,
  });
  return [figure('LSD', 'lsd_db', 'dB'), figure('RMSE', 'rmse', ''), figure('STOI', 'stoi', '')];
}

/** How much of a mixture prior is used on the test split, and whether its components are digits. */
export async function mixtureFigures(
  { name: run }: TrainedRun,
  { client, told }: Workshop,
): Promise<Figure[]> {
  const asked = { run, split: 'test' as const };
  const { perplexity, components, mutualInformation, clips } = await client.call(latentComponents, asked, {
    progress: told(run),
  });
  const dead = components.filter((one) => one.dead).length;
  const note = `${clips} test recordings, ${components.length} components`;
  return [
    { name: 'components used', value: perplexity, unit: '', note: `perplexity; ${note}, ${dead} dead` },
    { name: 'NMI of component and digit', value: mutualInformation, unit: '', note },
  ];
}
