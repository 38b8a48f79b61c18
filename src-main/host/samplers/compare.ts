import { createHash } from 'node:crypto';
import path from 'node:path';
import type { GeneratedSet } from '../../../src-preload/contract/commands/generate.ts';
import type {
  JudgedClip,
  SamplerComparison,
  samplersCompare,
  SamplerSource,
} from '../../../src-preload/contract/commands/samplers.ts';
import { samplersCsv } from '../../../src-preload/contract/comparison/samplers-csv.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { judgeInChild } from '../../classifier/client.ts';
import type { JudgedSet, JudgeTask, LabelledFile } from '../../classifier/protocol.ts';
import { type Recording, recordingPath, type Split } from '../../corpora/recording.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { parseConfig } from '../../models/config.ts';
import { familyById } from '../../models/registry.ts';
import { readManifest } from '../../store/manifest.ts';
import { labelsOf } from '../datasets/labels.ts';
import { writeDatasetManifest } from '../datasets/manifest.ts';
import { handleGeneratePrior } from '../generate/commands.ts';
import type { HostContext, HostHandler } from '../services.ts';

/** Fewer recordings than this teach a classifier nothing; it is one batch. */
const leastRecordings = 32;

/** Real clips that are listed one by one, spread over all of them; all are counted. */
const mostRealClips = 64;

/** A recording with its label's place among the labels. */
interface Labelled {
  recording: Recording;
  label: number;
}

interface LabelledDataset {
  dataset: { id: string; name: string };
  labels: string[];
  train: Labelled[];
  test: Labelled[];
  testSplit: 'test' | 'validation';
  /** Of a file of the dataset, as the classifier reads it. */
  fileOf(one: Labelled): LabelledFile;
  splitHash: string;
}

/** Clips of each run, judged beside real recordings and noise. */
export const handleSamplersCompare: HostHandler<typeof samplersCompare> = async (input, context) => {
  const { services } = context;
  const { runs, n, seed, temperature, epochs, asked, out } = input;
  const format = out === undefined ? null : path.extname(out).toLowerCase();
  if (format !== null && format !== '.csv' && format !== '.json')
    throw new ResynthError('samplers/out-format', { file: out ?? '' });
  const first = await services.trainers.resolve(runs[0] ?? '');
  const labelled = await labelledDataset(context, input.dataset ?? first.record.dataset.id);
  const sets: GeneratedSet[] = [];
  for (const run of runs) {
    const label = asked === 'each' ? await labelsToAskFor(context, run, labelled.labels) : [];
    const draw = {
      run,
      checkpoint: 'best' as const,
      n,
      seed,
      temperature,
      ...(label.length > 0 && { label }),
    };
    const made = await handleGeneratePrior({ ...draw, method: 'griffin-lim', iterations: 60 }, context);
    sets.push(made.set);
  }
  const task: JudgeTask = {
    ...{ classes: labelled.labels.length, seed, epochs },
    train: labelled.train.map((one) => labelled.fileOf(one)),
    test: labelled.test.map((one) => labelled.fileOf(one)),
    sets: sets.map((set) => ({
      files: set.clips.map(({ audio }) => ({
        path: path.join(set.folder, audio),
        startSec: null,
        endSec: null,
      })),
      labels: set.clips.every(({ group }) => group !== null)
        ? set.clips.map(({ group }) => labelled.labels.indexOf(group ?? ''))
        : null,
    })),
    weightsFile: weightsFile(services.home.latents, labelled, { seed, epochs }),
  };
  const { progress, signal } = context;
  const judgement = await judgeInChild(task, { nodePath: services.nodePath, signal, progress });
  const { labels, train, test, testSplit } = labelled;
  const clipsOf = (judged: JudgedSet, clips: readonly Meant[]): JudgedClip[] =>
    clips.map((clip, row) => clipOf(judged, row, clip, labelled));
  const none = { run: null, preset: null, step: null, set: null };
  const output: SamplerComparison = {
    dataset: labelled.dataset,
    classifier: {
      ...{ labels, trainedOn: train.length, trainAccuracy: judgement.trainAccuracy },
      ...{ testedOn: test.length, testSplit, testAccuracy: judgement.real.figures.accuracy ?? 0 },
      ...{ epochs, seed, cached: judgement.cached },
    },
    sources: [
      {
        ...{ kind: 'real', name: `Real recordings (${testSplit})`, ...none, figures: judgement.real.figures },
        clips: clipsOf(
          judgement.real,
          test.map(({ recording }) => ({ name: recording.id, meant: recording.label })),
        ).filter((_, row) => row % Math.ceil(test.length / mostRealClips) === 0),
      },
      ...sets.map((set, at): SamplerSource => {
        const judged = judgement.sets[at];
        if (!judged) throw new Error(`the set ${set.id} was not judged`);
        return {
          ...{
            kind: 'run',
            name: set.model.name,
            run: set.run,
            preset: set.model.preset,
            step: set.model.step,
          },
          ...{ set: set.id, figures: judged.figures },
          clips: clipsOf(
            judged,
            set.clips.map(({ index, group }) => ({ name: String(index), meant: group })),
          ),
        };
      }),
      { kind: 'noise', name: 'White noise', ...none, figures: judgement.noise.figures, clips: [] },
    ],
    file: out === undefined ? null : path.resolve(out),
  };
  if (output.file !== null) {
    const text = format === '.csv' ? samplersCsv(output) : `${JSON.stringify(output, null, 2)}\n`;
    await writeFileAtomic(output.file, text);
  }
  return output;
};

/** A clip by its name, with what it is or is meant to be. */
type Meant = Pick<JudgedClip, 'name' | 'meant'>;

/** The labels of the classifier that a run can be asked for. */
async function labelsToAskFor(
  { services }: HostContext,
  which: string,
  known: readonly string[],
): Promise<string[]> {
  const { record } = await services.trainers.resolve(which);
  const { family, model } = parseConfig(record.config);
  const own = familyById(family).asksForLabels ? (model.labels as readonly string[]) : [];
  return own.filter((label) => known.includes(label));
}

function clipOf(
  { clips }: JudgedSet,
  row: number,
  { name, meant }: Meant,
  { labels, train }: LabelledDataset,
): JudgedClip {
  const clip = clips[row];
  const neighbour = clip && train[clip.nearest.row];
  if (!clip || !neighbour) throw new Error(`clip ${row} was not judged`);
  return {
    name,
    meant,
    label: labels[clip.label] ?? '',
    confidence: clip.confidence,
    nearest: {
      recording: neighbour.recording.id,
      label: labels[neighbour.label] ?? '',
      distance: clip.nearest.distance,
    },
  };
}

/** The recordings of a dataset that have a label, in their splits. @throws ResynthError samplers/*. */
async function labelledDataset({ services }: HostContext, which: string): Promise<LabelledDataset> {
  const dataset = await writeDatasetManifest(services, which);
  const { id, name, folder, splitHash } = dataset;
  const usable = (await readManifest(services.home, splitHash)).filter(
    ({ excluded, label }) => excluded === null && label !== null,
  );
  const of = (split: Split): Recording[] => usable.filter((one) => one.split === split);
  const training = of('train');
  const labels = labelsOf(training);
  if (labels.length < 2) throw new ResynthError('samplers/no-labels', { dataset: name, split: 'train' });
  if (training.length < leastRecordings) {
    throw new ResynthError('samplers/too-few', {
      dataset: name,
      count: training.length,
      least: leastRecordings,
    });
  }
  const labelled = (recordings: readonly Recording[]): Labelled[] =>
    recordings
      .map((recording) => ({ recording, label: labels.indexOf(recording.label ?? '') }))
      .filter(({ label }) => label >= 0);
  const testSplit = labelled(of('test')).length > 0 ? 'test' : 'validation';
  const test = labelled(of(testSplit));
  if (test.length === 0) throw new ResynthError('samplers/no-test', { dataset: name });
  return {
    ...{ dataset: { id, name }, labels, train: labelled(training), test, testSplit, splitHash },
    fileOf: ({ recording, label }) => ({
      ...{ path: recordingPath(folder, recording), label },
      ...{ startSec: recording.startSec, endSec: recording.endSec },
    }),
  };
}

/** To be raised whenever the classifier or what it is given is another. */
const classifierVersion = 1;

function weightsFile(
  folder: string,
  { splitHash, labels }: LabelledDataset,
  settings: { seed: number; epochs: number },
): string {
  const made = JSON.stringify({ classifierVersion, splitHash, labels, ...settings });
  return path.join(
    folder,
    `classifier-${createHash('sha256').update(made).digest('hex').slice(0, 24)}.safetensors`,
  );
}
