import { asResynthError } from '../../../src-preload/contract/errors/error.ts';
import { writeWav } from '../../audio/write-wav.ts';
import { beginsAtSec } from '../../dsp/pipelines/power-spectrogram.ts';
import type { LoadedModel } from '../loaded-model.ts';
import { makeFolder, readMono } from '../media.ts';
import type { ReconstructedSound, SoundsJob, SoundsResult } from '../reconstruct-sounds.ts';
import type { ServiceContext } from '../service.ts';
import { latentChoice } from '../chance.ts';
import { cutWords, soundOf, throughModel, type utterancesOf, writtenGain } from './through.ts';

/**
 * `reconstructSounds` for a model of utterances, as papers/004 evaluates: whole, without the silence at the ends, with
 * the phase of the recording. `fromSec` says where in the recording the sound lies, so that both are judged in place.
 */
export async function utteranceSounds(
  model: LoadedModel,
  { model: utterances, pipeline }: NonNullable<ReturnType<typeof utterancesOf>>,
  folder: string,
  job: SoundsJob,
  { signal }: Pick<ServiceContext, 'signal'>,
): Promise<SoundsResult> {
  await makeFolder(folder);
  const sounds: ReconstructedSound[] = [];
  const choice = {
    latent: latentChoice(job.latent, job.seed),
    feedback: job.feedback ?? 'recording',
  } as const;
  for (const { path, stretch, out } of job.files) {
    signal.throwIfAborted();
    try {
      const audio = readMono(path, Infinity, stretch);
      const recording = { name: path, samples: audio.samples, sampleRateHz: audio.sampleRateHz };
      const begunMs = performance.now();
      const utterance = await throughModel(utterances, recording, pipeline, choice, signal);
      const { analysed, estimate, config } = utterance;
      const { sampleRateHz } = config;
      const { iterations, seed } = job;
      const made = soundOf(utterance, estimate, { method: 'original-phase', iterations, seed });
      const computeSec = (performance.now() - begunMs) / 1000;
      const gain = writtenGain([made]);
      writeWav(
        out,
        made.map((sample) => sample * gain),
        sampleRateHz,
        { encoding: 'float32' },
      );
      const cut = cutWords(utterance, audio.samples.length / audio.sampleRateHz);
      sounds.push({
        // Half a sample in: whoever cuts there comes to this very sample.
        fromSec: beginsAtSec(analysed.span, sampleRateHz),
        seconds: made.length / sampleRateHz,
        codedBits: null,
        code: null,
        clippedNumbers: 0,
        computeSec,
        warnings: [...audio.warnings, ...(cut === null ? [] : [`Judged between: ${cut}.`])],
      });
    } catch (thrown) {
      signal.throwIfAborted();
      const error = asResynthError(thrown);
      if (error.code.startsWith('files/')) throw thrown;
      sounds.push({ refused: error.toJSON() });
    }
  }
  return { step: model.used.step, latentDim: model.latentDim, engine: model.engine, sounds };
}
