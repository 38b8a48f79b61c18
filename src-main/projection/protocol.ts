import type { ProjectionMethod } from '../../src-preload/contract/commands/latent.ts';
import type { SerialisedError } from '../../src-preload/contract/errors/error.ts';

/** What a projection's child is asked: the codes come from files, one a split, one after the other. */

export interface LayoutTask {
  kind: 'layout';
  files: readonly string[];
  method: ProjectionMethod;
  seed: number;
  perplexity: number;
  iterations: number;
  neighbours: number;
  minDist: number;
}

export interface Layout {
  kind: 'layout';
  x: Float32Array;
  y: Float32Array;
  explained: number[];
  how: string;
  divergence: { iterations: Int32Array; nats: Float32Array };
}

/** The rows nearest to one. */
export interface NearestTask {
  kind: 'nearest';
  files: readonly string[];
  row: number;
  n: number;
}

export interface NearestRows {
  kind: 'nearest';
  rows: Int32Array;
  distances: Float64Array;
}

/** How far classes lie apart: `classOf` has one for each row, -1 for none. */
export interface SeparationTask {
  kind: 'separation';
  files: readonly string[];
  classOf: Int32Array;
  classes: number;
  k: number;
  seed: number;
  /** Of more rows so many are taken. */
  most: number;
}

export interface SeparationFigures {
  kind: 'separation';
  counted: number;
  silhouette: number;
  knnAccuracy: number;
  chanceAccuracy: number;
  perClass: { silhouette: number; knnAccuracy: number; count: number }[];
}

interface Pairs {
  layout: [LayoutTask, Layout];
  nearest: [NearestTask, NearestRows];
  separation: [SeparationTask, SeparationFigures];
}

export type ProjectionTask = Pairs[keyof Pairs][0];
export type AnswerTo<Task extends ProjectionTask> = Pairs[Task['kind']][1];

/** How far a child is, with the layout that it has so far. */
export interface ProjectionProgress {
  stage: string;
  done: number;
  total: number;
  layout?: { x: Float32Array; y: Float32Array; divergence: number | null };
}

export type FromProjection =
  | { kind: 'progress'; progress: ProjectionProgress }
  | { kind: 'done'; result: AnswerTo<ProjectionTask> }
  | { kind: 'failed'; error: SerialisedError };
