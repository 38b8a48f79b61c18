/**
 * Lowest and highest sample of `spans` equal stretches of a sound, over all its channels: [min0, max0, min1, max1, ...]. A
 * sound of fewer frames has as many stretches as frames.
 */
export function wavePeaks(
  { samples, channels }: { samples: Float32Array; channels: number },
  spans: number,
): Float32Array {
  const frames = Math.floor(samples.length / Math.max(1, channels));
  const count = Math.min(spans, frames);
  const peaks = new Float32Array(2 * count);
  for (let span = 0; span < count; span++) {
    const from = Math.floor((span * frames) / count) * channels;
    const to = Math.floor(((span + 1) * frames) / count) * channels;
    let low = Infinity;
    let high = -Infinity;
    for (let at = from; at < to; at++) {
      const value = samples[at] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    peaks[2 * span] = low;
    peaks[2 * span + 1] = high;
  }
  return peaks;
}
