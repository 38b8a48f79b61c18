import type { RealArray } from './matrix.ts';

/** Copies columns `from` to `from + frames` of `[bins, whole.frames]` into `out` `[bins, frames]`, as far as there are. */
export function copyFrames<Numbers extends RealArray>(
  values: Numbers,
  whole: { bins: number; frames: number },
  from: number,
  out: Numbers,
  frames: number,
): Numbers {
  const here = Math.min(frames, whole.frames - from);
  for (let bin = 0; bin < whole.bins; bin++) {
    const row = bin * whole.frames + from;
    out.set(values.subarray(row, row + here), bin * frames);
  }
  return out;
}

/** A spectrogram `[bins, whole.frames]` as windows of `frames` frames one after the other, `[count, bins, frames]`; `filler` after its end. */
export function asWindows(
  values: Float32Array,
  whole: { bins: number; frames: number },
  frames: number,
  filler = 0,
): Float32Array<ArrayBuffer> {
  const count = Math.ceil(whole.frames / frames);
  const size = whole.bins * frames;
  const windows = new Float32Array(count * size).fill(filler);
  for (let at = 0; at < count; at++) {
    copyFrames(values, whole, at * frames, windows.subarray(at * size, (at + 1) * size), frames);
  }
  return windows;
}

/** The inverse of `asWindows`: what lies after the end of the whole is let go. */
export function fromWindows(
  windows: Float32Array,
  whole: { bins: number; frames: number },
  frames: number,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(whole.bins * whole.frames);
  const size = whole.bins * frames;
  for (let first = 0, start = 0; first < whole.frames; first += frames, start += size) {
    const here = Math.min(frames, whole.frames - first);
    for (let bin = 0; bin < whole.bins; bin++) {
      const from = start + bin * frames;
      values.set(windows.subarray(from, from + here), bin * whole.frames + first);
    }
  }
  return values;
}
