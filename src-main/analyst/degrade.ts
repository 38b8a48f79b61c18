import { decodeAudio, mixToMono } from '../audio/decode.ts';
import { writeWav } from '../audio/write-wav.ts';
import { readyBaseline } from '../baselines/registry.ts';
import { beginningOf } from './segment.ts';
import { refuseOtherBytes } from './source-file.ts';
import type { Degraded, DegradeTask } from './judging-tasks.ts';

/**
 * Puts a recording through a baseline and writes what comes out as a float WAV.
 *
 * @throws ResynthError dataset/file-changed; any of `audio/*` and `baselines/*`; files/disk-full, files/not-writable.
 */
export function degradeFile(task: DegradeTask): Degraded {
  const { source, stretch, baseline, pipeline, mostSec, out } = task;
  refuseOtherBytes(source, task.contentHash);
  const audio = decodeAudio(source, beginningOf(stretch, mostSec));
  const { apply } = readyBaseline(baseline, { pipeline });
  const made = apply(mixToMono(audio.channels), audio.sampleRateHz);
  const { samples, sampleRateHz, codedBits, seconds, fromSec = 0, warnings } = made;
  writeWav(out, samples, sampleRateHz, { encoding: 'float32' });
  return {
    kind: 'degrade',
    fromSec,
    seconds: Math.min(seconds ?? audio.durationSec, audio.durationSec),
    codedBits,
    warnings: warnings ?? [],
  };
}
