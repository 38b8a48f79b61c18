import type { SettingsOf } from '../../../src-preload/contract/features/settings.ts';
import { deltas } from '../../dsp/deltas.ts';
import { pyin } from '../../dsp/f0/pyin.ts';
import { framePlan, stftOptionsOf } from '../../dsp/features/plan.ts';
import { integratedLoudness, momentaryLoudness } from '../../dsp/loudness.ts';
import type { Matrix } from '../../dsp/matrix.ts';
import { phaseDifferenceFrequency, reassign } from '../../dsp/reassignment.ts';
import { stft } from '../../dsp/stft.ts';
import { frameRms } from '../../dsp/trim.ts';
import { frameRows } from './frame-rows.ts';

/** The kinds that need the whole signal in memory. */
export type WholeKind = 'delta' | 'rms' | 'loudness' | 'f0' | 'if' | 'groupdelay';

export interface WholeFeature {
  /** `[rows, frames]`. */
  matrix: Matrix;
  figures: Record<string, number | null>;
  warnings: string[];
}

/**
 * One of these kinds by settled settings.
 *
 * @throws RangeError where the signal is too short for the settings.
 */
export function wholeFeature(
  samples: Float32Array,
  sampleRateHz: number,
  settings: SettingsOf<WholeKind>,
): WholeFeature {
  const plain = { figures: {}, warnings: [] };
  switch (settings.kind) {
    case 'rms': {
      const { frame_length: frameLength, hop_length: hopLength, center, pad_mode: padMode } = settings;
      return { ...plain, matrix: oneRow(frameRms(samples, { frameLength, hopLength, center, padMode })) };
    }
    case 'loudness': {
      const integrated_lkfs = integratedLoudness([samples], sampleRateHz);
      const matrix = oneRow(momentaryLoudness([samples], sampleRateHz));
      return { matrix, figures: { integrated_lkfs }, warnings: [] };
    }
    case 'f0':
      return { ...plain, matrix: pitchRows(samples, sampleRateHz, settings) };
    case 'delta':
      return cepstralDeltas(samples, sampleRateHz, settings);
    case 'if':
    case 'groupdelay': {
      const options = { ...stftOptionsOf(settings), sampleRateHz };
      if (settings.kind === 'groupdelay')
        return { ...plain, matrix: reassign(samples, options).groupDelaySec };
      const matrix =
        settings.method === 'reassignment'
          ? reassign(samples, options).instantaneousFrequencyHz
          : phaseDifferenceFrequency(stft(samples, options), options);
      return { ...plain, matrix };
    }
  }
}

function oneRow(data: Float64Array): Matrix {
  return { bins: 1, frames: data.length, data };
}

function pitchRows(samples: Float32Array, sampleRateHz: number, settings: SettingsOf<'f0'>): Matrix {
  const { f0Hz, voiced, voicedProbability } = pyin(samples, {
    sampleRateHz,
    fminHz: settings.fmin,
    fmaxHz: settings.fmax,
    frameLength: settings.frame_length,
    hopLength: settings.hop_length ?? Math.floor(settings.frame_length / 4),
    center: settings.center,
  });
  const frames = f0Hz.length;
  const data = new Float32Array(3 * frames);
  data.set(f0Hz);
  data.set(voiced, frames);
  data.set(voicedProbability, 2 * frames);
  return { bins: 3, frames, data };
}

function cepstralDeltas(
  samples: Float32Array,
  sampleRateHz: number,
  settings: SettingsOf<'delta'>,
): WholeFeature {
  const plan = framePlan({ ...settings, kind: 'mfcc' }, sampleRateHz);
  const rows: Float64Array[] = [];
  const { frames } = frameRows(
    () => [samples],
    plan,
    (row) => rows.push(Float64Array.from(row)),
  );
  const data = new Float64Array(plan.size * frames);
  rows.forEach((row, frame) => row.forEach((value, bin) => (data[bin * frames + frame] = value)));
  const { width, order, mode } = settings;
  const matrix = deltas({ bins: plan.size, frames, data }, { width, order, mode });
  return { matrix, figures: {}, warnings: plan.warnings };
}
