import type { BenchRow } from './report.ts';
import { benchMemory } from './memory.ts';
import { benchQuality } from './quality.ts';
import { benchTrain } from './train.ts';

/** Says on standard error what is being measured. */
export type Progress = (message: string) => void;

export interface SectionOptions {
  /** Threads of either side. */
  threads: number;
  /** A folder of FSDD recordings, or undefined for one beside the checkout or made-up clips. */
  dataFolder: string | undefined;
  /** Nets whose name has this in it; all where undefined. */
  only: string | undefined;
  progress: Progress;
}

export type Section = (options: SectionOptions) => Promise<BenchRow[]>;

/** The sections by name, in the order in which they run. */
export const sections: Record<string, Section> = {
  train: benchTrain,
  memory: benchMemory,
  features: benchFeatures,
  quality: benchQuality,
};

/** Loaded only when asked for: it brings the audio decoders with it. */
async function benchFeatures(options: SectionOptions): Promise<BenchRow[]> {
  const module = await import('./features.ts');
  return module.benchFeatures(options);
}
