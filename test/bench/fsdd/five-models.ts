import { evaluate } from '../../../src-preload/contract/commands/evaluate.ts';
import { runsCode } from '../../../src-preload/contract/commands/runs-codebooks.ts';
import { runsMetrics } from '../../../src-preload/contract/commands/runs-live.ts';
import { greatestRise, riseText } from '../../../src-preload/contract/comparison/validation-rise.ts';
import type { Experiment, Figure } from './experiment.ts';
import { fewTakes, fewTakesText } from './few-takes.ts';
import { judged, reconstructionFigures } from './figures.ts';
import type { TrainedRun, Workshop } from './workshop.ts';

/** Whose bits the codes are held against: Opus for speech at 12 kb/s, the baseline's own default. */
const opus = 'opus:12';

/** How the validation loss went: the paper's first models rose, its best fell throughout. */
async function curveFigures({ name }: TrainedRun, { client }: Workshop): Promise<Figure[]> {
  const { series } = await client.call(runsMetrics, { run: name, keys: ['total'] });
  const losses = series.find(({ split }) => split === 'validation');
  const [values, epochs] = [[...(losses?.values ?? [])], [...(losses?.epochs ?? [])]];
  const best = values.length === 0 ? null : Math.min(...values);
  const rise = greatestRise(values, epochs);
  const note = best === null ? 'no validation split' : `lowest at epoch ${epochs[values.indexOf(best)]}`;
  return [
    { name: 'validation loss, first', value: values[0] ?? null, unit: '' },
    { name: 'best', value: best, unit: '', note },
    { name: 'last', value: values.at(-1) ?? null, unit: '' },
    {
      name: 'greatest rise in 5 epochs',
      value: rise && 100 * rise.share,
      unit: '%',
      ...(rise && { note: `the validation loss ${riseText(rise)}` }),
    },
    { name: 'of single validations', value: rise && 100 * rise.singleShare, unit: '%' },
  ];
}

/** What the code costs, nominally and as bytes that were decoded again, and which of its codes are used. */
async function codeFigures({ name }: TrainedRun, { client, told }: Workshop): Promise<Figure[]> {
  const code = await client.call(runsCode, { run: name, split: 'test' }, { progress: told(name) });
  const { stages, codebookSize, clips, secondsPerClip, spokenSecPerClip } = code;
  const mean = (of: (stage: (typeof stages)[number]) => number): number =>
    stages.reduce((sum, stage) => sum + of(stage), 0) / stages.length;
  const coded = code.codedBitsPerClip / 1000;
  const note = `${clips} test clips of ${secondsPerClip.toFixed(2)} s, ${spokenSecPerClip.toFixed(2)} s of them recording`;
  return [
    {
      name: 'perplexity',
      value: mean(({ perplexity }) => perplexity),
      unit: '',
      note: `mean of ${stages.length} stages of ${codebookSize}`,
    },
    {
      name: 'dead codes',
      value: 100 * mean(({ unused }) => unused / codebookSize),
      unit: '%',
      note: 'never chosen for a test clip',
    },
    { name: 'nominal', value: code.nominalBitsPerClip / 1000, unit: 'kb a clip', note },
    { name: 'entropy-coded', value: coded, unit: 'kb a clip', note },
    { name: 'entropy-coded, by what is recorded', value: coded / spokenSecPerClip, unit: 'kb/s', note },
  ];
}

/** What Opus takes for the recordings that the model is judged on. */
async function opusFigures({ name, record }: TrainedRun, { client, told }: Workshop): Promise<Figure[]> {
  const { rows, bitsPerSecond } = await client.call(
    evaluate,
    { baseline: opus, dataset: record.dataset, split: 'test', limit: judged, metrics: ['rmse', 'lsd_db'] },
    { progress: told(name) },
  );
  const bits = rows.flatMap((row) =>
    row.bitsPerSecond === null || row.judgedSec === null ? [] : row.bitsPerSecond * row.judgedSec,
  );
  const note = `${opus}, ${bits.length} test recordings`;
  return [
    {
      name: 'Opus',
      value: bits.length === 0 ? null : bits.reduce((sum, one) => sum + one, 0) / bits.length / 1000,
      unit: 'kb a clip',
      note,
    },
    {
      name: 'Opus, by what is recorded',
      value: typeof bitsPerSecond?.mean === 'number' ? bitsPerSecond.mean / 1000 : null,
      unit: 'kb/s',
      note,
    },
  ];
}

/** papers/003: its five models as our presets have them, and the coarse code that is ours. */
export const quantisedExperiments: readonly Experiment[] = ['1', '2', '3', '4', '5', 'coarse'].map(
  (model): Experiment => ({
    name: model === 'coarse' ? 'coarse, ours' : `model ${model}`,
    preset: `rvq-vae-${model}`,
    // Clips that are decoded on the way take time of the budget, and one is as many as there have to be.
    ...{ epochs: 20, seeds: [0], settings: { clips: '1', batchSize: '16' } },
    ...{ dataset: fewTakes, about: `${fewTakesText}, batches of 16` },
    measure: async (run, workshop) => [
      ...(await curveFigures(run, workshop)),
      ...(await codeFigures(run, workshop)),
      ...(await opusFigures(run, workshop)),
      ...(await reconstructionFigures(run, workshop)),
    ],
  }),
);
