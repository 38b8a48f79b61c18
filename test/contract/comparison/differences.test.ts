import { describe, expect, it } from 'vitest';
import {
  differencesOf,
  filterDifferences,
  type RunFacts,
} from '../../../src-preload/contract/comparison/differences.ts';

describe('what differs', () => {
  it('is what is not the same in all, with what is missing as a difference', () => {
    const found = differencesOf([
      { preset: 'p', 'model.filters': [32, 64], 'training.seed': 1, 'versions.tfjs': '4.22.0' },
      { preset: 'p', 'model.filters': [32, 64], 'training.seed': 2 },
      { preset: 'p', 'model.filters': [32, 128], 'training.seed': 1, 'versions.tfjs': '4.22.0' },
    ]);
    expect(found).toEqual([
      {
        key: 'model.filters',
        values: [
          [32, 64],
          [32, 64],
          [32, 128],
        ],
        kinds: 2,
      },
      { key: 'training.seed', values: [1, 2, 1], kinds: 2 },
      { key: 'versions.tfjs', values: ['4.22.0', undefined, '4.22.0'], kinds: 2 },
    ]);
  });

  it('is nothing between a run and itself, or a single run', () => {
    const facts = { a: [1, { b: 2, c: 3 }], d: null, e: 0, nan: Number.NaN };
    expect(differencesOf([facts])).toEqual([]);
    expect(differencesOf([facts, { a: [1, { c: 3, b: 2 }], e: -0, nan: Number.NaN }])).toEqual([]);
  });

  it('tells texts from numbers, lists and words', () => {
    for (const [one, other] of [
      [1, '1'],
      [[1], '[1]'],
      [true, 'true'],
      [0, false],
      [undefined, 'undefined'],
    ]) {
      expect(differencesOf([{ a: one }, { a: other }])).toHaveLength(1);
    }
  });

  it('is searched by key and title', () => {
    const differences = differencesOf([
      { 'training.learningRate': 1, 'model.latentDim': 2 },
      { 'training.learningRate': 2, 'model.latentDim': 3 },
    ]);
    const keys = (search: string) =>
      filterDifferences(differences, search, (key) => (key === 'model.latentDim' ? 'Latent size' : key)).map(
        ({ key }) => key,
      );
    expect(keys('')).toHaveLength(2);
    expect(keys('RATE train')).toEqual(['training.learningRate']);
    expect(keys('size')).toEqual(['model.latentDim']);
    expect(keys('nothing')).toEqual([]);
  });

  it('of 1,000 runs with 90 settings is found under 100 ms', () => {
    const runs = Array.from({ length: 1000 }, (_, at): RunFacts =>
      Object.fromEntries(
        Array.from({ length: 90 }, (_unused, key) => [
          `model.setting${key}`,
          key % 9 === 0 ? [32, 64, at % 7] : key % 5 === 0 ? at : `value ${key}`,
        ]),
      ),
    );
    // The machine may be busy with something else for a moment: the best of a few counts.
    let tookMs = Infinity;
    let found = differencesOf(runs);
    for (let attempt = 0; attempt < 5; attempt++) {
      const began = performance.now();
      found = differencesOf(runs);
      tookMs = Math.min(tookMs, performance.now() - began);
    }
    expect(found).toHaveLength(26);
    expect(tookMs).toBeLessThan(100);
  });
});
