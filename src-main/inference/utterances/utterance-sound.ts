import { pictureLevels, pictureScale } from '../../analyst/model-picture.ts';
import { attenuationDb } from '../audio-files.ts';
import type { LoadedModel } from '../loaded-model.ts';
import type { ReconstructedSound, SoundVersion, Stretch } from '../reconstruct-sound.ts';
import {
  heardAs,
  modelError,
  type Shown,
  soundOf,
  throughModel,
  type utterancesOf,
  writtenGain,
} from './through.ts';

/** `reconstructSound` for a model of utterances: in one piece, z = mean, the phase by Griffin-Lim as for every model there. */
export async function utteranceSound(
  model: LoadedModel,
  { model: utterances, pipeline }: NonNullable<ReturnType<typeof utterancesOf>>,
  audio: Stretch & { name: string },
  inversion: { iterations: number; seed: number },
  began: number,
): Promise<ReconstructedSound> {
  const decoded = performance.now();
  const { name, samples } = audio;
  const recording = { name, samples, sampleRateHz: pipeline.sampleRateHz };
  const utterance = await throughModel(utterances, recording, pipeline, { latent: { kind: 'mean' } });
  const modelled = performance.now();
  const { analysed, estimate, config } = utterance;
  const method = { method: 'griffin-lim' as const, ...inversion };
  const ceiling = soundOf(utterance, analysed.power, method);
  const reconstruction = soundOf(utterance, estimate, method);
  const ceilingHeard = heardAs(utterance, ceiling);
  const scale = pictureScale([utterance.original], config);
  const gain = writtenGain([ceiling, reconstruction]);
  const version = (sound: Float32Array, shown: Shown): SoundVersion => ({
    samples: sound.map((sample) => sample * gain),
    levels: pictureLevels(shown.features, shown, config, scale),
  });
  const modelledSec = analysed.samples.length / config.sampleRateHz;
  const ended = performance.now();
  return {
    model: model.used,
    sampleRateHz: audio.sampleRateHz,
    channels: audio.channels,
    wholeSec: audio.wholeSec,
    modelledSec,
    clipSec: modelledSec,
    pieces: 1,
    overlapSec: 0,
    silent: false,
    klNats: utterance.klNats,
    error: modelError(utterance),
    ceilingError: ceilingHeard.error,
    heardError: heardAs(utterance, reconstruction).error,
    attenuatedDb: attenuationDb(gain),
    wholeConfig: config,
    scale,
    original: version(Float32Array.from(analysed.samples), utterance.original),
    ceiling: version(ceiling, ceilingHeard.shown),
    reconstruction: version(reconstruction, utterance.modelled),
    tookMs: {
      decode: decoded - began,
      model: modelled - decoded,
      sound: ended - modelled,
      whole: ended - began,
    },
  };
}
