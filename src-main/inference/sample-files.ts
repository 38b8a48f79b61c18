import path from 'node:path';
import type { Recipe } from '../../src-preload/contract/commands/generate.ts';
import type { SampleOutput } from '../../src-preload/contract/commands/sample.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { denormalise } from '../dsp/minmax.ts';
import { featureShape, withFrames } from '../dsp/pipeline.ts';
import { inversionMethods } from '../dsp/representation.ts';
import { attenuationDb, audioFileName } from './audio-files.ts';
import type { MadeClip } from './latent/made-clip.ts';
import { makeClips } from './latent/make-clips.ts';
import type { LoadedModel } from './loaded-model.ts';
import { makeFolder, writeAudio, writeJson, writeNpy } from './media.ts';
import type { InferenceRequests } from './protocol.ts';
import type { ServiceContext } from './service.ts';
import { paintPanels, paintSheet } from './spectrogram-image.ts';

/**
 * Draws clips from the prior, as `generate prior` does, and writes WAV and spectrogram of each, one sheet of all, the levels,
 * and results.json last.
 *
 * @throws ResynthError inference/no-capability, inference/output-exists, latent/one-length; files/*; internal/cancelled.
 */
export async function sampleFiles(
  model: LoadedModel,
  job: InferenceRequests['sampleFiles']['params'],
  context: ServiceContext,
): Promise<SampleOutput> {
  const { folder, count, seconds, label: asked, inversion } = job;
  const { iterations, seed } = inversion;
  const [method] = inversion.methods;
  if (!method || method === 'original-phase') throw new Error('no way from spectrogram to audio was chosen');
  await makeFolder(folder);
  const stage = 'Drawing samples';
  context.progress({ stage, done: 0, total: count, unit: 'clips' });
  const { run, step: checkpoint } = model.used;
  const chosen = { ...(seconds !== undefined && { seconds }), ...(asked && { label: asked }) };
  const settings = { run, checkpoint, n: count, temperature: 1, ...chosen, method, iterations, seed };
  const made: Recipe['made'] = { kind: 'prior', settings };
  const { clips } = await makeClips(model, made, { kind: 'prior' }, context);
  const { label } = inversionMethods[method];
  const digits = Math.max(3, String(count).length);
  const drawn: MadeClip[] = [];
  const samples: SampleOutput['samples'] = [];
  for await (const clip of clips) {
    if (context.signal.aborted) throw new ResynthError('internal/cancelled');
    drawn.push({ ...clip, title: `Sample ${drawn.length + 1}` });
    const index = drawn.length;
    const name = `sample-${String(index).padStart(digits, '0')}`;
    const pipeline = withFrames(model.config.features, clip.frames);
    const audio = audioFileName(folder, name, method);
    writeAudio(audio, clip.sound, pipeline.sampleRateHz, clip.gain);
    const spectrogram = path.join(folder, `${name}.spectrogram.png`);
    await paintPanels(spectrogram, pipeline, drawn.slice(-1));
    samples.push({ index, audio, label, attenuatedDb: attenuationDb(clip.gain), spectrogram });
    context.progress({ stage, done: index, total: count, unit: 'clips' });
  }
  const pipeline = withFrames(model.config.features, drawn[0]?.frames);
  const contactSheet = path.join(folder, 'samples.png');
  await paintSheet(contactSheet, pipeline, drawn);
  const { bins, frames } = featureShape(pipeline);
  const levels = path.join(folder, 'samples.levels-db.npy');
  const levelsDb = new Float32Array(count * bins * frames);
  for (const [at, clip] of drawn.entries())
    levelsDb.set(denormalise(clip.features, clip), at * bins * frames);
  await writeNpy(levels, levelsDb, [count, bins, frames]);
  const output: SampleOutput = {
    model: model.used,
    folder,
    results: path.join(folder, 'results.json'),
    sampleRateHz: pipeline.sampleRateHz,
    minDb: Math.min(...drawn.map(({ minDb }) => minDb)),
    maxDb: Math.max(...drawn.map(({ maxDb }) => maxDb)),
    contactSheet,
    levels,
    samples,
  };
  await writeJson(output.results, output);
  return output;
}
