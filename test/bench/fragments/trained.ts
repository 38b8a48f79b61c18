import { asWindows, fromWindows } from '../../../src-main/dsp/windows-of-frames.ts';
import { epochOrder } from '../../../src-main/trainer/shuffle.ts';
import { learningRateAt } from '../../../src-main/trainer/schedule.ts';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import { buildModelProgram } from '../../../src-main/trainer/model-program.ts';
import { fragmentWindows } from '../../../src-main/dsp/fragment-windows.ts';
import { featureShape } from '../../../src-main/dsp/pipeline.ts';
import type { ResolvedConfig } from '../../../src-main/models/config.ts';
import type { FragmentsConfig } from '../../../src-main/dsp/pipelines/fragments.ts';
import { stepScalars } from '../nets.ts';
import type { Progress } from '../sections.ts';
import type { Speech } from './speech.ts';
import type { System } from './systems.ts';

/** Trains as the trainer does, on windows of the training recordings. */
export async function trainOn(
  config: ResolvedConfig,
  speech: Speech,
  progress: Progress,
): Promise<{ system: System; steps: number; dispose: () => void }> {
  const pipeline = config.features as FragmentsConfig;
  const { training } = config;
  const { bins, frames } = featureShape(pipeline);
  const size = bins * frames;
  const windows = speech.train.flatMap((samples) =>
    fragmentWindows.clipsOf(samples, speech.sampleRateHz, pipeline).map(({ input }) => input),
  );
  const { batchSize, seed } = training;
  const { definition } = buildModelProgram(config, {
    batchSize,
    entries: ['step', 'encode', 'decode'],
  });
  const program = compileProgram(definition);
  const stepsPerEpoch = Math.floor(windows.length / batchSize);
  const x = new Float32Array(batchSize * size);
  let step = 0;
  for (let epoch = 0; epoch < training.epochs; epoch++) {
    const order = epochOrder(windows.length, seed, epoch);
    let mse = 0;
    for (let index = 0; index < stepsPerEpoch; index++, step++) {
      for (let row = 0; row < batchSize; row++) x.set(windows[order[index * batchSize + row]!]!, row * size);
      const scalars = stepScalars(config, learningRateAt(training, step, stepsPerEpoch));
      const outputs = await program.call('step', { x, ...scalars }, { seed, step });
      mse += (outputs.mse?.data[0] ?? NaN) / stepsPerEpoch;
    }
    progress(`epoch ${epoch + 1} of ${training.epochs}, training MSE ${mse.toPrecision(4)}`);
  }
  const system: System = async ({ clip }) => {
    const given = asWindows(clip.features, clip, frames);
    const made = new Float32Array(given.length);
    for (let start = 0; start < given.length; start += x.length) {
      x.fill(0).set(given.subarray(start, start + x.length));
      const { mean } = await program.call('encode', { x });
      const decoded = await program.call('decode', { z: mean?.data as Float32Array });
      made.set((decoded.x?.data as Float32Array).subarray(0, made.length - start), start);
    }
    return fromWindows(made, clip, frames);
  };
  return { system, steps: step, dispose: () => program.dispose() };
}
