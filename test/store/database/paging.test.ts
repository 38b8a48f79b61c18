import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../../../src-main/corpora/recording.ts';
import {
  everyRecording,
  type RecordingColumn,
  recordingColumns,
  type RecordingFilter,
  type RecordingQuery,
} from '../../../src-main/store/database/types.ts';
import { refusal } from '../../helpers/refusal.ts';
import { addTo, facts, firstPage, openOperations, recording } from './sample.ts';

// Few values, so that there are many ties.
const name = fc.constantFrom(null, 'anna', 'Bert', 'émile', 'speaker 9', 'speaker 10', '');
const someRecordings = fc.uniqueArray(
  fc.record({
    id: fc.oneof(
      fc.stringMatching(/^[a-c/]{1,4}$/),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    ),
    bytes: fc.constantFrom(0, 1, 2 ** 40),
    modifiedMs: fc.constantFrom(1, 1.5, 2e12),
    sampleRateHz: fc.constantFrom(8000, 44_100),
    channels: fc.constantFrom(1, 2),
    durationSec: fc.constantFrom(0, 0.1, 0.2, 0.3, 1e5),
    peak: fc.constantFrom(0, 0.5, 1),
    rms: fc.constantFrom(0, 1e-9, 0.25),
    speaker: name,
    label: name,
    split: fc.constantFrom('train' as const, 'validation' as const, 'test' as const),
    transcript: fc.constantFrom(null, 'one two', 'two "three"'),
    sex: fc.constantFrom(null, 'F', 'M'),
    subset: fc.constantFrom(null, 'clean', 'other'),
    excluded: fc.constantFrom(null, null, 'too long'),
  }),
  { selector: ({ id }) => id, maxLength: 40 },
);
const someFilter: fc.Arbitrary<RecordingFilter> = fc.record({
  search: fc.constantFrom('', '', 'two', 'ann', '"', 'NOT one'),
  speakers: fc.subarray([null, 'anna', 'Bert', 'nobody'], { maxLength: 2 }),
  labels: fc.subarray([null, 'émile', ''], { maxLength: 1 }),
  splits: fc.subarray(['train', 'validation', 'test'] as const),
  minDurationSec: fc.constantFrom(undefined, undefined, 0, 0.1),
  maxDurationSec: fc.constantFrom(undefined, undefined, 0.3),
  silent: fc.constantFrom(undefined, undefined, true, false),
  sexes: fc.subarray([null, 'F'], { maxLength: 1 }),
  subsets: fc.subarray([null, 'clean', 'other'], { maxLength: 2 }),
  excluded: fc.constantFrom(undefined, undefined, true, false),
});

const collator = new Intl.Collator('en', { numeric: true });

/** The order again, by comparison: missing values last, ties by id in the order of code points. */
function compareBy(sort: RecordingColumn, descending: boolean): (a: Recording, b: Recording) => number {
  const sign = descending ? -1 : 1;
  const byId = (a: Recording, b: Recording) => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
  const splits = ['train', 'validation', 'test'];
  return (a, b) => {
    if (sort === 'id') return sign * byId(a, b);
    const [x, y] = [a[sort], b[sort]];
    if (x === null || y === null) return x === y ? byId(a, b) : x === null ? 1 : -1;
    const order =
      sort === 'split'
        ? splits.indexOf(a.split) - splits.indexOf(b.split)
        : typeof x === 'number'
          ? x - Number(y)
          : collator.compare(x, String(y)) || (x < String(y) ? -1 : x > String(y) ? 1 : 0);
    return sign * order || byId(a, b);
  };
}

function passes(one: Recording, filter: RecordingFilter): boolean {
  const { speakers, labels, splits, minDurationSec, maxDurationSec, silent, sexes, subsets, excluded } =
    filter;
  return (
    (speakers.length === 0 || speakers.includes(one.speaker)) &&
    (labels.length === 0 || labels.includes(one.label)) &&
    (splits.length === 0 || (splits.includes(one.split) && one.excluded === null)) &&
    (sexes.length === 0 || sexes.includes(one.sex)) &&
    (subsets.length === 0 || subsets.includes(one.subset)) &&
    (excluded === undefined || (one.excluded !== null) === excluded) &&
    (minDurationSec === undefined || one.durationSec >= minDurationSec) &&
    (maxDurationSec === undefined || one.durationSec <= maxDurationSec) &&
    (silent === undefined || (one.peak === 0) === silent)
  );
}

describe('pages', () => {
  it('put together are the whole order, under any sort and filter, with ties', async () => {
    const operations = await openOperations();
    let count = 0;
    fc.assert(
      fc.property(
        someRecordings,
        someFilter,
        fc.constantFrom(...recordingColumns),
        fc.boolean(),
        fc.integer({ min: 1, max: 7 }),
        (some, filter, sort, descending, limit) => {
          const dataset = `d${count++}`;
          const all = some.map(({ id, ...rest }) => recording(id, rest));
          addTo(operations, dataset, all);
          const query: RecordingQuery = { ...filter, sort, descending, limit };
          const pages: Recording[] = [];
          let cursor: string | undefined;
          for (;;) {
            const page = operations.listRecordings(dataset, { ...query, cursor });
            expect(page.offset).toBe(pages.length);
            pages.push(...page.rows);
            expect(page.rows.length).toBeLessThanOrEqual(limit);
            if (page.nextCursor === null) {
              expect(page.total).toBe(pages.length);
              break;
            }
            cursor = page.nextCursor;
          }
          if (filter.search === '') {
            const expected = all.filter((one) => passes(one, filter)).sort(compareBy(sort, descending));
            expect(pages).toEqual(expected);
          }
          for (let offset = 0; offset <= pages.length; offset += 3) {
            const { rows } = operations.listRecordings(dataset, { ...query, offset });
            expect(rows).toEqual(pages.slice(offset, offset + limit));
          }
          const stats = operations.readRecordingStats(dataset, filter);
          expect(stats.recordings).toBe(pages.length);
          const sum = (counts: number[]) => counts.reduce((total, one) => total + one, 0);
          expect(sum(stats.duration.counts)).toBe(pages.length);
          expect(sum(stats.peakDb.counts)).toBe(pages.filter(({ peak }) => peak > 0).length);
          for (const facets of [
            stats.speakers,
            stats.labels,
            stats.sexes,
            stats.subsets,
            stats.sampleRates,
            stats.channels,
          ]) {
            expect(sum(facets.map(({ recordings }) => recordings))).toBe(pages.length);
          }
          const divided = sum(stats.splits.map(({ recordings }) => recordings));
          expect(divided + stats.excluded).toBe(pages.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ['durationSec', false],
    ['durationSec', true],
    ['speaker', false],
    ['speaker', true],
    ['id', false],
    ['id', true],
  ] as const)(
    'go on behind the row they ended with (by %s, descending %s) though rows came and went',
    async (sort, descending) => {
      const operations = await openOperations();
      const all = Array.from({ length: 30 }, (_, index) =>
        recording(`f${String(index).padStart(2, '0')}`, {
          durationSec: index % 3,
          speaker: index % 4 === 0 ? null : `s${index % 4}`,
        }),
      );
      addTo(operations, 'one', all);
      const query: RecordingQuery = { ...everyRecording, sort, descending, limit: 7 };
      const first = operations.listRecordings('one', query);
      const [gone] = first.rows.slice(-1);
      // The last row of the page goes, and everything that was odd; some come.
      const now = [
        ...all.filter(({ id }, index) => index % 2 === 0 && id !== gone?.id),
        ...[1, 2, 3].map((index) =>
          recording(`f${index}5new`, { durationSec: index % 3, speaker: `s${index}` }),
        ),
      ];
      const { scan } = operations.beginScan('/data/one', 'one', 2);
      operations.compareFound(scan, now);
      operations.stageRecordings(
        scan,
        now.filter(({ id }) => id.endsWith('new')),
      );
      operations.finishScan(scan, facts('one'), null);
      const rest: Recording[] = [];
      for (let cursor = first.nextCursor; cursor !== null;) {
        const page = operations.listRecordings('one', { ...query, cursor });
        rest.push(...page.rows);
        cursor = page.nextCursor;
      }
      const compare = compareBy(sort, descending);
      const expected = now.filter((one) => compare(one, gone as Recording) > 0).sort(compare);
      expect(rest).toEqual(expected);
    },
  );

  it('refuse a cursor that is none', async () => {
    const operations = await openOperations();
    addTo(operations, 'one', [recording('a')]);
    for (const cursor of ['', 'xyz', Buffer.from('{"a":1}').toString('base64url')]) {
      expect(refusal(() => operations.listRecordings('one', { ...firstPage, cursor })).code).toBe(
        'store/bad-cursor',
      );
    }
  });

  it('follow what changed: another split, another dataset of the same name', async () => {
    const operations = await openOperations();
    addTo(operations, 'one', [recording('a'), recording('b')]);
    const test = { ...firstPage, splits: ['test' as const] };
    expect(operations.listRecordings('one', test).total).toBe(0);
    const { revision } = operations.readSplitBasis('one');
    const scheme = { rule: 'stratified', seed: 0, validation: 0, test: 0.5 } as const;
    operations.divideDataset('one', scheme, '', { revision, split: Uint8Array.from([0, 2]) });
    expect(operations.listRecordings('one', test).rows.map(({ id }) => id)).toEqual(['b']);
    operations.removeDataset('one', 1);
    addTo(operations, 'one', [recording('c', { split: 'test' })]);
    expect(operations.listRecordings('one', test).rows.map(({ id }) => id)).toEqual(['c']);
  });
});

describe('statistics', () => {
  it('count by value, in order, with hours, and put levels into bins of round edges', async () => {
    const operations = await openOperations();
    addTo(operations, 'one', [
      recording('a', { speaker: 's10', durationSec: 1, peak: 1, rms: 0.1, bytes: 10 }),
      recording('b', { speaker: 's9', durationSec: 2, peak: 0.5, rms: 0.01, sampleRateHz: 16_000 }),
      recording('c', { speaker: 's9', durationSec: 4, peak: 0, rms: 0, split: 'test', channels: 2 }),
      recording('d', { durationSec: 0, peak: 1e-9, rms: 1e-9 }),
    ]);
    const stats = operations.readRecordingStats('one', everyRecording);
    expect(stats).toMatchObject({
      recordings: 4,
      durationSec: 7,
      bytes: 10 + 3 * 44,
      speakers: [
        { value: 's9', recordings: 2, durationSec: 6 },
        { value: 's10', recordings: 1, durationSec: 1 },
        { value: null, recordings: 1, durationSec: 0 },
      ],
      labels: [{ value: null, recordings: 4 }],
      splits: [
        { value: 'train', recordings: 3 },
        { value: 'test', recordings: 1 },
      ],
      sampleRates: [
        { value: 8000, recordings: 3 },
        { value: 16_000, recordings: 1 },
      ],
      channels: [
        { value: 1, recordings: 3 },
        { value: 2, recordings: 1 },
      ],
    });
    const { edges, counts } = stats.duration;
    expect(edges[0]).toBe(0);
    expect(edges.at(-1)).toBeGreaterThan(4);
    expect(counts[edges.indexOf(2)]).toBe(1);
    // 0 dB and -6 dB; what is quieter than -96 dB is in the lowest bin, silence in none.
    const { peakDb } = stats;
    expect(peakDb.counts.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(peakDb.edges[0]).toBeGreaterThanOrEqual(-100);
    const binOf = (db: number) => peakDb.edges.findLastIndex((edge) => edge <= db);
    expect(peakDb.counts[binOf(0)]).toBe(1);
    expect(peakDb.counts[binOf(-6.02)]).toBe(1);
  });

  it('are whole numbers of nothing where nothing passes', async () => {
    const operations = await openOperations();
    addTo(operations, 'one', [recording('a')]);
    const stats = operations.readRecordingStats('one', { ...everyRecording, splits: ['test'] });
    expect(stats).toMatchObject({ recordings: 0, durationSec: 0, speakers: [] });
    for (const { edges, counts } of [stats.duration, stats.peakDb, stats.rmsDb]) {
      expect(edges).toHaveLength(counts.length + 1);
      expect(edges.every(Number.isFinite)).toBe(true);
    }
  });
});
