import { resolveConfig } from '../../../src-main/models/overrides.ts';
import type { FragmentsConfig } from '../../../src-main/dsp/pipelines/fragments.ts';
import { runContest } from '../contest.ts';
import { compileConvVae, stepScalars } from '../nets.ts';
import { extremes, median } from '../report.ts';
import type { BenchRow } from '../report.ts';
import type { Progress, SectionOptions } from '../sections.ts';
import { findTorch } from '../twin.ts';
import { trainOn } from './trained.ts';
import { principalComponents, throughComponents } from './pca.ts';
import { loadSpeech } from './speech.ts';
import {
  type Distances,
  distancesOf,
  fragmentsApart,
  fragmentSize,
  fragmentsTogether,
  mfccSystem,
  type Recording,
  recordingsOf,
  type System,
} from './systems.ts';

/** What a fragment is described by, in every system. */
const numbers = 13;
const seeds = [0, 1, 2];
const counts = { train: 180, heldOut: 20 };
/** Passes over the windows of the training recordings. */
const epochs = 10;
/** The paper's net, and ours that keeps the place of things. */
const presets = ['asr-fragments', 'asr-fragments-placed'];
/** That has to be better than both classical codes. */
const best = 'asr-fragments-placed';

const section = 'asr-fragments';

/**
 * What 13 numbers a fragment of 25 ms keep of speech by speakers that nothing was fitted to: the VAEs of papers/000 at the mean of their
 * posterior, 13 MFCCs inverted, and 13 principal components of the training speakers' fragments.
 */
export async function benchFragments({
  dataFolder,
  only,
  threads,
  progress,
}: SectionOptions): Promise<BenchRow[]> {
  const rows = await stepRows(threads, only, progress);
  progress(`${section}: reading speech`);
  const speech = loadSpeech(dataFolder, counts);
  if (!speech) {
    const note = 'no speech at hand: name a folder of FSDD by --data';
    return [...rows, { section, what: 'LSD', value: null, unit: 'dB', note }];
  }
  const pipeline = resolveConfig({ preset: best }).features as FragmentsConfig;
  const heldOut = recordingsOf(speech.heldOut, speech, pipeline);
  const train = recordingsOf(speech.train, speech, pipeline);
  const classical: Distances[] = [];
  const systems: [string, () => System][] = [
    [
      'the levels themselves',
      () =>
        ({ clip }) =>
          Promise.resolve(clip.features),
    ],
    [`${numbers} MFCCs inverted`, () => mfccSystem(numbers)],
    [`PCA-${numbers}`, () => pcaSystem(train, pipeline)],
  ];
  for (const [name, make] of systems) {
    progress(`${section}: ${name}`);
    const distances = await distancesOf(heldOut, make());
    if (name !== systems[0]?.[0]) classical.push(distances);
    rows.push(...rowsOf(name, [distances], speech.source));
  }
  for (const preset of presets) {
    if (only !== undefined && preset !== only) continue;
    const found: Distances[] = [];
    let steps = 0;
    for (const seed of seeds) {
      const overrides = { seed: String(seed), epochs: String(epochs) };
      const trained = await trainOn(resolveConfig({ preset, overrides }), speech, (text) => {
        progress(`${section}: ${preset}, seed ${seed}: ${text}`);
      });
      steps = trained.steps;
      found.push(await distancesOf(heldOut, trained.system));
      trained.dispose();
    }
    const note = `${epochs} epochs = ${steps} steps, seeds ${seeds.join(', ')}; ${speech.source}`;
    rows.push(...rowsOf(preset, found, note, preset === best ? classical : undefined));
  }
  return rows;
}

/** A training step of each preset's own batch, against PyTorch. */
async function stepRows(threads: number, only: string | undefined, progress: Progress): Promise<BenchRow[]> {
  const search = findTorch();
  const rows: BenchRow[] = [];
  for (const preset of presets) {
    if (only !== undefined && preset !== only) continue;
    const resolved = resolveConfig({ preset });
    const { fragments, fragmentFrames, nFft } = resolved.features as FragmentsConfig;
    const { batchSize: batch, learningRate } = resolved.training;
    const { model: config } = resolved;
    const contest = {
      name: `${preset}, batch ${batch} x ${fragments}`,
      batch,
      target: 1.5,
      rounds: 5,
      stepsARound: 5,
      compile: () => compileConvVae(resolved, batch),
      scalars: stepScalars(resolved, learningRate),
      twins: {
        PyTorch: {
          ...{ net: 'asr-fragments', seed: 0, threads, batch, config },
          shape: [nFft / 2, fragmentFrames, fragments],
        },
      },
    };
    rows.push(...(await runContest(section, contest, search, progress)));
  }
  return rows;
}

function rowsOf(
  name: string,
  found: readonly Distances[],
  note: string,
  toBeat?: readonly Distances[],
): BenchRow[] {
  const kinds: [keyof Distances, string][] = [
    ['levelsDb', 'LSD of levels'],
    ['soundDb', 'LSD of sound'],
  ];
  return kinds.map(([key, what]): BenchRow => {
    const values = found.map((one) => one[key]);
    const target = toBeat && Math.min(...toBeat.map((one) => one[key]));
    return {
      section,
      what: `${name}: ${what}`,
      value: median(values),
      unit: 'dB',
      ...(values.length > 1 ? { spread: extremes(values) } : {}),
      ...(target === undefined ? {} : { target: `< ${target.toFixed(2)} dB`, ok: median(values) < target }),
      note,
    };
  });
}

/** Fitted to at most so many fragments. */
const mostFitted = 20_000;

function pcaSystem(train: readonly Recording[], pipeline: FragmentsConfig): System {
  const size = fragmentSize(pipeline);
  const all = train.map((recording) => fragmentsApart(recording.clip.features, recording));
  const count = all.reduce((sum, { length }) => sum + length / size, 0);
  const every = Math.max(1, Math.ceil(count / mostFitted));
  const rows: Float32Array[] = [];
  let at = 0;
  for (const fragments of all) {
    for (let start = 0; start < fragments.length; start += size) {
      if (at++ % every === 0) rows.push(fragments.subarray(start, start + size));
    }
  }
  const components = principalComponents(joined(rows), size, numbers);
  return (recording) => {
    const fragments = fragmentsApart(recording.clip.features, recording);
    const levels = fragmentsTogether(throughComponents(fragments, components), recording);
    return Promise.resolve(levels.map((level) => Math.min(1, Math.max(0, level))));
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
