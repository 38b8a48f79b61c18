import { tiny } from '../stft.ts';

/** What is likely from one frame to the next. */
export interface PathSettings {
  pitchBins: number;
  /** Bins of the triangle of pitches that can follow one; odd. */
  transitionWidth: number;
  /** Of turning voiced or unvoiced from one frame to the next. */
  switchProbability: number;
}

/** The probability of each pitch in each frame; what a frame leaves to 1 is shared by its unvoiced states. */
export interface PitchObservations {
  frames: number;
  /** `[frames, pitchBins]`. */
  voiced: Float64Array;
  /** `[frames]`, at most 1. */
  voicedProbability: Float64Array;
}

/**
 * The likeliest path (Viterbi) through twice `pitchBins` states: each pitch voiced, then each unvoiced. Pitches follow each
 * other by a triangle, its rows made to sum to 1 at the edges too. What is impossible has the smallest normal number for its
 * probability, as in librosa: where everything is impossible, the least bad still wins.
 *
 * @returns States `[frames]`; a state from `pitchBins` on is unvoiced.
 */
export function likeliestPath(observed: PitchObservations, settings: PathSettings): Uint16Array {
  const { pitchBins } = settings;
  const { frames, voiced, voicedProbability } = observed;
  const states = 2 * pitchBins;
  const path = new Uint16Array(frames);
  if (frames === 0) return path;
  const step = makeStep(settings);
  const came = new Uint16Array(frames * states);
  let before = new Float64Array(states);
  let after = new Float64Array(states);
  const likelihood = new Float64Array(states);
  for (let frame = 0; frame < frames; frame++) {
    const row = frame * pitchBins;
    const impossible = Math.log(tiny);
    for (let bin = 0; bin < pitchBins; bin++) {
      const probability = voiced[row + bin]!;
      likelihood[bin] = probability === 0 ? impossible : Math.log(probability + tiny);
    }
    likelihood.fill(Math.log((1 - voicedProbability[frame]!) / pitchBins + tiny), pitchBins);
    if (frame === 0) {
      const start = Math.log(1 / states + tiny);
      for (let state = 0; state < states; state++) after[state] = likelihood[state]! + start;
    } else {
      step(before, after, came.subarray(frame * states, (frame + 1) * states));
      for (let state = 0; state < states; state++) after[state]! += likelihood[state]!;
    }
    [before, after] = [after, before];
  }
  path[frames - 1] = largest(before);
  for (let frame = frames - 1; frame > 0; frame--) path[frame - 1] = came[frame * states + path[frame]!]!;
  return path;
}

/** One step: `after[j] = max_k before[k] + log p(k to j)`, and which k it was. */
function makeStep({ pitchBins, transitionWidth, switchProbability }: PathSettings) {
  const reach = (transitionWidth - 1) / 2;
  const triangle = triangleLogs(pitchBins, reach);
  const stay = Math.log(1 - switchProbability);
  const turn = Math.log(switchProbability);
  const best = [new Float64Array(pitchBins), new Float64Array(pitchBins)] as const;
  const from = [new Uint16Array(pitchBins), new Uint16Array(pitchBins)] as const;
  return (before: Float64Array, after: Float64Array, came: Uint16Array): void => {
    for (const half of [0, 1] as const) {
      nearest(
        before.subarray(half * pitchBins, (half + 1) * pitchBins),
        triangle,
        reach,
        best[half],
        from[half],
      );
    }
    const anywhere = largest(before);
    const leap = before[anywhere]! + Math.log(tiny);
    for (let half = 0; half < 2; half++) {
      for (let bin = 0; bin < pitchBins; bin++) {
        const viaVoiced = best[0][bin]! + (half === 0 ? stay : turn);
        const viaUnvoiced = best[1][bin]! + (half === 0 ? turn : stay);
        const state = half * pitchBins + bin;
        // The first of equals, in the order of the states.
        let value = viaVoiced;
        let source = from[0][bin]!;
        if (viaUnvoiced > value) {
          value = viaUnvoiced;
          source = pitchBins + from[1][bin]!;
        }
        if (leap > value) {
          value = leap;
          source = anywhere;
        }
        after[state] = value;
        came[state] = source;
      }
    }
  };
}

/** The best of the pitches within `reach` of each: `best[j] = max_k values[k] + triangle[k to j]`. */
function nearest(
  values: Float64Array,
  triangle: Float64Array,
  reach: number,
  best: Float64Array,
  from: Uint16Array,
): void {
  const bins = values.length;
  const width = 2 * reach + 1;
  for (let bin = 0; bin < bins; bin++) {
    const last = Math.min(bins - 1, bin + reach);
    let most = -Infinity;
    let source = 0;
    for (let k = Math.max(0, bin - reach); k <= last; k++) {
      const value = values[k]! + triangle[k * width + bin - k + reach]!;
      if (value > most) {
        most = value;
        source = k;
      }
    }
    best[bin] = most;
    from[bin] = source;
  }
}

/** Logarithms of the triangle from each pitch to those up to `reach` away, `[pitchBins, 2 reach + 1]`. */
function triangleLogs(pitchBins: number, reach: number): Float64Array {
  const width = 2 * reach + 1;
  const logs = new Float64Array(pitchBins * width).fill(-Infinity);
  const height = (offset: number): number => 1 - Math.abs(offset) / (reach + 1);
  for (let bin = 0; bin < pitchBins; bin++) {
    let sum = 0;
    const offsets: number[] = [];
    for (let offset = -reach; offset <= reach; offset++) {
      if (bin + offset >= 0 && bin + offset < pitchBins) offsets.push(offset);
    }
    for (const offset of offsets) sum += height(offset);
    for (const offset of offsets) logs[bin * width + offset + reach] = Math.log(height(offset) / sum);
  }
  return logs;
}

/** Where the largest value is, the first of equals. */
function largest(values: Float64Array): number {
  let at = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[at]!) at = i;
  return at;
}
