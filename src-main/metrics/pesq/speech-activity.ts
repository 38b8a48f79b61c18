import type { PesqSettings, PesqSignal } from './settings.ts';

/** Where somebody speaks, by power in steps of 4 ms. */
export interface SpeechActivity {
  /** Mean power of a step; 0 where there is no speech. */
  power: Float64Array;
  /** Log of power over the threshold; 0 where there is no speech. */
  envelope: Float64Array;
}

/** Bursts up to this many steps are clicks. */
const shortestBurst = 4;
/** Gaps up to this many steps belong to the speech around them. */
const longestGap = 50;

/** Tells speech from noise by a threshold that is refined twelve times. */
export function speechActivity({ data, length }: PesqSignal, { hop }: PesqSettings): SpeechActivity {
  const count = Math.floor(length / hop);
  const power = new Float64Array(count);
  let total = 0;
  let largest = 0;
  for (let step = 0; step < count; step++) {
    let sum = 0;
    for (let n = step * hop; n < (step + 1) * hop; n++) sum += data[n]! * data[n]!;
    power[step] = sum / hop;
    total += power[step]!;
    if (power[step]! > largest) largest = power[step]!;
  }
  const floor = largest > 0 ? largest * 1e-4 : 1;
  for (let step = 0; step < count; step++) if (power[step]! < floor) power[step] = floor;

  const level = refineThreshold(power, total / count);
  // Speech is positive, the rest negative until the end.
  for (let step = 0; step < count; step++) if (power[step]! <= level.threshold) power[step]! *= -1;
  power[0] = -floor;
  power[count - 1] = -floor;
  dropBursts(power, (from, to) => to - from <= shortestBurst);
  if (level.speech >= level.noise * 1000) {
    dropBursts(power, (from, to) => {
      let sum = 0;
      for (let step = from; step < to; step++) sum += power[step]!;
      return sum < 3 * level.threshold * (to - from);
    });
  }
  joinBursts(power, floor);
  if (!power.some((value) => value > 0)) {
    for (let step = 1; step < count - 1; step++) power[step] = Math.abs(power[step]!);
  }
  widenBursts(power);
  for (let step = 0; step < count; step++) if (power[step]! < 0) power[step] = 0;

  const threshold = level.threshold <= 0 ? floor : level.threshold;
  const envelope = power.map((value) => (value <= threshold ? 0 : Math.log(value / threshold)));
  return { power, envelope };
}

interface Level {
  threshold: number;
  speech: number;
  noise: number;
}

function refineThreshold(power: Float64Array, start: number): Level {
  let threshold = start;
  for (let round = 0; round < 12; round++) {
    let [sum, squares, below] = [0, 0, 0];
    for (const value of power) {
      if (value <= threshold) {
        below++;
        sum += value;
      }
    }
    const mean = below > 0 ? sum / below : 0;
    for (const value of power) if (value <= threshold) squares += (value - mean) ** 2;
    const deviation = below > 0 ? Math.sqrt(squares / below) : 0;
    threshold = 1.001 * (mean + 2 * deviation);
  }
  let [speech, noise, above] = [0, 0, 0];
  for (const value of power) {
    if (value > threshold) {
      above++;
      speech += value;
    } else noise += value;
  }
  return {
    threshold: above > 0 ? threshold : -1,
    speech: above > 0 ? speech / above : 0,
    noise: above < power.length ? noise / (power.length - above) : 1,
  };
}

/** Turns bursts `from` .. `to` (not included) that `isNone` names into silence. */
function dropBursts(power: Float64Array, isNone: (from: number, to: number) => boolean): void {
  let from = 0;
  for (let step = 1; step < power.length; step++) {
    if (power[step]! > 0 && power[step - 1]! <= 0) from = step;
    if (power[step]! <= 0 && power[step - 1]! > 0 && isNone(from, step)) {
      for (let n = from; n < step; n++) power[n]! *= -1;
    }
  }
}

function joinBursts(power: Float64Array, floor: number): void {
  let to = 0;
  for (let step = 1; step < power.length; step++) {
    if (power[step]! > 0 && power[step - 1]! <= 0 && to > 0 && step - to <= longestGap) {
      power.fill(floor, to, step);
    }
    if (power[step]! <= 0 && power[step - 1]! > 0) to = step;
  }
}

/** Two steps of fading in before a burst and two of fading out behind it. */
function widenBursts(power: Float64Array): void {
  for (let step = 3; step < power.length - 2; step++) {
    if (power[step]! > 0 && power[step - 2]! <= 0) {
      power[step - 2] = power[step]! * 0.1;
      power[step - 1] = power[step]! * 0.3;
      step++;
    }
    if (power[step]! <= 0 && power[step - 1]! > 0) {
      power[step] = power[step - 1]! * 0.3;
      power[step + 1] = power[step - 1]! * 0.1;
      step += 3;
    }
  }
}
