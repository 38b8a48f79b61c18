import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { markFeaturesUsed } from '../../../src-main/analyst/feature-usage.ts';
import { removeDataset, rescanDataset, restoreDataset } from '../../../src-main/host/datasets/datasets.ts';
import { writeDatasetManifest } from '../../../src-main/host/datasets/manifest.ts';
import { purgeDatasets } from '../../../src-main/host/datasets/purging.ts';
import type { Services } from '../../../src-main/host/services.ts';
import { manifestFile } from '../../../src-main/store/manifest.ts';
import { add, folderWith, openServices, quiet, tone } from './dataset-services.ts';

async function cacheFor({ home }: Services, splitHash: string): Promise<string> {
  await mkdir(home.features, { recursive: true });
  const rows = path.join(home.features, `${splitHash}-key.f32`);
  await writeFile(rows, 'rows');
  markFeaturesUsed(home.features, `${splitHash}-key`, splitHash);
  return rows;
}

async function runOn({ home }: Services, name: string, dataset: { id: string; splitHash: string }) {
  await mkdir(path.join(home.runs, name), { recursive: true });
  await writeFile(path.join(home.runs, name, 'run.json'), JSON.stringify({ dataset }));
}

/** A list of recordings that was written long ago. */
async function oldManifest(services: Services, which: string): Promise<string> {
  const { splitHash } = await writeDatasetManifest(services, which);
  const file = manifestFile(services.home, splitHash);
  await utimes(file, 1, 1);
  return file;
}

describe('purgeDatasets', () => {
  it('frees the caches of a dataset only when it cannot come back any more', async () => {
    const services = await openServices();
    const { splitHash } = await add(services, { dir: await folderWith('a.wav'), name: 'a' });
    const rows = await cacheFor(services, splitHash);
    const manifest = await oldManifest(services, 'a');
    await removeDataset(services, 'a');
    await purgeDatasets(services, Date.now() - 60_000);
    expect([existsSync(rows), existsSync(manifest)]).toEqual([true, true]);
    await restoreDataset(services, 'a');
    await removeDataset(services, 'a');
    await purgeDatasets(services, Date.now() + 1);
    expect([existsSync(rows), existsSync(manifest)]).toEqual([false, false]);
    await expect(restoreDataset(services, 'a')).rejects.toMatchObject({ code: 'dataset/unknown' });
  });

  it('keeps what runs were trained on: the list always, the cache as long as the dataset is there', async () => {
    const services = await openServices();
    const dir = await folderWith('a.wav');
    const before = await add(services, { dir, name: 'a' });
    const [rows, manifest] = [await cacheFor(services, before.splitHash), await oldManifest(services, 'a')];
    await runOn(services, 'run', before);
    tone(path.join(dir, 'b.wav'));
    await rescanDataset(services, 'a', quiet);
    await purgeDatasets(services, Date.now());
    expect([existsSync(rows), existsSync(manifest)]).toEqual([true, true]);
    await removeDataset(services, 'a');
    await purgeDatasets(services, Date.now() + 1);
    expect([existsSync(rows), existsSync(manifest)]).toEqual([false, true]);
  });

  it('touches nothing while a run cannot be read', async () => {
    const services = await openServices();
    const { splitHash } = await add(services, { dir: await folderWith('a.wav'), name: 'a' });
    const rows = await cacheFor(services, splitHash);
    await mkdir(path.join(services.home.runs, 'bad'), { recursive: true });
    await writeFile(path.join(services.home.runs, 'bad', 'run.json'), '{');
    await removeDataset(services, 'a');
    await purgeDatasets(services, Date.now() + 1);
    expect(existsSync(rows)).toBe(true);
  });
});
