import { realFft } from '../../dsp/fft.ts';
import type { PesqSettings } from './settings.ts';

/** A density a band and frame, `[frames, bands]`: of power, or of loudness. */
export type Density = Float64Array;

/** Exponent of Zwicker's law. */
const zwicker = 0.23;

/** The first stage of hearing at one sample rate: from samples to power in Bark bands, and on to loudness. */
export class Ear {
  readonly #settings: PesqSettings;
  readonly #window: Float64Array;
  readonly #input: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  /** Zwicker's exponent by band: larger below 4 Bark. */
  readonly #exponents: Float64Array;
  readonly #thresholdLoudness: Float64Array;

  constructor(settings: PesqSettings) {
    this.#settings = settings;
    const { frame, bands, loudnessScale } = settings;
    this.#window = Float64Array.from(
      { length: frame },
      (_, n) => 0.5 * (1 - Math.cos((2 * Math.PI * n) / frame)),
    );
    this.#input = new Float64Array(frame);
    this.#re = new Float64Array(frame / 2 + 1);
    this.#im = new Float64Array(frame / 2 + 1);
    this.#exponents = bands.centreBark.map((bark) =>
      bark < 4 ? zwicker * Math.min(2, 6 / (bark + 2)) ** 0.15 : zwicker,
    );
    this.#thresholdLoudness = bands.threshold.map(
      (threshold, band) => loudnessScale * (threshold / 0.5) ** this.#exponents[band]!,
    );
  }

  /** Power density of the frame that begins at sample `at`, into row `row` of `density`. */
  hear(data: Float64Array, at: number, density: Density, row: number): void {
    const { frame, bands, powerScale } = this.#settings;
    const [input, re, im] = [this.#input, this.#re, this.#im];
    for (let n = 0; n < frame; n++) input[n] = data[at + n]! * this.#window[n]!;
    realFft(frame).forward(input, re, im);
    // DC is not heard.
    [re[0], im[0]] = [0, 0];
    for (let band = 0, bin = 0, to = row * bands.count; band < bands.count; band++, to++) {
      let sum = 0;
      for (const end = bin + bands.bins[band]!; bin < end; bin++)
        sum += re[bin]! * re[bin]! + im[bin]! * im[bin]!;
      density[to] = sum * bands.correction[band]! * powerScale;
    }
  }

  /** Loudness density in sone a Bark of row `row` of a power density. */
  loudness(density: Density, row: number, out: Float64Array): void {
    const { count, threshold } = this.#settings.bands;
    for (let band = 0, at = row * count; band < count; band++, at++) {
      const power = density[at]!;
      out[band] =
        power > threshold[band]!
          ? this.#thresholdLoudness[band]! *
            ((0.5 + (0.5 * power) / threshold[band]!) ** this.#exponents[band]! - 1)
          : 0;
    }
  }

  /** The power of a row above `times` the threshold of hearing; the lowest band is left out. */
  audible(density: Density, row: number, times: number): number {
    const { count, threshold } = this.#settings.bands;
    let sum = 0;
    for (let band = 1, at = row * count + 1; band < count; band++, at++) {
      if (density[at]! > times * threshold[band]!) sum += density[at]!;
    }
    return sum;
  }
}
