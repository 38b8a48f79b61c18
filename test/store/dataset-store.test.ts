import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Recording } from '../../src-main/corpora/recording.ts';
import { type DatasetContent, openDatasetStore } from '../../src-main/store/dataset-store.ts';
import { openHome } from '../../src-main/store/home.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const hash = 'a'.repeat(64);

function recording(id: string): Recording {
  return {
    id,
    bytes: 44,
    modifiedMs: 1_700_000_000_000.25,
    contentHash: hash,
    sampleRateHz: 8000,
    channels: 1,
    durationSec: 0.5,
    peak: 0.5,
    rms: 0.1,
    speaker: null,
    label: '7',
    split: 'train',
    transcript: null,
  };
}

function content(id: string, ids: string[], name = id): DatasetContent {
  const recordings = ids.map(recording);
  return {
    dataset: {
      id,
      name,
      folder: '/recordings',
      layout: 'folder',
      layoutNote: 'asked for',
      createdMs: 1,
      scannedMs: 2,
      recordings: ids.length,
      skipped: 1,
      silent: 0,
      durationSec: ids.length / 2,
      speakers: [],
      labels: ['7'],
      splits: { train: ids.length, validation: 0, test: 0 },
      splitNote: 'ours',
      splitHash: hash,
    },
    recordings,
    skipped: [{ id: 'bad.wav', code: 'dataset/file-empty', message: 'empty', remedy: 'replace' }],
  };
}

async function emptyStore() {
  const home = openHome(await temporaryFolder());
  return { home, store: openDatasetStore(home) };
}

describe('the dataset store', () => {
  it('gives back exactly what was put in, odd names among it', async () => {
    const { store } = await emptyStore();
    const odd = content('odd', [
      'a "quoted" name.wav',
      'line\nbreak\u2028.wav',
      '😀/ü.wav',
      'x'.repeat(251) + '.wav',
    ]);
    await store.create(odd);
    expect(await store.readContent('odd')).toEqual(odd);
    expect(await store.read('odd')).toEqual(odd.dataset);
    expect(await store.list()).toEqual({ datasets: [odd.dataset], damaged: [] });
  });

  it('is empty where there is no data folder yet', async () => {
    const { store } = await emptyStore();
    expect(await store.list()).toEqual({ datasets: [], damaged: [] });
    await expect(store.read('none')).rejects.toMatchObject({ code: 'dataset/unknown' });
    expect(await store.remove('none')).toBe(false);
  });

  it('refuses a second dataset of the same id, and of two at once takes one', async () => {
    const { store } = await emptyStore();
    const makers = [store.create(content('one', ['a'])), store.create(content('one', ['b']))];
    const settled = await Promise.allSettled(makers);
    expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const refused = settled.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'dataset/name-taken' });
  });

  it('replaces everything, and leaves no file of the old content', async () => {
    const { home, store } = await emptyStore();
    await store.create(content('one', ['a', 'b']));
    await store.replace(content('one', ['c']));
    expect((await store.readContent('one')).recordings.map(({ id }) => id)).toEqual(['c']);
    expect(await readdir(path.join(home.datasets, 'one'))).toHaveLength(3);
  });

  it('reads whole content while another process replaces it', async () => {
    const { store } = await emptyStore();
    await store.create(content('one', ['a', 'b']));
    const replacing = (async () => {
      for (let round = 0; round < 20; round++)
        await store.replace(content('one', round % 2 ? ['a', 'b'] : ['c']));
    })();
    for (let round = 0; round < 40; round++) {
      const read = await store.readContent('one');
      expect(read.recordings).toHaveLength(read.dataset.recordings);
    }
    await replacing;
  });

  it('removes a dataset', async () => {
    const { home, store } = await emptyStore();
    await store.create(content('one', ['a']));
    expect(await store.remove('one')).toBe(true);
    expect(await readdir(home.datasets)).toEqual([]);
  });

  const damages: [string, RegExp, (text: string) => string][] = [
    ['dataset.json', /dataset\.json/, (text) => text.slice(0, 100)],
    [
      'dataset.json',
      /dataset\.json.*recordings/,
      (text) => text.replace('"recordings": 1', '"recordings": "one"'),
    ],
    ['recordings', /recordings-.*\.jsonl/, (text) => text.replace('"7"', '"8"')],
    ['skipped', /skipped-.*\.jsonl/, () => ''],
  ];
  it.each(damages)(
    'names a damaged file (%s, %s) and still lists the others',
    async (which, message, damage) => {
      const { home, store } = await emptyStore();
      await store.create(content('good', ['a']));
      await store.create(content('hurt', ['a']));
      const folder = path.join(home.datasets, 'hurt');
      const name = (await readdir(folder)).find((one) => one.startsWith(which)) ?? '';
      await writeFile(path.join(folder, name), damage(await readFile(path.join(folder, name), 'utf8')));
      await expect(store.readContent('hurt')).rejects.toMatchObject({
        code: 'store/damaged',
        message: expect.stringMatching(message),
      });
      const listing = await store.list();
      expect(listing.datasets.map(({ id }) => id)).toContain('good');
      if (which === 'dataset.json') expect(listing.damaged.map(({ id }) => id)).toEqual(['hurt']);
      expect(await store.remove('hurt')).toBe(true);
    },
  );
});
