import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';

/** Compute the clips of one recording and write them from `row` on into a file that exists already. */
export interface FeatureTask {
  kind: 'features';
  id: string;
  path: string;
  /** What the file's bytes must hash to, or it is another recording than the one indexed. */
  contentHash: string;
  /** The stretch of the file that the recording is; null for its beginning and its end. */
  startSec: number | null;
  endSec: number | null;
  config: FeaturePipelineConfig;
  rowsFile: string;
  row: number;
  /** Rows that there are for it. */
  mostClips: number;
}

export interface FeatureResult {
  kind: 'features';
  /** What was written, in order. */
  clips: {
    minDb: number;
    maxDb: number;
    /** Seconds of the clip that are recording rather than padding. */
    spokenSec: number;
  }[];
}
