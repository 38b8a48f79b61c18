import { refuseNotFinite } from './damage.ts';
import type { AudioInfo, Level } from './source.ts';

/**
 * Adds the samples of a block to a level.
 * @throws {ResynthError} audio/not-finite
 */
export function addLevel(level: Level, block: readonly Float32Array[], file: string, info: AudioInfo): void {
  for (const channel of block) {
    for (let i = 0; i < channel.length; i++) {
      const size = Math.abs(channel[i]!);
      if (size > level.peak) level.peak = size;
      level.energy += size * size;
    }
  }
  if (!Number.isFinite(level.energy)) refuseNotFinite(file, info, block, level.samples);
  level.samples += block[0]?.length ?? 0;
}
