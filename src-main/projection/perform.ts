import { setImmediate } from 'node:timers/promises';
import { readCodes } from '../analyst/codes-file.ts';
import { affinitiesOf } from './affinities.ts';
import { chooseRows } from './draws.ts';
import { nearestOf, nearestOthers, type Nearest } from './nearest.ts';
import { principalComponents, type Rows } from './pca.ts';
import type {
  AnswerTo,
  Layout,
  LayoutTask,
  NearestRows,
  NearestTask,
  ProjectionProgress,
  ProjectionTask,
  SeparationFigures,
  SeparationTask,
} from './protocol.ts';
import { separationOf } from './separation.ts';
import { exactUpTo, theta, tsne } from './tsne.ts';
import { umap } from './umap.ts';

type Tell = (progress: ProjectionProgress) => void;

/** Components that t-SNE and UMAP look at: what is left out is mostly noise, and costs time. */
const componentsKept = 50;
/** Between two layouts that are told: as fast as the eye needs, and no more than a line can carry. */
const layoutEveryMs = 150;

/** Does one task, in the child process. */
export async function perform(task: ProjectionTask, tell: Tell): Promise<AnswerTo<ProjectionTask>> {
  const rows = await readRows(task.files);
  switch (task.kind) {
    case 'layout':
      return layOut(rows, task, tell);
    case 'nearest':
      return nearestTo(rows, task);
    case 'separation':
      return separate(rows, task);
  }
}

async function readRows(files: readonly string[]): Promise<Rows> {
  const parts: Float32Array[] = [];
  let dimensions = 0;
  for (const file of files) {
    const codes = await readCodes(file, ['mean']);
    if (!codes) throw new Error(`the codes in ${file} are not there any more`);
    parts.push(codes.data.mean);
    dimensions = codes.head.latentDim;
  }
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { data, dimensions, count: data.length / Math.max(1, dimensions) };
}

async function layOut(rows: Rows, task: LayoutTask, tell: Tell): Promise<Layout> {
  tell({ stage: 'Finding the principal components', done: 0, total: 1 });
  const principal = principalComponents(rows, task.method === 'pca' ? 2 : componentsKept);
  const { scores, components } = principal;
  const explained = [...principal.explained.subarray(0, componentsKept)];
  const first = planeOf(scores, components, rows.count);
  if (task.method === 'pca') {
    return {
      kind: 'layout',
      ...columnsOf(first),
      explained,
      how: `principal components of ${rows.dimensions} dimensions, exact`,
      divergence: { iterations: new Int32Array(), nats: new Float32Array() },
    };
  }
  const reduced: Rows = { data: scores, count: rows.count, dimensions: components };
  tell({
    stage: 'Finding neighbours',
    done: 0,
    total: rows.count,
    layout: { ...columnsOf(first), divergence: null },
  });
  const result =
    task.method === 'tsne' ? await byTsne(reduced, first, task, tell) : await byUmap(reduced, task, tell);
  return { kind: 'layout', explained, ...result };
}

async function byTsne(rows: Rows, first: Float64Array, task: LayoutTask, tell: Tell) {
  const { perplexity, iterations, seed } = task;
  const nearest = await neighboursOf(rows, Math.ceil(3 * perplexity), tell);
  const affinities = affinitiesOf(nearest, perplexity);
  const steps: number[] = [];
  const nats: number[] = [];
  const pace = new Pace();
  const moving = tsne(affinities, first, { iterations, seed });
  let step = moving.next();
  for (; step.done !== true; step = moving.next()) {
    const { iteration, layout, divergence } = step.value;
    if (iteration % 10 === 0 || iteration === 1 || iteration === iterations) {
      steps.push(iteration);
      nats.push(divergence);
    }
    if (await pace.due()) {
      tell({
        stage: 'Moving points (t-SNE)',
        done: iteration,
        total: iterations,
        layout: { ...columnsOf(layout), divergence },
      });
    }
  }
  const pushes = rows.count <= exactUpTo ? 'exact' : `Barnes-Hut, theta ${theta}`;
  return {
    ...columnsOf(step.value),
    how: `t-SNE of the first ${rows.dimensions} principal components, ${pushes}, perplexity ${perplexity}, ${iterations} iterations, seed ${seed}`,
    divergence: { iterations: Int32Array.from(steps), nats: Float32Array.from(nats) },
  };
}

async function byUmap(rows: Rows, task: LayoutTask, tell: Tell) {
  const { seed, minDist } = task;
  const nearest = await neighboursOf(rows, Math.min(task.neighbours - 1, rows.count - 2), tell);
  const pace = new Pace();
  const moving = umap(rows, nearest, { seed, minDist });
  let step = moving.next();
  for (; step.done !== true; step = moving.next()) {
    const { iteration, iterations, layout } = step.value;
    if (await pace.due()) {
      tell({
        stage: 'Moving points (UMAP)',
        done: iteration,
        total: iterations,
        layout: { ...columnsOf(layout), divergence: null },
      });
    }
  }
  return {
    ...columnsOf(step.value),
    how: `UMAP of the first ${rows.dimensions} principal components, ${nearest.k + 1} neighbours, least distance ${minDist}, seed ${seed}`,
    divergence: { iterations: new Int32Array(), nats: new Float32Array() },
  };
}

async function neighboursOf(rows: Rows, k: number, tell: Tell): Promise<Nearest> {
  const pace = new Pace();
  const finding = nearestOthers(rows, k);
  let step = finding.next();
  for (; step.done !== true; step = finding.next()) {
    if (await pace.due()) tell({ stage: 'Finding neighbours', done: step.value, total: rows.count });
  }
  return step.value;
}

function nearestTo(rows: Rows, task: NearestTask): NearestRows {
  return { kind: 'nearest', ...nearestOf(rows, task.row, task.n) };
}

function separate(rows: Rows, task: SeparationTask): SeparationFigures {
  const { classOf, classes, k, seed, most } = task;
  const known = Int32Array.from(classOf.keys()).filter((row) => classOf[row]! >= 0);
  const chosen = chooseRows(known.length, most, seed).map((at) => known[at]!);
  const { dimensions } = rows;
  const data = new Float32Array(chosen.length * dimensions);
  for (const [to, from] of chosen.entries()) {
    data.set(rows.data.subarray(from * dimensions, (from + 1) * dimensions), to * dimensions);
  }
  const own = chosen.map((row) => classOf[row]!);
  const figures = separationOf({ data, dimensions, count: chosen.length }, own, classes, k);
  const largest = Math.max(0, ...figures.perClass.map(({ count }) => count));
  return {
    kind: 'separation',
    counted: chosen.length,
    chanceAccuracy: chosen.length === 0 ? 0 : largest / chosen.length,
    ...figures,
  };
}

/** The first two columns of the scores; a single dimension lies on a line. */
function planeOf(scores: Float32Array, components: number, count: number): Float64Array {
  const plane = new Float64Array(2 * count);
  for (let row = 0; row < count; row++) {
    plane[2 * row] = scores[row * components]!;
    plane[2 * row + 1] = components > 1 ? scores[row * components + 1]! : 0;
  }
  return plane;
}

function columnsOf(layout: Float64Array): { x: Float32Array; y: Float32Array } {
  const count = layout.length / 2;
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    x[row] = layout[2 * row]!;
    y[row] = layout[2 * row + 1]!;
  }
  return { x, y };
}

/** When it is time to tell something; lets what was told leave the process. */
class Pace {
  #lastMs = 0;

  async due(): Promise<boolean> {
    const now = performance.now();
    if (now - this.#lastMs < layoutEveryMs) return false;
    await setImmediate();
    this.#lastMs = now;
    return true;
  }
}
