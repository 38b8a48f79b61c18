/** Lowest and highest sample of equal spans of a short sound, for drawing: [min0, max0, min1, max1, ...]. */
export function outlineOf(samples: Float32Array, spans: number): Float32Array {
  const count = Math.max(1, Math.min(spans, samples.length));
  const outline = new Float32Array(2 * count);
  for (let span = 0; span < count; span++) {
    const part = samples.subarray(
      Math.floor((span * samples.length) / count),
      Math.floor(((span + 1) * samples.length) / count),
    );
    outline[2 * span] = part.reduce((least, value) => Math.min(least, value), 0);
    outline[2 * span + 1] = part.reduce((most, value) => Math.max(most, value), 0);
  }
  return outline;
}
