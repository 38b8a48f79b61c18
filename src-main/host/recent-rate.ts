const windowMs = 5000;
const shortestMs = 500;

/** How fast a count has grown over the last seconds: what was long ago says little of what is left. */
export class RecentRate {
  #points: { ms: number; count: number }[] = [];

  /** Notes that the count was `count` at the time `ms`. */
  add(ms: number, count: number): void {
    const last = this.#points.at(-1);
    // A count that falls is another count.
    if (last && count < last.count) this.#points = [];
    this.#points.push({ ms, count });
    // The newest point that is older than the window stays, so that the window is covered.
    while ((this.#points[1]?.ms ?? Number.POSITIVE_INFINITY) <= ms - windowMs) this.#points.shift();
  }

  /** Per second; null before enough was seen to say. */
  get perSecond(): number | null {
    const [first] = this.#points;
    const last = this.#points.at(-1);
    if (!first || !last || last.ms - first.ms < shortestMs) return null;
    return ((last.count - first.count) * 1000) / (last.ms - first.ms);
  }
}
