import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { datasetsAdd, datasetsList, datasetsSplit } from '../../../src-preload/contract/commands/datasets.ts';
import type { Client } from '../../../src-preload/contract/client.ts';
import { cacheFolder, projectFolder } from '../../../src-main/engine/setup/folders.ts';
import { AppHost } from '../app/app-host.ts';
import { writeReadme } from '../readme.ts';
import type { BenchRow } from '../report.ts';
import type { SectionOptions } from '../sections.ts';
import { type Budget, judgedRun, type JudgedRun } from './runs.ts';
import { markdownTable } from './table.ts';

/**
 * The seven models of papers/004 (RVAE causal and not), each trained from its preset by the product's own trainer for one
 * budget, and judged on speakers that none of them has heard. Runs and evaluations are kept in `--home`: the same command goes
 * on where it was ended. With `--readme` the table is written between the marks of README.md.
 */

const section = 'dvae-quality';
/** `--epochs` gives another number than this: half an hour on two quiet cores. */
const standard: Budget = { frames: 50, epochs: 30, seeds: [0] };
/** In the order of the paper's table. */
const models = ['vae', 'dkf', 'storn', 'vrnn', 'srnn', 'rvae-causal', 'rvae-noncausal', 'dsae'].map(
  (name) => `dvae-${name}`,
);
/** Of the tree of LibriSpeech: shares of the hours, no speaker in two splits. */
const division = { by: 'speakers', seed: 0, validation: 0.1, test: 0.15 } as const;
const datasetName = 'librispeech';

const beside = path.join(projectFolder, '../shared/data/LibriSpeech');

export async function benchDvaeQuality(options: SectionOptions): Promise<BenchRow[]> {
  const { dataFolder, only, progress } = options;
  const budget = { ...standard, epochs: options.epochs ?? standard.epochs };
  const folder = dataFolder ?? (existsSync(beside) ? beside : null);
  if (folder === null) {
    const note = 'needs a folder of LibriSpeech: name one with --data';
    return [{ section, what: 'dynamical VAEs trained from scratch', value: null, unit: '', note }];
  }
  const home = options.home ?? path.join(cacheFolder(), 'bench', section);
  await mkdir(home, { recursive: true });
  progress(`${section}: runs are kept in ${home}`);
  const host = await AppHost.open(home);
  try {
    const dataset = await divided(host.client, folder);
    const judged: JudgedRun[] = [];
    for (const seed of budget.seeds) {
      for (const id of models) {
        if (only !== undefined && !id.includes(only)) continue;
        const say = (message: string): void => progress(`${section}: ${message}`);
        judged.push(await judgedRun(host.client, { preset: id, seed, dataset: datasetName, budget }, say));
      }
    }
    if (options.readme) await writeReadme(section, markdownTable(judged, budget, dataset));
    return [
      ...judged.flatMap(rowsOf),
      ...(only === undefined ? budget.seeds.flatMap((seed) => orderOf(judged, seed)) : []),
    ];
  } finally {
    await host.stop();
  }
}

/** The dataset as every one of these runs is given it. */
async function divided(client: Client, folder: string) {
  const { datasets } = await client.call(datasetsList, {});
  const known = datasets.find(({ name }) => name === datasetName);
  if (!known) await client.call(datasetsAdd, { dir: folder, name: datasetName });
  return client.call(datasetsSplit, { dataset: datasetName, ...division });
}

function rowsOf({ model, seed, steps, loss, best, metrics }: JudgedRun): BenchRow[] {
  const what = `${model}, ${steps} steps, seed ${seed}`;
  const fell = best < loss;
  const rows = metrics.map(({ latent, title, unit, n, mean, interval }): BenchRow => {
    const spread = interval ? { spread: [interval.low, interval.high] as const } : {};
    return {
      section,
      what: `${what}: ${title}, z = ${latent}`,
      value: mean,
      unit,
      ...spread,
      note: `n = ${n}, 95 % interval`,
    };
  });
  return [
    {
      section,
      what: `${what}: validation loss, first to best`,
      value: best,
      unit: '',
      spread: [best, loss],
      target: 'falls',
      ok: fell,
    },
    ...rows,
  ];
}

/** What papers/004 says of the order: VRNN and SRNN the best in RMSE, VAE the worst. */
function orderOf(judged: readonly JudgedRun[], seed: number): BenchRow[] {
  const byRmse = judged
    .filter((one) => one.seed === seed)
    .map(({ model, metrics }) => ({
      model,
      rmse: metrics.find(({ key, latent }) => key === 'rmse_normalised' && latent === 'mean')?.mean ?? NaN,
    }))
    .sort((one, other) => one.rmse - other.rmse);
  const names = byRmse.map(({ model }) => model);
  const best = new Set(names.slice(0, 2));
  const place = (model: string): number => names.indexOf(model) + 1;
  const note = names.join(' < ');
  const row = { section, unit: '', note };
  return [
    {
      ...row,
      what: `order of RMSE, seed ${seed}: worse of VRNN and SRNN`,
      value: Math.max(place('VRNN'), place('SRNN')),
      target: 'first two',
      ok: best.has('VRNN') && best.has('SRNN'),
    },
    {
      ...row,
      what: `order of RMSE, seed ${seed}: VAE`,
      value: place('VAE'),
      target: 'last',
      ok: names.at(-1) === 'VAE',
    },
  ];
}
