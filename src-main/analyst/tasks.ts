import type { SignalsAligned } from '../../src-preload/contract/commands/listening.ts';
import type { SerialisedError } from '../../src-preload/contract/errors/error.ts';
import type { Recording } from '../corpora/recording.ts';
import type { ProminenceTask, Prominences } from './tasks-analysis.ts';
import type { SpectrogramPicture, SpectrogramTask } from './tasks-pictures.ts';
import type { Extremes } from '../dsp/minmax.ts';
import type { LevelDifference } from './level-difference.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';
import type { FeatureResult, FeatureTask } from './feature-task.ts';
import type { Extracted, ExtractTask } from './extract/task.ts';
import type { DegradeTask, Degraded, Heard, HearTask, Measured, MeasureTask } from './judging-tasks.ts';

export type { SpectrogramPicture, SpectrogramTask } from './tasks-pictures.ts';

/** What the analyst's children are asked, and what they answer. Paths and ids are strings, rows go through files. */

/**
 * Open some recordings: decode each whole and hash its bytes. Many small files a task, because a message costs as much as
 * a small file does.
 */
export interface InspectTask {
  kind: 'inspect';
  folder: string;
  files: readonly FileToInspect[];
}

/** A recording before it was opened. */
export type FileToInspect = Pick<Recording, 'id' | 'source' | 'startSec' | 'endSec'>;

/** What only opening a file can tell. */
export type Measures = Pick<
  Recording,
  | 'bytes'
  | 'modifiedMs'
  | 'contentHash'
  | 'sampleRateHz'
  | 'channels'
  | 'durationSec'
  | 'peak'
  | 'rms'
  | 'warning'
>;

/** A file that was opened, or why it cannot be used. */
export type InspectedFile = { measures: Measures } | { refused: SerialisedError };

export interface Inspection {
  kind: 'inspect';
  /** In the order of the task's files. */
  files: InspectedFile[];
}

/** A recording as it was when it was indexed: another one behind the same name is refused. */
export interface IndexedFile {
  /** What messages call it. */
  id: string;
  path: string;
  bytes: number;
  modifiedMs: number;
  contentHash: string;
}

/** What a file's header says beside what is in the index. */
export interface ProbeTask {
  kind: 'probe';
  file: IndexedFile;
}

export interface Probe {
  kind: 'probe';
  container: string;
  codec: string;
}

/** A stretch of a recording in samples a channel, `to` not included. */
export interface Stretch {
  from: number;
  to: number;
}

/** The outline of a stretch in equal spans. */
export interface PeaksTask {
  kind: 'peaks';
  file: IndexedFile;
  stretch: Stretch;
  spans: number;
  /** Where the outline of a long file is kept, for the next time. */
  cacheFile: string;
}

export interface Peaks {
  kind: 'peaks';
  /** [min0, max0, min1, max1, ...] over all channels. */
  peaks: Float32Array;
}

/** Samples as they are in the file. */
export interface SoundTask {
  kind: 'sound';
  file: IndexedFile;
  stretch: Stretch;
}

export interface Sound {
  kind: 'sound';
  sampleRateHz: number;
  channels: number;
  /** Interleaved where there is more than one channel. */
  samples: Float32Array;
}

/** How levels become sound. */
export interface InversionSettings {
  config: FeaturePipelineConfig;
  /** Of Griffin-Lim. */
  iterations: number;
  /** Of its starting phase. */
  seed: number;
  /** Where sound is kept for the next time. */
  cacheFolder: string;
}

/** Samples at the pipeline's rate, at most at full scale. */
export interface Audible {
  samples: Float32Array;
  /** What was taken off to stay there; 0 mostly. */
  attenuatedDb: number;
}

/** A recording as a model is given it (model-view.ts). */
export interface ModelViewTask {
  kind: 'modelView';
  id: string;
  path: string;
  /** What the file's bytes must hash to; null where that is not known. */
  contentHash: string | null;
  /** The stretch of the file that the recording is; null for its beginning and its end. */
  startSec?: number | null;
  endSec?: number | null;
  config: FeaturePipelineConfig;
  /** Makes the ceiling too. */
  inversion: InversionSettings | null;
  /** dBFS of the darkest and the brightest level of pictures; null for those of the recording itself. */
  scale: Extremes | null;
  /** What a model made of it: its difference from the recording is told too. Features `[bins, frames]` in 0..1. */
  estimate?: Extremes & { features: Float32Array };
}

export interface ModelView {
  kind: 'modelView';
  /** Of the recording. */
  sampleRateHz: number;
  channels: number;
  wholeSec: number;
  /** Where in it the clip begins. */
  fromSec: number;
  /** Seconds of it that are in the clip. */
  spokenSec: number;
  silent: boolean;
  scale: Extremes;
  /** Levels are `[bins, frames]` of the pipeline, 0..255 on `scale`. */
  original: { levels: Uint8Array; sound: Audible };
  ceiling: { levels: Uint8Array; sound: Audible } | null;
  /** Of `estimate`, where there is one. */
  difference: LevelDifference | null;
}

/** What a model gave as picture and sound (invert.ts). */
export interface InvertTask extends Extremes {
  kind: 'invert';
  /** What messages call it. */
  id: string;
  /** `[bins, frames]` in 0..1. */
  features: Float32Array;
  config: FeaturePipelineConfig;
  scale: Extremes;
  /** Null for the picture alone. */
  inversion: InversionSettings | null;
}

export interface Inverted {
  kind: 'invert';
  levels: Uint8Array;
  sound: Audible | null;
}

/** Samples of all channels in turn. */
export interface Interleaved {
  sampleRateHz: number;
  channels: number;
  samples: Float32Array;
}

/** Put one sound in time and level with another (align.ts). */
export interface AlignTask {
  kind: 'align';
  reference: Interleaved;
  degraded: Interleaved;
  /** No lag beyond this is looked for. */
  mostLagSec: number;
  residual: boolean;
}

export interface Aligned extends SignalsAligned {
  kind: 'align';
}

/** What a file is that is in no dataset (takes.ts). */
export interface ExamineTask {
  kind: 'examine';
  /** What messages call it. */
  id: string;
  path: string;
}

export interface Examined {
  kind: 'examine';
  durationSec: number;
  sampleRateHz: number;
  channels: number;
  codec: string;
  container: string;
}

/** Find what is said in a file (takes.ts). */
export interface UtterancesTask {
  kind: 'utterances';
  id: string;
  path: string;
  /** dBFS; null finds one. */
  thresholdDb: number | null;
  gapSec: number;
  padSec: number;
}

export interface FoundInFile {
  kind: 'utterances';
  /** Of the file; utterances are in its samples. */
  sampleRateHz: number;
  durationSec: number;
  /** With the sum of their squared samples. */
  utterances: (Stretch & { energy: number })[];
  thresholdDb: number | null;
  noiseDb: number;
  loudestDb: number;
  /** Samples at full scale. */
  clipped: number;
}

/** How a take is made of a stretch. */
export interface TakeForm {
  /** dBFS while something is said; null leaves it. */
  levelDb: number | null;
  /** Null for that of the recording. */
  sampleRateHz: number | null;
}

export interface TakeFacts {
  durationSec: number;
  sampleRateHz: number;
  gainDb: number;
  levelDb: number;
  peakDb: number;
  limited: boolean;
}

/** One stretch as it would be kept (takes.ts). */
export interface ShapeTakeTask extends TakeForm {
  kind: 'shapeTake';
  id: string;
  path: string;
  stretch: Stretch;
}

export interface ShapedTake extends TakeFacts {
  kind: 'shapeTake';
  samples: Float32Array;
}

/** Write stretches of a file as WAV files that are not there yet: all of them or none (takes.ts). */
export interface CutTakesTask extends TakeForm {
  kind: 'cutTakes';
  id: string;
  path: string;
  takes: readonly (Stretch & { file: string })[];
}

export interface CutTakes {
  kind: 'cutTakes';
  takes: TakeFacts[];
}

/** Every task with its answer: the one place that pairs them. */
interface Pairs {
  prominence: [ProminenceTask, Prominences];
  extract: [ExtractTask, Extracted];
  inspect: [InspectTask, Inspection];
  features: [FeatureTask, FeatureResult];
  probe: [ProbeTask, Probe];
  peaks: [PeaksTask, Peaks];
  spectrogram: [SpectrogramTask, SpectrogramPicture];
  align: [AlignTask, Aligned];
  measure: [MeasureTask, Measured];
  degrade: [DegradeTask, Degraded];
  hear: [HearTask, Heard];
  sound: [SoundTask, Sound];
  modelView: [ModelViewTask, ModelView];
  invert: [InvertTask, Inverted];
  examine: [ExamineTask, Examined];
  utterances: [UtterancesTask, FoundInFile];
  shapeTake: [ShapeTakeTask, ShapedTake];
  cutTakes: [CutTakesTask, CutTakes];
}

export type TaskKind = keyof Pairs;
export type TaskOf<Kind extends TaskKind> = Pairs[Kind][0];
export type ResultOf<Kind extends TaskKind> = Pairs[Kind][1];

export type AnalystTask = TaskOf<TaskKind>;

/** The answer that belongs to a task. */
export type AnswerTo<Task extends AnalystTask> = ResultOf<Task['kind']>;

/** What messages call the file that a task is about, were it to take its process down. */
export function subjectOf(task: AnalystTask): string {
  switch (task.kind) {
    case 'inspect':
      return task.files.length === 1 ? (task.files[0]?.id ?? task.folder) : task.folder;
    case 'prominence':
      return task.files[0]?.id ?? task.folder;
    case 'align':
      return 'the compared sound';
    case 'extract':
      return task.file;
    case 'measure':
      return task.degraded;
    case 'degrade':
      return task.source;
    case 'hear':
      return task.path;
    case 'features':
    case 'modelView':
    case 'invert':
    case 'examine':
    case 'utterances':
    case 'shapeTake':
    case 'cutTakes':
      return task.id;
    default:
      return task.file.id;
  }
}
