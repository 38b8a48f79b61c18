import path from 'node:path';
import { dbfs, peak } from '../dsp/level.ts';
import { heardAgain, inversionMethods, type ModelClip, synthesise } from '../dsp/representation.ts';
import type { FeaturePipelineConfig } from '../dsp/pipeline.ts';
import type { InversionMethodName } from '../../src-preload/contract/commands/reconstruct.ts';
import type { InversionSettings } from './protocol.ts';
import { spectrogramError, type ScaledSpectrogram, type SpectrogramError } from './spectrogram-error.ts';

/** One audio of a clip before it is written. */
export interface ClipAudio {
  method: InversionMethodName;
  label: string;
  samples: Float32Array;
  error: SpectrogramError;
}

/** A spectrogram made audible by each method asked for, and measured again against the clip that it stands for. */
export function invertClip(
  estimate: ScaledSpectrogram,
  clip: ModelClip,
  pipeline: FeaturePipelineConfig,
  inversion: InversionSettings,
  spokenFrames: number,
): ClipAudio[] {
  return inversion.methods.map((method) => {
    const samples = synthesise(estimate.features, estimate, pipeline, {
      method,
      phase: clip.phase,
      iterations: inversion.iterations,
      seed: inversion.seed,
    });
    const heard = heardAgain(samples, pipeline);
    const shape = { bins: clip.bins, frames: clip.frames, spokenFrames };
    const error = spectrogramError(clip, heard, shape, { relativeLevels: true });
    return { method, label: inversionMethods[method].label, samples, error };
  });
}

/** Factor that brings the loudest of all to full scale at most, and never makes anything louder. */
export function commonGain(signals: readonly Float32Array[]): number {
  const loudest = Math.max(0, ...signals.map((signal) => peak(signal)));
  return loudest > 1 ? 1 / loudest : 1;
}

/** The gain in dB taken off: 0 for a factor of 1. */
export function attenuationDb(gain: number): number {
  return gain === 1 ? 0 : -dbfs(gain);
}

/** 'clip.reconstruction.8-bit.griffin-lim.wav' */
export function audioFileName(folder: string, ...parts: readonly (string | undefined)[]): string {
  return path.join(folder, `${parts.filter((part) => part !== undefined).join('.')}.wav`);
}
