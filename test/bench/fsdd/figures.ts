import { type Evaluation, evaluate } from '../../../src-preload/contract/commands/evaluate.ts';
import { latentComponents } from '../../../src-preload/contract/commands/components.ts';
import { boundDraws, boundKeys, type MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import { type FeaturePipelineConfig, featureShape } from '../../../src-main/dsp/pipeline.ts';
import type { Figure } from './experiment.ts';
import type { TrainedRun, Workshop } from './workshop.ts';

/** Test recordings that are judged, drawn evenly: half of FSDD's. */
export const judged = 150;

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

/** Errors of reconstructions of the test split, by the product's `evaluate`; before them, where asked for, bounds of its likelihood. */
export async function reconstructionFigures(
  trained: TrainedRun,
  { client, told }: Workshop,
  { likelihood = false } = {},
): Promise<Figure[]> {
  const { name: run } = trained;
  const metrics: MetricKey[] = [...(likelihood ? boundKeys : []), 'lsd_db', 'rmse', 'stoi'];
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
  return [
    ...(likelihood ? likelihoodFigures(trained, summary) : []),
    ...[figure('LSD', 'lsd_db', 'dB'), figure('RMSE', 'rmse', ''), figure('STOI', 'stoi', '')],
  ];
}

/** Bounds of the likelihood: of a clip, and of each of its levels. */
function likelihoodFigures(
  { record }: TrainedRun,
  { elbo_nats: elbo, iwae_nats: iwae }: Evaluation['summary'],
): Figure[] {
  const { bins, frames } = featureShape(record.config.features as FeaturePipelineConfig);
  const levels = bins * frames;
  const note = `mean of ${iwae?.n ?? 0} test recordings, ${boundDraws} draws each, ${levels} levels a clip`;
  const perLevel = typeof iwae?.mean === 'number' ? iwae.mean / levels : null;
  return [
    { name: 'ELBO', value: elbo?.mean ?? null, unit: 'nats', note },
    { name: `IWAE-${boundDraws}`, value: iwae?.mean ?? null, unit: 'nats', note },
    { name: 'a level', value: perLevel, unit: 'nats', note },
  ];
}

/** How much of a mixture prior is used on the test split, and whether its components are digits. */
export async function mixtureFigures(
  { name: run }: TrainedRun,
  { client, told }: Workshop,
): Promise<Figure[]> {
  const asked = { run, split: 'test' as const };
  const { perplexity, components, mutualInformation, purity, clips } = await client.call(
    latentComponents,
    asked,
    { progress: told(run) },
  );
  const dead = components.filter((one) => one.dead).length;
  const note = `${clips} test recordings`;
  return [
    { name: 'components used', value: perplexity, unit: '', note: `perplexity of their shares in ${note}` },
    { name: 'dead', value: dead, unit: '', note },
    { name: 'NMI with digits', value: mutualInformation, unit: '', note },
    { name: 'purity', value: purity, unit: '', note },
  ];
}
