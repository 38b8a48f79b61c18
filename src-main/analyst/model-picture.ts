import type { Extremes } from '../dsp/minmax.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';
import { representationOf } from '../dsp/representation.ts';
import type { RealArray } from '../dsp/matrix.ts';

/** What a full-scale sine reaches in the levels of a pipeline, in dB: levels less this are dBFS. */
export function fullScaleDb(config: FeaturePipelineConfig): number {
  return representationOf(config).fullScaleDb(config);
}

/** The scale of pictures that shows clips of these extremes whole: whole dBFS, at least one dB wide. */
export function pictureScale(clips: readonly Extremes[], config: FeaturePipelineConfig): Extremes {
  const offset = fullScaleDb(config);
  const minDb = Math.floor(Math.min(...clips.map((clip) => clip.minDb)) - offset);
  const maxDb = Math.ceil(Math.max(...clips.map((clip) => clip.maxDb)) - offset);
  return { minDb, maxDb: Math.max(maxDb, minDb + 1) };
}

/** Features `[bins, frames]` in 0..1 of a clip with its extremes as 0..255 on a scale of dBFS. */
export function pictureLevels(
  features: RealArray,
  extremes: Extremes,
  config: FeaturePipelineConfig,
  scale: Extremes,
): Uint8Array<ArrayBuffer> {
  const levels = new Uint8Array(features.length);
  const offset = fullScaleDb(config) + scale.minDb;
  const span = scale.maxDb - scale.minDb;
  const range = extremes.maxDb - extremes.minDb;
  for (let at = 0; at < levels.length; at++) {
    const part = ((features[at] as number) * range + extremes.minDb - offset) / span;
    levels[at] = Math.max(0, Math.min(255, Math.round(255 * part)));
  }
  return levels;
}
