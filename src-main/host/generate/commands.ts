import { stat } from 'node:fs/promises';
import path from 'node:path';
import type {
  Generated,
  GeneratedClip,
  GeneratedSet,
  generateClassMeans,
  generateComponents,
  generatedClip,
  generatedDelete,
  generatedExport,
  generatedList,
  generateContinue,
  generateFreeRunning,
  generateInterpolate,
  generatePrior,
  Recipe,
} from '../../../src-preload/contract/commands/generate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { generatedChanged } from '../../../src-preload/contract/events/latent.ts';
import { pictureScale } from '../../analyst/model-picture.ts';
import { clipSeconds, featureShape, withFrames } from '../../dsp/pipeline.ts';
import type { Ingredients } from '../../inference/latent/protocol.ts';
import { parseConfig, type ResolvedConfig } from '../../models/config.ts';
import { familyById } from '../../models/registry.ts';
import { identityOf } from '../latent/codes-of-run.ts';
import { scaleOf } from '../latent/clip.ts';
import { codedDataset, knownRecording } from '../latent/known-recordings.ts';
import { modelPicture, modelSound } from '../model-media.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import type { Run } from '../runs/runs.ts';
import type { HostContext, HostHandler } from '../services.ts';
import { classesFor } from './classes.ts';
import { givenRecording } from './given.ts';
import { copySet, listSets, readFeatures, readSet, removeSet, setFolder, setIdOf } from './sets.ts';

/** The `generate` and `generated` commands: clips that a model makes up, kept with their run. */

type Made = Recipe['made'];
type Gather = (run: Run, made: Made) => Promise<{ ingredients: Ingredients; notes: string[] }>;

export const handleGeneratePrior: HostHandler<typeof generatePrior> = async (
  { out, ...settings },
  context,
) => {
  const run = await context.services.trainers.resolve(settings.run);
  const made = withLength(settings, parseConfig(run.record.config));
  return carryOut({ kind: 'prior', settings: made }, out, context, async () => ({
    ingredients: { kind: 'prior' },
    notes: [],
  }));
};

export const handleGenerateClassMeans: HostHandler<typeof generateClassMeans> = (
  { out, ...settings },
  context,
) =>
  carryOut({ kind: 'class-means', settings }, out, context, async (run, made) => {
    if (made.kind !== 'class-means') throw new Error('another recipe');
    const { classes, notes } = await classesFor(made.settings, context);
    const from = await codedDataset(context.services, run);
    return { ingredients: { kind: 'class-means', classes, from }, notes };
  });

export const handleGenerateComponents: HostHandler<typeof generateComponents> = (
  { out, ...settings },
  context,
) =>
  carryOut({ kind: 'components', settings }, out, context, async () => ({
    ingredients: { kind: 'components' },
    notes: [],
  }));

export const handleGenerateInterpolate: HostHandler<typeof generateInterpolate> = (
  { out, ...settings },
  context,
) => {
  const { from, to } = settings;
  if (from === to) throw new ResynthError('latent/same-clip', { recording: from });
  return carryOut({ kind: 'interpolate', settings }, out, context, async (run) => {
    const { services } = context;
    const recordings: [Known, Known] = [
      await knownRecording(services, run, from),
      await knownRecording(services, run, to),
    ];
    return { ingredients: { kind: 'interpolate', recordings }, notes: [] };
  });
};

export const handleGenerateContinue: HostHandler<typeof generateContinue> = async (
  { out, ...settings },
  context,
) => {
  refuseTooMuch(settings.n, settings.seconds);
  const { wanted, given } = await withRecording(settings, context);
  return carryOut({ kind: 'continue', settings: wanted, given: given.facts }, out, context, given.gather);
};

export const handleGenerateFreeRunning: HostHandler<typeof generateFreeRunning> = async (
  { out, ...settings },
  context,
) => {
  const { wanted, given } = await withRecording(settings, context);
  return carryOut({ kind: 'free-running', settings: wanted, given: given.facts }, out, context, given.gather);
};

/** Settings that name their recording for good, and what of it the recipe keeps. */
async function withRecording<
  Settings extends { run: string; recording: string; dataset?: string | undefined },
>({ dataset: asked, ...settings }: Settings, { services }: HostContext) {
  const run = await services.trainers.resolve(settings.run);
  const { recording, dataset, name } = await givenRecording(services, run, { ...settings, dataset: asked });
  const { contentHash, startSec, endSec } = recording;
  const gather: Gather = async () => ({ ingredients: { kind: 'recording', recording }, notes: [] });
  return {
    wanted: { ...settings, recording: name, ...(dataset === null ? {} : { dataset }) },
    given: { facts: { dataset, contentHash, startSec, endSec }, gather },
  };
}

/** Minutes of sound that are made at a time: all of a set is held in memory. */
const mostMinutes = 30;

function refuseTooMuch(n: number, seconds: number): void {
  const minutes = (n * seconds) / 60;
  if (minutes <= mostMinutes) return;
  throw new ResynthError('latent/too-much-sound', {
    ...{ n, seconds, minutes: Math.round(minutes), most: mostMinutes },
  });
}

/** What a draw of a model of sequences is unless it is said, so that the recipe says all of it. */
function withLength(
  settings: Extract<Made, { kind: 'prior' }>['settings'],
  { family, features }: ResolvedConfig,
): Extract<Made, { kind: 'prior' }>['settings'] {
  if (!familyById(family).utterances) return settings;
  const { seconds = clipSeconds(features), frames = 'expected' } = settings;
  refuseTooMuch(settings.n, seconds);
  return { ...settings, seconds, frames };
}

type Known = Awaited<ReturnType<typeof knownRecording>>;

export const handleGeneratedList: HostHandler<typeof generatedList> = async (input, { services }) => {
  const run = await services.trainers.resolve(input.run);
  const { sets, damaged } = await listSets(run);
  return { run: run.record.id, sets, damaged, bytes: sets.reduce((sum, { bytes }) => sum + bytes, 0) };
};

export const handleGeneratedDelete: HostHandler<typeof generatedDelete> = async (input, { services }) => {
  const run = await services.trainers.resolve(input.run);
  const bytes = await removeSet(run, input.set);
  services.hub.publish(generatedChanged, { run: run.record.id });
  return { run: run.record.id, set: input.set, bytes };
};

export const handleGeneratedExport: HostHandler<typeof generatedExport> = async (input, { services }) => {
  const run = await services.trainers.resolve(input.run);
  const folder = path.resolve(input.out);
  return { folder, files: await copySet(await readSet(run, input.set), folder) };
};

export const handleGeneratedClip: HostHandler<typeof generatedClip> = async (input, { services }) => {
  const run = await services.trainers.resolve(input.run);
  const set = await readSet(run, input.set);
  const clip = set.clips[input.clip];
  if (!clip) {
    throw new ResynthError('latent/generated-clip-unknown', {
      ...{ run: run.record.name, set: input.set, clip: input.clip, count: set.clips.length },
    });
  }
  const pipeline = parseConfig(run.record.config).features;
  const config = withFrames(pipeline, clip.frames);
  const { samples: length } = featureShape(config);
  // Sequences that were made together are compared with one another, however loud those of the validation are.
  const scale = clip.frames === undefined ? scaleOf(run, config) : pictureScale(set.clips, config);
  const { levels } = await services.analysts.run({
    kind: 'invert',
    id: `generated ${clip.title}`,
    features: await readFeatures(run, set, input.clip, pipeline),
    minDb: clip.minDb,
    maxDb: clip.maxDb,
    config,
    scale,
    inversion: null,
  });
  const samples = input.sound ? await wavOf(services, set, clip, length) : null;
  return {
    run: run.record.id,
    set: set.id,
    clip: input.clip,
    sound: samples && modelSound({ samples, attenuatedDb: clip.attenuatedDb }, config),
    picture: modelPicture(levels, config, scale),
  };
};

/** The very samples of the WAV that is kept: what is heard is what was written. */
async function wavOf(
  { analysts }: HostContext['services'],
  set: GeneratedSet,
  clip: GeneratedClip,
  length: number,
): Promise<Float32Array> {
  const file = path.join(set.folder, clip.audio);
  const { size, mtimeMs } = await stat(file);
  const { samples } = await analysts.run({
    kind: 'sound',
    file: { id: clip.audio, path: file, bytes: size, modifiedMs: mtimeMs, contentHash: clip.sha256 },
    stretch: { from: 0, to: length },
  });
  return samples;
}

/** Makes the clips of a recipe, unless they are kept already. */
async function carryOut(
  wanted: Made,
  out: string | undefined,
  context: HostContext,
  gather: Gather,
): Promise<Generated> {
  const { services } = context;
  const run = await services.trainers.resolve(wanted.settings.run);
  let recipe = recipeOf(run, wanted);
  if (recipe && (await isKept(run, recipe))) return answer(run, recipe, out, true);
  // Loaded first: where a checkpoint is damaged it says so, and which one stands in for it.
  const model = referenceTo(run, wanted.settings.checkpoint);
  const used = await services.inference.request('load', { model }, optionsOf(context));
  recipe = recipeOf(run, { ...wanted, settings: { ...wanted.settings, checkpoint: used.step } } as Made);
  if (!recipe) throw new Error(`the checkpoint of step ${used.step} has no record`);
  if (await isKept(run, recipe)) return answer(run, recipe, out, true);
  const { ingredients, notes } = await gather(run, recipe.made);
  await services.inference.request(
    'generate',
    {
      model: { ...model, checkpoint: used.step },
      id: setIdOf(recipe),
      recipe,
      folder: setFolder(run, setIdOf(recipe)),
      ingredients,
      notes,
    },
    optionsOf(context),
  );
  services.hub.publish(generatedChanged, { run: run.record.id });
  return answer(run, recipe, out, false);
}

async function answer(run: Run, recipe: Recipe, out: string | undefined, known: boolean): Promise<Generated> {
  const set = await readSet(run, setIdOf(recipe));
  const folder = out === undefined ? null : path.resolve(out);
  if (folder !== null) await copySet(set, folder);
  return { set, known, copiedTo: folder };
}

async function isKept(run: Run, recipe: Recipe): Promise<boolean> {
  try {
    await readSet(run, setIdOf(recipe));
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ResynthError)) throw thrown;
    // What is damaged is made again in its place.
    if (thrown.code === 'latent/generated-damaged') await removeSet(run, setIdOf(recipe));
    return false;
  }
}

/** The recipe with run and checkpoint by id and step, so that it means the same later; null where there is no checkpoint. */
function recipeOf(run: Run, made: Made): Recipe | null {
  const identity = identityOf(run, made.settings.checkpoint);
  if (!identity) return null;
  const { id, name } = run.record.dataset;
  const settings = { ...made.settings, run: run.record.id, checkpoint: identity.step };
  return { schema: 1, identity, dataset: { id, name }, made: { ...made, settings } as Made };
}
