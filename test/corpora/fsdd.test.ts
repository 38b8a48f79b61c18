import fc from 'fast-check';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScanItem } from '../../src-main/corpora/corpus.ts';
import { fsdd, fsddSplit, parseFsddName } from '../../src-main/corpora/fsdd.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function scan(dir: string) {
  const items: ScanItem[] = [];
  for await (const batch of fsdd.scan(dir)) items.push(...batch);
  return {
    files: items.flatMap((item) => (item.kind === 'file' ? [item.file] : [])),
    skipped: items.flatMap((item) => (item.kind === 'skipped' ? [item.skipped] : [])),
  };
}

describe('parseFsddName', () => {
  it('reads back any speaker and index', () => {
    const speaker = fc.string({ minLength: 1 }).filter((text) => !/[/\0]/.test(text));
    fc.assert(
      fc.property(fc.nat(9), speaker, fc.nat(999), (digit, name, index) => {
        expect(parseFsddName(`${digit}_${name}_${index}.wav`)).toEqual({
          digit: String(digit),
          speaker: name,
          index,
        });
      }),
    );
  });

  it.each(['a_b_0.wav', '12_b_0.wav', '1_b.wav', '1__0.wav', '1_b_x.wav', '1_b_0', ''])(
    'refuses %j',
    (name) => {
      expect(parseFsddName(name)).toBeNull();
    },
  );
});

describe('fsdd', () => {
  it('divides by index: 0-4 test, 5-9 validation (which the note says is ours), the rest train', () => {
    expect([0, 4, 5, 9, 10, 49].map(fsddSplit)).toEqual([
      'test',
      'test',
      'validation',
      'validation',
      'train',
      'train',
    ]);
    expect(fsdd.splitNote).toMatch(/our choice/);
  });

  it.each(['', 'recordings'])(
    'finds recordings in "%s", and reports names that do not fit',
    async (below) => {
      const dir = await temporaryFolder();
      await mkdir(path.join(dir, below), { recursive: true });
      for (const name of ['7_anna_0.wav', '3_two_part_12.WAV', 'notes.txt', 'stray.wav']) {
        await writeFile(path.join(dir, below, name), 'x');
      }
      const prefix = below && `${below}/`;
      const { files, skipped } = await scan(dir);
      expect(files.map(({ id, label, speaker, split }) => ({ id, label, speaker, split }))).toEqual(
        expect.arrayContaining([
          { id: `${prefix}7_anna_0.wav`, label: '7', speaker: 'anna', split: 'test' },
          { id: `${prefix}3_two_part_12.WAV`, label: '3', speaker: 'two_part', split: 'train' },
        ]),
      );
      expect(files).toHaveLength(2);
      expect(skipped).toMatchObject([{ id: `${prefix}stray.wav`, code: 'dataset/name-not-fsdd' }]);
    },
  );

  it('is recognised by nine names of ten, and not in an empty folder', async () => {
    const dir = await temporaryFolder();
    expect((await fsdd.detect(dir)).fits).toBe(false);
    for (let index = 0; index < 9; index++) await writeFile(path.join(dir, `1_a_${index}.wav`), 'x');
    await writeFile(path.join(dir, 'stray.wav'), 'x');
    expect(await fsdd.detect(dir)).toEqual({
      fits: true,
      because: '9 of the first 10 audio files are named {digit}_{speaker}_{index}',
    });
    await writeFile(path.join(dir, 'second stray.wav'), 'x');
    expect((await fsdd.detect(dir)).fits).toBe(false);
  });

  const real = referenceFolder('data', 'fsdd');
  it.skipIf(!real)('reads the real corpus: 3,000 recordings of 6 speakers, 300/300/2400', async () => {
    const { files, skipped } = await scan(real ?? '');
    expect(skipped).toEqual([]);
    expect(files).toHaveLength(3000);
    expect(new Set(files.map(({ speaker }) => speaker)).size).toBe(6);
    const counts = Object.groupBy(files, ({ split }) => split);
    expect([counts.test?.length, counts.validation?.length, counts.train?.length]).toEqual([300, 300, 2400]);
  });
});
