/** Never closer than this: some hundred samples across a screen. */
const closestSec = 0.01;

/** The stretch of a sound that is on screen: all of it, or what was zoomed into. */
export class TimeZoom {
  readonly durationSec: number;
  #fromSec = $state(0);
  #toSec: number;

  constructor(durationSec: number) {
    this.durationSec = durationSec;
    this.#toSec = $state(durationSec);
  }

  get fromSec(): number {
    return this.#fromSec;
  }

  get toSec(): number {
    return this.#toSec;
  }

  get whole(): boolean {
    return this.#fromSec <= 0 && this.#toSec >= this.durationSec;
  }

  /** Shows `factor` times as much as now; `atSec` stays where it is on screen. */
  by(factor: number, atSec = (this.#fromSec + this.#toSec) / 2): void {
    const now = this.#toSec - this.#fromSec;
    const next = Math.min(this.durationSec, Math.max(Math.min(closestSec, this.durationSec), now * factor));
    const share = now > 0 ? (atSec - this.#fromSec) / now : 0.5;
    this.#put(atSec - share * next, next);
  }

  /** Moves by a share of what is shown. */
  move(share: number): void {
    const now = this.#toSec - this.#fromSec;
    this.#put(this.#fromSec + share * now, now);
  }

  /** Moves just so that a time is in what is shown, at its left, as one turns a page. */
  turnTo(sec: number): void {
    if (sec < this.#fromSec || sec > this.#toSec) this.#put(sec, this.#toSec - this.#fromSec);
  }

  all(): void {
    this.#put(0, this.durationSec);
  }

  #put(fromSec: number, spanSec: number): void {
    this.#fromSec = Math.max(0, Math.min(fromSec, this.durationSec - spanSec));
    this.#toSec = Math.min(this.durationSec, this.#fromSec + spanSec);
  }
}
