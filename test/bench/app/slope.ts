/** How fast something grows, and how sure that is. */
export interface Slope {
  perMinute: number;
  /** Two standard errors: the true slope lies this near in about 95 of 100 cases. */
  noise: number;
}

const blocks = 12;

/**
 * The slope of values over minutes. Memory goes up and down in steps that last (a collection of garbage), so neighbouring
 * values say the same twice: means of some blocks are taken as what was measured.
 *
 * @throws RangeError for fewer values than blocks.
 */
export function slopeOf(samples: readonly { minute: number; value: number }[]): Slope {
  if (samples.length < blocks) throw new RangeError(`A slope needs at least ${blocks} values.`);
  const points = Array.from({ length: blocks }, (_, block) => {
    const part = samples.slice(
      Math.floor((block * samples.length) / blocks),
      Math.floor(((block + 1) * samples.length) / blocks),
    );
    return { x: mean(part.map(({ minute }) => minute)), y: mean(part.map(({ value }) => value)) };
  });
  const middleX = mean(points.map(({ x }) => x));
  const middleY = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - middleX) ** 2));
  const perMinute = sum(points.map(({ x, y }) => (x - middleX) * (y - middleY))) / spread;
  const rest = sum(points.map(({ x, y }) => (y - middleY - perMinute * (x - middleX)) ** 2));
  return { perMinute, noise: 2 * Math.sqrt(rest / (blocks - 2) / spread) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}
