import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import type { SamplerFigures } from '../../src-preload/contract/commands/samplers.ts';
import type { SerialisedError } from '../../src-preload/contract/errors/error.ts';
import type { HeardFile } from './mel-image.ts';

/** A recording with its class. */
export interface LabelledFile extends HeardFile {
  label: number;
}

/** Sounds that are judged together. */
export interface JudgeTask {
  classes: number;
  train: readonly LabelledFile[];
  /** Not trained on: the classifier's accuracy is measured on them. */
  test: readonly LabelledFile[];
  /** `labels` are the classes that they are meant to be; null where they are meant to be nothing. */
  sets: readonly { files: readonly HeardFile[]; labels: readonly number[] | null }[];
  seed: number;
  epochs: number;
  /** Where the trained classifier is kept, and found again. */
  weightsFile: string;
}

export interface JudgedSet {
  figures: SamplerFigures;
  clips: { label: number; confidence: number; nearest: { row: number; distance: number } }[];
}

export interface Judgement {
  /** Whether it had been trained before. */
  cached: boolean;
  /** Share of the training sounds that it classifies rightly. */
  trainAccuracy: number;
  real: JudgedSet;
  noise: JudgedSet;
  sets: JudgedSet[];
}

export type FromClassifier =
  | { kind: 'progress'; event: ProgressEvent }
  | { kind: 'done'; result: Judgement }
  | { kind: 'failed'; error: SerialisedError };
