import { Ramp, fadeShape, fadeSec } from './fade.ts';

/** What a voice reads: the samples of a track at whole frames, 0 outside. */
export type Guide = Float32Array<ArrayBuffer> | null;

/** Slowed-down sound is laid out in pieces that overlap for so long. */
const pieceSec = 0.02;
/** How far from its place a piece may be taken, to fit the one before it: more than half a period of the lowest voice. */
const searchSec = 0.01;

/**
 * One reading head over the clip, the same for all tracks. At speed 1 it passes every frame once. Slowed down it does so
 * too, in pieces: after each it jumps back a little, and fades over. Where to, within 10 ms, is chosen so that the guide
 * track goes on as it would have (WSOLA; Verhelst and Roelands, ICASSP 1993): pitch stays. All tracks are cut in the same
 * places, so that switching between them stays in step.
 */
export class Voice {
  /** Where in the clip it is, in frames; between frames while slowed down. */
  position: number;
  readonly level = new Ramp(0);
  /** It fades out, or has: never to be brought back. */
  leaving = false;
  /** It fades out towards the end of the clip or loop. */
  atEdge = false;
  /** The frame that sounds next, and the one of the piece before while that fades. */
  frame: number;
  before = -1;
  /** Weight of `frame`; what is left of 1 is that of `before`. */
  weight = 1;
  readonly #fadeFrames: number;
  readonly #pieceFrames: number;
  readonly #searchFrames: number;
  /** Frames since the present piece began; at its length the next one does. */
  #inPiece = 0;
  #slow = false;

  constructor(position: number, sampleRateHz: number) {
    this.position = position;
    this.frame = Math.round(position);
    this.#fadeFrames = Math.round(fadeSec * sampleRateHz);
    this.#pieceFrames = Math.round(pieceSec * sampleRateHz);
    this.#searchFrames = Math.round(searchSec * sampleRateHz);
    this.level.go(1, this.#fadeFrames);
  }

  /** Whether nothing will be heard of it any more. */
  get gone(): boolean {
    return this.leaving && this.level.settled;
  }

  leave(): void {
    this.leaving = true;
    this.level.go(0, this.#fadeFrames);
  }

  /** Before each sample: begins to fade where the clip or loop ends, and no longer where it does not. */
  watchEdge(end: number, speed: number): void {
    if (this.leaving) return;
    const near = this.position >= end - this.#fadeFrames * speed;
    if (near === this.atEdge) return;
    this.atEdge = near;
    this.level.go(near ? 0 : 1, this.#fadeFrames);
  }

  /** Goes on at another place after the end of a loop, from silence. */
  wrapTo(position: number): void {
    this.position = position;
    this.frame = Math.round(position);
    this.#single();
    this.atEdge = false;
    this.level.go(1, this.#fadeFrames);
  }

  /** After each sample: on to the next frame. */
  advance(speed: number, guide: Guide): void {
    this.frame++;
    this.position += speed;
    if (speed === 1 && !this.#slow) return;
    if (this.before >= 0) this.before++;
    this.#inPiece++;
    if (!this.#slow) {
      this.#slow = true;
      this.#nextPiece(guide);
    } else if (this.#inPiece >= this.#pieceFrames) {
      if (speed === 1) {
        // The pieces are at an end: what sounds is the place.
        this.#single();
        this.position = this.frame;
        return;
      }
      this.#nextPiece(guide);
    }
    this.weight = this.before < 0 ? 1 : fadeShape(this.#inPiece / this.#pieceFrames);
  }

  #single(): void {
    this.#slow = false;
    this.#inPiece = 0;
    this.before = -1;
    this.weight = 1;
  }

  #nextPiece(guide: Guide): void {
    const wanted = Math.round(this.position);
    const next = guide ? this.#bestFit(guide, wanted) : wanted;
    this.#inPiece = 0;
    this.before = next === this.frame ? -1 : this.frame;
    this.frame = next;
  }

  /** The place near `wanted` from which the guide goes on most like what would have come; every fourth, then every one. */
  #bestFit(guide: Float32Array, wanted: number): number {
    const reach = this.#searchFrames;
    const near = (from: number, to: number, step: number, stride: number): number => {
      let best = wanted;
      let bestFit = 0;
      for (let at = from; at <= to; at += step) {
        const fit = this.#likeness(guide, at, stride);
        if (fit > bestFit) [best, bestFit] = [at, fit];
      }
      return best;
    };
    const coarse = near(wanted - reach, wanted + reach, 4, 2);
    return near(Math.max(wanted - reach, coarse - 3), Math.min(wanted + reach, coarse + 3), 1, 1);
  }

  #likeness(guide: Float32Array, at: number, stride: number): number {
    let product = 0;
    let power = 1e-9;
    for (let n = 0; n < this.#pieceFrames; n += stride) {
      const value = guide[at + n] ?? 0;
      product += value * (guide[this.frame + n] ?? 0);
      power += value * value;
    }
    return product / Math.sqrt(power);
  }
}
