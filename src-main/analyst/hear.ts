import { decodeAudio, mixToMono } from '../audio/decode.ts';
import { resample } from '../dsp/resample.ts';
import { beginningOf } from './segment.ts';
import { refuseOtherBytes } from './source-file.ts';
import type { Heard, HearTask } from './judging-tasks.ts';

/**
 * A file to be heard as it was judged: its beginning, one channel, at the rate of the figures.
 *
 * @throws ResynthError dataset/file-changed; any of `audio/*`.
 */
export function hearFile({ path, stretch, contentHash, rateHz, mostSec }: HearTask): Heard {
  refuseOtherBytes(path, contentHash);
  const audio = decodeAudio(path, beginningOf(stretch, mostSec));
  const mono = mixToMono(audio.channels);
  const sampleRateHz = rateHz ?? audio.sampleRateHz;
  const samples =
    sampleRateHz === audio.sampleRateHz ? mono : resample(mono, audio.sampleRateHz, sampleRateHz);
  return { kind: 'hear', sampleRateHz, samples };
}
