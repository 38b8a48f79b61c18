import { expect, it } from 'vitest';
import { cautionsOf, isComparable } from '../../../src-preload/contract/comparison/cautions.ts';

const facts = {
  family: 'conv-vae',
  'data.dataset': 'fsdd',
  'data.splitHash': 'aa',
  'features.sampleRateHz': 8000,
  'features.hopLength': 93,
  'training.beta': 1,
};
const named = (name: string, other: object = {}) => ({ name, facts: { ...facts, ...other } });
const abouts = (...runs: { name: string; facts: object }[]) =>
  cautionsOf(runs as { name: string; facts: Record<string, unknown> }[]).map(({ about }) => about);

it('has nothing to say of runs that differ in their nets and rates of learning', () => {
  expect(abouts(named('a'), named('b', { 'model.filters': [8], 'training.learningRate': 1 }))).toEqual([]);
  expect(abouts(named('a'))).toEqual([]);
  expect(cautionsOf([])).toEqual([]);
});

it('tells what cannot be compared, and by what it differs', () => {
  expect(abouts(named('a'), named('b', { 'data.dataset': 'wsj0', 'data.splitHash': 'bb' }))).toEqual([
    'clips',
  ]);
  expect(abouts(named('a'), named('b', { 'data.splitHash': 'bb' }))).toEqual(['clips']);
  expect(abouts(named('a'), named('b', { 'features.sampleRateHz': 22_050 }))).toEqual(['sound', 'losses']);
  expect(abouts(named('a'), named('b', { 'features.hopLength': 128 }))).toEqual(['losses']);
  expect(abouts(named('a'), named('b', { 'training.beta': 4 }))).toEqual(['total']);
  const [caution] = cautionsOf([named('one'), named('two'), named('three', { 'data.dataset': 'wsj0' })]);
  expect(caution?.text).toContain('fsdd (one, two), wsj0 (three)');
});

it('calls nothing the best that was measured on something else', () => {
  expect(isComparable([], 'total')).toBe(true);
  expect(isComparable([{ about: 'clips' }], 'pesq-wb')).toBe(false);
  expect(isComparable([{ about: 'losses' }], 'mse')).toBe(false);
  expect(isComparable([{ about: 'losses' }], 'pesq-wb')).toBe(true);
  expect(isComparable([{ about: 'total' }], 'total')).toBe(false);
  expect(isComparable([{ about: 'total' }], 'kl')).toBe(true);
  expect(isComparable([{ about: 'sound' }], 'total')).toBe(true);
});
