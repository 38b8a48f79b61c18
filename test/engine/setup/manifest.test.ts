import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sha256OfFile } from '../../../src-main/engine/setup/download.ts';
import {
  changedFileFull,
  changedFileQuick,
  readManifest,
  writeManifest,
  type Manifest,
} from '../../../src-main/engine/setup/manifest.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

async function installed(): Promise<{ folder: string; file: string; manifest: Manifest }> {
  const folder = await temporaryFolder();
  mkdirSync(path.join(folder, 'lib'));
  const file = path.join(folder, 'lib', 'a.so');
  writeFileSync(file, 'library');
  const sha256 = await sha256OfFile(file);
  await writeManifest(folder, { id: 'x', tensorflow: '1' }, [{ path: 'lib/a.so', bytes: 7, sha256 }]);
  const manifest = readManifest(folder);
  if (!manifest) throw new Error('a manifest that was just written is there');
  return { folder, file, manifest };
}

const silent = () => undefined;

test('nothing has changed', async () => {
  const { folder, manifest } = await installed();
  expect(changedFileQuick(folder, manifest)).toBeNull();
  expect(await changedFileFull(folder, manifest, silent)).toBeNull();
});

test('another size, another time, or no file are seen quickly', async () => {
  const { folder, file, manifest } = await installed();
  utimesSync(file, 1, 1);
  expect(changedFileQuick(folder, manifest)).toBe('lib/a.so');
  writeFileSync(file, 'longer than it was');
  expect(changedFileQuick(folder, manifest)).toBe('lib/a.so');
  rmSync(file);
  expect(changedFileQuick(folder, manifest)).toBe('lib/a.so');
  expect(await changedFileFull(folder, manifest, silent)).toBe('lib/a.so');
});

test('one changed byte behind the same size and time is found by the full check only', async () => {
  const { folder, file, manifest } = await installed();
  const { atime, mtime } = statSync(file);
  writeFileSync(file, 'Library');
  utimesSync(file, atime, mtime);
  expect(changedFileQuick(folder, manifest)).toBeNull();
  expect(await changedFileFull(folder, manifest, silent)).toBe('lib/a.so');
});

test('no manifest, a damaged one, or one of another shape: as good as not installed', async () => {
  const { folder } = await installed();
  for (const text of ['', '{', '{"id": 1}']) {
    writeFileSync(path.join(folder, 'manifest.json'), text);
    expect(readManifest(folder)).toBeNull();
  }
  rmSync(path.join(folder, 'manifest.json'));
  expect(readManifest(folder)).toBeNull();
});
