import { damageOf, refuseNotFinite } from '../../audio/damage.ts';
import type { AudioSource } from '../../audio/source.ts';
import { ResampleStream } from '../../dsp/resample-stream.ts';

/** A stretch of a recording in seconds; to its end where no length is given. */
export interface StretchSec {
  offsetSec: number;
  durationSec: number | undefined;
}

/**
 * The samples of a recording in blocks: its channels' mean, at `sampleRateHz`. Cut first, then resampled, in librosa's order.
 *
 * @throws ResynthError any of `audio/*` where the file is damaged or holds what is no number.
 */
export function* monoBlocks(
  file: string,
  source: AudioSource,
  sampleRateHz: number,
  { offsetSec, durationSec }: StretchSec,
): Generator<Float32Array, void, void> {
  const { info } = source;
  const start = Math.floor(offsetSec * info.sampleRateHz);
  const end = durationSec === undefined ? Infinity : start + Math.floor(durationSec * info.sampleRateHz);
  const resampler =
    info.sampleRateHz === sampleRateHz ? null : new ResampleStream(info.sampleRateHz, sampleRateHz);
  let position = start;
  for (const block of source.blocks(start)) {
    const length = block[0]?.length ?? 0;
    refuseNotFinite(file, info, block, position);
    const wanted = Math.min(length, end - position);
    if (wanted > 0) {
      const mono = meanOf(block, wanted);
      if (resampler) yield resampler.push(mono);
      else yield mono;
    }
    position += length;
    if (position >= end) break;
  }
  const damage = damageOf(file, source, Math.min(position, source.reached), end);
  if (damage) throw damage;
  if (resampler) yield resampler.end();
}

function meanOf(channels: readonly Float32Array[], length: number): Float32Array {
  const [first] = channels;
  if (!first || channels.length === 1) return (first ?? new Float32Array(0)).subarray(0, length);
  const mono = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    for (const channel of channels) sum += channel[i]!;
    mono[i] = sum / channels.length;
  }
  return mono;
}
