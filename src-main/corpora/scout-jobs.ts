import type { SerialisedError } from '../../src-preload/contract/errors/error.ts';
import type { FoundFile } from './corpus.ts';
import type { SkippedFile, Split } from './recording.ts';

/** What the thread that looks at folders is asked, and what it answers. */
export type ScoutJob =
  | { kind: 'choose'; dir: string; layout: string }
  | { kind: 'detect'; dir: string; layout: string }
  | { kind: 'scan'; dir: string; layout: string }
  | { kind: 'count'; dir: string; layout: string };

/** Entries of a folder, as many as came at once. */
export interface ScoutBatch {
  files: FoundFile[];
  skipped: SkippedFile[];
}

/** How a folder is going to be read. */
export interface ChosenLayout {
  /** Where the folder is when links are resolved. */
  real: string;
  /** The folder that paths are relative to, and the list in it, where the recordings come from one. */
  folder: string;
  manifest: string | null;
  layout: string;
  title: string;
  note: string;
  splitNote: string;
}

/** What each layout makes of a folder. */
export interface LayoutCandidate {
  layout: string;
  title: string;
  matches: boolean;
  note: string;
}

/** What a folder would become, by a look at its beginning. */
export interface FolderSketch extends ChosenLayout {
  candidates: LayoutCandidate[];
  files: number;
  bytes: number;
  skipped: number;
  /** False where there is more than was looked at. */
  complete: boolean;
  speakers: string[];
  labels: string[];
  subsets: string[];
  splits: Record<Split, number>;
  examples: FoundFile[];
}

export type ToScout = { kind: 'job'; job: ScoutJob } | { kind: 'more' };

export type FromScout =
  | { kind: 'batch'; batch: ScoutBatch }
  | { kind: 'chosen'; chosen: ChosenLayout }
  | { kind: 'sketch'; sketch: FolderSketch }
  | { kind: 'counted'; files: number; ended: boolean }
  | { kind: 'end' }
  | { kind: 'failed'; error: SerialisedError };
