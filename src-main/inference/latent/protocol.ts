import type { GeneratedSet, Recipe } from '../../../src-preload/contract/commands/generate.ts';
import type { CodesIdentity } from '../../../src-preload/contract/commands/latent.ts';
import type { ModelUsed } from '../../../src-preload/contract/commands/reconstruct.ts';
import type { Extremes } from '../../dsp/minmax.ts';
import type { CodesHead } from '../../analyst/codes-file.ts';
import type { MixtureValues } from '../loaded-model.ts';
import type { MeasuredCodes } from '../codes/measure-codes.ts';
import type { ModelReference } from '../protocol.ts';

/** A recording as a run knows it: another one behind the same name is refused. */
export interface KnownRecording {
  id: string;
  path: string;
  contentHash: string;
  startSec: number | null;
  endSec: number | null;
}

/** Clips of one class among the codes of some files. */
export interface ClassRows {
  name: string;
  rows: readonly { file: string; rows: Int32Array }[];
}

/** Where codes come from: a dataset as a run knows it. */
export interface CodedDataset {
  home: string;
  dataset: { name: string; folder: string; splitHash: string };
}

/** What is decoded, beside what the recipe says. */
export type Ingredients =
  | { kind: 'prior' }
  | { kind: 'components' }
  | { kind: 'class-means'; classes: ClassRows[]; from: CodedDataset }
  | { kind: 'interpolate'; recordings: [KnownRecording, KnownRecording] }
  | { kind: 'recording'; recording: KnownRecording };

/** Requests about codes: parameters and result by name, as in `InferenceRequests`. */
export interface LatentRequests {
  /** Codes of the clips of a split, kept in a file. */
  encodeSplit: {
    params: {
      model: ModelReference;
      split: CodesHead['split'];
      /** Decodes them too, for their errors. */
      errors: boolean;
    } & CodedDataset;
    result: { file: string; identity: CodesIdentity; count: number; computed: boolean };
  };
  /** What the clips of a split cost in indices, and how well the first stages alone give them back. */
  measureCodes: {
    params: { model: ModelReference; split: CodesHead['split'] } & CodedDataset;
    result: MeasuredCodes;
  };
  /** What the model makes of one recording: z is the mean of its posterior. Of a discrete code, by its first `stages` alone where they are told. */
  reconstructRecording: {
    params: { model: ModelReference; recording: KnownRecording; stages?: number | undefined };
    result: { features: Float32Array; extremes: Extremes; used: ModelUsed };
  };
  abilities: {
    params: { model: ModelReference };
    result: {
      used: ModelUsed;
      weights: string;
      latentDim: number;
      encode: boolean;
      decode: boolean;
      sample: boolean;
      /** Of a prior that is a mixture; null of others. */
      components: number | null;
      /** Labels that its prior can be asked for. */
      labels: string[];
      /** Of models of utterances of any length. */
      utterances: { hearsItself: boolean; sequenceSec: number } | null;
    };
  };
  /** The components of a prior that is a mixture. */
  mixture: { params: { model: ModelReference }; result: MixtureValues };
  /** Makes the clips of a recipe and writes them into a folder that is there afterwards, whole. */
  generate: {
    params: {
      model: ModelReference;
      id: string;
      recipe: Recipe;
      folder: string;
      ingredients: Ingredients;
      notes: string[];
    };
    result: GeneratedSet;
  };
}
