import type { RealArray } from './matrix.ts';

export interface AmplitudeToDbOptions {
  /** The amplitude that is 0 dB; 1 by default. */
  ref?: number;
  /** Amplitudes below this count as this; 1e-5 by default (-100 dB). */
  amin?: number;
  /** Values more than this below the largest are raised to it; null leaves them. 80 by default. */
  topDb?: number | null;
}

/** `20 log10(max(amin, a) / ref)`, at least `max - topDb`: `librosa.amplitude_to_db`. Same shape as `amplitude`. */
export function amplitudeToDb(amplitude: RealArray, options: AmplitudeToDbOptions = {}): Float64Array {
  const amin = options.amin ?? 1e-5;
  const ref = options.ref ?? 1;
  const power = Float64Array.from(amplitude, (a) => a * a);
  return powerToDb(power, {
    ref: ref * ref,
    amin: amin * amin,
    topDb: options.topDb === undefined ? 80 : options.topDb,
  });
}

/** `10 log10(max(amin, p) / ref)`, at least `max - topDb`: `librosa.power_to_db` (amin 1e-10 and topDb 80 by default). */
export function powerToDb(power: RealArray, options: AmplitudeToDbOptions = {}): Float64Array {
  const db = new Float64Array(power);
  powerToDbInPlace(db, options);
  return db;
}

/** `powerToDb`, replacing the values it is given. */
export function powerToDbInPlace(power: Float64Array, options: AmplitudeToDbOptions = {}): void {
  const amin = options.amin ?? 1e-10;
  const topDb = options.topDb === undefined ? 80 : options.topDb;
  const ref = Math.max(amin, Math.abs(options.ref ?? 1));
  let largest = amin;
  for (let i = 0; i < power.length; i++) if (power[i]! > largest) largest = power[i]!;
  const refDb = 10 * Math.log10(ref);
  // Most of a padded clip lies at the floor: the logarithm is taken of the rest only.
  const floor = topDb === null ? amin : Math.max(amin, largest * 10 ** (-topDb / 10));
  const floorDb = 10 * Math.log10(floor) - refDb;
  for (let i = 0; i < power.length; i++)
    power[i] = power[i]! > floor ? 10 * Math.log10(power[i]!) - refDb : floorDb;
}

/** `ref * 10^(db / 10)`: `librosa.db_to_power`. */
export function dbToPower(db: RealArray, ref = 1): Float64Array {
  return Float64Array.from(db, (value) => ref * 10 ** (value / 10));
}

/** `ref * 10^(db / 20)`: `librosa.db_to_amplitude`. */
export function dbToAmplitude(db: RealArray, ref = 1): Float64Array {
  return Float64Array.from(db, (value) => ref * 10 ** (value / 20));
}
