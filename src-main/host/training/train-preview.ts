import type { trainPreview } from '../../../src-preload/contract/commands/train-form.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { recordingPath } from '../../corpora/recording.ts';
import { clipSeconds, type FeaturePipelineConfig } from '../../dsp/pipeline.ts';
import { representationOf, shownPipeline } from '../../dsp/representation.ts';
import { resolveConfig } from '../../models/overrides.ts';
import {
  attenuationWords,
  listeningInversion,
  listeningMethod,
  modelPicture,
  modelSound,
} from '../model-media.ts';
import { completed } from '../runs/sampler-base.ts';
import type { HostHandler } from '../services.ts';

/**
 * What a model with these settings will be given of a recording, and the ceiling: the best that could come back. Both
 * pictures are on the scale of the original.
 */
export const handleTrainPreview: HostHandler<typeof trainPreview> = async (input, { services }) => {
  const { database, analysts, home, trainers } = services;
  const resolved = resolveConfig({ preset: input.preset, overrides: input.set });
  const { features } = await completed(trainers, resolved);
  const dataset = await database.readDataset(input.dataset);
  const around = await database.recordingsAround(dataset.id, input.split, input.recording ?? null);
  const { recording, previous, next } = around;
  if (!recording) {
    if (input.recording !== undefined)
      throw new ResynthError('dataset/recording-unknown', { name: dataset.name, recording: input.recording });
    throw new ResynthError('dataset/split-empty', { name: dataset.name, split: input.split });
  }
  const config = shownPipeline(features, recording.durationSec);
  const { consecutive } = representationOf(config);
  const view = await analysts.run({
    kind: 'modelView',
    id: recording.id,
    path: recordingPath(dataset.folder, recording),
    contentHash: recording.contentHash,
    startSec: recording.startSec,
    endSec: recording.endSec,
    config,
    inversion: listeningInversion(config, home),
    scale: null,
  });
  if (!view.ceiling) throw new Error(`no ceiling of ${recording.id}`);
  const { scale, wholeSec, spokenSec } = view;
  const part = ({ levels, sound }: typeof view.original) => ({
    sound: modelSound(sound, config),
    picture: modelPicture(levels, config, scale),
  });
  return {
    recording: recording.id,
    previous,
    next,
    cutSec: consecutive ? 0 : Math.max(0, wholeSec - spokenSec),
    paddedSec: Math.max(0, clipSeconds(config) - spokenSec),
    original: part(view.original),
    ceiling: { ...part(view.ceiling), method: `${listeningMethod}${attenuationWords(view.ceiling.sound)}` },
    notes: notesOf(view, config, features),
  };
};

/** What happens to a recording before a model sees it, where that is worth knowing. */
function notesOf(
  view: { sampleRateHz: number; channels: number; wholeSec: number; spokenSec: number; silent: boolean },
  config: FeaturePipelineConfig,
  ofModel: FeaturePipelineConfig,
): string[] {
  const { sampleRateHz, channels, wholeSec, spokenSec } = view;
  const rate = config.sampleRateHz;
  const khz = (hz: number): string => `${Number((hz / 1000).toFixed(3))} kHz`;
  const notes: string[] = [];
  if (view.silent) notes.push('This recording is silent: it is left out of training.');
  if (representationOf(ofModel).consecutive) {
    const shown =
      wholeSec - spokenSec > 1 / sampleRateHz ? `Its first ${spokenSec.toFixed(2)} s are shown. ` : '';
    const windows = `${Number(clipSeconds(ofModel).toFixed(3))} s`;
    notes.push(`${shown}All ${wholeSec.toFixed(2)} s are trained on, in windows of ${windows}.`);
    // A sample of slack: 0.74 s at 8 kHz is 5,920 samples whichever way it was cut.
  } else if (wholeSec - spokenSec > 1 / sampleRateHz) {
    notes.push(
      `Only the first ${Number(clipSeconds(config).toFixed(3))} s of ${wholeSec.toFixed(2)} s are modelled; the rest is left out.`,
    );
  }
  if (channels > 1) notes.push(`Its ${channels} channels are mixed to one.`);
  if (sampleRateHz < rate) {
    notes.push(
      `Recorded at ${khz(sampleRateHz)} and resampled to ${khz(rate)}: above ${khz(sampleRateHz / 2)} there is nothing to learn.`,
    );
  } else if (sampleRateHz > rate) {
    notes.push(
      `Resampled from ${khz(sampleRateHz)} to ${khz(rate)}: what is above ${khz(rate / 2)} is lost.`,
    );
  }
  return notes;
}
