import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { markFeaturesUsed, removeUnusedFeatures } from '../../src-main/analyst/feature-usage.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

async function caches(users: Record<string, string[]>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [key, hashes] of Object.entries(users)) {
    await writeFile(path.join(folder, `${key}.f32`), 'rows');
    await writeFile(path.join(folder, `${key}.json`), '{}');
    for (const hash of hashes) markFeaturesUsed(folder, key, hash);
  }
  return folder;
}

const keysIn = async (folder: string) =>
  [...new Set((await readdir(folder)).map((name) => path.parse(name).name))].sort();

describe('removeUnusedFeatures', () => {
  it('removes what serves nobody any more, whole, and keeps what one of several still needs', async () => {
    const folder = await caches({ shared: ['a', 'b'], gone: ['b'], kept: ['a', 'a'] });
    expect(await removeUnusedFeatures(folder, new Set(['a']))).toBe(1);
    expect(await keysIn(folder)).toEqual(['kept', 'shared']);
    expect(await removeUnusedFeatures(folder, new Set())).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves a cache of which it does not know whom it serves, and a folder that is not there', async () => {
    const folder = await caches({ old: [] });
    expect(await removeUnusedFeatures(folder, new Set())).toBe(0);
    expect(await keysIn(folder)).toEqual(['old']);
    expect(await removeUnusedFeatures(path.join(folder, 'none'), new Set())).toBe(0);
  });
});
