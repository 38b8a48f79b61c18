import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compareIds, type Recording } from '../../src-main/corpora/recording.ts';
import { openHome } from '../../src-main/store/home.ts';
import { hasManifest, manifestFile, readManifest, writeManifest } from '../../src-main/store/manifest.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { addOver, openThread, recording } from './database/sample.ts';

const all = [
  recording('b "quoted"\n.wav', { transcript: 'one\u2028two', speaker: 'é' }),
  recording('a.wav', { split: 'test', label: '7' }),
  recording('😀.wav', { split: 'validation', peak: 0 }),
  recording('\uff21.wav'),
];

function hashOf(recordings: readonly Recording[]): string {
  const hash = createHash('sha256');
  for (const { id, contentHash, split } of [...recordings].sort(compareIds)) {
    hash.update(JSON.stringify([id, contentHash, split]));
  }
  return hash.digest('hex');
}

async function written() {
  const home = openHome(await temporaryFolder());
  const splitHash = hashOf(all);
  await writeManifest(home, splitHash, [all.slice(0, 3), [], all.slice(3)]);
  return { home, splitHash, file: manifestFile(home, splitHash) };
}

describe('a manifest', () => {
  it('gives back what was written, in order of id', async () => {
    const { home, splitHash } = await written();
    expect(await readManifest(home, splitHash)).toEqual([...all].sort(compareIds));
    expect(await hasManifest(home, splitHash)).toBe(true);
    expect(await hasManifest(home, 'f'.repeat(64))).toBe(false);
  });

  it('is not written where the recordings are not those of its name', async () => {
    const home = openHome(await temporaryFolder());
    const writing = writeManifest(home, hashOf(all), [all.slice(1)]);
    await expect(writing).rejects.toMatchObject({
      code: 'store/manifest-damaged',
      message: expect.stringContaining('changed while it was written'),
    });
    expect(await readdir(home.manifests)).toEqual([]);
  });

  it('that is not there is said by name', async () => {
    const home = openHome(await temporaryFolder());
    await expect(readManifest(home, 'f'.repeat(64))).rejects.toMatchObject({
      code: 'store/manifest-missing',
      message: expect.stringContaining(manifestFile(home, 'f'.repeat(64))),
    });
  });

  const damages: [string, (text: string) => string][] = [
    ['cut short inside a line', (text) => text.slice(0, 200)],
    ['without its end', (text) => text.split('\n').slice(0, -2).join('\n')],
    ['a line missing', (text) => text.split('\n').slice(1).join('\n')],
    ['a fact altered', (text) => text.replace('"label":"7"', '"label":"8"')],
    ['a split altered', (text) => text.replace('"split":"test"', '"split":"train"')],
    ['something after its end', (text) => `${text}{}\n`],
    ['emptied', () => ''],
    ['not JSON', () => 'hello\n'],
  ];
  it.each(damages)('is not used when damaged: %s', async (_name, damage) => {
    const { home, splitHash, file } = await written();
    await writeFile(file, damage(await readFile(file, 'utf8')));
    await expect(readManifest(home, splitHash)).rejects.toMatchObject({
      code: 'store/manifest-damaged',
      message: expect.stringContaining(file),
      remedy: expect.stringContaining('runs resume'),
    });
  });

  it('of another split hash is not taken for this one', async () => {
    const { home, file } = await written();
    const other = hashOf(all.slice(1));
    await writeFile(manifestFile(home, other), await readFile(file));
    await expect(readManifest(home, other)).rejects.toMatchObject({ code: 'store/manifest-damaged' });
  });

  it('is made from a dataset of the index, piece by piece, under its split hash', async () => {
    const home = openHome(await temporaryFolder());
    const database = await openThread(home.database);
    const many = Array.from({ length: 600 }, (_, index) =>
      recording(`f${index}.wav`, { label: String(index % 7) }),
    );
    await addOver(database, 'one', [...all, ...many]);
    const { splitHash } = await database.readDataset('one');
    expect(splitHash).toBe(hashOf([...all, ...many]));
    const batches = async function* () {
      for (let after: string | null = null; ;) {
        const batch: Recording[] = await database.recordingsAfter('one', after, 250);
        const last = batch.at(-1);
        if (!last) return;
        yield batch;
        after = last.id;
      }
    };
    await writeManifest(home, splitHash, batches());
    expect(await readManifest(home, splitHash)).toEqual([...all, ...many].sort(compareIds));
  });
});
