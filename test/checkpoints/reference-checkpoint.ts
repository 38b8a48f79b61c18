import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { writeCheckpointFile } from './small-checkpoint.ts';

/**
 * A checkpoint of one of the models of the golden values: the published file where it is there, PyTorch's of today, or, for those whose
 * weights are there as bare numbers, one that is written of them into `folder`.
 *
 * @param golden The folder of the model's golden values.
 * @param published The folder of its published checkpoint, where there is one.
 */
export function referenceCheckpoint(golden: string, published: string | null, folder: string): string {
  const inPublished = published ? readdirSync(published).find((name) => name.endsWith('.pt')) : undefined;
  if (published && inPublished !== undefined) return path.join(published, inPublished);
  if (readdirSync(golden).includes('state_dict.pt')) return path.join(golden, 'state_dict.pt');
  const { keys } = JSON.parse(readFileSync(path.join(golden, 'state_dict.json'), 'utf8')) as {
    keys: { key: string; shape: number[] }[];
  };
  const bytes = readFileSync(path.join(golden, 'weights.f32le.bin'));
  return writeCheckpointFile(
    folder,
    'model.pt',
    keys.map(({ key, shape }) => [key, shape] as const),
    (index) => bytes.readFloatLE(4 * index),
  );
}
