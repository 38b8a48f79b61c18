import type { Density, Ear } from './loudness.ts';
import type { Bands } from './bands.ts';

/** What a listener would hear of the difference, by frame. */
export interface Disturbances {
  symmetric: Float64Array;
  /** With what was added weighed more than what was left out. */
  asymmetric: Float64Array;
}

/** Two frames' disturbances. */
export interface FrameDisturbance {
  symmetric: number;
  asymmetric: number;
}

/** Compares the loudness of frames; keeps work space for one frame. */
export class FrameComparison {
  readonly #ear: Ear;
  readonly #bands: Bands;
  readonly #reference: Float64Array;
  readonly #degraded: Float64Array;
  #gain = 1;

  constructor(ear: Ear, bands: Bands) {
    this.#ear = ear;
    this.#bands = bands;
    this.#reference = new Float64Array(bands.count);
    this.#degraded = new Float64Array(bands.count);
  }

  /** Forgets the gain of the frame before. */
  restart(): void {
    this.#gain = 1;
  }

  /**
   * Brings the degraded frame to the reference's momentary level, slowly and within limits, in place: what a listener's ear
   * follows is no disturbance.
   */
  followGain(referenceAudible: number, degraded: Density, row: number): void {
    const wanted = (referenceAudible + 5e3) / (this.#ear.audible(degraded, row, 1) + 5e3);
    const smoothed = row > 0 ? 0.2 * this.#gain + 0.8 * wanted : wanted;
    this.#gain = smoothed;
    const gain = Math.max(3e-4, Math.min(5, smoothed));
    const { count } = this.#bands;
    for (let at = row * count; at < (row + 1) * count; at++) degraded[at]! *= gain;
  }

  /** The disturbance of a row, masked within a quarter of the softer loudness. */
  compare(reference: Density, degraded: Density, row: number): FrameDisturbance {
    const { count, widthBark } = this.#bands;
    this.#ear.loudness(reference, row, this.#reference);
    this.#ear.loudness(degraded, row, this.#degraded);
    let [squares, added, width] = [0, 0, 0];
    for (let band = 1, at = row * count + 1; band < count; band++, at++) {
      const difference = this.#degraded[band]! - this.#reference[band]!;
      const masked = 0.25 * Math.min(this.#degraded[band]!, this.#reference[band]!);
      const heard = Math.max(0, Math.abs(difference) - masked);
      const weight = widthBark[band]!;
      width += weight;
      if (heard === 0) continue;
      squares += (heard * weight) ** 2;
      added += heard * weight * asymmetryOf(reference[at]!, degraded[at]!);
    }
    return { symmetric: Math.sqrt(squares / width) * width, asymmetric: added };
  }
}

/** 0 for what is about as strong or weaker than the reference, up to 12 for what is much stronger. */
function asymmetryOf(reference: number, degraded: number): number {
  const factor = ((degraded + 50) / (reference + 50)) ** 1.2;
  if (factor < 3) return 0;
  return Math.min(12, factor);
}
