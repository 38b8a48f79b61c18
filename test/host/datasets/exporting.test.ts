import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpora } from '../../../src-main/corpora/registry.ts';
import { encodeWav } from '../../../src-main/audio/write-wav.ts';
import { handleDatasetsExport } from '../../../src-main/host/datasets/exporting.ts';
import { handleDatasetsExclude } from '../../../src-main/host/datasets/analysing.ts';
import { splitDataset } from '../../../src-main/host/datasets/splitting.ts';
import type { Services } from '../../../src-main/host/services.ts';
import { datasetsExclude, datasetsExport } from '../../../src-preload/contract/commands/datasets-analysis.ts';
import { datasetsSplit } from '../../../src-preload/contract/commands/datasets.ts';
import { examples, writeExample } from '../../conformance/corpora/examples.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { add, contextOf, folderWith, openServices } from './dataset-services.ts';

const sound = encodeWav(
  [Float32Array.from({ length: 4000 }, (_, n) => Math.sin(n / 9) / 2)],
  8000,
  'pcm16',
).bytes;

const exported = async (services: Services, dataset: string, out: string) =>
  datasetsExport.output.parse(
    await handleDatasetsExport(
      datasetsExport.input.parse({ dataset, out, overwrite: true }),
      contextOf(services),
    ),
  );

/** What has to be the same after export and import: everything but where the file is named from. */
const recordingsOf = async (services: Services, dataset: string) =>
  (await services.database.recordingsAfter(dataset, null, 1000)).map(({ source: _source, ...rest }) => rest);

it.each(['jsonl', 'csv', 'tsv'])(
  'a dataset of any layout, exported as %s and added again, is the same, splits and all',
  async (format) => {
    const services = await openServices();
    for (const { id: layout } of corpora) {
      const example = examples[layout];
      if (!example) throw new Error(`no example of ${layout}`);
      const [before, after] = [`${layout} before`, `${layout} after`];
      const { place } = await writeExample(example, sound);
      const { recordings } = await add(services, { dir: place, name: before, layout });
      const [odd] = await recordingsOf(services, before);
      await handleDatasetsExclude(
        datasetsExclude.input.parse({ dataset: before, recordings: [odd?.id], reason: 'odd, "very"\n odd' }),
        contextOf(services),
      );
      const out = path.join(await temporaryFolder(), `list.${format}`);
      const first = await exported(services, before, out);
      expect(first.recordings, layout).toBe(recordings);
      const again = await add(services, { dir: out, name: after });
      expect(again.splitHash, layout).toBe(first.splitHash);
      expect(again.splits).toEqual((await services.database.readDataset(before)).splits);
      expect(await recordingsOf(services, after)).toEqual(await recordingsOf(services, before));
      const text = await readFile(out, 'utf8');
      await exported(services, after, out);
      expect(await readFile(out, 'utf8')).toBe(text);
    }
  },
);

describe('export', () => {
  it('is the same again for any split and any stretches', { timeout: 60_000 }, async () => {
    const services = await openServices();
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'long.wav'), sound);
    let count = 0;
    const row = fc.record({
      path: fc.constant('long.wav'),
      start: fc.integer({ min: 0, max: 200 }).map((n) => n / 1000),
      end: fc.integer({ min: 210, max: 490 }).map((n) => n / 1000),
      split: fc.constantFrom('train', 'validation', 'test'),
      speaker: fc.constantFrom('a', '', 'ö "x"\t,'),
      text: fc.string({ unit: 'grapheme', maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(row, { minLength: 1, maxLength: 6, selector: ({ start, end }) => `${start},${end}` }),
        fc.constantFrom('jsonl', 'csv', 'tsv'),
        async (rows, format) => {
          const name = `d${count++}`;
          const list = path.join(folder, `${name}.jsonl`);
          await writeFile(list, rows.map((one) => `${JSON.stringify(one)}\n`).join(''));
          await add(services, { dir: list, name });
          const out = path.join(folder, `${name}-out.${format}`);
          const { splitHash } = await exported(services, name, out);
          expect((await add(services, { dir: out, name: `${name}-again` })).splitHash).toBe(splitHash);
          expect(await recordingsOf(services, `${name}-again`)).toEqual(await recordingsOf(services, name));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('refuses a name that is no list, and a file that is there', async () => {
    const services = await openServices();
    await add(services, { dir: await folderWith('a.wav'), name: 'd' });
    const to = (out: string) =>
      Promise.resolve(
        handleDatasetsExport(datasetsExport.input.parse({ dataset: 'd', out }), contextOf(services)),
      );
    const folder = await temporaryFolder();
    await expect(to(path.join(folder, 'x.json'))).rejects.toMatchObject({ code: 'dataset/list-name' });
    await writeFile(path.join(folder, 'x.csv'), 'mine');
    await expect(to(path.join(folder, 'x.csv'))).rejects.toMatchObject({ code: 'dataset/list-exists' });
    expect(await readFile(path.join(folder, 'x.csv'), 'utf8')).toBe('mine');
  });
});

it('a preview of a split has the hash that the split will have', async () => {
  const services = await openServices();
  await add(services, {
    dir: await folderWith(...Array.from({ length: 12 }, (_, n) => `a/${n}.wav`)),
    name: 'd',
  });
  const request = { dataset: 'd', by: 'stratified', seed: 4 };
  const preview = await splitDataset(services, datasetsSplit.input.parse({ ...request, preview: true }));
  expect(preview.splitHash).toMatch(/^[0-9a-f]{64}$/);
  expect((await services.database.readDataset('d')).splitHash).not.toBe(preview.splitHash);
  const done = await splitDataset(services, datasetsSplit.input.parse(request));
  expect(done.splitHash).toBe(preview.splitHash);
});
