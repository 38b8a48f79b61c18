import type { MeasuredPoint } from '../../../src-preload/contract/comparison/metric-choice.ts';
import type { Deviation, PaperReference } from '../../models/family.ts';
import type { PageCurve } from '../page/line-chart.ts';

/** One thing to hear and see: the original, the ceiling, or what a run made of it. */
export interface ReportSound {
  /** 'Original', 'Ceiling', 'A: small'. */
  title: string;
  /** What was done to it, in a sentence. */
  note: string;
  /** The whole WAV file, 16 bits. */
  wav: Uint8Array;
  /** The whole PNG file. */
  png: Uint8Array;
  /** Gain that brings it to the level of the original, in dB; 0 for the original. */
  gainDb: number;
  mse: number | null;
}

/** One recording with everything that is heard of it. */
export interface ReportClip {
  title: string;
  recording: string;
  durationSec: number;
  /** Seconds that its pictures show. */
  shownSec: number;
  sampleRateHz: number;
  sounds: ReportSound[];
}

/** The clips with what is the same for all of them. */
export interface ReportListening {
  clips: ReportClip[];
  /** Where the recordings are from. */
  split: 'validation' | 'train';
  /** The one scale of all pictures, in dBFS. */
  minDb: number;
  maxDb: number;
  /** The steps that the reconstructions are of, one a run. */
  steps: { name: string; step: number; epoch: number }[];
  notes: string[];
}

export interface NamedValue {
  name: string;
  value: string;
  unit?: string;
}

/** A row of the table of metrics. */
export interface MetricRow {
  split: string;
  key: string;
  best: MeasuredPoint | null;
  last: MeasuredPoint | null;
  min: MeasuredPoint | null;
  max: MeasuredPoint | null;
}

/** What is told of one run. */
export interface ReportRun {
  id: string;
  name: string;
  state: string;
  createdMs: number;
  step: number;
  epoch: number;
  epochs: number;
  preset: string;
  presetTitle: string;
  family: string;
  summary: string;
  paper: PaperReference | undefined;
  deviations: Deviation[];
  /** Settings that are not as the preset has them. */
  differences: { setting: string; preset: string; chosen: string; derived: boolean }[];
  settings: { section: string; values: NamedValue[] }[];
  /** 'model.latentDim' with what the form calls it. */
  settingTitles: ReadonlyMap<string, string>;
  parameters: { trainable: number; total: number } | null;
  bitrates: NamedValue[];
  metrics: MetricRow[];
  curves: PageCurve[];
  data: NamedValue[];
  device: NamedValue[];
  versions: NamedValue[];
  remarks: string[];
  notes: string;
  tags: string[];
  /** The lines for a terminal that train it again, and that write this report. */
  commands: { command: string; what: string }[];
}

/** Everything that the page of a run shows. */
export interface RunReportData {
  madeAt: Date;
  run: ReportRun;
  listening: ReportListening;
}

/** Everything that the page of a comparison shows. */
export interface ComparisonReportData {
  madeAt: Date;
  runs: { letter: string; run: ReportRun }[];
  differences: { title: string; values: string[] }[];
  metrics: { split: string; key: string; values: (MetricRow | null)[] }[];
  curves: PageCurve[];
  listening: ReportListening;
  command: string;
}
