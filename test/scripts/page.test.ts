import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

interface PageScript {
  fingerprint(root: string, part: 'page' | 'electron'): string;
  isBuilt(root: string, part: 'page' | 'electron'): boolean;
  markBuilt(root: string, part: 'page' | 'electron', sources: string): void;
}

const script = path.resolve(import.meta.dirname, '../../scripts/page.mjs');
const { fingerprint, isBuilt, markBuilt } = (await import(pathToFileURL(script).href)) as PageScript;

async function clone(): Promise<string> {
  const root = await temporaryFolder();
  for (const folder of ['src-renderer/views', 'src-main/host', 'out/renderer']) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  writeFileSync(path.join(root, 'src-renderer', 'App.svelte'), 'one');
  return root;
}

test('the page is built again exactly when something that it is made of has changed', async () => {
  const root = await clone();
  expect(isBuilt(root, 'page')).toBe(false);
  const before = fingerprint(root, 'page');
  markBuilt(root, 'page', before);
  expect(isBuilt(root, 'page')).toBe(true);

  writeFileSync(path.join(root, 'src-main', 'host', 'host.ts'), 'not of the page');
  expect(isBuilt(root, 'page')).toBe(true);

  writeFileSync(path.join(root, 'src-renderer', 'views', 'Library.svelte'), '');
  expect(isBuilt(root, 'page')).toBe(false);
  rmSync(path.join(root, 'src-renderer', 'views', 'Library.svelte'));
  expect(isBuilt(root, 'page')).toBe(true);

  writeFileSync(path.join(root, 'src-renderer', 'App.svelte'), 'two');
  expect(fingerprint(root, 'page')).not.toBe(before);
  expect(isBuilt(root, 'page')).toBe(false);
});

test('a marker without its page, or a damaged one, counts for nothing', async () => {
  const root = await clone();
  markBuilt(root, 'page', fingerprint(root, 'page'));
  writeFileSync(path.join(root, 'out', 'renderer.json'), '{');
  expect(isBuilt(root, 'page')).toBe(false);
  markBuilt(root, 'page', fingerprint(root, 'page'));
  rmSync(path.join(root, 'out', 'renderer'), { recursive: true });
  expect(isBuilt(root, 'page')).toBe(false);
});
