import type { PreparedInput } from './family.ts';

/** Shape of one clip as a loss is given it: what was prepared of it, and a number more where it is told its label. */
export function fedShape({ shape, labels = [] }: Pick<PreparedInput, 'shape' | 'labels'>): readonly number[] {
  if (labels.length === 0) return shape;
  const [numbers, ...others] = shape;
  if (numbers === undefined || others.length > 0) throw new Error('labels stand behind what is a row a clip');
  return [numbers + 1];
}
