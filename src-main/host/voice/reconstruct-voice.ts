import { type voiceReconstruct, voiceLimits } from '../../../src-preload/contract/commands/voice.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { isSegment } from '../../corpora/recording.ts';
import type { ReconstructedSound, SoundJob } from '../../inference/reconstruct-sound.ts';
import { modelPicture, modelSound } from '../model-media.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import { locate } from '../recordings/media.ts';
import type { HostHandler, Services } from '../services.ts';
import { uploadsOf } from '../uploads/uploads.ts';

/**
 * One recording through a model that stays loaded, and back as sound and pictures: nothing is written.
 *
 * @throws ResynthError voice/nothing-chosen, uploads/gone, voice/begins-after-end; dataset/*, runs/*, models/*, engine/*,
 *   inference/*, any of `audio/*` with the name of the recording.
 */
export const handleVoiceReconstruct: HostHandler<typeof voiceReconstruct> = async (input, context) => {
  const { services } = context;
  const [run, source] = await Promise.all([services.trainers.resolve(input.run), sourceOf(services, input)]);
  const { model, wholeConfig, scale, original, ceiling, reconstruction, ...result } =
    await services.inference.request(
      'reconstructSound',
      {
        model: referenceTo(run, input.checkpoint),
        ...source,
        fromSec: input.fromSec,
        mostSec: voiceLimits.modelledSec,
        extent: input.extent,
        iterations: input.iterations,
        seed: input.seed,
      },
      optionsOf(context),
    );
  const heard = ({ samples, levels }: ReconstructedSound['original']) => ({
    sound: modelSound({ samples, attenuatedDb: result.attenuatedDb }, wholeConfig),
    picture: modelPicture(levels, wholeConfig, scale),
  });
  return {
    model,
    name: source.name,
    fromSec: input.fromSec,
    ...result,
    method: `Griffin-Lim phase, ${input.iterations} iterations`,
    original: heard(original),
    ceiling: heard(ceiling),
    reconstruction: heard(reconstruction),
    notes: notesOf(result, input.fromSec, wholeConfig.sampleRateHz),
  };
};

/** A file, and where in it the recording lies: a dataset's may be a stretch of a longer one. */
async function sourceOf(
  services: Services,
  input: { upload?: string | undefined; dataset?: string | undefined; recording?: string | undefined },
): Promise<Pick<SoundJob, 'file' | 'name' | 'startSec' | 'lengthSec'>> {
  if (input.upload !== undefined) {
    const { file, name } = uploadsOf(services).whole(input.upload);
    return { file, name, startSec: 0, lengthSec: null };
  }
  if (input.dataset === undefined || input.recording === undefined) {
    throw new ResynthError('voice/nothing-chosen');
  }
  const { recording, file } = await locate(services, input.dataset, input.recording);
  return {
    file: file.path,
    name: file.id,
    startSec: recording.startSec ?? 0,
    lengthSec: isSegment(recording) ? recording.durationSec : null,
  };
}

/** What happened to the recording on the way, where that is worth knowing. */
function notesOf(
  result: Pick<
    ReconstructedSound,
    'sampleRateHz' | 'channels' | 'wholeSec' | 'modelledSec' | 'clipSec' | 'pieces' | 'overlapSec' | 'silent'
  >,
  fromSec: number,
  modelRateHz: number,
): string[] {
  const { sampleRateHz, channels, wholeSec, modelledSec, clipSec, pieces, overlapSec } = result;
  const notes: string[] = [];
  const khz = (hz: number): string => `${Number((hz / 1000).toFixed(3))} kHz`;
  if (result.silent) notes.push('This recording is silent: there is nothing to reconstruct.');
  if (pieces > 1) {
    notes.push(
      `The model takes ${clipSec} s at a time: it was given ${pieces} pieces that overlap by ${overlapSec.toFixed(2)} s. The spectrograms that it gave are faded into one another and made audible as one; it does not know that the pieces belong together.`,
    );
  }
  const left = wholeSec - fromSec - modelledSec;
  // A sample of slack: 0.74 s at 8 kHz is 5,920 samples whichever way it was cut.
  if (left > 1 / sampleRateHz || fromSec > 0) {
    const to = fromSec + modelledSec;
    notes.push(`Modelled from ${fromSec.toFixed(2)} s to ${to.toFixed(2)} s of ${wholeSec.toFixed(2)} s.`);
  }
  if (channels > 1) notes.push(`Its ${channels} channels were mixed to one.`);
  if (sampleRateHz < modelRateHz) {
    notes.push(
      `Recorded at ${khz(sampleRateHz)}, modelled at ${khz(modelRateHz)}: above ${khz(sampleRateHz / 2)} there was nothing to model.`,
    );
  } else if (sampleRateHz > modelRateHz) {
    notes.push(
      `Resampled from ${khz(sampleRateHz)} to ${khz(modelRateHz)}: what is above ${khz(modelRateHz / 2)} is not modelled.`,
    );
  }
  return notes;
}
