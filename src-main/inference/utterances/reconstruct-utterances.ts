import path from 'node:path';
import type {
  ReconstructedClip,
  ReconstructOutput,
} from '../../../src-preload/contract/commands/reconstruct.ts';
import { asResynthError, ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { denormalise } from '../../dsp/minmax.ts';
import { attenuationDb, audioFileName } from '../audio-files.ts';
import { resultNames } from '../file-names.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { makeFolder, readMono, writeAudio, writeJson, writeNpy } from '../media.ts';
import type { InferenceRequests } from '../protocol.ts';
import type { ServiceContext } from '../service.ts';
import { paintPanels } from '../spectrogram-image.ts';
import { latentChoice } from '../chance.ts';
import {
  cutWords,
  heardAs,
  labelOf,
  modelError,
  soundOf,
  throughModel,
  type utterancesOf,
  writtenGain,
} from './through.ts';
import type { ReconstructionChoice } from './utterance-model.ts';

type Job = InferenceRequests['reconstructFiles']['params'];

/** `reconstructFiles` for a model of utterances: each whole, none cut to a clip. */
export async function reconstructUtterances(
  model: LoadedModel,
  utterances: NonNullable<ReturnType<typeof utterancesOf>>,
  job: Job,
  context: ServiceContext,
): Promise<ReconstructOutput> {
  await makeFolder(job.folder);
  const names = resultNames(job.files);
  const clips: ReconstructedClip[] = [];
  const failed: ReconstructOutput['failed'] = [];
  const stage = 'Reconstructing recordings';
  for (const [index, file] of job.files.entries()) {
    context.progress({ stage, done: index, total: job.files.length, unit: 'files' });
    if (context.signal.aborted) throw new ResynthError('internal/cancelled');
    try {
      const clip = await reconstructOne(
        utterances,
        { file, name: names[index] ?? file },
        job,
        context.signal,
      );
      for (const warning of clip.warnings) context.progress({ stage, warning: `${file}: ${warning}` });
      clips.push(clip);
    } catch (thrown) {
      const { code, message, remedy } = asResynthError(thrown);
      if (context.signal.aborted || code.startsWith('files/') || code === 'internal/unexpected') throw thrown;
      failed.push({ source: file, code, message, remedy });
      context.progress({ stage, warning: message });
    }
  }
  context.progress({ stage, done: job.files.length, total: job.files.length, unit: 'files' });
  const output: ReconstructOutput = {
    model: model.used,
    folder: job.folder,
    results: path.join(job.folder, 'results.json'),
    sampleRateHz: utterances.pipeline.sampleRateHz,
    bits: 32,
    codeRange: 'none: the code of every frame is as it is',
    clips,
    failed,
  };
  await writeJson(output.results, output);
  return output;
}

async function reconstructOne(
  { model, pipeline }: NonNullable<ReturnType<typeof utterancesOf>>,
  { file, name }: { file: string; name: string },
  { folder, inversion, latent, feedback, bits }: Job,
  signal: AbortSignal,
): Promise<ReconstructedClip> {
  const audio = readMono(file, Infinity);
  const recording = { name: file, samples: audio.samples, sampleRateHz: audio.sampleRateHz };
  const choice: ReconstructionChoice = {
    latent: latentChoice(latent, inversion.seed),
    ...(feedback ? { feedback } : {}),
  };
  const utterance = await throughModel(model, recording, pipeline, choice, signal);
  const { analysed, estimate, config, original, modelled } = utterance;
  const original32 = Float32Array.from(analysed.samples);
  const made = (power: typeof estimate) =>
    inversion.methods.map((method) => {
      const samples = soundOf(utterance, power, { ...inversion, method });
      return { method, samples, ...heardAs(utterance, samples) };
    });
  const [ceiling, reconstruction] = [made(analysed.power), made(estimate)];
  const gain = writtenGain(reconstruction.map(({ samples }) => samples));
  const write = (kind: 'ceiling' | 'reconstruction', all: typeof ceiling) =>
    all.map(({ method, samples, error }) => {
      const target = audioFileName(folder, name, kind, method);
      writeAudio(target, samples, config.sampleRateHz, gain);
      return { method, label: labelOf(method), file: target, error };
    });
  const originalFile = audioFileName(folder, name, 'original');
  writeAudio(originalFile, original32, config.sampleRateHz, gain);
  const heard = ceiling[0]?.shown ?? original;
  const spectrogram = path.join(folder, `${name}.spectrogram.png`);
  await paintPanels(spectrogram, config, [
    { title: 'Original', ...original },
    { title: 'Ceiling: no model', ...heard },
    { title: 'Reconstruction', ...modelled },
  ]);
  const levels = path.join(folder, `${name}.levels-db.npy`);
  const stacked = [original, heard, modelled].flatMap((one) => [...denormalise(one.features, one)]);
  await writeNpy(levels, Float32Array.from(stacked), [3, estimate.bins, estimate.frames]);
  const spokenSec = analysed.samples.length / config.sampleRateHz;
  const warnings = [...audio.warnings];
  const cut = cutWords(utterance, audio.samples.length / audio.sampleRateHz);
  if (cut !== null) warnings.push(cut);
  if (bits !== 32) warnings.push(`its code is not quantised: ${bits} bits a number have no meaning here`);
  return {
    source: file,
    name,
    sourceSampleRateHz: audio.sampleRateHz,
    sourceDurationSec: audio.wholeSec,
    spokenSec,
    paddedSec: spokenSec,
    minDb: original.minDb,
    maxDb: original.maxDb,
    klNats: utterance.klNats,
    error: modelError(utterance),
    codeWidths: [],
    attenuatedDb: attenuationDb(gain),
    original: originalFile,
    ceiling: write('ceiling', ceiling),
    reconstruction: write('reconstruction', reconstruction),
    spectrogram,
    levels,
    warnings,
  };
}
