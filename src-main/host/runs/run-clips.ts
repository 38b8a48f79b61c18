import { setImmediate } from 'node:timers/promises';
import type {
  OtherSystemKind,
  runsClip,
  runsClips,
  runsDifference,
} from '../../../src-preload/contract/commands/runs-live.ts';
import { messageOf, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { recordingPath } from '../../corpora/recording.ts';
import { differenceScale } from '../../analyst/level-difference.ts';
import { pictureScale } from '../../analyst/model-picture.ts';
import type { ModelView, ModelViewTask } from '../../analyst/tasks.ts';
import { clipSeconds, featureShape } from '../../dsp/pipeline.ts';
import { representationOf } from '../../dsp/representation.ts';
import {
  type ClipIndex,
  clipSteps,
  type ClipStep,
  readClipIndex,
  readClipLevels,
  readClipStep,
  type RunClip,
} from '../../trainer/clips/files.ts';
import { isOtherSystem, otherSystemSound } from '../evaluation/other-system.ts';
import {
  attenuationWords,
  listeningInversion,
  listeningMethod,
  modelPicture,
  modelSound,
} from '../model-media.ts';
import type { Run } from './runs.ts';
import type { HostContext, HostHandler } from '../services.ts';

/** Heads of files that are read in one go; other work comes in between. */
const headsAtOnce = 32;

/** What a run's model made of its fixed clips, by step. Steps whose file is damaged (a power cut) are left out. */
export const handleRunsClips: HostHandler<typeof runsClips> = async ({ run: which }, { services }) => {
  const { record, folder } = await services.trainers.resolve(which);
  const index = readClipIndex(folder);
  const steps: ClipStep[] = [];
  for (const [number, step] of clipSteps(folder).entries()) {
    if (number % headsAtOnce === headsAtOnce - 1) await setImmediate();
    const found = wholeStep(folder, step);
    if (found) steps.push(found);
  }
  return {
    run: record.id,
    clips: (index?.clips ?? []).map(({ recording, contentHash, speaker, label, durationSec }, at) => {
      return { index: at, recording, contentHash, speaker, label, durationSec };
    }),
    steps,
  };
};

/**
 * One clip of a run: the original and the ceiling from the recording itself, the reconstruction from what the trainer kept,
 * which needs no recording. All pictures of a run are on one scale of dBFS.
 */
export const handleRunsClip: HostHandler<typeof runsClip> = async (input, context) => {
  const run = await context.services.trainers.resolve(input.run);
  const { index, clip } = openClip(run, input.clip);
  const { kind } = input;
  const { step, label, sound, levels, mse } =
    kind === 'reconstruction'
      ? await reconstructionOf(run, index, clip, input, context)
      : isOtherSystem(kind)
        ? await otherSystemOf(run, index, clip, { kind, system: input.system, sound: input.sound }, context)
        : await recordingOf(run, index, clip, { kind, sound: input.sound }, context);
  return {
    run: run.record.id,
    clip: input.clip,
    kind,
    step,
    label,
    sound: sound && modelSound(sound, index.features),
    picture: modelPicture(levels, index.features, scaleOf(index)),
    mse,
  };
};

/** How a reconstruction differs from its recording, in signed dB on the STFT that the model works on. */
export const handleRunsDifference: HostHandler<typeof runsDifference> = async (input, context) => {
  const run = await context.services.trainers.resolve(input.run);
  const { index, clip } = openClip(run, input.clip);
  const step = stepOf(run, input.step);
  const { bins, frames } = featureShape(index.features);
  const { features } = readReconstruction(run, step, input.clip, bins * frames);
  const { minDb, maxDb } = clip;
  const { difference } = await viewRecording(
    run,
    index,
    clip,
    { estimate: { features, minDb, maxDb } },
    context.services,
  );
  if (!difference) throw new Error('The analyst was asked for a difference and gave none.');
  const { levels, rmsDb, meanDb } = difference;
  const { reference: _reference, ...picture } = modelPicture(levels, index.features, differenceScale);
  return {
    run: run.record.id,
    clip: input.clip,
    step,
    picture: { ...picture, reference: 'original' },
    rmsDb,
    meanDb,
  };
};

function openClip(run: Run, clip: number): { index: ClipIndex; clip: RunClip } {
  const index = readClipIndex(run.folder);
  if (!index) throw new ResynthError('runs/clips-none', { run: run.record.name });
  const found = index.clips[clip];
  if (found) return { index, clip: found };
  throw new ResynthError('runs/clip-unknown', { run: run.record.name, clip, count: index.clips.length });
}

/** The step that is meant: the last one where none is named. */
function stepOf(run: Run, wanted: number | undefined): number {
  const steps = clipSteps(run.folder);
  const step = wanted ?? steps.at(-1);
  if (step !== undefined && steps.includes(step)) return step;
  const available =
    steps.length > 20 ? `${steps.slice(0, 10).join(', ')} to ${steps.at(-1)}` : steps.join(', ');
  throw new ResynthError('runs/clip-step-missing', {
    run: run.record.name,
    step: step ?? 0,
    available: available || 'none yet',
  });
}

async function reconstructionOf(
  run: Run,
  index: ClipIndex,
  clip: RunClip,
  input: { clip: number; step?: number | undefined; sound: boolean },
  { services }: HostContext,
) {
  const step = stepOf(run, input.step);
  const { bins, frames } = featureShape(index.features);
  const { features, epoch, mse } = readReconstruction(run, step, input.clip, bins * frames);
  const { minDb, maxDb } = clip;
  const { levels, sound } = await services.analysts.run({
    kind: 'invert',
    id: clip.recording,
    features,
    minDb,
    maxDb,
    config: index.features,
    scale: scaleOf(index),
    inversion: input.sound ? listeningInversion(index.features, services.home) : null,
  });
  const method = sound ? `, ${listeningMethod}${attenuationWords(sound)}` : '';
  return { step, label: `Step ${step}, epoch ${epoch}${method}`, sound, levels, mse };
}

function readReconstruction(
  run: Run,
  step: number,
  clip: number,
  size: number,
): { features: Float32Array; epoch: number; mse: number | null } {
  try {
    const { reconstruction, epoch, mse } = readClipLevels(run.folder, step);
    const features = reconstruction.slice(clip * size, (clip + 1) * size);
    if (features.length !== size) throw new Error(`it holds ${reconstruction.length} numbers`);
    return { features, epoch, mse: mse[clip] ?? null };
  } catch (thrown) {
    const detail = messageOf(thrown);
    throw new ResynthError('runs/clips-damaged', { run: run.record.name, step, detail }, { cause: thrown });
  }
}

async function recordingOf(
  run: Run,
  index: ClipIndex,
  clip: RunClip,
  { kind, sound: wanted }: { kind: 'original' | 'ceiling'; sound: boolean },
  { services }: HostContext,
) {
  // The ceiling's picture is that of its sound.
  const inversion = kind === 'ceiling' ? listeningInversion(index.features, services.home) : null;
  const view = await viewRecording(run, index, clip, { inversion }, services);
  const { sound, levels } = (kind === 'ceiling' ? view.ceiling : null) ?? view.original;
  const what =
    kind === 'ceiling' ? `Ceiling: no model, ${listeningMethod}` : 'Original, as the model is given it';
  const label = `${what}${attenuationWords(sound)}`;
  return { step: null, label, sound: wanted ? sound : null, levels, mse: null };
}

/**
 * What another system made of a clip's recording: at the run's rate, as long as what the run is given and on its scale, so
 * that nothing but what the systems did differs.
 */
async function otherSystemOf(
  run: Run,
  index: ClipIndex,
  clip: RunClip,
  { sound: wanted, ...which }: { kind: OtherSystemKind; system: string | undefined; sound: boolean },
  { services, signal }: HostContext,
) {
  const { recording: id, contentHash, label, speaker } = clip;
  const { path, startSec, endSec } = await whereIs(run, clip, services);
  const item = { recording: id, path, contentHash, label, speaker, startSec, endSec };
  const { features } = index;
  const { untrimmed } = representationOf(features);
  // Where silence is cut, it is that of the recording: what a system made of it need not be cut at the same sample.
  const fromSec = untrimmed ? (await viewRecording(run, index, clip, {}, services)).fromSec : 0;
  const made = await otherSystemSound(which, item, fromSec + clipSeconds(features), services, signal);
  const { original } = await services.analysts.run({
    kind: 'modelView',
    id: made.file,
    path: made.file,
    contentHash: null,
    startSec: fromSec,
    config: untrimmed?.(features) ?? features,
    scale: scaleOf(index),
    inversion: null,
  });
  const { sound, levels } = original;
  const words = `${made.name}, at the rate and length of ${run.record.name}${attenuationWords(sound)}`;
  return { step: null, label: words, sound: wanted ? sound : null, levels, mse: null };
}

/** A clip's recording as the model was given it. */
async function viewRecording(
  run: Run,
  index: ClipIndex,
  clip: RunClip,
  wish: Partial<Pick<ModelViewTask, 'inversion' | 'estimate'>>,
  services: HostContext['services'],
): Promise<ModelView> {
  return services.analysts.run({
    kind: 'modelView',
    id: clip.recording,
    ...(await whereIs(run, clip, services)),
    contentHash: clip.contentHash,
    config: index.features,
    scale: scaleOf(index),
    inversion: null,
    ...wish,
  });
}

/** Where a clip's recording lies. */
async function whereIs(
  run: Run,
  clip: RunClip,
  { database }: Pick<HostContext['services'], 'database'>,
): Promise<{ path: string; startSec: number | null; endSec: number | null }> {
  // Where its dataset is now; as it was where the dataset was removed meanwhile.
  const dataset = await database.findDataset(run.record.dataset.id);
  // Where in its file a recording is that is only a stretch of it: as the dataset says, or as it was named at the time.
  const known = dataset ? await database.readRecording(dataset.id, clip.recording) : null;
  const { source = null, startSec = null, endSec = null } = known ?? {};
  const path = recordingPath(dataset?.folder ?? run.record.dataset.folder, { id: clip.recording, source });
  return { path, startSec, endSec };
}

/** One scale for everything that belongs to a run: it shows its quietest and its loudest clip whole. */
function scaleOf(index: ClipIndex): { minDb: number; maxDb: number } {
  return pictureScale(index.clips, index.features);
}

function wholeStep(folder: string, step: number): ClipStep | null {
  try {
    return readClipStep(folder, step);
  } catch {
    // Damaged, or deleted this moment by a resume.
    return null;
  }
}
