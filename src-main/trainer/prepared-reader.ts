import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import type { FeatureReader } from '../analyst/features.ts';
import type { Program } from '../engine/program.ts';
import type { PreparedInput } from '../models/family.ts';
import { sizeOf } from '../models/parameters.ts';
import { BatchReader } from './batches.ts';

/**
 * What a program prepares of every clip of a split, in memory, read in the place of the clips: a frozen encoder runs once a clip rather
 * than once a clip and epoch. Behind it stands the label of each clip, where the program is told these. `alike` where what was prepared is
 * the same of all of several clips, but for rounding.
 */
export async function preparedReader(
  reader: FeatureReader,
  {
    program,
    shape,
    labels = [],
    labelOf,
    batchSize,
  }: Pick<PreparedInput, 'shape' | 'labels'> & {
    program: Program;
    labelOf(id: string): string | null;
    batchSize: number;
  },
  { progress, signal }: { progress(event: ProgressEvent): void; signal: AbortSignal },
): Promise<{ reader: FeatureReader; alike: boolean }> {
  const size = sizeOf(shape);
  const kept = new Float32Array(reader.count * size);
  const batches = new BatchReader(reader, batchSize);
  const total = reader.count;
  for (let index = 0; index < batches.evaluationBatches; index++) {
    signal.throwIfAborted();
    progress({ stage: 'Encoding clips once', done: index * batchSize, total, unit: 'clips' });
    const { x, rows } = batches.evaluation(index);
    const { data } = (await program.call('prepare', { x })).prepared ?? {};
    if (!(data instanceof Float32Array)) throw new Error('the program prepared no numbers');
    kept.set(data.subarray(0, rows.length * size), index * batchSize * size);
  }
  const { count, key, ids, extremesDb, spokenSec } = reader;
  const numberOf = new Map(labels.map((label, at) => [label, at + 1]));
  const width = size + (labels.length > 0 ? 1 : 0);
  const own: FeatureReader = {
    ...{ count, key, ids, extremesDb, spokenSec },
    shape: [width, 1],
    read(indices, out) {
      for (let at = 0; at < indices.length; at++) {
        const begin = (indices[at] ?? 0) * size;
        out.set(kept.subarray(begin, begin + size), at * width);
        if (width > size)
          out[at * width + size] = numberOf.get(labelOf(ids[indices[at] ?? 0] ?? '') ?? '') ?? 0;
      }
    },
    close: () => undefined,
  };
  return { reader: own, alike: count > 1 && areAlike(kept, size) };
}

/** Whether rows of `size` numbers differ by no more than what rounding does. */
function areAlike(rows: Float32Array, size: number): boolean {
  return rows.every((value, at) => {
    const first = rows[at % size]!;
    return Math.abs(value - first) <= 1e-5 * (1 + Math.abs(first));
  });
}
