import { bandsOf, type Bands } from './bands.ts';

/** Rates that P.862 is defined at. */
export type PesqRateHz = 8000 | 16000;

/** What depends on the sample rate; all lengths in samples. */
export interface PesqSettings {
  rateHz: PesqRateHz;
  /** Step of the envelopes: 4 ms. */
  hop: number;
  /** Silence kept before and behind the signal while delays are looked for: 75 steps. */
  margin: number;
  /** Silence behind the end: 320 ms. */
  tail: number;
  /** Frame of the fine alignment: 64 ms. */
  alignFrame: number;
  /** Frame of the perceptual model: 32 ms; frames overlap by half. */
  frame: number;
  bands: Bands;
  /** Calibration of power density and of loudness. */
  powerScale: number;
  loudnessScale: number;
}

/** Steps of the margin. */
export const marginSteps = 75;

function settings(rateHz: PesqRateHz, powerScale: number): PesqSettings {
  const hop = rateHz / 250;
  return {
    rateHz,
    hop,
    margin: marginSteps * hop,
    tail: (320 * rateHz) / 1000,
    alignFrame: 16 * hop,
    frame: 8 * hop,
    bands: bandsOf[rateHz],
    powerScale,
    loudnessScale: 1.866055e-1,
  };
}

export const pesqSettings: Record<PesqRateHz, PesqSettings> = {
  8000: settings(8000, 2.764344e-5),
  16000: settings(16000, 6.910853e-6),
};

/** A signal with its margins: `margin` zeros, the samples, `margin` zeros, and `tail` zeros more. */
export interface PesqSignal {
  data: Float64Array;
  /** Samples with both margins, without the tail. */
  length: number;
}

/** `samples` between margins. */
export function withMargins(samples: ArrayLike<number>, { margin, tail }: PesqSettings): PesqSignal {
  const length = samples.length + 2 * margin;
  const data = new Float64Array(length + tail);
  data.set(samples, margin);
  return { data, length };
}
