import { describe, expect, it } from 'vitest';
import { cosines } from '../../../src-main/models/parts/cosines.ts';

describe('cosines', () => {
  it.each([
    [1, 1],
    [2, 2],
    [13, 128],
    [64, 64],
    [40, 4096],
  ])('are the first %d of the transform over %d places', (count, extent) => {
    const basis = cosines(count, extent);
    const worst = basis.reduce((most, value, at) => {
      const [order, place] = [Math.floor(at / extent), at % extent];
      const angle = (Math.PI * order * (2 * place + 1)) / (2 * extent);
      return Math.max(most, Math.abs(value - Math.cos(angle) * Math.sqrt((order === 0 ? 1 : 2) / extent)));
    }, 0);
    expect(basis).toHaveLength(count * extent);
    expect(worst).toBeLessThan(1e-8);
  });

  it('have no others: an extent that is no power of two, more than places', () => {
    expect(() => cosines(2, 12)).toThrow(RangeError);
    expect(() => cosines(9, 8)).toThrow('no 9 cosines over 8 places');
  });
});
