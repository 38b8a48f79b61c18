import path from 'node:path';
import type { SampleOutput } from '../../src-preload/contract/commands/sample.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { inversionMethods, synthesise } from '../dsp/representation.ts';
import { denormalise, generatedExtremes } from '../dsp/minmax.ts';
import { featureShape } from '../dsp/pipeline.ts';
import { attenuationDb, audioFileName, commonGain } from './audio-files.ts';
import type { LoadedModel } from './loaded-model.ts';
import { makeFolder, writeAudio, writeJson, writeNpy } from './media.ts';
import type { InferenceRequests } from './protocol.ts';
import type { ServiceContext } from './service.ts';
import { paintPanels, paintSheet } from './spectrogram-image.ts';

/**
 * Draws clips from the prior and writes WAV and spectrogram of each, one sheet of all, the levels, and results.json last.
 * Nothing was stored of their levels: 0..1 stands for -80..0 dB (papers/002, section 4.1).
 */
export async function sampleFiles(
  model: LoadedModel,
  job: InferenceRequests['sampleFiles']['params'],
  context: ServiceContext,
): Promise<SampleOutput> {
  const pipeline = model.config.features;
  const { bins, frames } = featureShape(pipeline);
  const { folder, count, inversion } = job;
  const [method] = inversion.methods;
  if (!method) throw new Error('no way from spectrogram to audio was chosen');
  await makeFolder(folder);
  const stage = 'Drawing samples';
  context.progress({ stage, done: 0, total: count, unit: 'clips' });
  const drawn = await model.samplePrior(count, inversion.seed);
  const digits = Math.max(3, String(count).length);
  const panels = Array.from({ length: count }, (_, index) => ({
    title: `Sample ${index + 1}`,
    features: model.levels(
      drawn.features.subarray(index * model.clipSize, (index + 1) * model.clipSize),
      generatedExtremes,
    ),
    ...generatedExtremes,
  }));
  const samples: SampleOutput['samples'] = [];
  for (const [index, panel] of panels.entries()) {
    if (context.signal.aborted) throw new ResynthError('internal/cancelled');
    const name = `sample-${String(index + 1).padStart(digits, '0')}`;
    const { iterations, seed } = inversion;
    const signal = synthesise(panel.features, null, pipeline, { method, iterations, seed });
    const gain = commonGain([signal]);
    const audio = audioFileName(folder, name, method);
    writeAudio(audio, signal, pipeline.sampleRateHz, gain);
    const spectrogram = path.join(folder, `${name}.spectrogram.png`);
    await paintPanels(spectrogram, pipeline, [panel]);
    const { label } = inversionMethods[method];
    samples.push({ index: index + 1, audio, label, attenuatedDb: attenuationDb(gain), spectrogram });
    context.progress({ stage, done: index + 1, total: count, unit: 'clips' });
  }
  const contactSheet = path.join(folder, 'samples.png');
  await paintSheet(contactSheet, pipeline, panels);
  const levels = path.join(folder, 'samples.levels-db.npy');
  const levelsDb = Float32Array.from(
    panels.flatMap(({ features }) => [...denormalise(features, generatedExtremes)]),
  );
  await writeNpy(levels, levelsDb, [count, bins, frames]);
  const output: SampleOutput = {
    model: model.used,
    folder,
    results: path.join(folder, 'results.json'),
    sampleRateHz: pipeline.sampleRateHz,
    ...generatedExtremes,
    contactSheet,
    levels,
    samples,
  };
  await writeJson(output.results, output);
  return output;
}
