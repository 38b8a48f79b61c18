import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compareIds, noFacts, type Recording } from '../../../src-main/corpora/recording.ts';
import type { Operations } from '../../../src-main/store/database/operations.ts';
import type { FoundRecording } from '../../../src-main/store/database/types.ts';
import { refusal } from '../../helpers/refusal.ts';
import { addTo, facts, firstPage, openOperations, recording } from './sample.ts';

const ids = (operations: Operations, name = 'one') =>
  operations.listRecordings(name, firstPage).rows.map(({ id }) => id);

function found({ id, bytes, modifiedMs, speaker, label, split, transcript }: Recording): FoundRecording {
  return { ...noFacts, id, bytes, modifiedMs, speaker, label, split, transcript };
}

/** Reads a folder again that holds `now`; gives back what had to be opened and what came of it. */
function rescan(operations: Operations, now: readonly Recording[], more = {}) {
  const { scan } = operations.beginScan('/data/one', 'one', 2);
  const { toRead } = operations.compareFound(scan, now.map(found));
  operations.stageRecordings(
    scan,
    now.filter(({ id }) => toRead.includes(id)),
  );
  return { toRead, ...operations.finishScan(scan, facts('one', more), null) };
}

describe('a scan', () => {
  it('gives back exactly what was put in, odd names among it', async () => {
    const operations = await openOperations();
    const odd = [
      recording('a "quoted" name.wav', { speaker: 'Zoë', label: '', transcript: "it's; DROP TABLE" }),
      recording('line\nbreak\u2028.wav', { modifiedMs: 1.5, contentHash: '0123456789abcdef'.repeat(4) }),
      recording('😀/ü.wav', { split: 'validation', peak: 0, rms: 0, channels: 2 }),
      recording(`${'x'.repeat(251)}.wav`, { split: 'test', bytes: 2 ** 40 }),
    ];
    addTo(operations, 'one', odd);
    const rows = operations.recordingsAfter('one', null, 100);
    expect(rows.sort(compareIds)).toEqual([...odd].sort(compareIds));
    for (const one of odd) expect(operations.readRecording('one-id', one.id)).toEqual(one);
    expect(operations.readDataset('one')).toMatchObject({
      recordings: 4,
      silent: 1,
      durationSec: 2,
      bytes: 2 ** 40 + 3 * 44,
      splits: { train: 2, validation: 1, test: 1 },
      speakers: ['Zoë'],
      labels: [''],
      scannedMs: 5,
      createdMs: 5,
    });
  });

  it('hashes (id, content, split) in order of code units, also where SQLite orders otherwise', async () => {
    const operations = await openOperations();
    // U+FF21 comes after an emoji by code unit, before it by code point.
    const all = ['\uff21.wav', '😀.wav', 'b.wav', 'a.wav'].map((id, index) =>
      recording(id, { contentHash: String(index).repeat(64), split: index === 1 ? 'test' : 'train' }),
    );
    addTo(operations, 'one', all);
    const hash = createHash('sha256');
    for (const { id, contentHash, split } of [...all].sort(compareIds)) {
      hash.update(JSON.stringify([id, contentHash, split]));
    }
    expect(operations.readDataset('one').splitHash).toBe(hash.digest('hex'));
  });

  it('shows nothing until it has finished, and nothing at all when it is cancelled', async () => {
    const operations = await openOperations();
    addTo(operations, 'one', [recording('a'), recording('b')]);
    const before = operations.readDataset('one');
    const { scan } = operations.beginScan('/data/one', 'one', 2);
    operations.stageRecordings(scan, [recording('a', { contentHash: 'f'.repeat(64) }), recording('c')]);
    operations.stageSkipped(scan, [{ id: 'x', code: 'c', message: 'm', remedy: 'r' }]);
    expect(ids(operations)).toEqual(['a', 'b']);
    operations.cancelScan(scan, false);
    expect(operations.readDataset('one')).toEqual(before);
    expect(ids(operations)).toEqual(['a', 'b']);
    expect(operations.listSkipped('one', 0, 10).total).toBe(0);
    expect(refusal(() => operations.stageRecordings(scan, [])).code).toBe('store/scan-gone');
  });

  it('opens again only what is new or has another size or time, and counts what came of it', async () => {
    const operations = await openOperations();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => recording(id)) as [
      Recording,
      Recording,
      Recording,
      Recording,
    ];
    addTo(operations, 'one', [a, b, c, d]);
    const before = operations.readDataset('one');
    const touched = { ...b, modifiedMs: 9 };
    const changed = { ...c, bytes: 45, contentHash: 'c'.repeat(64) };
    const { toRead, changes, dataset } = rescan(operations, [a, touched, changed, recording('e')]);
    expect(toRead).toEqual(['b', 'c', 'e']);
    expect(changes).toEqual({ added: 1, changed: 1, unchanged: 2, removed: 1 });
    expect(ids(operations)).toEqual(['a', 'b', 'c', 'e']);
    expect(operations.readRecording('one', 'c')).toEqual(changed);
    expect(operations.readRecording('one', 'b')?.modifiedMs).toBe(9);
    expect(dataset.splitHash).not.toBe(before.splitHash);
    expect(dataset.createdMs).toBe(before.createdMs);
  });

  it('leaves an unchanged dataset as it was, to the revision', async () => {
    const operations = await openOperations();
    const all = ['a', 'b'].map((id) => recording(id));
    addTo(operations, 'one', all);
    const { revision } = operations.readSplitBasis('one');
    const { changes, toRead, dataset } = rescan(operations, all, { scannedMs: 77 });
    expect(toRead).toEqual([]);
    expect(changes).toEqual({ added: 0, changed: 0, unchanged: 2, removed: 0 });
    expect(dataset.scannedMs).toBe(77);
    expect(operations.readSplitBasis('one').revision).toBe(revision);
  });

  it('takes over what the layout says anew without opening the file', async () => {
    const operations = await openOperations();
    addTo(operations, 'one', [recording('a'), recording('b')]);
    const renamed = recording('a', { speaker: 'anna', label: '3', split: 'test', transcript: 'three' });
    const { toRead, changes, dataset } = rescan(operations, [renamed, recording('b')]);
    expect(toRead).toEqual([]);
    expect(changes).toMatchObject({ unchanged: 2, changed: 0 });
    expect(operations.readRecording('one', 'a')).toEqual(renamed);
    expect(dataset.splits).toEqual({ train: 1, validation: 0, test: 1 });
    expect(operations.listRecordings('one', { ...firstPage, search: 'anna' }).total).toBe(1);
  });

  it('goes on from what an interrupted one of the same folder had measured, and drops what is gone since', async () => {
    const operations = await openOperations();
    const first = operations.beginScan('/data/one', null, 1);
    operations.stageRecordings(
      first.scan,
      ['a', 'b', 'c'].map((id) => recording(id)),
    );
    operations.cancelScan(first.scan, true);
    const second = operations.beginScan('/data/one', null, 2);
    expect(second.measured).toBe(3);
    const now = [recording('a'), recording('b', { bytes: 45 }), recording('d')];
    const { toRead } = operations.compareFound(second.scan, now.map(found));
    expect(toRead).toEqual(['b', 'd']);
    operations.stageRecordings(second.scan, now.slice(1));
    operations.finishScan(second.scan, facts('one'), null);
    expect(ids(operations)).toEqual(['a', 'b', 'd']);
    expect(operations.beginScan('/data/one', null, 3).measured).toBe(0);
  });

  it('puts a file that is met twice in once', async () => {
    const operations = await openOperations();
    const { scan } = operations.beginScan('/data/one', null, 1);
    operations.stageRecordings(scan, [recording('a', { label: 'old' })]);
    operations.stageRecordings(scan, [recording('a', { label: 'new' })]);
    operations.finishScan(scan, facts('one'), null);
    expect(operations.listRecordings('one', firstPage).rows).toEqual([recording('a', { label: 'new' })]);
    expect(operations.listRecordings('one', { ...firstPage, search: 'old' }).total).toBe(0);
  });

  it('refuses a second one of the same folder, and a name that was taken meanwhile', async () => {
    const operations = await openOperations();
    const { scan } = operations.beginScan('/data/one', null, 1);
    expect(refusal(() => operations.beginScan('/data/one', null, 2)).code).toBe('store/scan-under-way');
    operations.stageRecordings(scan, [recording('mine')]);
    addTo(operations, 'two', [recording('theirs')]);
    expect(refusal(() => operations.finishScan(scan, facts('two', { id: 'other' }), null)).code).toBe(
      'dataset/name-taken',
    );
    // Still there, to be ended under another name.
    operations.finishScan(scan, facts('one'), null);
    expect(ids(operations)).toEqual(['mine']);
    expect(ids(operations, 'two')).toEqual(['theirs']);
  });

  it('is for a dataset that there is', async () => {
    const operations = await openOperations();
    addTo(operations, 'one', [recording('a')]);
    const { message } = refusal(() => operations.beginScan('/data/x', 'nobody', 1));
    expect(message).toContain('nobody');
    expect(message).toContain('one');
  });

  it('replaces the entries that were passed over', async () => {
    const operations = await openOperations();
    const skip = (id: string, code: string) => ({ id, code, message: 'm', remedy: 'r' });
    const { scan } = operations.beginScan('/data/one', null, 1);
    operations.stageRecordings(scan, [recording('a')]);
    operations.stageSkipped(scan, [skip('x', 'one'), skip('y', 'two'), skip('z', 'two')]);
    expect(operations.finishScan(scan, facts('one'), null).dataset.skipped).toBe(3);
    expect(operations.listSkipped('one', 1, 1)).toEqual({
      total: 3,
      reasons: [
        { code: 'two', entries: 2 },
        { code: 'one', entries: 1 },
      ],
      rows: [skip('y', 'two')],
    });
    expect(rescan(operations, [recording('a')]).dataset.skipped).toBe(0);
  });
});

describe('splits', () => {
  it('are given by a division in order of id, and kept by a rescan', async () => {
    const operations = await openOperations();
    const all = ['c', 'a', 'b'].map((id) =>
      recording(id, { speaker: `s${id}`, label: null, durationSec: 2 }),
    );
    addTo(operations, 'one', all);
    const basis = operations.readSplitBasis('one');
    expect(basis).toMatchObject({ recordings: 3, speakers: ['sa', 'sb', 'sc'], labels: [] });
    expect([...basis.speaker]).toEqual([0, 1, 2]);
    expect([...basis.label]).toEqual([-1, -1, -1]);
    const scheme = { rule: 'speakers', seed: 3, validation: 0.3, test: 0.3 } as const;
    const before = operations.readDataset('one');
    const divided = operations.divideDataset('one', scheme, 'by speaker', {
      revision: basis.revision,
      split: Uint8Array.from([2, 1, 0]),
    });
    expect(divided).toMatchObject({ splits: { train: 1, validation: 1, test: 1 }, splitScheme: scheme });
    expect(divided.splitHash).not.toBe(before.splitHash);
    expect(operations.readRecording('one', 'a')?.split).toBe('test');
    const now = [...all, recording('d')];
    const again = rescan(operations, now, { splitScheme: scheme });
    expect(again.dataset.splits).toEqual({ train: 2, validation: 1, test: 1 });
    const back = operations.divideDataset('one', { ...scheme, rule: 'corpus' }, 'the corpus', null);
    expect(back.splits).toEqual({ train: 4, validation: 0, test: 0 });
  });

  it('of a scan are divided over what the dataset will have', async () => {
    const operations = await openOperations();
    addTo(
      operations,
      'one',
      ['a', 'b', 'd'].map((id) => recording(id, { split: 'test' })),
    );
    const { scan } = operations.beginScan('/data/one', 'one', 2);
    operations.compareFound(
      scan,
      [recording('a', { split: 'test' }), recording('d', { split: 'test' })].map(found),
    );
    operations.stageRecordings(scan, [recording('c'), recording('d', { bytes: 45 }), recording('e')]);
    const basis = operations.readScanSplitBasis(scan);
    expect(basis.recordings).toBe(4);
    expect([...basis.split]).toEqual([2, 0, 2, 0]);
    expect([...basis.corpusSplit]).toEqual([2, 0, 0, 0]);
    expect([...basis.fresh]).toEqual([0, 1, 0, 1]);
    const scheme = { rule: 'stratified', seed: 0, validation: 0.5, test: 0 } as const;
    const { dataset } = operations.finishScan(scan, facts('one', { splitScheme: scheme }), {
      revision: basis.revision,
      split: Uint8Array.from([1, 1, 0, 0]),
    });
    expect(dataset.splits).toEqual({ train: 2, validation: 2, test: 0 });
    const rows = operations.listRecordings('one', firstPage).rows.map(({ id, split }) => `${id} ${split}`);
    expect(rows).toEqual(['a validation', 'c validation', 'd train', 'e train']);
  });

  it('are refused where the recordings are others by then', async () => {
    const operations = await openOperations();
    addTo(operations, 'one', [recording('a')]);
    const { revision } = operations.readSplitBasis('one');
    rescan(operations, [recording('b')]);
    const scheme = { rule: 'stratified', seed: 0, validation: 0, test: 1 } as const;
    const divide = () =>
      operations.divideDataset('one', scheme, '', { revision, split: Uint8Array.from([2]) });
    expect(refusal(divide).code).toBe('store/recordings-changed');
    expect(operations.readRecording('one', 'b')?.split).toBe('train');
    const { scan } = operations.beginScan('/data/one', 'one', 3);
    const basis = operations.readScanSplitBasis(scan);
    operations.stageRecordings(scan, [recording('c')]);
    const finish = () =>
      operations.finishScan(scan, facts('one'), { revision: basis.revision, split: new Uint8Array(1) });
    expect(refusal(finish).code).toBe('store/recordings-changed');
  });
});
