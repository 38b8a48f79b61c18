import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FoundFile } from '../../../src-main/corpora/corpus.ts';
import { splits } from '../../../src-main/corpora/recording.ts';
import { corpora } from '../../../src-main/corpora/registry.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A few files of every layout; a new layout adds its own here. */
const examples: Record<string, string[]> = {
  fsdd: ['0_anna_0.wav', '1_anna_5.wav', '2_bob_10.wav', '9_bo"b_11.flac'],
  folder: ['a.wav', 'yes/b.flac', 'deep/er/c.mp3', 'nächste\n😀/d.wav'],
};

async function example(id: string): Promise<string> {
  const dir = await temporaryFolder();
  for (const name of examples[id] ?? []) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), 'RIFF');
  }
  await writeFile(path.join(dir, '.hidden.wav'), 'x');
  await writeFile(path.join(dir, 'README.md'), 'x');
  return dir;
}

describe.each(corpora.map((corpus) => [corpus.id, corpus] as const))('layout %s', (id, corpus) => {
  async function scan(dir: string): Promise<FoundFile[]> {
    const files: FoundFile[] = [];
    for await (const batch of corpus.scan(dir)) {
      for (const item of batch) if (item.kind === 'file') files.push(item.file);
    }
    return files.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  it('recognises its example', async () => {
    expect(examples[id]?.length).toBeGreaterThan(0);
    expect((await corpus.detect(await example(id))).fits).toBe(true);
  });

  it('finds every file once, by an id that leads back to it', async () => {
    const dir = await example(id);
    const files = await scan(dir);
    expect(files.map((file) => file.id)).toEqual([...(examples[id] ?? [])].sort());
    for (const file of files) {
      expect((await stat(path.resolve(dir, file.id))).size).toBe(file.bytes);
      expect(splits).toContain(file.split);
    }
  });

  it('says the same twice, and of a moved folder', async () => {
    const strip = (files: FoundFile[]) =>
      files.map(({ id: name, split, speaker, label }) => [name, split, speaker, label]);
    const dir = await example(id);
    const first = strip(await scan(dir));
    expect(strip(await scan(dir))).toEqual(first);
    expect(strip(await scan(await example(id)))).toEqual(first);
  });

  it('says where its splits come from', () => {
    expect(corpus.splitNote).toMatch(/test/i);
    expect(corpus.splitNote).toMatch(/our/i);
  });
});
