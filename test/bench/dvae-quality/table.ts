import { benchmarkOfDynamicalModels } from '../../../src-main/models/dynamical/published.ts';
import type { LatentMode } from '../../../src-preload/contract/commands/reconstruct.ts';
import type { Budget, JudgedMetric, JudgedRun } from './runs.ts';

/** What the table was measured on. */
export interface MeasuredOn {
  splits: { train: number; test: number };
  splitHash: string;
}

/** The runs as a table in Markdown, with the budget that each was given. */
export function markdownTable(
  judged: readonly JudgedRun[],
  budget: Budget,
  { splits, splitHash }: MeasuredOn,
): string {
  const [first] = judged;
  if (!first) throw new RangeError('There is no run to write a table of.');
  const many = budget.seeds.length > 1;
  const of = ({ metrics }: JudgedRun, latent: LatentMode): JudgedMetric[] =>
    metrics.filter((metric) => metric.latent === latent);
  const titles = of(first, 'mean').map(titleOf);
  const header = [
    'model',
    ...(many ? ['seed'] : []),
    'z',
    ...titles,
    'validation loss, first to best',
    'paper',
  ];
  const latents = [...new Set(first.metrics.map(({ latent }) => latent))];
  const lines = judged.flatMap((one) =>
    latents.map((latent) => [
      one.model,
      ...(many ? [String(one.seed)] : []),
      latent === 'mean' ? 'mean' : 'sampled',
      ...of(one, latent).map(cellOf),
      `${one.loss.toFixed(0)} to ${one.best.toFixed(0)}`,
      paperOf(one.model),
    ]),
  );
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const steps = [...new Set(judged.map((one) => one.steps))].join(' or ');
  const about =
    `Budget of each: ${budget.epochs} epochs (${steps} steps) of sequences of ${budget.frames} frames, batch 32, ` +
    `${many ? 'seeds' : 'seed'} ${budget.seeds.join(', ')}; trained on ${splits.train} recordings of LibriSpeech, judged on the best ` +
    `checkpoint by ${splits.test} of speakers that it has not heard (split hash ${splitHash.slice(0, 8)}). Mean (95 % interval; n).`;
  return [about, '', row(header), row(header.map(() => '---')), ...lines.map(row)].join('\n');
}

/** What papers/004 has for it, on recordings of its own; its RVAE stands for both. */
function paperOf(model: string): string {
  const found = benchmarkOfDynamicalModels.figures[model.split(' ')[0] ?? ''];
  if (!found) return '';
  const { rmse_normalised: rmse, pesq_nb_raw: pesq, stoi } = found;
  return `${(100 * rmse).toFixed(2)}, ${pesq.toFixed(2)}, ${stoi.toFixed(2)}`;
}

function titleOf({ key, title }: JudgedMetric): string {
  return key === 'rmse_normalised' ? `${title}, × 10⁻²` : title;
}

function cellOf({ key, mean, interval, n }: JudgedMetric): string {
  if (mean === null) return `- (n = ${n})`;
  const text = (value: number): string => (key === 'rmse_normalised' ? 100 * value : value).toFixed(2);
  return `${text(mean)} (${interval ? `${text(interval.low)} to ${text(interval.high)}; ` : ''}${n})`;
}
