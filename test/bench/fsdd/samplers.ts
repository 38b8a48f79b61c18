import { samplersCompare } from '../../../src-preload/contract/commands/samplers.ts';
import type { Experiment, Figure } from './experiment.ts';
import type { TrainedRun, Workshop } from './workshop.ts';

/** papers/003, section 4: what is drawn from the coarse code by a flow, as the paper tried, and by a causal prior. */
const coarse = { preset: 'rvq-vae-coarse', epochs: 24 };

const seeds = [0, 1, 2];

/** Clips that are drawn of each. */
const drawn = 64;

async function samplerFigures(
  { record }: TrainedRun,
  { client, dataset, told }: Workshop,
): Promise<Figure[]> {
  const { sources, classifier } = await client.call(
    samplersCompare,
    { runs: [record.run], dataset, n: drawn },
    { progress: told(record.name) },
  );
  const of = (kind: 'run' | 'real' | 'noise') => sources.find((source) => source.kind === kind)?.figures;
  const [run, real, noise] = [of('run'), of('real'), of('noise')];
  const percent = (share: number | null | undefined): number | null =>
    share === null || share === undefined ? null : 100 * share;
  const how = `${drawn} clips drawn; the classifier names ${(100 * classifier.testAccuracy).toFixed(1)} % of ${classifier.testedOn} real ${classifier.testSplit} clips rightly`;
  const [bits, realBits] = [run?.labelEntropyBits ?? null, real?.labelEntropyBits];
  return [
    { name: 'confidence', value: percent(run?.confidence), unit: '%', note: how },
    {
      name: 'confidence, of that of real clips',
      value: percent(run?.confidenceOfReal),
      unit: '%',
      note: `real ${(100 * (real?.confidence ?? 0)).toFixed(1)} %, white noise ${(100 * (noise?.confidence ?? 0)).toFixed(1)} %`,
    },
    {
      name: 'label entropy',
      value: bits,
      unit: 'bits',
      note: `real ${realBits?.toFixed(2)}, white noise ${noise?.labelEntropyBits?.toFixed(2)}`,
    },
    {
      name: 'diversity',
      value: run?.diversity ?? null,
      unit: '',
      note: `real ${real?.diversity.toFixed(1)}, white noise ${noise?.diversity.toFixed(1)}`,
    },
    {
      name: 'nearest training clip',
      value: run?.nearestDistance ?? null,
      unit: '',
      note: `real ${real?.nearestDistance.toFixed(1)}, white noise ${noise?.nearestDistance.toFixed(1)}`,
    },
  ];
}

export const samplerExperiments: readonly Experiment[] = [
  {
    ...{ name: 'code-prior on rvq-vae-coarse', preset: 'code-prior', epochs: 25 },
    ...{ on: coarse, seeds, measure: samplerFigures },
  },
  {
    ...{ name: 'realnvp on rvq-vae-coarse', preset: 'realnvp', epochs: 12, settings: { hidden: '64' } },
    ...{ on: coarse, seeds, measure: samplerFigures },
  },
];
