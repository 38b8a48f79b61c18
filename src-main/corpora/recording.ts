export type Split = 'train' | 'validation' | 'test';

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
  createdMs: number;
  scannedMs: number;
  recordings: number;
  skipped: number;
  durationSec: number;
  speakers: string[];
  labels: string[];
  splits: Record<Split, number>;
  /** sha256 over (id, content hash, split) of every recording in order of id. */
  splitHash: string;
}
