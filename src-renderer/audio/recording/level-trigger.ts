/** What a trigger found in a block. */
export type TriggerEvent = 'begin' | 'end' | null;

export interface TriggerOptions {
  /** Level in dBFS from which it counts as speech; null: 12 dB above the noise of late. */
  thresholdDb: number | null;
  /** Louder for this long begins a take: shorter is a click. */
  beginSec?: number;
  /** Quieter for this long ends it. */
  endSec?: number;
}

const aboveNoiseDb = 12;
/** No room is so quiet that less than this would be speech. */
const leastThresholdDb = -55;
/** The noise is what most of this time was quieter than. */
const noiseSec = 2;

/** Tells from the level of blocks when somebody begins to speak and has ended. */
export class LevelTrigger {
  readonly #sampleRateHz: number;
  readonly #options: Required<TriggerOptions>;
  /** Levels of the blocks while nobody speaks, with their seconds. */
  #quiet: { db: number; sec: number }[] = [];
  #quietSec = 0;
  #loudSec = 0;
  #silentSec = 0;
  #speaking = false;

  constructor(sampleRateHz: number, options: TriggerOptions) {
    this.#sampleRateHz = sampleRateHz;
    this.#options = { beginSec: 0.04, endSec: 0.7, ...options };
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /** The level in dBFS that begins a take now; null before enough of the room was heard. */
  get thresholdDb(): number | null {
    if (this.#options.thresholdDb !== null) return this.#options.thresholdDb;
    if (this.#quietSec < 0.3) return null;
    const sorted = this.#quiet.map(({ db }) => db).sort((one, other) => one - other);
    const noiseDb = sorted[Math.floor(0.5 * sorted.length)] ?? -Infinity;
    return Math.max(leastThresholdDb, noiseDb + aboveNoiseDb);
  }

  add(samples: Float32Array): TriggerEvent {
    const sec = samples.length / this.#sampleRateHz;
    const db = levelDb(samples);
    const { thresholdDb } = this;
    if (thresholdDb === null) {
      this.#listen(db, sec);
      return null;
    }
    if (!this.#speaking) {
      if (db < thresholdDb) {
        this.#loudSec = 0;
        this.#listen(db, sec);
        return null;
      }
      this.#loudSec += sec;
      if (this.#loudSec < this.#options.beginSec) return null;
      this.#speaking = true;
      this.#silentSec = 0;
      return 'begin';
    }
    // Half of the margin: the end of a word is softer than its beginning.
    this.#silentSec = db < thresholdDb - aboveNoiseDb / 2 ? this.#silentSec + sec : 0;
    if (this.#silentSec < this.#options.endSec) return null;
    this.#speaking = false;
    this.#loudSec = 0;
    return 'end';
  }

  #listen(db: number, sec: number): void {
    this.#quiet.push({ db, sec });
    this.#quietSec += sec;
    while (this.#quietSec > noiseSec) this.#quietSec -= this.#quiet.shift()?.sec ?? this.#quietSec;
  }
}

function levelDb(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? -Infinity : 10 * Math.log10(sum / samples.length);
}
