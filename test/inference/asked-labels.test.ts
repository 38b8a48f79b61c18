import { describe, expect, it } from 'vitest';
import { carriedLabels, labelNumbers } from '../../src-main/inference/asked-labels.ts';

const model = { used: { name: 'prior' }, labels: ['one', 'two', 'three'] };

describe('labels that are asked for', () => {
  it('are counted from 1, since 0 asks for none', () => {
    expect(labelNumbers(['three', 'one'], model)).toEqual([3, 1]);
    expect(labelNumbers([], model)).toEqual([]);
  });

  it('are refused by name where the prior was not told them', () => {
    expect(() => labelNumbers(['four'], model)).toThrow(/four: it was trained with one, two, three/);
    expect(() => labelNumbers(['one'], { ...model, labels: [] })).toThrow(/trained with none/);
  });

  it('come in turn, whatever batches they are drawn in', () => {
    const whole = [...(carriedLabels([3, 1], 0, 8).label ?? [])];
    const parts = [0, 3].flatMap((first) => [...(carriedLabels([3, 1], first, 3).label ?? [])]);
    expect(parts).toEqual(whole.slice(0, 6));
    expect(carriedLabels([], 0, 4)).toEqual({});
  });
});
