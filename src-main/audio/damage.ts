import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { shownName } from '../files/system-errors.ts';
import type { AudioInfo, AudioSource } from './source.ts';

/** What is wrong with a source that has been decoded up to sample `decoded`, or null; `wantedEnd` is where decoding was to end. */
export function damageOf(
  file: string,
  source: AudioSource,
  decoded: number,
  wantedEnd: number,
): ResynthError | null {
  const { info, damage } = source;
  if (decoded >= wantedEnd) return null;
  const name = shownName(file);
  const heldSec = seconds(decoded / info.sampleRateHz);
  const announced = info.announcedSamples;
  if (announced !== null && decoded < Math.min(announced, wantedEnd)) {
    if (damage) return new ResynthError('audio/damaged', { file: name, heldSec, detail: damage });
    const announcedSec = seconds(announced / info.sampleRateHz);
    return new ResynthError('audio/truncated', { file: name, heldSec, announcedSec });
  }
  return damage ? new ResynthError('audio/damaged', { file: name, heldSec, detail: damage }) : null;
}

/**
 * Refuses samples that are not numbers; `start` is the place of the first one in the file.
 * @throws {ResynthError} audio/not-finite
 */
export function refuseNotFinite(
  file: string,
  info: AudioInfo,
  channels: readonly Float32Array[],
  start: number,
): void {
  if (!info.floatingPoint) return;
  let count = 0;
  let first = Infinity;
  for (const channel of channels) {
    for (let i = 0; i < channel.length; i++) {
      if (Number.isFinite(channel[i]!)) continue;
      count++;
      if (i < first) first = i;
    }
  }
  if (count === 0) return;
  const atSec = seconds((start + first) / info.sampleRateHz);
  throw new ResynthError('audio/not-finite', { file: shownName(file), count, atSec });
}

/** More samples than one array of numbers is to hold. */
export function tooLong(file: string, info: AudioInfo, samples: number): ResynthError {
  const durationSec = seconds(samples / info.sampleRateHz);
  return new ResynthError('audio/too-long', { file: shownName(file), durationSec, channels: info.channels });
}

/** Seconds as messages show them, to the millisecond. */
function seconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
