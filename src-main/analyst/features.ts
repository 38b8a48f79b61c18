/** Features of one split, on disk: read by row, never loaded whole. Made by the analyst, fed to the trainer. */
export interface FeatureReader {
  readonly count: number;
  /** Shape of one clip: `[bins, frames]`, or `[bins, frames, channels]` where a model is given several numbers of each. */
  readonly shape: readonly [number, number, ...number[]];
  /** Key of the cache: content hashes and pipeline. */
  readonly key: string;
  /** Recording ids, in row order. */
  readonly ids: readonly string[];
  /** Minimum and maximum in dB that scaled each row: `[count * 2]`. */
  readonly extremesDb: Float32Array;
  /** Seconds of each clip that are recording rather than padding: `[count]`. */
  readonly spokenSec: Float32Array;
  /** Copies the rows `indices` one after the other into `out` `[indices.length, ...shape]`. */
  read(indices: ArrayLike<number>, out: Float32Array): void;
  close(): void;
}
