import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CodeSums } from '../../src-main/trainer/latent-statistics.ts';

const code = (values: number[], shape: number[]) => ({ code: { data: Float32Array.from(values), shape } });

it('knows mean, deviation and range of each dimension, rows of padding left out', () => {
  const sums = new CodeSums();
  sums.add(code([1, 10, 3, 10, 99, 99], [3, 2]), 2);
  sums.add(code([5, 13, 99, 99], [2, 2]), 1);
  const found = sums.result();
  expect(found?.mean).toEqual([3, 11]);
  expect(found?.deviation[0]).toBeCloseTo(Math.sqrt(8 / 3), 12);
  expect(found?.low).toEqual([1, 10]);
  expect(found?.high).toEqual([5, 13]);
});

it('takes a code with an axis of time, each frame of a real clip as one', () => {
  const sums = new CodeSums();
  sums.add(code([1, 3, 99, 99], [2, 2, 1]), 1);
  expect(sums.result()).toEqual({ mean: [2], deviation: [1], low: [1], high: [3] });
});

it('knows nothing of a family without a code', () => {
  const sums = new CodeSums();
  sums.add({}, 3);
  expect(sums.result()).toBeNull();
});

it('does not depend on how clips were batched', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 40 }),
      fc.nat(39),
      (values, at) => {
        const cut = 1 + (at % (values.length - 1));
        const [whole, parts] = [new CodeSums(), new CodeSums()];
        whole.add(code(values, [values.length, 1]), values.length);
        parts.add(code(values.slice(0, cut), [cut, 1]), cut);
        parts.add(code(values.slice(cut), [values.length - cut, 1]), values.length - cut);
        const [one, other] = [whole.result(), parts.result()];
        expect(other?.mean[0]).toBeCloseTo(one?.mean[0] ?? Number.NaN, 6);
        expect(other?.deviation[0]).toBeCloseTo(one?.deviation[0] ?? Number.NaN, 6);
      },
    ),
  );
});
