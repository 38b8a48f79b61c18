import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greatestRise, riseText } from '../../../src-preload/contract/comparison/validation-rise.ts';

const epochs = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

describe('greatestRise', () => {
  it('is zero of a loss that falls throughout', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 6, maxLength: 40 }),
        (falls) => {
          let loss = 100;
          const losses = falls.map((fall) => (loss -= fall));
          expect(greatestRise(losses, epochs(losses.length))?.share).toBe(0);
        },
      ),
    );
  });

  it('finds the largest rise of the mean of three, and where it was', () => {
    const losses = [10, 10, 10, 10, 13, 13, 13, 8, 7, 6];
    expect(greatestRise(losses, epochs(10))).toEqual({
      ...{ share: 13 / 10 - 1, fromEpoch: 4, toEpoch: 7, singleShare: 13 / 10 - 1 },
    });
  });

  it('passes over one high validation that three make little of', () => {
    const losses = [10, 9, 8, 7, 7.1, 6, 5, 4];
    const rise = greatestRise(losses, epochs(8));
    expect(rise?.share).toBe(0);
    expect(rise?.singleShare).toBeCloseTo(0.1 / 7, 9);
  });

  it('looks no further than five epochs, also where each has several validations', () => {
    const slow = Array.from({ length: 21 }, (_, at) => 10 + at);
    expect(greatestRise(slow, epochs(21))?.toEpoch).toBe(8);
    const halves = slow.map((_, at) => 1 + at / 2);
    const found = greatestRise(slow, halves);
    expect((found?.toEpoch ?? 0) - (found?.fromEpoch ?? 0)).toBe(5);
  });

  it('says nothing of too few, of what is not above zero and of gaps', () => {
    expect(greatestRise([5, 4, 3, 2, 1], epochs(5))).toBeNull();
    expect(greatestRise([5, 4, 3, 2, 1, -1], epochs(6))).toBeNull();
    expect(greatestRise([5, 4, 3, Number.NaN, 1, 1], epochs(6))).toBeNull();
  });
});

describe('riseText', () => {
  const rise = { share: 0.031, fromEpoch: 4, toEpoch: 7, singleShare: 0.08 };

  it('tells rises above 2 % apart from those that are not worth a word', () => {
    expect(riseText(rise)).toBe(
      'rose by 3.1 % from epoch 4 to 7 as a mean of 3 validations; single ones by up to 8.0 % within 5 epochs',
    );
    expect(riseText({ ...rise, share: 0.004 })).toContain('no more than 0.4 %');
  });

  it('hides no rise of single validations', () => {
    expect(riseText({ ...rise, share: 0 })).toBe(
      'fell throughout as a mean of 3 validations; single ones rose by up to 8.0 % within 5 epochs',
    );
    expect(riseText({ ...rise, share: 0, singleShare: 0 })).toBe('fell at every validation');
  });
});
