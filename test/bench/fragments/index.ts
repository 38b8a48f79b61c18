import path from 'node:path';
import { cacheFolder } from '../../../src-main/engine/setup/folders.ts';
import type { ResolvedConfig } from '../../../src-main/models/config.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import type { FragmentsConfig } from '../../../src-main/dsp/pipelines/fragments.ts';
import { bootstrapMean, meanOf } from '../../../src-main/metrics/statistics/bootstrap.ts';
import { markdownTable } from '../fsdd/table.ts';
import { extremes, median } from '../report.ts';
import type { BenchRow } from '../report.ts';
import { writeReadme } from '../readme.ts';
import type { SectionOptions } from '../sections.ts';
import { type KeptResult, keptResult, readKept } from './kept.ts';
import { trainOn } from './trained.ts';
import { principalComponents, throughComponents } from './pca.ts';
import { loadSpeech, mostSec, type Speech } from './speech.ts';
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
const counts = { train: 180, heldOut: 40 };
/** A quarter of an hour for each on two cores that others use too; `--epochs` and `--seeds` give others. */
const standard = { epochs: 4, seeds: 2 };
/** The paper's net, and ours that keeps the place of things. */
const presets = ['asr-fragments', 'asr-fragments-placed'];
/** That has to be better than both classical codes. */
const best = 'asr-fragments-placed';

const section = 'asr-fragments';
const levels = 'the levels themselves';
const principal = `PCA-${numbers}`;

/**
 * What 13 numbers a fragment of 25 ms keep of speech by speakers that nothing was fitted to: the VAEs of papers/000 at the mean of their
 * posterior, 13 MFCCs inverted, and 13 principal components of the training speakers' fragments. What a training came to is kept in
 * `--home` and not made again; `--only` names the preset to train, others are shown as far as they are kept; `--readme` writes the
 * table into README.md.
 */
export async function benchFragments(options: SectionOptions): Promise<BenchRow[]> {
  const { dataFolder, only } = options;
  const progress = (text: string): void => options.progress(`${section}: ${text}`);
  const { epochs = standard.epochs, home = path.join(cacheFolder(), 'bench', section) } = options;
  const seeds = Array.from({ length: options.seeds ?? standard.seeds }, (_, seed) => seed);
  progress(`reading speech; results are kept in ${home}`);
  const speech = loadSpeech(dataFolder, counts);
  if (!speech) {
    const note = 'no speech at hand: name a folder of FSDD by --data';
    return [{ section, what: 'LSD', value: null, unit: 'dB', note }];
  }
  const pipeline = resolveConfig({ preset: best }).features as FragmentsConfig;
  const heldOut = recordingsOf(speech.heldOut, speech, pipeline);
  const train = recordingsOf(speech.train, speech, pipeline);
  const systems: [string, () => System][] = [
    [
      levels,
      () =>
        ({ clip }) =>
          Promise.resolve(clip.features),
    ],
    [`${numbers} MFCCs inverted`, () => mfccSystem(numbers)],
    [principal, () => pcaSystem(train, pipeline)],
  ];
  const data = { counts, mostSec, source: speech.source };
  const classical = new Map<string, Distances>();
  for (const [name, make] of systems) {
    const kept = { home, name: name.replaceAll(' ', '-'), facts: { numbers, pipeline, data }, say: progress };
    const { distances } = await keptResult(kept, async () => {
      progress(name);
      return { steps: 0, distances: await distancesOf(heldOut, make()) };
    });
    classical.set(name, distances);
  }
  const rows = [...classical].flatMap(([name, found]) => rowsOf(name, [found]));
  classical.delete(levels);
  let steps = 0;
  for (const preset of presets) {
    const found: Distances[] = [];
    const trained: number[] = [];
    for (const seed of seeds) {
      const config = resolveConfig({ preset, overrides: { seed: String(seed), epochs: String(epochs) } });
      const say = (text: string): void => progress(`${preset}, seed ${seed}: ${text}`);
      const keeping = { home, name: `${preset}-s${seed}`, facts: { config, data }, say };
      const result =
        only === undefined || preset === only
          ? await keptResult(keeping, () => trainedResult(config, speech, heldOut, say))
          : await readKept(keeping);
      if (!result) continue;
      steps = result.steps;
      found.push(result.distances);
      trained.push(seed);
    }
    const name = trained.length < seeds.length ? `${preset} (seed ${trained.join(', ')} alone)` : preset;
    if (found.length > 0) rows.push(...rowsOf(name, found, classical, preset === best));
  }
  const budget =
    `${speech.source}, ${mostSec} s of each at most; ${epochs} epochs (${steps} steps), ` +
    `seeds ${seeds.join(', ')}; judged by ${heldOut.length} recordings of speakers that nothing was fitted to.`;
  const table = `${budget}\n\n${markdownTable(rows)}`;
  options.progress(`\n${table}\n`);
  if (options.readme) await writeReadme(section, table);
  return rows.map((row) => ({ ...row, note: [row.note, budget].filter(Boolean).join('; ') }));
}

async function trainedResult(
  config: ResolvedConfig,
  speech: Speech,
  heldOut: readonly Recording[],
  say: (text: string) => void,
): Promise<KeptResult> {
  const trained = await trainOn(config, speech, say);
  try {
    return { steps: trained.steps, distances: await distancesOf(heldOut, trained.system) };
  } finally {
    trained.dispose();
  }
}

/**
 * Means over recordings, the median of the seeds with their extremes; where there is something to compare with, how much lower each
 * recording's distance is than the better of those, a mean with its 95 % interval.
 */
function rowsOf(
  name: string,
  found: readonly Distances[],
  others: ReadonlyMap<string, Distances> = new Map(),
  hasToWin = false,
): BenchRow[] {
  const kinds: [keyof Distances, string][] = [
    ['levelsDb', 'levels'],
    ['soundDb', 'sound'],
  ];
  return kinds.flatMap(([key, what]): BenchRow[] => {
    const means = found.map((one) => meanOf(one[key]) ?? NaN);
    const row: BenchRow = {
      ...{ section, what: `${name}: LSD of ${what}`, value: median(means), unit: 'dB' },
      ...(means.length > 1 ? { spread: extremes(means) } : {}),
    };
    const [against] = [...others].sort(([, a], [, b]) => (meanOf(a[key]) ?? 0) - (meanOf(b[key]) ?? 0));
    if (!against) return [row];
    const [rival, { [key]: theirs }] = against;
    // Of each recording the mean of the seeds: recordings are what the interval is over.
    const lower = theirs.map((value, at) => value - (meanOf(found.map((one) => one[key][at] ?? NaN)) ?? NaN));
    const interval = bootstrapMean(lower);
    const wins = lower.filter((value) => value > 0).length;
    return [
      row,
      {
        ...{ section, what: `${name}: ${what}, below the better of PCA and MFCC`, unit: 'dB' },
        value: meanOf(lower),
        ...(interval ? { spread: [interval.low, interval.high] as const } : {}),
        ...(hasToWin ? { target: '> 0 dB', ok: (interval?.low ?? 0) > 0 } : {}),
        note: `than ${rival} on ${wins} of ${lower.length} recordings, 95 % interval`,
      },
    ];
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
