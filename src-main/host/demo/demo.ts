import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import type { demo, DemoOutput } from '../../../src-preload/contract/commands/demo.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Dataset, Recording, Split } from '../../corpora/recording.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import type { Home } from '../../store/home.ts';
import { addDataset } from '../datasets/datasets.ts';
import { allRecordings } from '../datasets/manifest.ts';
import { collectPage } from './demo-report.ts';
import { demoKey, finishedDemo, readDemoState, writeDemoState } from './demo-state.ts';
import { finishDemoRun, trainForDemo, type DemoTrainingResult } from './demo-training.ts';
import { demoPage } from './page/page.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import { openRun, type Run } from '../runs/runs.ts';
import { makeSampleCorpus } from '../sample-corpus/sample-corpus.ts';
import type { HostContext, HostHandler } from '../services.ts';

type DemoInput = z.output<typeof demo.input>;

const version = (
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../package.json'), 'utf8')) as {
    version: string;
  }
).version;

/**
 * The whole way, from recordings to a page of reconstructions. A finished demo of the same request is shown again; one
 * that was interrupted goes on with its run.
 */
export const handleDemo: HostHandler<typeof demo> = async (input, context) => {
  const { home, inference } = context.services;
  const { out, again, ...asked } = input;
  const key = demoKey({
    ...asked,
    data: input.data === undefined ? null : path.resolve(input.data),
    version,
  });
  const folder = path.resolve(out ?? path.join(home.root, 'demo', `${input.preset}-${key}`));
  const state = again ? null : await readDemoState(folder, key);
  const finished = await finishedDemo(state);
  if (finished) return finished;

  const dataset = await datasetOf(home, input, context);
  const training = await trainOrGoOn(dataset, input, state?.run ?? null, context, (run) =>
    writeDemoState(folder, { schema: 1, key, run: run.record.id, output: null }),
  );
  const recordings = await allRecordings(context.services, dataset.id);
  const chosen = testClips(recordings, input.clips);
  if (chosen.clips.length === 0) throw new ResynthError('demo/no-test-clips', { dataset: dataset.name });

  const inversion = { methods: ['griffin-lim' as const], iterations: 32, seed: input.seed };
  const model = referenceTo(training.run, 'best');
  const reconstructed = await inference.request(
    'reconstructFiles',
    {
      model,
      files: chosen.clips.map((recording) => path.join(dataset.folder, recording.id)),
      folder: path.join(folder, 'reconstructions'),
      inversion,
      bits: 32,
    },
    optionsOf(context),
  );
  const drawn = await inference.request(
    'sampleFiles',
    { model, count: input.samples, folder: path.join(folder, 'samples'), inversion },
    optionsOf(context),
  );
  const page = path.join(folder, 'index.html');
  context.progress({ stage: 'Writing the page', detail: page });
  const next = commandsToGoOn(training.run, dataset, context.homeDir);
  const data = await collectPage({ dataset, chosen, training, reconstructed, drawn, input, next });
  await writeFileAtomic(page, demoPage(data));
  const output: DemoOutput = {
    page,
    address: pathToFileURL(page).href,
    reused: false,
    run: training.run.record.id,
    dataset: dataset.name,
    preset: input.preset,
    epochs: data.training.epochs,
    trainedSec: data.training.seconds,
    validationMse: Number.isFinite(data.training.validationMse) ? data.training.validationMse : null,
    clips: data.clips.length,
    samples: data.samples.length,
    notes: data.notes,
    next: next.map((each) => each.command),
  };
  await writeDemoState(folder, { schema: 1, key, run: training.run.record.id, output });
  return output;
};

/** The recordings of the demo as a dataset: the one that links this folder already, or a new one. */
async function datasetOf(home: Home, input: DemoInput, context: HostContext): Promise<Dataset> {
  const folder =
    input.data === undefined
      ? (
          await makeSampleCorpus(
            { out: path.join(home.root, 'sample-corpus'), nodePath: context.services.nodePath },
            context.progress,
            context.signal,
          )
        ).folder
      : path.resolve(input.data);
  const datasets = await context.services.database.listDatasets();
  const known = datasets.find((dataset) => dataset.folder === folder);
  return known ?? addDataset(context.services, { dir: folder, layout: 'auto' }, context);
}

/** Goes on with the run of an interrupted demo, or trains a new one. */
async function trainOrGoOn(
  dataset: Dataset,
  input: DemoInput,
  earlier: string | null,
  context: HostContext,
  created: (run: Run) => Promise<void>,
): Promise<DemoTrainingResult> {
  const run = earlier === null ? null : await runIfThere(context, earlier);
  if (run && run.pid === null) {
    if (run.status.state === 'finished') return { run, notes: [] };
    if (run.status.state === 'stopped' || run.status.state === 'interrupted') {
      context.progress({
        stage: 'Going on with the interrupted demo',
        detail: `from step ${run.status.step}`,
      });
      return finishDemoRun(run, input.minutes * 60 * 1.3, context);
    }
  }
  return trainForDemo(dataset, input, context, created);
}

/** Null where it was deleted since: the demo trains another. */
async function runIfThere({ services }: HostContext, id: string): Promise<Run | null> {
  const index = await services.trainers.whole();
  return index.get(id) ? openRun(services.home, id) : null;
}

export interface ChosenClips {
  split: Split;
  clips: Recording[];
}

/**
 * Clips to reconstruct, of the test split where there is one (else validation, else training, which is said): one speaker
 * after the other, each with another label, so that few clips show much.
 */
export function testClips(recordings: readonly Recording[], count: number): ChosenClips {
  const splits: Split[] = ['test', 'validation', 'train'];
  const split = splits.find((one) => recordings.some((recording) => recording.split === one)) ?? 'test';
  const candidates = recordings.filter((recording) => recording.split === split && recording.peak > 0);
  const bySpeaker = Map.groupBy(candidates, (recording) => recording.speaker);
  const clips: Recording[] = [];
  const usedLabels = new Set<string | null>();
  while (clips.length < Math.min(count, candidates.length)) {
    for (const own of bySpeaker.values()) {
      if (clips.length >= count || own.length === 0) continue;
      const fresh = own.findIndex((recording) => !usedLabels.has(recording.label));
      const [taken] = own.splice(Math.max(0, fresh), 1);
      if (!taken) continue;
      clips.push(taken);
      usedLabels.add(taken.label);
    }
    if (new Set(candidates.map((recording) => recording.label)).size === usedLabels.size) usedLabels.clear();
  }
  return { split, clips };
}

function commandsToGoOn(
  run: Run,
  dataset: Dataset,
  homeDir: string | undefined,
): { command: string; what: string }[] {
  const home = homeDir === undefined ? '' : ` --home ${quoted(homeDir)}`;
  const resynth = (words: string): string => `npm run resynth -- ${words}${home}`;
  const name = quoted(run.record.name);
  return [
    {
      what: 'Train this model further',
      command: resynth(`runs extend ${name} --epochs ${run.status.epochs}`),
    },
    {
      what: 'Put recordings of your own through it, inverted in all three ways',
      command: resynth(`reconstruct --run ${name} --method all --out heard FILE...`),
    },
    { what: 'Draw more samples', command: resynth(`sample --run ${name} --n 24 --out drawn`) },
    {
      what: 'See every setting of a preset',
      command: resynth(`models --preset ${run.record.config.preset}`),
    },
    {
      what: 'Train another model on the same recordings',
      command: resynth(
        `train --dataset ${quoted(dataset.name)} --preset fsdd-vae-compact --set latentDim=64`,
      ),
    },
    { what: 'The demo on a folder of your own', command: `npm run demo -- --data FOLDER${home}` },
    { what: 'Make this demo again, with longer training', command: `npm run demo -- --minutes 10${home}` },
    { what: 'What computes here, how fast, and what would be faster', command: resynth('doctor') },
  ];
}

/** A word for a shell, quoted where it has to be. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
