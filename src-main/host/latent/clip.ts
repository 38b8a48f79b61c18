import type { latentClip } from '../../../src-preload/contract/commands/latent.ts';
import { fullScaleDb, pictureScale } from '../../analyst/model-picture.ts';
import { type Extremes, generatedExtremes } from '../../dsp/minmax.ts';
import type { FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import { parseConfig } from '../../models/config.ts';
import { readClipIndex } from '../../trainer/clips/files.ts';
import {
  attenuationWords,
  listeningInversion,
  listeningMethod,
  modelPicture,
  modelSound,
} from '../model-media.ts';
import { optionsOf, referenceTo } from '../reconstruct.ts';
import type { Run } from '../runs/runs.ts';
import type { HostHandler } from '../services.ts';
import { knownRecording } from './known-recordings.ts';

/** One recording of a run's dataset: original and ceiling from the recording, the reconstruction through the checkpoint. */
export const handleLatentClip: HostHandler<typeof latentClip> = async (input, context) => {
  const { services } = context;
  const run = await services.trainers.resolve(input.run);
  const config = parseConfig(run.record.config).features;
  const recording = await knownRecording(services, run, input.recording);
  const scale = scaleOf(run, config);
  const inversion = listeningInversion(config, services.home);
  const { kind } = input;
  const answer = { run: run.record.id, recording: input.recording, kind };
  if (kind === 'reconstruction') {
    const model = referenceTo(run, input.checkpoint);
    const { features, extremes, used } = await services.inference.request(
      'reconstructRecording',
      { model, recording, stages: input.stages },
      optionsOf(context),
    );
    const { levels, sound } = await services.analysts.run({
      kind: 'invert',
      id: recording.id,
      features,
      ...extremes,
      config,
      scale,
      inversion: input.sound ? inversion : null,
    });
    const method = sound ? `, ${listeningMethod}${attenuationWords(sound)}` : '';
    return {
      ...answer,
      step: used.step,
      label: `Step ${used.step}, epoch ${used.epoch}${method}`,
      sound: sound && modelSound(sound, config),
      picture: modelPicture(levels, config, scale),
    };
  }
  const view = await services.analysts.run({
    kind: 'modelView',
    ...recording,
    config,
    // The ceiling's picture is that of its sound.
    inversion: kind === 'ceiling' ? inversion : null,
    scale,
  });
  const { sound, levels } = (kind === 'ceiling' ? view.ceiling : null) ?? view.original;
  const what =
    kind === 'ceiling' ? `Ceiling: no model, ${listeningMethod}` : 'Original, as the model is given it';
  return {
    ...answer,
    step: null,
    label: `${what}${attenuationWords(sound)}`,
    sound: input.sound ? modelSound(sound, config) : null,
    picture: modelPicture(levels, config, scale),
  };
};

/** One scale of dBFS for all that belongs to a run, that of its validation clips; where it has none, of what is generated. */
export function scaleOf(run: Run, config: FeaturePipelineConfig): Extremes {
  const index = readClipIndex(run.folder);
  if (index && index.clips.length > 0) return pictureScale(index.clips, index.features);
  const offset = Math.round(fullScaleDb(config));
  return { minDb: generatedExtremes.minDb - offset, maxDb: generatedExtremes.maxDb - offset };
}
