import type { FeatureReader } from '../analyst/features.ts';
import { sizeOf } from '../models/parameters.ts';
import { epochOrder } from './shuffle.ts';

export interface Batch {
  /** `[batchSize, ...shape]`; the memory is used again by the next batch. */
  x: Float32Array;
  /** `[batchSize]`: 1 for a clip, 0 for padding. */
  mask: Float32Array;
  /** Rows of the reader in the batch, without padding. */
  rows: Uint32Array;
}

/** Batches of one split, read by row from the feature cache into memory that is used again. */
export class BatchReader {
  readonly reader: FeatureReader;
  readonly batchSize: number;
  readonly #x: Float32Array;
  readonly #mask: Float32Array;
  readonly #clipSize: number;
  #order: { seed: number; epoch: number; rows: Uint32Array } | null = null;
  #feedingMs = 0;

  constructor(reader: FeatureReader, batchSize: number) {
    this.reader = reader;
    this.batchSize = batchSize;
    this.#clipSize = sizeOf(reader.shape);
    this.#x = new Float32Array(batchSize * this.#clipSize);
    this.#mask = new Float32Array(batchSize);
  }

  /** Whole batches of an epoch: the partial one is left out of training. */
  get trainingBatches(): number {
    return Math.floor(this.reader.count / this.batchSize);
  }

  /** Batches that cover every clip once, the last one padded. */
  get evaluationBatches(): number {
    return Math.ceil(this.reader.count / this.batchSize);
  }

  /** Milliseconds spent in reading so far: what feeding costs. */
  get feedingMs(): number {
    return this.#feedingMs;
  }

  /** Batch `index` of an epoch in the order of (seed, epoch). */
  training(seed: number, epoch: number, index: number): Batch {
    const started = performance.now();
    if (this.#order?.seed !== seed || this.#order.epoch !== epoch) {
      this.#order = { seed, epoch, rows: epochOrder(this.reader.count, seed, epoch) };
    }
    const begin = index * this.batchSize;
    const rows = this.#order.rows.subarray(begin, begin + this.batchSize);
    if (rows.length !== this.batchSize)
      throw new RangeError(`there is no whole batch ${index} in this epoch`);
    this.reader.read(rows, this.#x);
    this.#mask.fill(1);
    this.#feedingMs += performance.now() - started;
    return { x: this.#x, mask: this.#mask, rows };
  }

  /** Batch `index` in row order, the last one padded with zeros that the mask leaves out. */
  evaluation(index: number): Batch {
    const begin = index * this.batchSize;
    const count = Math.min(this.batchSize, this.reader.count - begin);
    if (count <= 0) throw new RangeError(`there is no batch ${index} in this split`);
    const rows = Uint32Array.from({ length: count }, (_, offset) => begin + offset);
    this.reader.read(rows, this.#x.subarray(0, count * this.#clipSize));
    this.#x.fill(0, count * this.#clipSize);
    this.#mask.fill(1, 0, count).fill(0, count);
    return { x: this.#x, mask: this.#mask, rows };
  }
}
