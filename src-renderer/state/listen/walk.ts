import type { TrackSound } from '../../audio/track-sound.ts';
import type { Sound } from '../player.svelte.ts';

/** Clips as one sound, and where each begins in it. */
export interface Walk {
  sound: Sound;
  beginsSec: number[];
}

const fadeSec = 0.03;
/** Silence that is left at the end of each clip. */
const restSec = 0.06;
/** Below this share of the peak a clip has ended: padding, and what phase estimation leaves there. */
const silent = 0.01;

/** Joins clips of one rate, without the silence at their ends, each fading into the next over 30 ms. */
export function joinClips(clips: readonly TrackSound[]): Walk {
  const sampleRateHz = clips[0]?.sampleRateHz ?? 8000;
  const fade = Math.round(fadeSec * sampleRateHz);
  const lengths = clips.map(({ samples }) => spokenLength(samples, Math.round(restSec * sampleRateHz)));
  const begins: number[] = [];
  let end = 0;
  for (const length of lengths) {
    begins.push(end);
    end += Math.max(1, length - fade);
  }
  const last = lengths.at(-1) ?? 0;
  const samples = new Float32Array(clips.length === 0 ? 0 : (begins.at(-1) ?? 0) + last);
  for (const [at, clip] of clips.entries()) {
    const begin = begins[at] ?? 0;
    const length = lengths[at] ?? 0;
    for (let time = 0; time < length; time++) {
      const fadeIn = at === 0 ? 1 : Math.min(1, time / fade);
      const fadeOut = at === clips.length - 1 ? 1 : Math.min(1, (length - 1 - time) / fade);
      samples[begin + time] = (samples[begin + time] ?? 0) + (clip.samples[time] ?? 0) * fadeIn * fadeOut;
    }
  }
  return {
    sound: { sampleRateHz, channels: 1, fromSec: 0, durationSec: samples.length / sampleRateHz, samples },
    beginsSec: begins.map((begin) => begin / sampleRateHz),
  };
}

function spokenLength(samples: Float32Array, rest: number): number {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  let end = samples.length;
  while (end > 0 && Math.abs(samples[end - 1] ?? 0) <= silent * peak) end--;
  return Math.min(samples.length, end + rest);
}
