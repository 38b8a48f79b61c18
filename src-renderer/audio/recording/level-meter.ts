/** What a meter shows of a microphone. */
export interface MeterReading {
  /** Largest magnitude of late, falling slowly, in dBFS. */
  peakDb: number;
  /** Root mean square of the last 50 ms or so, in dBFS. */
  rmsDb: number;
  /** Some sample was at full scale since the indicator was taken back. */
  clipped: boolean;
}

/** A peak stays for this long, then falls. */
const holdSec = 0.8;
const fallDbPerSec = 24;
/** Time in which the shown RMS follows a step by two thirds. */
const rmsSec = 0.05;
/** From this magnitude on a sample counts as clipped: the last step of 16 bits. */
const fullScale = 1 - 2 ** -15;
const floorDb = -100;

/** Peak and RMS of blocks as they come. */
export class LevelMeter {
  readonly #sampleRateHz: number;
  #peakDb = floorDb;
  #heldSec = 0;
  #power = 0;
  #clipped = false;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  get reading(): MeterReading {
    return {
      peakDb: this.#peakDb,
      rmsDb: Math.max(floorDb, 10 * Math.log10(this.#power)),
      clipped: this.#clipped,
    };
  }

  add(samples: Float32Array): void {
    if (samples.length === 0) return;
    const blockSec = samples.length / this.#sampleRateHz;
    let largest = 0;
    let sum = 0;
    for (const sample of samples) {
      const size = Math.abs(sample);
      if (size > largest) largest = size;
      sum += sample * sample;
    }
    if (largest >= fullScale) this.#clipped = true;
    const part = 1 - Math.exp(-blockSec / rmsSec);
    this.#power += part * (sum / samples.length - this.#power);
    const peakDb = Math.max(floorDb, 20 * Math.log10(largest));
    if (peakDb >= this.#peakDb) {
      this.#peakDb = peakDb;
      this.#heldSec = 0;
      return;
    }
    this.#heldSec += blockSec;
    if (this.#heldSec > holdSec) this.#peakDb = Math.max(peakDb, this.#peakDb - fallDbPerSec * blockSec);
  }

  clearClip(): void {
    this.#clipped = false;
  }
}
