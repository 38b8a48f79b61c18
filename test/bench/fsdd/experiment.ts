import type { Recipe, TrainedRun, Workshop } from './workshop.ts';

/** One number of a trained run, a column of the table. */
export interface Figure {
  /** Of the column: the same words in every experiment that has it. */
  name: string;
  value: number | null;
  unit: string;
  /** How it was measured, or why it could not be. */
  note?: string;
}

/** One row of the table: what is trained, with which seeds, and what is measured of it. */
export interface Experiment extends Recipe {
  name: string;
  seeds: readonly number[];
  /** Of the dataset, where it is not the workshop's own, in words. */
  about?: string;
  measure(run: TrainedRun, workshop: Workshop): Promise<Figure[]>;
}
