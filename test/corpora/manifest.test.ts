import { open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundFile, ScanItem } from '../../src-main/corpora/corpus.ts';
import { manifest } from '../../src-main/corpora/manifest.ts';
import { readList } from '../../src-main/corpora/manifest-rows.ts';
import { SeenIds } from '../../src-main/corpora/seen-ids.ts';
import { csvLine, csvRows, tsvLine, tsvRows } from '../../src-main/corpora/table-text.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function listed(name: string, text: string | Uint8Array, sounds = ['a.wav', 'b.wav', 'c d,é.wav']) {
  const dir = await temporaryFolder();
  for (const sound of sounds) await writeFile(path.join(dir, sound), 'RIFF');
  await writeFile(path.join(dir, name), text);
  const items: ScanItem[] = [];
  for await (const batch of manifest.scan(path.join(dir, name))) items.push(...batch);
  const files = items.flatMap((item): FoundFile[] => (item.kind === 'file' ? [item.file] : []));
  const skipped = items.flatMap((item) => (item.kind === 'skipped' ? [item.skipped] : []));
  return { files, skipped, reasons: skipped.map(({ id, code }) => `${id}: ${code}`) };
}

describe('a list of recordings', () => {
  it('is read as JSON lines, CSV and TSV to the same', async () => {
    const json = [
      { path: 'a.wav', label: 'one', speaker: 'x', split: 'dev', text: 'He said "hi", twice', sex: 'F' },
      { path: 'b.wav', start: 0.5, end: 1.25, subset: 'clean', excluded: 'too loud' },
      { path: 'c d,é.wav', id: 'third', split: 'test' },
    ];
    const columns = [
      'path',
      'id',
      'label',
      'speaker',
      'split',
      'text',
      'start',
      'end',
      'sex',
      'subset',
      'excluded',
    ];
    const cells = json.map((row) =>
      columns.map((column) => (row as Record<string, string | number>)[column] ?? null),
    );
    const texts = {
      'l.jsonl': json.map((row) => `${JSON.stringify(row)}\n`).join(''),
      'l.csv': [columns, ...cells].map(csvLine).join(''),
      'l.tsv': [columns, ...cells].map(tsvLine).join(''),
    };
    const all = await Promise.all(Object.entries(texts).map(([name, text]) => listed(name, text)));
    for (const { files, skipped } of all) {
      expect(skipped).toEqual([]);
      expect(files.map(({ modifiedMs: _modified, ...rest }) => rest)).toEqual(
        all[0]?.files.map(({ modifiedMs: _modified, ...rest }) => rest),
      );
    }
    expect(all[0]?.files).toMatchObject([
      { id: 'a.wav', split: 'validation', transcript: 'He said "hi", twice', source: null, sex: 'F' },
      { id: 'b.wav#t=0.5,1.25', source: 'b.wav', startSec: 0.5, endSec: 1.25, excluded: 'too loud' },
      { id: 'third', source: 'c d,é.wav', split: 'test' },
    ]);
  });

  it.each([
    [
      'CRLF, a mark at its beginning, an empty line, no last newline',
      '\uFEFFpath,label\r\na.wav,one\r\n\r\nb.wav,two',
    ],
    ['headings in other words and order', 'Speaker ID,Class,FileName\n,one,a.wav\n,two,b.wav\n'],
    ['quoted cells', '"path","label"\r\n"a.wav","one"\r\n"b.wav","two"\r\n'],
    ['columns that are not known', 'x,path,y,label\n1,a.wav,"a ""b"", c\nd",one\n2,b.wav,,two\n'],
  ])('is taken with %s', async (_, text) => {
    const { files, reasons } = await listed('l.csv', text);
    expect(files.map(({ id, label }) => [id, label])).toEqual([
      ['a.wav', 'one'],
      ['b.wav', 'two'],
    ]);
    expect(reasons).toEqual([]);
  });

  it('counts a duration only beside a start, as such lists mean it', async () => {
    const rows = [
      { audio_filepath: 'a.wav', duration: 2 },
      { audio_filepath: 'b.wav', offset: 1, duration: 2 },
    ];
    const { files } = await listed('l.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    expect(files.map(({ startSec, endSec }) => [startSec, endSec])).toEqual([
      [null, null],
      [1, 3],
    ]);
  });

  it('says of each row why it cannot be used, and takes the rest', async () => {
    const rows = [
      'a.wav,train,,',
      'gone.wav,train,,',
      'a.wav,train,,',
      ',train,,',
      'b.wav,holdout,,',
      'b.wav,train,2,1',
      'b.wav,train,x,',
      'b.wav,train,-1,',
      'b.wav,train,0,1,2,3',
      'b.wav,test,0,1',
    ];
    const { files, reasons } = await listed('l.csv', `path,split,start,end\n${rows.join('\n')}\n`);
    expect(files.map(({ id }) => id)).toEqual(['a.wav', 'b.wav#t=0,1']);
    expect(reasons).toEqual([
      'l.csv, line 4: dataset/list-duplicate',
      ...[5, 6, 7, 8, 9, 10].map((line) => `l.csv, line ${line}: dataset/list-row`),
      'gone.wav: dataset/list-file-missing',
    ]);
  });

  it.each([
    ['l.csv', 'name,label\na,b\n', 'dataset/list-columns'],
    ['l.csv', '', 'dataset/list-columns'],
    ['l.csv', Uint8Array.of(0xff, 0xfe, 0x70, 0), 'dataset/list-not-utf8'],
    ['l.csv', `path\n"${'x'.repeat(3 << 20)}`, 'dataset/list-row-too-long'],
    ['l.jsonl', 'x'.repeat(3 << 20), 'dataset/list-row-too-long'],
  ])('%s that is none is refused as a whole (%#)', async (name, text, code) => {
    await expect(listed(name, text)).rejects.toMatchObject({ code });
  });

  it('a quote that is never closed refuses the row that it opens in, by its line', async () => {
    const { files, reasons } = await listed('l.csv', 'path,label\na.wav,one\nb.wav,"two\na.wav,three\n');
    expect(files.map(({ id }) => id)).toEqual(['a.wav']);
    expect(reasons).toEqual(['l.csv, line 3: dataset/list-row']);
  });

  it('JSON lines that are no objects, or hold other things than text, are named', async () => {
    const { reasons } = await listed('l.jsonl', '{"path":"a.wav"\n[1]\n{"path":{}}\n"a.wav"\n');
    expect(reasons).toEqual([1, 2, 3, 4].map((line) => `l.jsonl, line ${line}: dataset/list-row`));
  });

  it('of a million rows is read in the memory of a few', { timeout: 60_000 }, async () => {
    const dir = await temporaryFolder();
    const file = path.join(dir, 'l.csv');
    const handle = await open(file, 'w');
    await handle.write('path,label,start,end\n');
    for (let block = 0; block < 100; block++) {
      const rows = Array.from(
        { length: 10_000 },
        (_, n) => `long.wav,l${n % 10},${block * 10_000 + n},${block * 10_000 + n + 1}\n`,
      );
      await handle.write(rows.join(''));
    }
    await handle.close();
    let rows = 0;
    let most = 0;
    for await (const row of readList(file)) {
      if ('listed' in row) rows++;
      if (rows % 50_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
    }
    expect(rows).toBe(1_000_000);
    expect(most).toBeLessThan(400 << 20);
  });
});

describe('rows of a table', () => {
  const cell = fc.oneof(
    fc.constant(null),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', '"', ',', '\t', '\r\n', '\r', 'x\r', ' a ', '""x'),
  );
  const someRows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });

  async function* inPieces(text: string, size: number): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }

  it.each([
    ['CSV', csvLine, csvRows],
    ['TSV', tsvLine, tsvRows],
  ])('%s: what is written is read, however it is cut into pieces', async (_, lineOf, rowsOf) => {
    await fc.assert(
      fc.asyncProperty(someRows, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const read: (string | null)[][] = [];
        for await (const row of rowsOf('x', inPieces(rows.map(lineOf).join(''), size))) read.push(row.cells);
        // A row of empty cells is written as a line all the same, and read as one.
        expect(read).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });
});

it('ids are told apart, however many', () => {
  const seen = new SeenIds();
  for (let n = 0; n < 20_000; n++) expect(seen.add(`recording ${n}`)).toBe(true);
  for (let n = 0; n < 20_000; n += 97) expect(seen.add(`recording ${n}`)).toBe(false);
});
