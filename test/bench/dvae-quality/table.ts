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
  const header = [
    'model',
    ...(many ? ['seed'] : []),
    ...first.metrics.map(titleOf),
    'validation loss, first to best',
  ];
  const lines = judged.map(({ model, seed, metrics, loss, best }) => [
    model,
    ...(many ? [String(seed)] : []),
    ...metrics.map(cellOf),
    `${loss.toFixed(0)} to ${best.toFixed(0)}`,
  ]);
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const steps = [...new Set(judged.map((one) => one.steps))].join(' or ');
  const about =
    `Budget of each: ${budget.epochs} epochs (${steps} steps) of sequences of ${budget.frames} frames, batch 32, ` +
    `${many ? 'seeds' : 'seed'} ${budget.seeds.join(', ')}; trained on ${splits.train} recordings of LibriSpeech, judged on the best ` +
    `checkpoint by ${splits.test} of speakers that it has not heard (split hash ${splitHash.slice(0, 8)}), z = mean. Mean (95 % interval; n).`;
  return [about, '', row(header), row(header.map(() => '---')), ...lines.map(row)].join('\n');
}

function titleOf({ key, title }: JudgedMetric): string {
  return key === 'rmse_normalised' ? `${title}, × 10⁻²` : title;
}

function cellOf({ key, mean, interval, n }: JudgedMetric): string {
  if (mean === null) return `- (n = ${n})`;
  const text = (value: number): string => (key === 'rmse_normalised' ? 100 * value : value).toFixed(2);
  return `${text(mean)} (${interval ? `${text(interval.low)} to ${text(interval.high)}; ` : ''}${n})`;
}

/** `text` with `content` between the marks of `name`. Throws where they are missing. */
export function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`There are no marks ${begin} and ${end} to write between.`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
