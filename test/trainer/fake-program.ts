import type { FeatureReader } from '../../src-main/analyst/features.ts';
import { trainingSchema, type TrainingConfig } from '../../src-main/models/training.ts';
import type { FeedValue, NoiseKey, OutputValue, Program } from '../../src-main/engine/program.ts';

/**
 * A program without TensorFlow whose next state depends on everything that a real one's does: the batch, the rates, the
 * noise key, its moments and its counter. So a run that is resumed wrongly anywhere ends with other numbers.
 */
export class FakeProgram implements Program {
  readonly mode = 'eager';
  readonly weights = new Float32Array(64).fill(0.5);
  readonly moments = new Float32Array(64);
  readonly counter = new Int32Array(1);
  readonly calls: { entry: string; feeds: Record<string, FeedValue>; noise: NoiseKey | undefined }[] = [];
  /** Step (1-based) whose loss is to be NaN. */
  nanAtStep = -1;
  /** Step (1-based) after which a weight is NaN though the loss was finite. */
  brokenStateAtStep = -1;
  /** Whether validations tell the KL of three dimensions. */
  tellsLatents = false;
  /** Milliseconds of busy work a call. */
  workMs = 0;
  onCall: ((entry: string) => void) | null = null;

  async call(
    entry: string,
    feeds: Record<string, FeedValue>,
    noise?: NoiseKey,
  ): Promise<Record<string, OutputValue>> {
    this.calls.push({ entry, feeds: { ...feeds }, noise });
    if (this.calls.length > 10_000) this.calls.shift();
    this.onCall?.(entry);
    const until = performance.now() + this.workMs;
    while (performance.now() < until);
    const x = feeds.x as Float32Array;
    // As far from the clips as the weights are from what they were.
    if (entry === 'reconstruct') {
      const change = (this.weights[0] ?? 0) - 0.5;
      return { x: { data: x.map((value) => value + change), shape: [x.length] } };
    }
    if (entry === 'evaluate') return this.#evaluate(x, feeds.mask as Float32Array, noise);
    return this.#step(x, Number(feeds.learningRate), Number(feeds.beta), noise);
  }

  #step(x: Float32Array, learningRate: number, beta: number, noise?: NoiseKey): Record<string, OutputValue> {
    let loss = 0;
    for (let index = 0; index < this.weights.length; index++) {
      const input = x[(index * 7) % x.length] ?? 0;
      const eps = Math.sin((noise?.seed ?? 0) * 12.9898 + (noise?.step ?? 0) * 78.233 + index);
      const gradient = (this.weights[index] ?? 0) - input + 0.01 * eps + 0.001 * beta;
      this.moments[index] = 0.9 * (this.moments[index] ?? 0) + 0.1 * gradient;
      this.weights[index] = (this.weights[index] ?? 0) - learningRate * (this.moments[index] ?? 0);
      loss += gradient * gradient;
    }
    const step = (this.counter[0] ?? 0) + 1;
    this.counter[0] = step;
    if (step === this.brokenStateAtStep) this.weights[3] = Number.POSITIVE_INFINITY;
    const total = step === this.nanAtStep ? Number.NaN : loss;
    return { total: scalar(total), reconstruction: scalar(total), gradientNorm: scalar(Math.sqrt(loss)) };
  }

  #evaluate(x: Float32Array, mask: Float32Array, noise?: NoiseKey): Record<string, OutputValue> {
    const clip = x.length / mask.length;
    let loss = 0;
    let count = 0;
    mask.forEach((weight, row) => {
      count += weight;
      loss += weight * ((x[row * clip] ?? 0) - (this.weights[0] ?? 0) + 1e-3 * (noise?.step ?? 0)) ** 2;
    });
    const losses = { total: scalar(loss / count), reconstruction: scalar(loss / count) };
    if (!this.tellsLatents) return losses;
    const klPerDimension = Float32Array.from([0, 0.5, this.weights[0] ?? 0]);
    return { ...losses, klPerDimension: { data: klPerDimension, shape: [3] } };
  }

  async readState(): Promise<Map<string, OutputValue>> {
    return new Map<string, OutputValue>([
      ['weights', { data: this.weights.slice(), shape: [8, 8] }],
      ['adam/m/weights', { data: this.moments.slice(), shape: [8, 8] }],
      ['adam/step', { data: this.counter.slice(), shape: [] }],
    ]);
  }

  async writeState(values: ReadonlyMap<string, OutputValue>): Promise<void> {
    const own: Record<string, Float32Array | Int32Array> = {
      weights: this.weights,
      'adam/m/weights': this.moments,
      'adam/step': this.counter,
    };
    for (const [name, { data }] of values) {
      const target = own[name];
      if (!target || target.length !== data.length) throw new Error(`no variable ${name} of this size`);
      target.set(data);
    }
  }

  dispose(): void {
    this.calls.length = 0;
  }
}

/** `count` clips of 4 x 3 whose numbers follow from their row. */
export function fakeReader(count: number): FeatureReader {
  const clipAt = (row: number): number[] =>
    Array.from({ length: 12 }, (_, index) => Math.sin(row * 1.7 + index));
  return {
    count,
    shape: [4, 3],
    key: `fake-${count}`,
    ids: Array.from({ length: count }, (_, row) => `clip${row}.wav`),
    extremesDb: new Float32Array(count * 2),
    spokenSec: new Float32Array(count).fill(0.5),
    read(indices, out) {
      for (let index = 0; index < indices.length; index++) out.set(clipAt(indices[index] ?? 0), index * 12);
    },
    close: () => undefined,
  };
}

/** Training settings of a small test: 4 clips a batch. */
export function testTraining(changes: Partial<TrainingConfig> = {}): TrainingConfig {
  return trainingSchema.parse({ epochs: 5, batchSize: 4, learningRate: 0.05, seed: 7, ...changes });
}

function scalar(value: number): OutputValue {
  return { data: Float32Array.of(value), shape: [] };
}
