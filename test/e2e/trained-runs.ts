import { askCommandLine } from '../helpers/command-line.ts';

/** Where recordings come from: the sample corpus, made on the spot, or a folder of real speech. */
export type Corpus = { kind: 'sample' } | { kind: 'folder'; dir: string; name: string };

export interface TrainedRun {
  run: string;
  name: string;
  /** Steps at which its clips were decoded, ascending. */
  kept: number[];
  /** The last of them, which is its last. */
  step: number;
}

const tiny = ['--set', 'filters=4,4,8,8,8'];
const recipes: readonly (readonly string[])[] = [
  ['small', '--preset', 'fsdd-vae-compact-8k', ...tiny, '--epochs', '3'],
  ['quick', '--preset', 'fsdd-vae-compact-8k', ...tiny, '--epochs', '2', '--set', 'learningRate=0.004'],
  ['fine', '--preset', 'fsdd-vae-compact', ...tiny, '--epochs', '1'],
];

/**
 * Three real short trainings in a data folder: two alike but for the rate of learning and their length, and one at another
 * sample rate. A quarter of a minute on a quiet machine.
 */
export async function trainRuns(home: string, corpus: Corpus): Promise<TrainedRun[]> {
  const dataset = corpus.kind === 'sample' ? 'sample-corpus' : corpus.name;
  if (corpus.kind === 'sample') await askCommandLine(home, 'corpus', 'make', '--add');
  else await askCommandLine(home, 'datasets', 'add', corpus.dir, '--name', corpus.name);
  const runs: TrainedRun[] = [];
  for (const [name = '', ...settings] of recipes) {
    const { run } = await askCommandLine<{ run: string }>(
      home,
      ...['train', '--dataset', dataset, '--name', name, ...settings],
    );
    const { steps } = await askCommandLine<{ steps: { step: number }[] }>(home, 'runs', 'clips', run);
    const kept = steps.map(({ step }) => step).sort((a, b) => a - b);
    runs.push({ run, name, kept, step: kept.at(-1) ?? Number.NaN });
  }
  return runs;
}
