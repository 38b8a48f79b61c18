import { rmSync } from 'node:fs';
import { calling } from '../audio/called.ts';
import { decodeAudio, decodeStretch, mixToMono } from '../audio/decode.ts';
import { measureSource } from '../audio/measure.ts';
import { openAudio } from '../audio/open.ts';
import { encodeWav } from '../audio/write-wav.ts';
import { resample } from '../dsp/resample.ts';
import { findUtterances, levelUtterance } from '../dsp/utterances.ts';
import { writeNewFileSync } from '../files/new-file.ts';
import type {
  CutTakes,
  CutTakesTask,
  Examined,
  ExamineTask,
  FoundInFile,
  ShapedTake,
  ShapeTakeTask,
  Stretch,
  TakeFacts,
  TakeForm,
  UtterancesTask,
} from './tasks.ts';

// Recordings of prompts: finding, trimming and levelling what was said, and writing it. Channels are mixed to one.

/** From this magnitude on a sample counts as clipped: the last step of 16 bits. */
const fullScale = 1 - 2 ** -15;

/** What a file is, read to its end: one that is cut short or damaged is refused. @throws ResynthError any of `audio/*`. */
export function examine({ id, path }: ExamineTask): Examined {
  return calling(id, () => {
    const source = openAudio(path);
    try {
      const { codec, container } = source.info;
      const { durationSec, sampleRateHz, channels } = measureSource(path, source);
      return { kind: 'examine', durationSec, sampleRateHz, channels, codec, container };
    } finally {
      source.close();
    }
  });
}

/** @throws ResynthError any of `audio/*`. */
export function findInFile({ id, path, thresholdDb, gapSec, padSec }: UtterancesTask): FoundInFile {
  const { channels, sampleRateHz, durationSec } = calling(id, () => decodeAudio(path));
  const mono = mixToMono(channels);
  const { utterances, ...levels } = findUtterances(mono, sampleRateHz, {
    thresholdDb,
    leastGapSec: gapSec,
    padSec,
  });
  const clipped = channels.reduce((sum, channel) => sum + clippedIn(channel), 0);
  return { kind: 'utterances', sampleRateHz, durationSec, utterances, ...levels, clipped };
}

/** @throws ResynthError any of `audio/*`. */
export function shapeTake(task: ShapeTakeTask): ShapedTake {
  const { samples, facts } = shape(task, task.stretch, task);
  return { kind: 'shapeTake', ...facts, samples };
}

/** @throws ResynthError files/exists, files/disk-full, files/not-writable; any of `audio/*`: then nothing stays written. */
export function cutTakes(task: CutTakesTask): CutTakes {
  const written: string[] = [];
  try {
    const takes = task.takes.map((take) => {
      const { samples, facts } = shape(task, take, task);
      writeNewFileSync(take.file, encodeWav([samples], facts.sampleRateHz, 'pcm16').bytes);
      written.push(take.file);
      return facts;
    });
    return { kind: 'cutTakes', takes };
  } catch (thrown) {
    for (const file of written) rmSync(file, { force: true });
    throw thrown;
  }
}

function shape(
  { id, path }: { id: string; path: string },
  { from, to }: Stretch,
  form: TakeForm,
): { samples: Float32Array; facts: TakeFacts } {
  const audio = calling(id, () => decodeStretch(path, from, to));
  const sampleRateHz = form.sampleRateHz ?? Math.round(audio.sampleRateHz);
  const mono = resample(mixToMono(audio.channels), audio.sampleRateHz, sampleRateHz);
  const { samples, ...levels } = levelUtterance(mono, sampleRateHz, form.levelDb);
  return { samples, facts: { ...levels, sampleRateHz, durationSec: samples.length / sampleRateHz } };
}

function clippedIn(channel: Float32Array): number {
  let count = 0;
  for (const sample of channel) if (Math.abs(sample) >= fullScale) count++;
  return count;
}
