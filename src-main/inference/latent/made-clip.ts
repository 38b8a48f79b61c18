import type { GeneratedClip } from '../../../src-preload/contract/commands/generate.ts';
import type { Extremes } from '../../dsp/minmax.ts';

/** What is said of a clip that is made, whatever it is made of. */
export interface ClipFacts extends Extremes, Pick<GeneratedClip, 'title' | 'group' | 'position' | 'meanOf'> {}

/** A clip that a model made, before it is written. */
export interface MadeClip extends ClipFacts {
  /** Levels `[bins, frames]` in 0..1 on its extremes. */
  features: Float32Array;
  /** Where that is not the length of the model's pipeline. */
  frames?: number;
  sound: Float32Array;
  /** What the sound is written with. */
  gain: number;
  givenSec?: number;
  lsdDb?: number;
}

/** Clips that are made one after the other. */
export interface Making {
  total: number;
  clips: AsyncIterable<MadeClip>;
  /** Of the longest. */
  durationSec: number;
  /** What to know of them. */
  notes: readonly string[];
}
