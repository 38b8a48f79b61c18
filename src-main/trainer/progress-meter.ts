/** A step's weight in the running mean of step times: the last twenty or so make up most of it. */
const recentWeight = 0.1;

/**
 * How fast a segment goes, and how long a run has trained. Pauses are left out of every figure; the first step of a
 * process, in which the engine prepares itself, is left out of the speeds as soon as there is a second one.
 */
export class ProgressMeter {
  readonly #now: () => number;
  readonly #earlierMs: number;
  readonly #startedMs: number;
  #pausedMs = 0;
  #pausedSinceMs: number | null = null;
  #steps = 0;
  #recentStepMs = 0;
  #stepsMs = 0;
  #feedingMs = 0;
  #firstStepAtMs = 0;

  /** `earlierMs`: training time of the segments before this one, up to the step where this one begins. */
  constructor(earlierMs: number, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#earlierMs = earlierMs;
    this.#startedMs = now();
  }

  paused(): void {
    this.#pausedSinceMs ??= this.#now();
  }

  resumed(): void {
    if (this.#pausedSinceMs === null) return;
    this.#pausedMs += this.#now() - this.#pausedSinceMs;
    this.#pausedSinceMs = null;
  }

  /** `stepMs` is the call of the program, `feedingMs` the reading of its batch. */
  stepDone(stepMs: number, feedingMs: number): void {
    const wholeMs = stepMs + feedingMs;
    this.#steps++;
    this.#stepsMs += wholeMs;
    this.#feedingMs += feedingMs;
    if (this.#steps <= 2) this.#recentStepMs = wholeMs;
    else this.#recentStepMs += recentWeight * (wholeMs - this.#recentStepMs);
    if (this.#steps === 1) this.#firstStepAtMs = this.segmentMs;
  }

  /** Milliseconds of this segment. */
  get segmentMs(): number {
    return (this.#pausedSinceMs ?? this.#now()) - this.#startedMs - this.#pausedMs;
  }

  /** Milliseconds that the run has trained in all its segments. */
  get processMs(): number {
    return this.#earlierMs + this.segmentMs;
  }

  /** Milliseconds of a step of late, its batch included; null before the first. */
  get msPerStep(): number | null {
    return this.#steps > 0 ? this.#recentStepMs : null;
  }

  /** Mean over the segment, for its log. */
  get meanMsPerStep(): number {
    return this.#stepsMs / Math.max(1, this.#steps);
  }

  /** Share of the time of steps that reading their batches took. */
  get feedingShare(): number {
    return this.#stepsMs > 0 ? this.#feedingMs / this.#stepsMs : 0;
  }

  /** Seconds that `steps` more take, validations and checkpoints like those so far included; null before the first step. */
  secondsFor(steps: number): number | null {
    if (this.#steps === 0) return null;
    const perStep =
      this.#steps === 1 ? this.#recentStepMs : (this.segmentMs - this.#firstStepAtMs) / (this.#steps - 1);
    return (Math.max(0, steps) * perStep) / 1000;
  }
}
