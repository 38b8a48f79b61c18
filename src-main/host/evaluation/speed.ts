import os from 'node:os';
import type { Speed } from '../../../src-preload/contract/commands/evaluate.ts';
import type { SoundsResult } from '../../inference/reconstruct-sounds.ts';
import { medianOf } from '../../metrics/statistics/bootstrap.ts';

/** Passes over the recordings, and the time after which no other begins. */
const mostPasses = 3;
const enoughMs = 4000;

/**
 * Times a model on some recordings: once untimed, for the first call loads and compiles, then in passes of which the median
 * counts. Null where it could make no sound of any of them.
 */
export async function timed<Batch extends readonly unknown[]>(
  batch: Batch,
  reconstruct: (batch: Batch, signal: AbortSignal) => Promise<SoundsResult>,
  signal: AbortSignal,
): Promise<Speed | null> {
  const [oneMinute = 0] = os.loadavg();
  const { engine } = await reconstruct(batch, signal);
  const begunMs = performance.now();
  const factors: number[] = [];
  let sound = { recordings: 0, seconds: 0, computeSec: 0 };
  do {
    sound = totalOf(await reconstruct(batch, signal));
    if (sound.seconds === 0) return null;
    factors.push(sound.computeSec / sound.seconds);
  } while (factors.length < mostPasses && performance.now() - begunMs < enoughMs);
  const { recordings, seconds } = sound;
  return {
    realTimeFactor: medianOf(factors) ?? 0,
    recordings,
    seconds,
    passes: factors.length,
    measuredMs: Date.now(),
    ...engine,
    load: oneMinute,
    cores: os.availableParallelism(),
  };
}

function totalOf({ sounds }: SoundsResult) {
  const total = { recordings: 0, seconds: 0, computeSec: 0 };
  for (const sound of sounds) {
    if ('refused' in sound) continue;
    total.recordings++;
    total.seconds += sound.seconds;
    total.computeSec += sound.computeSec;
  }
  return total;
}
