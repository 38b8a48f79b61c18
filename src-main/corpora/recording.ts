export type Split = 'train' | 'validation' | 'test';

export const splits = ['train', 'validation', 'test'] as const satisfies readonly Split[];

/** One recording of a dataset, as indexed. The file itself stays where it is. */
export interface Recording {
  /** Path relative to the dataset's folder, with forward slashes: stable across machines, and the recording's id. */
  id: string;
  bytes: number;
  modifiedMs: number;
  /** sha256 of the file's bytes, hexadecimal. */
  contentHash: string;
  sampleRateHz: number;
  channels: number;
  durationSec: number;
  /** Largest |sample|, 1 = full scale, over all channels. */
  peak: number;
  rms: number;
  speaker: string | null;
  label: string | null;
  split: Split;
  /** What is said in it, where the corpus tells. */
  transcript: string | null;
}

/** A file that was seen and not taken, with the reason: an error code of the catalogue and its message. */
export interface SkippedFile {
  id: string;
  code: string;
  message: string;
  remedy: string;
}

/** What a dataset's dataset.json holds. */
export interface Dataset {
  id: string;
  name: string;
  folder: string;
  layout: string;
  /** Why that layout: what was recognised, or that it was asked for. */
  layoutNote: string;
  createdMs: number;
  scannedMs: number;
  recordings: number;
  skipped: number;
  /** Recordings that hold nothing but zeros: indexed, and left out of features (`isSilent`). */
  silent: number;
  durationSec: number;
  speakers: string[];
  labels: string[];
  splits: Record<Split, number>;
  /** Where the division into splits comes from: a convention of the corpus, or ours. */
  splitNote: string;
  /** sha256 over (id, content hash, split) of every recording in order of id. */
  splitHash: string;
}

/**
 * Whether a recording holds nothing but zeros. Its spectrogram is one constant, so scaling by its own extremes would
 * divide by zero; quieter than that, any signal at all can be scaled, and is kept.
 */
export function isSilent(recording: Pick<Recording, 'peak'>): boolean {
  return recording.peak === 0;
}

/** The order of ids everywhere: by UTF-16 code unit, the same on every machine whatever its language. */
export function compareIds(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
