import type { FeatureSettings } from '../../../src-preload/contract/features/settings.ts';

/** Features of a recording into a NumPy file (extract/). */
export interface ExtractTask {
  kind: 'extract';
  file: string;
  out: string;
  settings: FeatureSettings;
}

export interface Extracted {
  kind: 'extract';
  /** `[rows, frames]`. */
  shape: number[];
  dtype: 'float32' | 'complex64';
  fortranOrder: boolean;
  /** As they were used: nothing is left out. */
  settings: FeatureSettings;
  sampleRateHz: number;
  sourceSampleRateHz: number;
  /** That went in, at `sampleRateHz`. */
  samples: number;
  figures: Record<string, number | null>;
  warnings: string[];
}
