/** What a file says about its audio before it is decoded. */
export interface AudioInfo {
  sampleRateHz: number;
  channels: number;
  /** Samples a channel that the header announces; null where it announces none, or only an estimate. */
  announcedSamples: number | null;
  /** Length in seconds by the header, which may be an estimate; null where it gives none. */
  announcedSec: number | null;
  /** 'wav', 'flac', ... */
  container: string;
  /** 'pcm_s16le', 'flac', ... (FFmpeg's names). */
  codec: string;
  /** Whether samples may be NaN or infinite. */
  floatingPoint: boolean;
}

/** An open audio file, decoded once from its beginning to its end. */
export interface AudioSource {
  readonly info: AudioInfo;
  /** Samples a channel that are really there, whatever the header announces; null where only decoding can tell. */
  readonly heldSamples: number | null;
  /**
   * The samples in order, one array a channel in every block, full scale being 1. Ends early, with `damage` set, where
   * the file cannot be decoded further. A block's arrays may be overwritten by the next.
   */
  blocks(): Generator<Float32Array[], void, void>;
  /** Why decoding ended early, or null. */
  readonly damage: string | null;
  close(): void;
}

/** Rates that a header can honestly announce; outside, filters and buffers would grow without bound. */
export const lowestRateHz = 1000;
export const highestRateHz = 768_000;
