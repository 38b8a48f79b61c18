import type { CorpusFacts, SkippedFile, Split } from './recording.ts';

/** An audio file that a layout found, before it has been opened. */
export interface FoundFile extends CorpusFacts {
  /** Path relative to the dataset's folder, with forward slashes; or what a list calls the recording. */
  id: string;
  bytes: number;
  modifiedMs: number;
  speaker: string | null;
  label: string | null;
  split: Split;
  transcript: string | null;
}

export type ScanItem = { kind: 'file'; file: FoundFile } | { kind: 'skipped'; skipped: SkippedFile };

export interface ScanOptions {
  signal?: AbortSignal | undefined;
  /** Only to be counted: files are not looked at, their sizes and times are 0. Several times as fast. */
  namesOnly?: boolean | undefined;
}

/** Whether a folder has a layout, and what speaks for or against it, to be shown to the user. */
export interface Detection {
  fits: boolean;
  because: string;
  /** The list in the folder that tells of the recordings, where it is one. */
  list?: string;
}

/**
 * How one kind of corpus lies on disk: which files it has, and what their names say. One file a layout, one line in the
 * registry.
 */
export interface Corpus {
  id: string;
  title: string;
  /** Where the division into train, validation and test comes from. */
  splitNote: string;
  /**
   * Looks at the beginning of the folder only; quick even when it holds 300,000 files. `dir` is the list itself where a
   * dataset comes from one (manifest.ts).
   */
  detect(dir: string, signal?: AbortSignal): Promise<Detection>;
  /**
   * Every audio file in batches, as it is found and in no particular order, with the entries that were passed over and
   * why. It may block while it lists and looks at files: the host has it done in a thread (scout.ts).
   */
  scan(dir: string, options?: ScanOptions): AsyncIterable<readonly ScanItem[]>;
}
