import type { BenchRow } from './report.ts';

/** Says on standard error what is being measured. */
export type Progress = (message: string) => void;

export interface SectionOptions {
  /** Threads of either side. */
  threads: number;
  /** A folder of FSDD recordings, or undefined for one beside the checkout or made-up clips. */
  dataFolder: string | undefined;
  /** Nets, or parts of the section, whose name has this in it; all where undefined. */
  only: string | undefined;
  /** Where 'dvae-quality', 'fsdd' and 'asr-fragments' keep what they trained; undefined for a place of its own in the cache. */
  home: string | undefined;
  /** How long they train each model; undefined for their own budgets. */
  epochs: number | undefined;
  /** With how many seeds 'fsdd' and 'asr-fragments' train each; undefined for all. */
  seeds: number | undefined;
  /** Whether they write their tables into README.md. */
  readme: boolean;
  /** How long the section 'app' watches memory. */
  minutes: number;
  progress: Progress;
}

export interface Section {
  /** Whether it computes with the engine in this process. */
  engine: boolean;
  /** Loaded only when asked for: each brings a different half of Resynth with it. */
  load(): Promise<(options: SectionOptions) => Promise<BenchRow[]>>;
}

/** The sections by name, in the order in which they run. */
export const sections: Record<string, Section> = {
  train: { engine: true, load: async () => (await import('./train.ts')).benchTrain },
  'rvq-stages': {
    engine: true,
    load: async () => (await import('./quantiser-stages.ts')).benchQuantiserStages,
  },
  dvae: { engine: true, load: async () => (await import('./dvae/steps.ts')).benchDvaeSteps },
  'dvae-compile': { engine: true, load: async () => (await import('./dvae/costs.ts')).benchDvaeCompile },
  'dvae-utterance': { engine: true, load: async () => (await import('./dvae/costs.ts')).benchDvaeUtterance },
  'dvae-quality': {
    engine: false,
    load: async () => (await import('./dvae-quality/index.ts')).benchDvaeQuality,
  },
  memory: { engine: true, load: async () => (await import('./memory.ts')).benchMemory },
  features: { engine: false, load: async () => (await import('./features.ts')).benchFeatures },
  signal: { engine: false, load: async () => (await import('./signal/index.ts')).benchSignal },
  metrics: { engine: false, load: async () => (await import('./metrics.ts')).benchMetrics },
  fsdd: { engine: false, load: async () => (await import('./fsdd/index.ts')).benchFsdd },
  'asr-fragments': {
    engine: true,
    load: async () => (await import('./fragments/index.ts')).benchFragments,
  },
  quality: { engine: true, load: async () => (await import('./quality.ts')).benchQuality },
  app: { engine: false, load: async () => (await import('./app/index.ts')).benchApp },
};
