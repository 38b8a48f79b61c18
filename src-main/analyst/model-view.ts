import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { decodeAudio, mixToMono, probeAudio } from '../audio/decode.ts';
import { analyse, heardAgain, representationOf } from '../dsp/representation.ts';
import { shownName } from '../files/system-errors.ts';
import { audible, withinFullScale } from './invert.ts';
import { levelDifference } from './level-difference.ts';
import { pictureLevels, pictureScale } from './model-picture.ts';
import { stretchOf } from './segment.ts';
import { readFileFacts } from './source-file.ts';
import type { ModelView, ModelViewTask } from './tasks.ts';

/**
 * A recording as a model is given it, and, where it is asked for, the ceiling: preprocessed and inverted without a model.
 * The ceiling's picture is that of its sound, heard again; both pictures are on the scale given, or on one that shows the
 * recording whole.
 *
 * @throws ResynthError dataset/file-changed where the bytes are not those that were indexed; dataset/file-vanished,
 *   dataset/file-unreadable; any of `audio/*`.
 */
export function viewAsModel(task: ModelViewTask): ModelView {
  const { id, path, contentHash, config, inversion } = task;
  const facts = readFileFacts(path, id);
  if (contentHash !== null && facts.contentHash !== contentHash)
    throw new ResynthError('dataset/file-changed', { file: shownName(id) });
  const { startSec, endSec } = stretchOf(task);
  const maxDurationSec = Math.min(representationOf(config).readSec(config), endSec - startSec);
  const audio = decodeAudio(path, { startSec, maxDurationSec });
  const { announcedSec } = probeAudio(path);
  const fileSec = announcedSec ?? startSec + audio.durationSec;
  const clip = analyse(mixToMono(audio.channels), audio.sampleRateHz, config);
  const scale = task.scale ?? pictureScale([clip], config);
  const original = {
    levels: pictureLevels(clip.features, clip, config, scale),
    sound: withinFullScale(clip.padded),
  };
  let ceiling: ModelView['ceiling'] = null;
  if (inversion) {
    const sound = audible(clip.features, clip, inversion);
    // As loud as it was made: only what is played is kept within full scale.
    const gain = 10 ** (sound.attenuatedDb / 20);
    const whole = gain === 1 ? sound.samples : sound.samples.map((sample) => sample * gain);
    const heard = heardAgain(whole, config);
    ceiling = { levels: pictureLevels(heard.features, heard, config, scale), sound };
  }
  return {
    kind: 'modelView',
    sampleRateHz: audio.sampleRateHz,
    channels: audio.channels.length,
    wholeSec: Math.max(audio.durationSec, Math.min(endSec, fileSec) - startSec),
    fromSec: clip.fromSec ?? 0,
    spokenSec: clip.spokenSec,
    silent: clip.minDb === clip.maxDb,
    scale,
    original,
    ceiling,
    difference: task.estimate ? levelDifference(clip, task.estimate) : null,
  };
}
