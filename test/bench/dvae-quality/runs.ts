import { evaluate } from '../../../src-preload/contract/commands/evaluate.ts';
import type { LatentMode } from '../../../src-preload/contract/commands/reconstruct.ts';
import type { MetricKey } from '../../../src-preload/contract/commands/metrics.ts';
import { runsList, runsResume, train } from '../../../src-preload/contract/commands/runs.ts';
import { runsMetrics } from '../../../src-preload/contract/commands/runs-live.ts';
import type { ProgressEvent } from '../../../src-preload/contract/command.ts';
import type { Client } from '../../../src-preload/contract/client.ts';
import { metrics } from '../../../src-main/metrics/registry.ts';
import { presetById } from '../../../src-main/models/presets.ts';
import { familyById } from '../../../src-main/models/registry.ts';

/** What every model is given alike. */
export interface Budget {
  /** Of a sequence that is trained on. */
  frames: number;
  epochs: number;
  seeds: readonly number[];
}

export interface JudgedMetric {
  /** Which z the sounds were generated from. */
  latent: LatentMode;
  key: MetricKey;
  title: string;
  unit: string;
  n: number;
  mean: number | null;
  interval: { low: number; high: number } | null;
}

export interface JudgedRun {
  /** As papers/004 calls it. */
  model: string;
  seed: number;
  steps: number;
  /** Validation loss after the first epoch, and the best. */
  loss: number;
  best: number;
  metrics: JudgedMetric[];
}

export interface Assignment {
  preset: string;
  seed: number;
  dataset: string;
  budget: Budget;
}

/** In the paper's order: its RMSE is of recordings at a peak of 1, its PESQ the raw narrow-band score. */
const judgedBy: readonly MetricKey[] = ['rmse_normalised', 'pesq_nb_raw', 'stoi'];
/** The published code samples z; the mean leaves nothing to chance. */
const latents: readonly LatentMode[] = ['mean', 'sample'];

/** A run of a preset under a budget, trained to its end unless it was before, and judged on the test split. */
export async function judgedRun(
  client: Client,
  assignment: Assignment,
  say: (message: string) => void,
): Promise<JudgedRun> {
  const { preset, seed, dataset, budget } = assignment;
  const name = `${preset}-${budget.frames}f-${budget.epochs}e-s${seed}`;
  const { steps } = await trainedRun(client, name, assignment, say);
  const { series } = await client.call(runsMetrics, { run: name, keys: ['total'] });
  const validation = series.find(({ split }) => split === 'validation')?.values ?? [];
  const figures: JudgedMetric[] = [];
  for (const latent of latents) {
    say(`${name}: judging, z = ${latent}`);
    const asked = { run: name, dataset, split: 'test' as const, metrics: [...judgedBy], latent, seed };
    const { summary } = await client.call(evaluate, asked);
    for (const key of judgedBy) {
      const { title, unit } = metrics.find((metric) => metric.key === key)!;
      const { n, mean, interval } = summary[key]!;
      figures.push({ latent, key, title, unit, n, mean, interval });
    }
  }
  return {
    model: modelName(preset),
    seed,
    steps,
    loss: validation[0] ?? NaN,
    best: Math.min(...validation),
    metrics: figures,
  };
}

async function trainedRun(
  client: Client,
  name: string,
  { preset, seed, dataset, budget }: Assignment,
  say: (message: string) => void,
): Promise<{ steps: number }> {
  const known = (await client.call(runsList, {})).runs.find((run) => run.name === name);
  if (known?.state === 'finished') return { steps: known.step };
  let toldMs = -Infinity;
  const progress = ({ stage, done, total, unit, detail }: ProgressEvent): void => {
    if (performance.now() - toldMs < 10_000) return;
    toldMs = performance.now();
    say([name, stage, done === undefined ? '' : `${done}/${total} ${unit ?? ''}`, detail ?? ''].join('  '));
  };
  if (known) return client.call(runsResume, { run: known.run }, { progress });
  const set = { 'features.frames': String(budget.frames), 'training.clips': '0' };
  return client.call(train, { name, dataset, preset, seed, epochs: budget.epochs, set }, { progress });
}

/** As papers/004 calls it, with the variant that the preset's id ends in: 'RVAE causal' of dvae-rvae-causal. */
function modelName(preset: string): string {
  const { name } = familyById(presetById(preset).family).dynamical ?? { name: preset };
  return [name, ...preset.split('-').slice(2)].join(' ');
}
