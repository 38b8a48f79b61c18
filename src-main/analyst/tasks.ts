import type { Recording } from '../corpora/recording.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';

/** What the analyst's children are asked, and what they answer. Paths and ids are strings, rows go through files. */

/** Open one recording: decode it whole and hash its bytes. */
export interface InspectTask {
  kind: 'inspect';
  /** What to call the file in messages: its path below the dataset's folder. */
  id: string;
  path: string;
}

/** What only opening a file can tell. */
export interface Inspection extends Omit<Recording, 'id' | 'speaker' | 'label' | 'split' | 'transcript'> {
  kind: 'inspect';
}

/** Compute the features of one recording and write them at its row of a file that exists already. */
export interface FeatureTask {
  kind: 'features';
  id: string;
  path: string;
  /** What the file's bytes must hash to, or it is another recording than the one indexed. */
  contentHash: string;
  config: FeaturePipelineConfig;
  rowsFile: string;
  row: number;
}

export interface FeatureResult {
  kind: 'features';
  minDb: number;
  maxDb: number;
  /** Seconds of the clip that are recording rather than padding. */
  spokenSec: number;
}

export type AnalystTask = InspectTask | FeatureTask;

/** The answer that belongs to a task. */
export type AnswerTo<Task extends AnalystTask> = Task extends InspectTask ? Inspection : FeatureResult;
