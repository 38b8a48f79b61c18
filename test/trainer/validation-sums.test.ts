import { expect, it } from 'vitest';
import { ValidationSums } from '../../src-main/trainer/validation-sums.ts';

const output = (values: number[], shape: number[] = []) => ({ data: Float32Array.from(values), shape });

it('weighs the losses by clips and leaves the rows of padding out of the range of the code', () => {
  const sums = new ValidationSums();
  expect(sums.add({ total: output([4]), code: output([1, -1, 3, 0, 9, 9], [3, 2]) }, 2)).toEqual({
    total: 4,
  });
  sums.add({ total: output([1]), code: output([-2, 5, 9, 9, 9, 9], [3, 2]) }, 1);
  const { values, codeRange } = sums.result();
  expect(values).toEqual({ total: 3 });
  expect([...(codeRange?.low ?? [])]).toEqual([-2, -1]);
  expect([...(codeRange?.high ?? [])]).toEqual([3, 5]);
});

it('knows no range of a family without a code', () => {
  const sums = new ValidationSums();
  sums.add({ total: output([4]) }, 2);
  expect(sums.result()).toEqual({ values: { total: 4 }, codeRange: null, latents: null });
});

it('takes the vectors of a clip together, dimension by dimension', () => {
  const sums = new ValidationSums();
  // Two clips of two vectors of three numbers, the second clip padding.
  sums.add({ total: output([1]), code: output([1, 2, 3, -1, 5, 0, 9, 9, 9, 9, 9, 9], [2, 2, 3]) }, 1);
  const { codeRange } = sums.result();
  expect([...(codeRange?.low ?? [])]).toEqual([-1, 2, 0]);
  expect([...(codeRange?.high ?? [])]).toEqual([1, 5, 3]);
});
