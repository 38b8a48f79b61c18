import type { CapturedBlock } from './capture-name.ts';

/** A recording that was made. */
export interface RecordedTake {
  /** One channel, full scale 1. */
  samples: Float32Array<ArrayBuffer>;
  sampleRateHz: number;
  /** Samples that the audio thread did not get, zeros in their place: more than 0 is a dropout. */
  missing: number;
}

/**
 * Keeps the last moments of what comes from a microphone and, from `begin` on, all of it: what was said just before the key
 * was pressed is not lost.
 */
export class TakeBuffer {
  readonly #sampleRateHz: number;
  readonly #preRoll: number;
  #blocks: Float32Array<ArrayBuffer>[] = [];
  #length = 0;
  #missing = 0;
  #nextFrame: number | null = null;
  #recording = false;

  constructor(sampleRateHz: number, preRollSec: number) {
    this.#sampleRateHz = sampleRateHz;
    this.#preRoll = Math.round(preRollSec * sampleRateHz);
  }

  get recording(): boolean {
    return this.#recording;
  }

  /** Seconds that `end` would give now. */
  get durationSec(): number {
    return this.#length / this.#sampleRateHz;
  }

  add({ frame, samples }: CapturedBlock): void {
    const gap = this.#nextFrame === null ? 0 : frame - this.#nextFrame;
    if (gap > 0) {
      this.#push(new Float32Array(gap));
      if (this.#recording) this.#missing += gap;
    }
    this.#push(samples);
    this.#nextFrame = frame + samples.length;
    if (!this.#recording) this.#forget();
  }

  begin(): void {
    this.#recording = true;
    this.#missing = 0;
  }

  /** Ends the recording and gives it. */
  end(): RecordedTake {
    const samples = new Float32Array(this.#length);
    let at = 0;
    for (const block of this.#blocks) {
      samples.set(block, at);
      at += block.length;
    }
    const take = { samples, sampleRateHz: this.#sampleRateHz, missing: this.#missing };
    this.cancel();
    return take;
  }

  /** Ends the recording and forgets it. */
  cancel(): void {
    this.#recording = false;
    this.#blocks = [];
    this.#length = 0;
    this.#missing = 0;
  }

  #push(samples: Float32Array<ArrayBuffer>): void {
    this.#blocks.push(samples);
    this.#length += samples.length;
  }

  #forget(): void {
    for (;;) {
      const oldest = this.#blocks[0];
      if (!oldest || this.#length - oldest.length < this.#preRoll) return;
      this.#blocks.shift();
      this.#length -= oldest.length;
    }
  }
}
