import { ResynthError } from '../../src-preload/contract/errors/error.ts';

/** Labels that a model's prior can be asked for, and whose model it is. */
interface Askable {
  used: { name: string };
  labels: readonly string[];
}

/** Places of labels among those that a prior can be asked for, counted from 1. @throws ResynthError samplers/label-unknown. */
export function labelNumbers(asked: readonly string[], { used, labels }: Askable): number[] {
  return asked.map((label) => {
    if (labels.includes(label)) return labels.indexOf(label) + 1;
    const known = labels.length > 0 ? labels.join(', ') : 'none';
    throw new ResynthError('samplers/label-unknown', { run: used.name, label, known });
  });
}

/** What a batch carries of the labels that are asked for, one clip after the other; `first` is the number of its first clip. */
export function carriedLabels(
  numbers: readonly number[],
  first: number,
  batchSize: number,
): Record<string, Int32Array> {
  if (numbers.length === 0) return {};
  const label = Int32Array.from(
    { length: batchSize },
    (_, at) => numbers[(first + at) % numbers.length] ?? 0,
  );
  return { label };
}
