import path from 'node:path';

export type Split = 'train' | 'validation' | 'test';

export const splits = ['train', 'validation', 'test'] as const satisfies readonly Split[];

/** What a corpus may tell of a recording beside its speaker, label, split and words; null where it does not. */
export interface CorpusFacts {
  /** Of the speaker: 'F', 'M' or what else the corpus writes. */
  sex: string | null;
  /** A part of the corpus that is no split: 'train-clean-100', 'noise'. */
  subset: string | null;
  /** The file, relative to the dataset's folder, where it is another than the id: several recordings may lie in one. */
  source: string | null;
  /** The stretch of the file that this recording is; null for its beginning and its end. */
  startSec: number | null;
  endSec: number | null;
  /** Why it is left out of the splits; null where it is in one. */
  excluded: string | null;
}

/** The facts of a corpus whose names tell none of them. */
export const noFacts: CorpusFacts = {
  sex: null,
  subset: null,
  source: null,
  startSec: null,
  endSec: null,
  excluded: null,
};

/** One recording of a dataset, as indexed. The file itself stays where it is. */
export interface Recording extends CorpusFacts {
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
  /** What is wrong with the file without keeping it from being used, in a sentence: a checksum that does not hold. */
  warning: string | null;
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
  /** Recordings that were left out of the splits. */
  excluded: number;
  /** Recordings with a warning. */
  warned: number;
  /** The list that the recordings come from, as a name inside the folder; null where the folder itself tells. */
  manifest: string | null;
  durationSec: number;
  speakers: string[];
  labels: string[];
  splits: Record<Split, number>;
  /** Where the division into splits comes from: a convention of the corpus, or ours. */
  splitNote: string;
  /** sha256 over (id, content hash, split) of every recording that is not excluded, in order of id. */
  splitHash: string;
}

/** Where the file of a recording is. */
export function recordingPath(folder: string, { id, source }: Pick<Recording, 'id' | 'source'>): string {
  return path.resolve(folder, source ?? id);
}

/** What a dataset is read from: its list, or the folder itself. */
export function placeOf({ folder, manifest }: { folder: string; manifest: string | null }): string {
  return manifest === null ? folder : path.join(folder, manifest);
}

/** Whether a recording is a stretch of its file rather than all of it. */
export function isSegment({ startSec, endSec }: Pick<Recording, 'startSec' | 'endSec'>): boolean {
  return startSec !== null || endSec !== null;
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
