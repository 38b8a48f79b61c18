import path from 'node:path';
import type {
  CodeBitsChoice,
  ReconstructedClip,
  ReconstructOutput,
} from '../../src-preload/contract/commands/reconstruct.ts';
import { asResynthError, ResynthError } from '../../src-preload/contract/errors/error.ts';
import { clipSeconds } from '../dsp/pipeline.ts';
import { heardAgain, type ModelClip, representationOf } from '../dsp/representation.ts';
import { denormalise } from '../dsp/minmax.ts';
import { accountBitrate, formatBitrate, type SecondsMeaning } from '../models/bitrate.ts';
import { codeBits, fixedRange, quantiseCodes, type CodeRange } from '../models/parts/code-quantiser.ts';
import { attenuationDb, audioFileName, commonGain, invertClip, type ClipAudio } from './audio-files.ts';
import { latentChoice, type LatentChoice } from './chance.ts';
import { resultNames } from './file-names.ts';
import type { LoadedModel } from './loaded-model.ts';
import { makeFolder, readMono, writeAudio, writeJson, writeNpy } from './media.ts';
import type { InferenceRequests } from './protocol.ts';
import type { ServiceContext } from './service.ts';
import {
  codeNumbersIn,
  codesByStages,
  decodeTaken,
  codesOf,
  encodeTaken,
  takeRecording,
  type TakenRecording,
} from './taken-recording.ts';
import { paintPanels } from './spectrogram-image.ts';
import { spectrogramError, spokenFrameCount } from './spectrogram-error.ts';
import { reconstructUtterances } from './utterances/reconstruct-utterances.ts';
import { utterancesOf } from './utterances/through.ts';

type Job = InferenceRequests['reconstructFiles']['params'];

/** Standard deviations of the prior that the quantiser covers on either side of 0, where the checkpoint names no range. */
const RANGE_SIGMAS = 4;

/** Files in memory at a time. */
const GROUP = 8;

/** One recording as it was read and analysed. */
interface Source extends TakenRecording {
  file: string;
  name: string;
  sampleRateHz: number;
  durationSec: number;
  warnings: string[];
}

/** What the model makes of a clip at one code width. */
interface Decoded {
  bits: CodeBitsChoice;
  features: Float32Array;
  clipped: number;
}

/**
 * Puts each file through the model and writes its audio, picture and figures into `job.folder`, and
 * results.json last. A file that cannot be read is reported and the rest done. Throws what concerns all files alike: a
 * folder that cannot be written to, a full disk, a cancellation.
 */
export async function reconstructFiles(
  model: LoadedModel,
  job: Job,
  context: ServiceContext,
): Promise<ReconstructOutput> {
  if (job.stages !== undefined) model.checkStages(job.stages);
  const utterances = utterancesOf(model);
  if (utterances) return reconstructUtterances(model, utterances, job, context);
  await makeFolder(job.folder);
  const names = resultNames(job.files);
  const latent = latentChoice(job.latent, job.inversion.seed);
  const range = model.codeRange ?? fixedRange(model.latentDim, RANGE_SIGMAS);
  const clips: ReconstructedClip[] = [];
  const failed: ReconstructOutput['failed'] = [];
  const stage = 'Reconstructing recordings';
  context.progress({ stage, done: 0, total: job.files.length, unit: 'files' });
  for (let first = 0; first < job.files.length; first += GROUP) {
    const sources: Source[] = [];
    for (const [offset, file] of job.files.slice(first, first + GROUP).entries()) {
      stopIfCancelled(context.signal);
      try {
        const source = readSource(file, names[first + offset] ?? file, model);
        for (const warning of source.warnings) context.progress({ stage, warning: `${file}: ${warning}` });
        sources.push(source);
      } catch (thrown) {
        const { code, message, remedy } = asResynthError(thrown);
        failed.push({ source: file, code, message, remedy });
        context.progress({ stage, warning: message });
      }
    }
    const through = sources.length === 0 ? [] : await modelClips(model, sources, range, latent, job.stages);
    for (const [index, source] of sources.entries()) {
      stopIfCancelled(context.signal);
      const one = through[index];
      if (!one) throw new Error(`no result for ${source.file}`);
      clips.push(await writeClip(model, source, one, job));
      context.progress({ stage, done: clips.length + failed.length, total: job.files.length, unit: 'files' });
    }
  }
  const output: ReconstructOutput = {
    model: model.used,
    folder: job.folder,
    results: path.join(job.folder, 'results.json'),
    sampleRateHz: model.config.features.sampleRateHz,
    bits: job.bits,
    codeRange: rangeWords(range),
    clips,
    failed,
  };
  await writeJson(output.results, output);
  return output;
}

function rangeWords({ source }: CodeRange): string {
  const span =
    source === 'measured'
      ? 'each number over what its dimension spanned in the validation of the checkpoint'
      : `each number from -${RANGE_SIGMAS} to ${RANGE_SIGMAS}`;
  return `${span}, in 2^bits equal cells; outside moved to the end`;
}

function readSource(file: string, name: string, model: LoadedModel): Source {
  const pipeline = model.config.features;
  const audio = readMono(file, representationOf(pipeline).readSec(pipeline));
  const taken = takeRecording(audio.samples, audio.sampleRateHz, pipeline, { withPhase: true });
  const { clip } = taken;
  const durationSec = audio.wholeSec;
  const warnings = [...audio.warnings];
  // A sample of slack: 0.74 s at 8 kHz is 5,920 samples whichever way it was cut.
  if (durationSec > clipSeconds(taken.config) + 1 / audio.sampleRateHz) {
    const left = (durationSec - clipSeconds(pipeline)).toFixed(2);
    warnings.push(
      `only the first ${clipSeconds(pipeline)} s of ${durationSec.toFixed(2)} s are modelled; the other ${left} s are left out`,
    );
  }
  if (isSilentClip(clip)) {
    warnings.push('the recording is silent: there is nothing to reconstruct, and no bitrate of its speech');
  } else if (clip.spokenSec < frameSec(pipeline)) {
    warnings.push(
      `it is shorter than one frame: its spoken bitrate counts ${(1000 * frameSec(pipeline)).toFixed(1)} ms`,
    );
  }
  return { file, name, sampleRateHz: audio.sampleRateHz, durationSec, ...taken, warnings };
}

/** No sound at all: its levels are all one. */
function isSilentClip({ minDb, maxDb }: ModelClip): boolean {
  return minDb === maxDb;
}

/** The shortest stretch that the pipeline tells apart: dividing a clip's bits by less says nothing of speech. */
function frameSec({ nFft, sampleRateHz }: LoadedModel['config']['features']): number {
  return nFft / sampleRateHz;
}

interface ThroughModel {
  klNats: number;
  widths: Decoded[];
}

/** Encodes all clips at once and decodes their codes at every width. */
async function modelClips(
  model: LoadedModel,
  sources: readonly Source[],
  range: CodeRange,
  latent: LatentChoice,
  stages: number | undefined,
): Promise<ThroughModel[]> {
  const posteriors = await encodeTaken(model, sources);
  const whole = codesOf(model, posteriors, latent);
  const codes = stages === undefined ? whole : await codesByStages(model, sources, stages);
  // A discrete code tells as much in each of its stages.
  const share = stages === undefined || !model.grid ? 1 : stages / model.grid.stages;
  const results: ThroughModel[] = posteriors.map(({ klNats }, index) => {
    const { clips } = sources[index] as Source;
    return { klNats: (share * klNats.reduce((sum, nats) => sum + nats, 0)) / clips, widths: [] };
  });
  // Discrete codes are quantised as they are.
  for (const bits of model.indexBits === null ? codeBits : codeBits.slice(0, 1)) {
    const quantised = codes.map((code) => quantiseCodes(code, range, bits));
    const decoded = await decodeTaken(
      model,
      sources,
      quantised.map(({ values }) => values),
    );
    for (const [index, { widths }] of results.entries()) {
      const features = decoded[index];
      if (features) widths.push({ bits, features, clipped: quantised[index]?.clipped ?? 0 });
    }
  }
  return results;
}

async function writeClip(
  model: LoadedModel,
  source: Source,
  through: ThroughModel,
  job: Job,
): Promise<ReconstructedClip> {
  const { clip, name, config: pipeline } = source;
  const spokenFrames = spokenFrameCount(clip.spokenSec, pipeline, clip.frames);
  const shape = { bins: clip.bins, frames: clip.frames, spokenFrames };
  const asked = model.indexBits === null ? job.bits : codeBits[0];
  const chosen = through.widths.find((width) => width.bits === asked);
  if (!chosen) throw new Error(`no code width of ${job.bits} bits`);
  const estimate = { features: chosen.features, minDb: clip.minDb, maxDb: clip.maxDb };
  const ceiling = invertClip(clip, clip, pipeline, job.inversion, spokenFrames);
  const reconstruction = invertClip(estimate, clip, pipeline, job.inversion, spokenFrames);

  const gain = commonGain([clip.padded, ...[...ceiling, ...reconstruction].map((audio) => audio.samples)]);
  const write = (
    kind: 'ceiling' | 'reconstruction',
    audio: ClipAudio,
  ): ReconstructedClip['ceiling'][number] => {
    const part = job.stages === undefined ? undefined : `first-${job.stages}-stages`;
    const width = kind === 'reconstruction' ? (asked === 32 ? part : `${asked}-bit`) : undefined;
    const file = audioFileName(job.folder, name, kind, width, audio.method);
    writeAudio(file, audio.samples, pipeline.sampleRateHz, gain);
    return { method: audio.method, label: audio.label, file, error: audio.error };
  };
  const original = audioFileName(job.folder, name, 'original');
  writeAudio(original, clip.padded, pipeline.sampleRateHz, gain);
  const heard = heardSpectrogram(ceiling, clip, pipeline);
  const spectrogram = path.join(job.folder, `${name}.spectrogram.png`);
  await paintPanels(spectrogram, pipeline, [
    { title: 'Original', ...clip },
    { title: 'Ceiling: no model', ...heard },
    { title: 'Reconstruction', ...estimate },
  ]);
  const levels = path.join(job.folder, `${name}.levels-db.npy`);
  const stacked = [clip, heard, estimate].flatMap((one) => [...denormalise(one.features, one)]);
  await writeNpy(levels, Float32Array.from(stacked), [3, clip.bins, clip.frames]);
  const spokenSec = isSilentClip(clip) ? null : Math.max(clip.spokenSec, frameSec(pipeline));
  const account = (bits: number, seconds: number, secondsMeaning: SecondsMeaning) => {
    const rate = accountBitrate({
      codeNumbers: codeNumbersIn(source, model, job.stages),
      bitsPerCodeNumber: model.indexBits ?? bits,
      seconds,
      secondsMeaning,
    });
    return { ...rate, text: formatBitrate(rate) };
  };
  return {
    source: source.file,
    name,
    sourceSampleRateHz: source.sampleRateHz,
    sourceDurationSec: source.durationSec,
    spokenSec: clip.spokenSec,
    paddedSec: clipSeconds(pipeline),
    minDb: clip.minDb,
    maxDb: clip.maxDb,
    klNats: through.klNats,
    error: spectrogramError(clip, estimate, shape),
    codeWidths: through.widths.map(({ bits, features, clipped }) => ({
      bitsPerCodeNumber: bits,
      error: spectrogramError(clip, { ...estimate, features }, shape),
      clippedNumbers: clipped,
      padded: account(bits, clipSeconds(pipeline), 'padded'),
      spoken: spokenSec === null ? null : account(bits, spokenSec, 'spoken'),
    })),
    attenuatedDb: attenuationDb(gain),
    original,
    ceiling: ceiling.map((audio) => write('ceiling', audio)),
    reconstruction: reconstruction.map((audio) => write('reconstruction', audio)),
    spectrogram,
    levels,
    warnings: source.warnings,
  };
}

/** The first ceiling as it sounds: its audio analysed again, on the original's levels. */
function heardSpectrogram(
  ceiling: readonly ClipAudio[],
  clip: ModelClip,
  pipeline: LoadedModel['config']['features'],
): { features: Float32Array; minDb: number; maxDb: number } {
  const first = ceiling[0];
  return first ? heardAgain(first.samples, pipeline) : clip;
}

function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new ResynthError('internal/cancelled');
}
