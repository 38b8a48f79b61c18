import type { SpectrogramError } from '../../../inference/spectrogram-error.ts';
import type { PageCurve } from '../../page/line-chart.ts';
import type { Deviation, PaperReference } from '../../../models/family.ts';

/** A sound of the page with its picture. */
export interface PageSound {
  /** 'Original', 'Ceiling', 'Reconstruction', 'Sample 3'. */
  title: string;
  /** One sentence: what was done to it. */
  note: string;
  /** The whole WAV file. */
  wav: Uint8Array;
  /** `[bins, frames]` in dB on the scale of the page: 0 is the loudest bin of the original (or of a sample's range). */
  levelsDb: Float32Array;
}

export interface PageClip {
  title: string;
  /** File name of the recording. */
  source: string;
  spokenSec: number;
  error: SpectrogramError;
  /** What the ceiling loses on the way to audio and back, and what the reconstruction does. */
  ceilingAudioLsdDb: number;
  reconstructionAudioLsdDb: number;
  klNats: number;
  spokenKilobitsPerSecond: number | null;
  sounds: PageSound[];
}

/** Mean over the clips for one code width. */
export interface PageCodeWidth {
  bits: number;
  paddedKilobitsPerSecond: number;
  /** Over all clips together: all their bits by all their spoken seconds. */
  spokenKilobitsPerSecond: number | null;
  mse: number;
  lsdSpokenFramesDb: number;
  clippedShare: number;
}

/** Everything that the demo's page shows, with nothing left to compute. */
export interface DemoPageData {
  madeAt: Date;
  commandLine: string;
  dataset: {
    name: string;
    folder: string;
    synthetic: boolean;
    recordings: number;
    durationSec: number;
    speakers: string[];
    splits: { train: number; validation: number; test: number };
  };
  model: {
    preset: string;
    title: string;
    summary: string;
    family: string;
    paper: PaperReference | undefined;
    parameters: { trainable: number; nonTrainable: number; total: number };
    layers: { layer: string; total: number }[];
    latentDim: number;
    inputShape: readonly number[];
    settings: { name: string; value: string; unit: string | undefined }[];
    differences: { setting: string; preset: string; chosen: string }[];
    deviations: Deviation[];
  };
  pipeline: {
    sampleRateHz: number;
    durationSec: number;
    nFft: number;
    hopLength: number;
    /** Of the STFT. */
    window: string;
    /** Of pictures, below the loudest level. */
    rangeDb: number;
    bins: number;
    frames: number;
  };
  training: {
    run: string;
    runName: string;
    epochs: number;
    steps: number;
    batchSize: number;
    seconds: number;
    stepsPerSec: number;
    bestEpoch: number;
    validationMse: number;
    validationKlNats: number;
    seed: number;
  };
  curves: PageCurve[];
  clips: PageClip[];
  clipSplit: string;
  samples: PageSound[];
  codeWidths: PageCodeWidth[];
  bitrateText: string;
  pondClaim: { stated: number; computed: number; explanation: string };
  inversion: string;
  machine: { name: string; value: string }[];
  versions: { name: string; value: string }[];
  /** What a reader should know before anything else. */
  notes: string[];
  /** What the trainer said of its engine and its start. */
  engineNotes: string[];
  next: { command: string; what: string }[];
}
