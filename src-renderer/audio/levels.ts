/** At which factors tracks are played, so that they are equally loud and none of them clips. */

export interface TrackLevel {
  /** What makes it as loud as the reference. */
  gainDb: number;
  /** Its largest magnitude, between samples too; 1 is full scale. */
  peak: number;
}

/** Tracks stay this far below full scale, since what a device makes between the samples was only estimated. */
export const headroomDb = 0.3;

/** What all tracks are made quieter by, so that the loudest of them stays below full scale; 0 mostly. */
export function commonAttenuationDb(tracks: readonly TrackLevel[], matched: boolean): number {
  const loudest = tracks.reduce(
    (most, { gainDb, peak }) => Math.max(most, peak * factor(matched ? gainDb : 0)),
    0,
  );
  const overDb = loudest === 0 ? -Infinity : 20 * Math.log10(loudest);
  // As it came, a sound that reaches full scale is played as it is: only what is made louder is held below.
  const mostDb = matched && tracks.some(({ gainDb }) => gainDb > 0) ? -headroomDb : 0;
  return Math.max(0, overDb - mostDb);
}

/** The factor of a gain in dB. */
export function factor(gainDb: number): number {
  return 10 ** (gainDb / 20);
}

/** The largest magnitude of samples. */
export function peakOf(channels: readonly Float32Array[]): number {
  let largest = 0;
  for (const channel of channels) for (const value of channel) largest = Math.max(largest, Math.abs(value));
  return largest;
}
