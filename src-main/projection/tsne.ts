import { philoxUniforms } from './draws.ts';
import type { Affinities } from './affinities.ts';
import { type Push, QuadTree } from './quad-tree.ts';

/** Up to so many points every pair pushes; above, far ones are taken together. */
export const exactUpTo = 1000;
/** A square counts as one point where its width is less than this share of its distance. */
export const theta = 0.5;
export const exaggeratedIterations = 250;
const exaggeration = 12;
const leastGain = 0.01;
/** Spread of the first layout along x. */
const firstSpread = 1e-4;

export interface TsneStep {
  iteration: number;
  /** `[count, 2]`; the same memory each time. */
  layout: Float64Array;
  /** Kullback-Leibler divergence of the map's similarities from the codes', in nats, before this iteration's move. */
  divergence: number;
}

/**
 * t-SNE (L. van der Maaten and G. Hinton, JMLR 9, 2008; the quad tree of van der Maaten, JMLR 15, 2014), moved with
 * momentum and gains. Begins with the first two principal components (D. Kobak and P. Berens, Nature Communications 10,
 * 2019) and a little seeded noise that parts equal points; learning rate n / exaggeration (A. Belkina and others, Nature
 * Communications 10, 2019). Yields after every iteration.
 */
export function* tsne(
  affinities: Affinities,
  first: Float64Array,
  options: { iterations: number; seed: number },
): Generator<TsneStep, Float64Array> {
  const { count } = affinities;
  const layout = firstLayout(first, options.seed);
  const speed = new Float64Array(2 * count);
  const gains = new Float64Array(2 * count).fill(1);
  const tree = new QuadTree(count);
  const gradient = new Float64Array(2 * count);
  const rate = Math.max(count / exaggeration, 50);
  const accuracy = count <= exactUpTo ? 0 : theta;
  const early = Math.min(exaggeratedIterations, Math.floor(options.iterations / 2));
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const exaggerates = iteration < early;
    const momentum = exaggerates ? 0.5 : 0.8;
    const divergence = divergenceAndGradient(affinities, layout, gradient, {
      tree,
      theta: accuracy,
      exaggeration: exaggerates ? exaggeration : 1,
    });
    for (let at = 0; at < 2 * count; at++) {
      const slope = gradient[at]!;
      const moving = speed[at]!;
      gains[at] = Math.max(leastGain, slope > 0 === moving > 0 ? gains[at]! * 0.8 : gains[at]! + 0.2);
      speed[at] = momentum * moving - rate * gains[at]! * slope;
      layout[at] = layout[at]! + speed[at]!;
    }
    centre(layout);
    yield { iteration: iteration + 1, layout, divergence };
  }
  return layout;
}

/**
 * Divergence of a layout in nats and its gradient `[count, 2]`, put into `gradient`. `theta` 0 is exact. With an
 * exaggeration the gradient is that of the exaggerated similarities; the divergence is always of the true ones.
 */
export function divergenceAndGradient(
  { count, starts, columns, values }: Affinities,
  layout: Float64Array,
  gradient: Float64Array,
  options: { tree?: QuadTree; theta: number; exaggeration: number },
): number {
  const tree = options.tree ?? new QuadTree(count);
  tree.fill(layout);
  const push: Push = { x: 0, y: 0, weights: 0 };
  let total = 0;
  for (let i = 0; i < count; i++) {
    tree.pushOn(layout[2 * i]!, layout[2 * i + 1]!, options.theta, push);
    total += push.weights;
    gradient[2 * i] = push.x;
    gradient[2 * i + 1] = push.y;
  }
  const logTotal = Math.log(total);
  let divergence = 0;
  for (let i = 0; i < count; i++) {
    let [pullX, pullY] = [0, 0];
    for (let at = starts[i]!; at < starts[i + 1]!; at++) {
      const j = columns[at]!;
      const dx = layout[2 * i]! - layout[2 * j]!;
      const dy = layout[2 * i + 1]! - layout[2 * j + 1]!;
      const one = 1 + dx * dx + dy * dy;
      const p = values[at]!;
      if (p > 0) divergence += p * (Math.log(p) + Math.log(one) + logTotal);
      pullX += (p / one) * dx;
      pullY += (p / one) * dy;
    }
    gradient[2 * i] = 4 * (options.exaggeration * pullX - gradient[2 * i]! / total);
    gradient[2 * i + 1] = 4 * (options.exaggeration * pullY - gradient[2 * i + 1]! / total);
  }
  return divergence;
}

function firstLayout(first: Float64Array, seed: number): Float64Array {
  let squares = 0;
  for (let at = 0; at < first.length; at += 2) squares += first[at]! ** 2;
  const spread = Math.sqrt(squares / Math.max(1, first.length / 2));
  const noise = philoxUniforms(seed, first.length);
  const scale = spread === 0 ? 0 : firstSpread / spread;
  // Noise of a hundredth of the spread, and all there is where the codes are all the same.
  return first.map((value, at) => value * scale + (noise[at]! - 0.5) * firstSpread * 0.01);
}

function centre(layout: Float64Array): void {
  let [x, y] = [0, 0];
  const count = layout.length / 2;
  for (let at = 0; at < layout.length; at += 2) {
    x += layout[at]!;
    y += layout[at + 1]!;
  }
  for (let at = 0; at < layout.length; at += 2) {
    layout[at] = layout[at]! - x / count;
    layout[at + 1] = layout[at + 1]! - y / count;
  }
}
