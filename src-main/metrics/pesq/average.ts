/** Frames of a syllable, which overlap by half: 320 ms. */
const syllable = 20;

/**
 * Disturbances of frames `from` .. `to` (both included) as one number: the power mean of order 6 within syllables, since the
 * worst moment of one counts, and of order 2 over them, weighted by `weights`, of which the first belongs to `from`.
 */
export function overTime(disturbance: Float64Array, from: number, to: number, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let start = from; start <= to; start += syllable / 2) {
    let inside = 0;
    for (let frame = start; frame < start + syllable && frame <= to; frame++)
      inside += disturbance[frame]! ** 6;
    // Over twenty frames even where the end has fewer: so it is defined.
    const loudest = (inside / syllable) ** (1 / 6);
    const weight = weights[start - from]!;
    sum += (weight * loudest) ** 2;
    total += weight ** 2;
  }
  return Math.sqrt(sum / total);
}

/** Weights that favour the end of recordings of more than 1000 frames (16 s), by up to a half. */
export function timeWeights(frames: number, whole: number): Float64Array {
  const weights = new Float64Array(frames).fill(1);
  if (frames <= 1000) return weights;
  const slope = Math.min(0.5, (whole - 1000) / 5500);
  return weights.map((_, frame) => 1 - slope + (slope * frame) / whole);
}
