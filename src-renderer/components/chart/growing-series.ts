/** Rows of one curve as they come over the wire: parallel columns in order of step. */
export interface SeriesRows {
  steps: Float64Array;
  values: Float64Array;
  epochs: Float64Array;
  wallMs: Float64Array;
  processMs: Float64Array;
}

const columns = ['steps', 'values', 'epochs', 'wallMs', 'processMs'] as const;
type Column = (typeof columns)[number];

/**
 * One curve of a run that grows while it trains. Columns are typed arrays with room to spare, so that appending four
 * times a second to 100,000 rows copies nothing but the new ones. Steps are strictly increasing at any time: rows that
 * come again (a resume went back, or an event overlaps with what was read) take the place of the earlier ones.
 */
export class GrowingSeries {
  readonly split: string;
  readonly key: string;
  #length = 0;
  #rows: Record<Column, Float64Array>;
  /** `processMs` as it was told: a resumed run begins at zero again, while the column goes on from where it was. */
  #toldProcessMs: Float64Array;
  /** Grows whenever rows that were there are no longer what they were: caches over earlier rows are void. */
  #rewrites = 0;

  constructor(split: string, key: string, capacity = 1024) {
    this.split = split;
    this.key = key;
    this.#rows = {
      steps: new Float64Array(capacity),
      values: new Float64Array(capacity),
      epochs: new Float64Array(capacity),
      wallMs: new Float64Array(capacity),
      processMs: new Float64Array(capacity),
    };
    this.#toldProcessMs = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  get rewrites(): number {
    return this.#rewrites;
  }

  /** A view of the rows so far, without copying; valid until the next `append`. */
  column(name: Column): Float64Array {
    return this.#rows[name].subarray(0, this.#length);
  }

  /** Appends rows in order of step; those at or after the first new step that are here already are replaced. */
  append(rows: SeriesRows): void {
    const added = rows.steps.length;
    if (added === 0) return;
    this.#cutFrom(rows.steps[0] ?? 0);
    this.#reserve(this.#length + added);
    let at = this.#length;
    for (let row = 0; row < added; row++) {
      const step = rows.steps[row] ?? Number.NaN;
      // Out of order inside one message: the later line of a log wins here too.
      if (at > 0 && !(step > (this.#rows.steps[at - 1] ?? -Infinity))) {
        at = lowerBound(this.#rows.steps, at, step);
        this.#rewrites++;
      }
      const told = rows.processMs[row] ?? 0;
      this.#rows.steps[at] = step;
      this.#rows.values[at] = rows.values[row] ?? Number.NaN;
      this.#rows.epochs[at] = rows.epochs[row] ?? 0;
      this.#rows.wallMs[at] = rows.wallMs[row] ?? 0;
      this.#rows.processMs[at] = told + this.#processOffsetMs(at, told);
      this.#toldProcessMs[at] = told;
      at++;
    }
    this.#length = at;
  }

  /** Index of the row whose step is nearest, or -1 where there are none. */
  nearest(column: Exclude<Column, 'values'>, position: number): number {
    return nearestIndex(this.#rows[column], this.#length, position);
  }

  /** What the processes before had spent by row `at`: a clock that goes back belongs to a new process. */
  #processOffsetMs(at: number, told: number): number {
    if (at === 0) return 0;
    const before = this.#toldProcessMs[at - 1] ?? 0;
    const offset = (this.#rows.processMs[at - 1] ?? 0) - before;
    return told < before ? offset + before : offset;
  }

  #cutFrom(step: number): void {
    const keep = lowerBound(this.#rows.steps, this.#length, step);
    if (keep === this.#length) return;
    this.#length = keep;
    this.#rewrites++;
  }

  #reserve(capacity: number): void {
    const room = this.#rows.steps.length;
    if (capacity <= room) return;
    const grown = Math.max(capacity, room * 2);
    for (const name of columns) {
      const larger = new Float64Array(grown);
      larger.set(this.#rows[name].subarray(0, this.#length));
      this.#rows[name] = larger;
    }
    const told = new Float64Array(grown);
    told.set(this.#toldProcessMs.subarray(0, this.#length));
    this.#toldProcessMs = told;
  }
}

/** The first index in 0..length whose value is not below `wanted`; `length` where all are. */
export function lowerBound(sorted: ArrayLike<number>, length: number, wanted: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the value nearest to `wanted` among the first `length` of an ascending array; -1 where it is empty. */
export function nearestIndex(sorted: ArrayLike<number>, length: number, wanted: number): number {
  if (length === 0) return -1;
  const at = lowerBound(sorted, length, wanted);
  if (at === 0) return 0;
  if (at === length) return length - 1;
  const below = sorted[at - 1] ?? -Infinity;
  const above = sorted[at] ?? Infinity;
  return wanted - below <= above - wanted ? at - 1 : at;
}
