import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import type {
  CodeBitsChoice,
  FeedbackMode,
  InversionMethodName,
  LatentMode,
  ModelUsed,
  ReconstructOutput,
} from '../../src-preload/contract/commands/reconstruct.ts';
import type { SampleOutput } from '../../src-preload/contract/commands/sample.ts';
import type { SoundsJob, SoundsResult } from './reconstruct-sounds.ts';
import type { BackendChoice } from '../../src-preload/contract/commands/doctor.ts';
import type { SerialisedError } from '../../src-preload/contract/errors/error.ts';
import type { EmbedRequests } from './embed/protocol.ts';
import type { LatentRequests } from './latent/protocol.ts';
import type { ReconstructedSound, SoundJob } from './reconstruct-sound.ts';

/** Which trained model is meant, and on which engine it is to run. */
export interface ModelReference {
  runFolder: string;
  runName: string;
  checkpoint: 'best' | 'last' | number;
  engine?: {
    backend?: BackendChoice | undefined;
    device?: string | undefined;
    threads?: number | undefined;
  };
}

export interface InversionSettings {
  methods: InversionMethodName[];
  /** Griffin-Lim's. */
  iterations: number;
  /** Griffin-Lim's starting phase, and the latents of samples. */
  seed: number;
}

/** Everything that can be asked of the inference process: parameters and result by name. */
export interface InferenceRequests extends LatentRequests, EmbedRequests {
  load: { params: { model: ModelReference }; result: ModelUsed };
  /** Loads it and lets it compute once: the first call of a program takes longer than all others. */
  warm: { params: { model: ModelReference }; result: ModelUsed };
  /** `features` `[count, ...inputShape]`; mean and logVar come back as `[count, latent]`. */
  encode: {
    params: { model: ModelReference; features: Float32Array };
    result: { mean: Float32Array; logVar: Float32Array; latentDim: number };
  };
  /** `z` `[count, latent]`; features come back as `[count, ...inputShape]`. */
  decode: {
    params: { model: ModelReference; z: Float32Array };
    result: { features: Float32Array; shape: number[] };
  };
  /** `count` latents of the prior and what they decode to. */
  samplePrior: {
    params: { model: ModelReference; count: number; seed: number };
    result: { z: Float32Array; features: Float32Array; shape: number[] };
  };
  reconstructFiles: {
    params: {
      model: ModelReference;
      files: string[];
      folder: string;
      inversion: InversionSettings;
      bits: CodeBitsChoice;
      /** z is the mean of its posterior, or drawn from it by the inversion's seed; the mean if left out. */
      latent?: LatentMode;
      /** Of models that generate a frame from those before; the recording's if left out. */
      feedback?: FeedbackMode;
      /** Of a discrete code, its first stages alone. */
      stages?: number | undefined;
    };
    result: ReconstructOutput;
  };
  /** What an evaluation judges: `folder` is made, every file has its own place. */
  reconstructSounds: {
    params: { model: ModelReference; folder: string } & SoundsJob;
    result: SoundsResult;
  };
  /** One recording, in memory: nothing is written. */
  reconstructSound: { params: SoundJob; result: ReconstructedSound };
  sampleFiles: {
    params: {
      model: ModelReference;
      count: number;
      /** Of models of sequences; that of a training sequence if left out. */
      seconds?: number;
      /** Of a prior that was told labels: those to draw, in turn. */
      label?: string[];
      folder: string;
      inversion: InversionSettings;
    };
    result: SampleOutput;
  };
}

export type InferenceMethod = keyof InferenceRequests;

export interface RequestMessage<Method extends InferenceMethod = InferenceMethod> {
  kind: 'request';
  id: number;
  method: Method;
  params: InferenceRequests[Method]['params'];
}

export type ToChild = RequestMessage | { kind: 'cancel'; id: number };

export type FromChild =
  | { kind: 'ready' }
  | { kind: 'progress'; id: number; event: ProgressEvent }
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'error'; id: number; error: SerialisedError };
