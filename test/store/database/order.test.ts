import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stableOrder } from '../../../src-main/store/database/order.ts';

const key = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, Number.MIN_VALUE, -Number.MIN_VALUE),
  fc.integer(),
);

it('is the order of a stable sort by comparison, for any numbers', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
      const expected = keys.map((_, position) => position);
      expected.sort((a, b) => {
        const [x, y] = [keys[a] as number, keys[b] as number];
        return x < y ? -1 : x > y ? 1 : a - b;
      });
      expect([...stableOrder(Float64Array.from(keys))]).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

it('leaves equal keys where they are', () => {
  expect([...stableOrder(new Float64Array(5).fill(-3.25))]).toEqual([0, 1, 2, 3, 4]);
  expect([...stableOrder(new Float64Array(0))]).toEqual([]);
});
