import type { SerialisedError } from '../../../src-preload/contract/errors/error.ts';
import type { FileStretch } from '../../analyst/segment.ts';
import type { ModelReference } from '../protocol.ts';

/** What decoding needs to know of a recording beside its code. */
export interface EmbeddedFacts {
  /** Vectors, one after the other in time, and numbers in each. */
  vectors: number;
  numbers: number;
  /** From the beginning of the recording to that of the first vector. */
  fromSec: number;
  /** Of the recording that the code stands for. */
  seconds: number;
  /** Levels that its 0 and 1 stand for; null for models of levels that are not scaled by them. */
  minDb: number | null;
  maxDb: number | null;
  /** What it was divided by, so that its largest |sample| became 1; 1 where that is not done. */
  scale: number;
  /** One vector of all of it beside those in time, for models that have one. */
  whole: number[] | null;
}

export interface EmbedRequests {
  /** Recordings through the encoder: the mean of the posterior, a NumPy file `[vectors, numbers]` each. */
  embedRecordings: {
    params: {
      model: ModelReference;
      files: { id: string; path: string; contentHash: string; stretch: FileStretch; out: string }[];
    };
    result: { embedded: ((EmbeddedFacts & { warnings: string[] }) | { refused: SerialisedError })[] };
  };
  /** Such files through the decoder: a WAV each. */
  decodeEmbeddings: {
    params: {
      model: ModelReference;
      files: { npy: string; out: string; facts: EmbeddedFacts }[];
      iterations: number;
      seed: number;
    };
    result: { decoded: ({ seconds: number; attenuatedDb: number } | { refused: SerialisedError })[] };
  };
}
