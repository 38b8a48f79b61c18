import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divide, extendDivision } from '../../../src-main/host/datasets/division.ts';
import type { SplitBasis, SplitScheme } from '../../../src-main/store/database/types.ts';
import { refusal } from '../../helpers/refusal.ts';

interface Row {
  hash: number;
  speaker: string | null;
  label: string | null;
  sec: number;
  split?: number;
  fresh?: boolean;
}

function basisOf(rows: readonly Row[]): SplitBasis {
  const speakers = [...new Set(rows.flatMap(({ speaker }) => speaker ?? []))];
  const labels = [...new Set(rows.flatMap(({ label }) => label ?? []))];
  return {
    revision: 'r',
    recordings: rows.length,
    speakers,
    labels,
    speaker: Int32Array.from(rows, ({ speaker }) => speakers.indexOf(speaker ?? '')),
    label: Int32Array.from(rows, ({ label }) => labels.indexOf(label ?? '')),
    durationSec: Float64Array.from(rows, ({ sec }) => sec),
    silent: new Uint8Array(rows.length),
    excluded: new Uint8Array(rows.length),
    corpusSplit: new Uint8Array(rows.length),
    split: Uint8Array.from(rows, ({ split = 0 }) => split),
    fresh: Uint8Array.from(rows, ({ fresh = false }) => Number(fresh)),
    idHash: Uint32Array.from(rows, ({ hash }) => hash),
  };
}

const scheme = (rule: SplitScheme['rule'], seed = 0, validation = 0.1, test = 0.1): SplitScheme => ({
  rule,
  seed,
  validation,
  test,
});

const hash = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const rowOf = (speakers: number, labels: number): fc.Arbitrary<Row> =>
  fc.record({
    hash,
    speaker: fc.nat(speakers - 1).map((n) => `s${n}`),
    label: fc.nat(labels - 1).map((n) => `l${n}`),
    sec: fc.double({ min: 0.1, max: 20, noNaN: true }),
  });
const distinct = (rows: fc.Arbitrary<Row>, minLength: number, maxLength: number) =>
  fc.uniqueArray(rows, { minLength, maxLength, selector: (row) => row.hash });
const count = (split: Uint8Array, which: number) => split.filter((one) => one === which).length;

describe('stratified', () => {
  it('gives every label its shares, to less than one recording, and the whole too', () => {
    fc.assert(
      fc.property(distinct(rowOf(4, 5), 1, 300), fc.nat(1000), (rows, seed) => {
        const { split } = divide(basisOf(rows), scheme('stratified', seed, 0.2, 0.1), 'd');
        expect(Math.abs(count(split, 2) - 0.1 * rows.length)).toBeLessThanOrEqual(1);
        expect(Math.abs(count(split, 1) - 0.2 * rows.length)).toBeLessThanOrEqual(1.5);
        for (const label of new Set(rows.map((row) => row.label))) {
          const own = split.filter((_, at) => rows[at]?.label === label);
          expect(Math.abs(count(own, 2) - 0.1 * own.length)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('depends on the seed and on the recordings, not on their order', () => {
    fc.assert(
      fc.property(distinct(rowOf(3, 3), 30, 100), fc.nat(1000), (rows, seed) => {
        const divided = (all: readonly Row[], by: number) => {
          const { split } = divide(basisOf(all), scheme('stratified', by, 0.3, 0.3), 'd');
          return new Map(all.map((row, at) => [row.hash, split[at]]));
        };
        const one = divided(rows, seed);
        expect(divided([...rows].reverse(), seed)).toEqual(one);
        const seeds = [1, 2, 3, 4, 5].map((more) => JSON.stringify([...divided(rows, seed + more)]));
        expect(new Set(seeds).size).toBeGreaterThan(1);
      }),
    );
  });

  it('refuses shares that leave nothing to train on', () => {
    const basis = basisOf([{ hash: 1, speaker: null, label: null, sec: 1 }]);
    expect(refusal(() => divide(basis, scheme('stratified', 0, 0.5, 0.5), 'd')).code).toBe(
      'dataset/split-shares',
    );
  });
});

describe('by speakers', () => {
  it('has no speaker in two splits, and none of the splits empty', () => {
    fc.assert(
      fc.property(distinct(rowOf(12, 2), 40, 200), fc.nat(1000), (rows, seed) => {
        fc.pre(new Set(rows.map(({ speaker }) => speaker)).size >= 3);
        const { split } = divide(basisOf(rows), scheme('speakers', seed), 'd');
        const splitsOf = new Map<string | null, Set<number>>();
        for (const [at, { speaker }] of rows.entries()) {
          splitsOf.set(speaker, (splitsOf.get(speaker) ?? new Set()).add(split[at] ?? -1));
        }
        for (const [speaker, held] of splitsOf) expect(held.size, String(speaker)).toBe(1);
        expect(new Set(split)).toEqual(new Set([0, 1, 2]));
      }),
    );
  });

  it('comes near the shares of the hours where there are many speakers', () => {
    const rows = Array.from({ length: 2000 }, (_, at) => ({
      hash: at * 7919,
      speaker: `s${at % 100}`,
      label: null,
      sec: 1 + (at % 7),
    }));
    for (const seed of [0, 1, 2, 3]) {
      const { split } = divide(basisOf(rows), scheme('speakers', seed), 'd');
      const hours = (which: number) =>
        rows.reduce((sum, { sec }, at) => sum + (split[at] === which ? sec : 0), 0);
      const total = hours(0) + hours(1) + hours(2);
      expect(hours(1) / total).toBeCloseTo(0.1, 1);
      expect(hours(2) / total).toBeCloseTo(0.1, 1);
    }
  });

  it('refuses too few speakers, and recordings of unknown ones, in words', () => {
    const two = basisOf([
      { hash: 1, speaker: 'a', label: null, sec: 1 },
      { hash: 2, speaker: 'b', label: null, sec: 1 },
    ]);
    const few = refusal(() => divide(two, scheme('speakers'), 'mine'));
    expect(few).toMatchObject({ code: 'dataset/split-speakers' });
    expect(few.message).toContain('2 speaker');
    // Without a test split two are enough.
    expect(new Set(divide(two, scheme('speakers', 0, 0.5, 0), 'mine').split)).toEqual(new Set([0, 1]));
    const unknown = basisOf([{ hash: 1, speaker: null, label: null, sec: 1 }]);
    expect(refusal(() => divide(unknown, scheme('speakers'), 'mine')).code).toBe(
      'dataset/split-speakers-unknown',
    );
  });
});

describe('a dataset that was read again', () => {
  const old = distinct(rowOf(6, 3), 30, 80);
  const more = fc.array(rowOf(9, 4), { minLength: 1, maxLength: 60 });

  it.each(['stratified', 'speakers'] as const)('moves nothing that was there: %s', (rule) => {
    fc.assert(
      fc.property(old, more, fc.nat(100), (rows, added, seed) => {
        fc.pre(new Set(rows.map(({ speaker }) => speaker)).size >= 3);
        const by = scheme(rule, seed);
        const before = divide(basisOf(rows), by, 'd').split;
        const all: Row[] = [
          ...rows.map((row, at) => ({ ...row, split: before[at] ?? 0 })),
          ...added.map((row) => ({ ...row, fresh: true })),
        ];
        const after = extendDivision(basisOf(all), by).split;
        expect(after.slice(0, rows.length)).toEqual(before);
        if (rule === 'stratified') {
          // Each new one by itself: whatever else comes with it.
          const alone = all.filter((row, at) => at < rows.length || at === all.length - 1);
          expect(extendDivision(basisOf(alone), by).split.at(-1)).toBe(after.at(-1));
          return;
        }
        const held = new Map(rows.map(({ speaker }, at) => [speaker, before[at]]));
        for (const [at, { speaker }] of all.entries()) {
          if (held.has(speaker)) expect(after[at]).toBe(held.get(speaker));
        }
      }),
    );
  });

  it('gives new recordings about the shares', () => {
    const rows = Array.from({ length: 5000 }, (_, at) => ({
      hash: Math.imul(at, 0x9e3779b1) >>> 0,
      speaker: null,
      label: 'x',
      sec: 1,
      fresh: true,
    }));
    const { split } = extendDivision(basisOf(rows), scheme('stratified', 9));
    for (const which of [1, 2]) expect(Math.abs(count(split, which) / 5000 - 0.1)).toBeLessThan(0.02);
  });
});
