/**
 * The one shape of every fade: half a cosine, 0 at 0 and 1 at 1, with no slope at either end. Two fades of it that run
 * against each other add up to 1, which keeps the level of sounds that are alike, as aligned versions of one clip are;
 * an equal-power fade would make them 3 dB louder in its middle. No jump in value or slope is left to be heard as a click.
 */
export function fadeShape(share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return 1;
  return 0.5 - 0.5 * Math.cos(Math.PI * share);
}

/** How long a fade is: too short for anyone to hear it as one, and long enough that a cut of speech does not click. */
export const fadeSec = 0.005;

/** A number on its way to another along the shape of a fade, a sample at a time. */
export class Ramp {
  #from: number;
  #to: number;
  #at = 0;
  #length = 0;

  constructor(value: number) {
    this.#from = value;
    this.#to = value;
  }

  /** Where it is going. */
  get target(): number {
    return this.#to;
  }

  /** Whether it is there. */
  get settled(): boolean {
    return this.#at >= this.#length;
  }

  get value(): number {
    if (this.settled) return this.#to;
    return this.#from + (this.#to - this.#from) * fadeShape(this.#at / this.#length);
  }

  /** Goes to `value` over `frames` samples, from wherever it is now. */
  go(value: number, frames: number): void {
    this.#from = this.value;
    this.#to = value;
    this.#at = 0;
    this.#length = frames;
  }

  /** The value of this sample; the next call gives that of the next. */
  step(): number {
    const { value } = this;
    if (!this.settled) this.#at++;
    return value;
  }
}
