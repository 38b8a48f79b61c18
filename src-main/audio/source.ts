import type { ResynthError } from '../../src-preload/contract/errors/error.ts';

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

/** What a level is made of. */
export interface Level {
  /** Samples a channel. */
  samples: number;
  /** Largest |sample| over all channels. */
  peak: number;
  /** Sum of squares over all channels. */
  energy: number;
}

/** An open audio file, decoded once from its beginning to its end. */
export interface AudioSource {
  readonly info: AudioInfo;
  /** Samples a channel that are really there, whatever the header announces; null where only decoding can tell. */
  readonly heldSamples: number | null;
  /**
   * The samples in order from number `start` (0) on, one array a channel in every block, full scale being 1. Ends early, with `damage` set, where
   * the file cannot be decoded further. A block's arrays may be overwritten by the next.
   */
  blocks(start?: number): Generator<Float32Array[], void, void>;
  /** How many samples a channel there are up to where `blocks` has come, those before its `start` included. */
  readonly reached: number;
  /** The level of the whole file, where there is a quicker way to it than by `blocks`; the numbers are the same. */
  measureLevel?(): Level;
  /** Why decoding ended early, or null. */
  readonly damage: string | null;
  /** What is wrong with the file though its samples can be used; complete once all of it was decoded. */
  readonly remarks?: readonly ResynthError[];
  close(): void;
}

/** More channels are a wrong header, not an array of microphones: every one of them costs memory. */
export const mostChannels = 256;

/** Rates that a header can honestly announce; outside, filters and buffers would grow without bound. */
export const lowestRateHz = 1000;
export const highestRateHz = 768_000;
