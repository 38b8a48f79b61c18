import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FoundFile } from '../../../src-main/corpora/corpus.ts';
import { splits } from '../../../src-main/corpora/recording.ts';
import { chooseCorpus, corpora } from '../../../src-main/corpora/registry.ts';
import { examples, writeExample } from './examples.ts';

describe.each(corpora.map((corpus) => [corpus.id, corpus] as const))('layout %s', (id, corpus) => {
  async function scan(dir: string): Promise<FoundFile[]> {
    const files: FoundFile[] = [];
    for await (const batch of corpus.scan(dir)) {
      for (const item of batch) if (item.kind === 'file') files.push(item.file);
    }
    return files.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  const example = () => {
    const one = examples[id];
    if (!one) throw new Error(`examples.ts has no tree for ${id}`);
    return writeExample(one);
  };

  it('recognises its example, and of all layouts it is the first to', async () => {
    const { dir, place } = await example();
    expect((await corpus.detect(place)).fits).toBe(true);
    expect((await chooseCorpus(dir, 'auto')).corpus.id).toBe(id);
  });

  it('does not take the examples of others for its own, unless it takes any folder', async () => {
    for (const [other, tree] of Object.entries(examples)) {
      const { dir } = await writeExample(tree);
      const { fits } = await corpus.detect(dir);
      expect(fits, `${id} on ${other}`).toBe(other === id || id === 'folder');
    }
  });

  it('finds every file once, by an id that leads back to it', async () => {
    const { dir, place } = await example();
    const files = await scan(place);
    expect(files.map((file) => file.id)).toEqual([...(examples[id]?.recordings ?? [])].sort());
    for (const file of files) {
      expect((await stat(path.resolve(dir, file.id))).size).toBe(file.bytes);
      expect(splits).toContain(file.split);
    }
  });

  it('says the same twice, and of a moved folder', async () => {
    const strip = (files: FoundFile[]) =>
      files.map(({ bytes: _bytes, modifiedMs: _modified, ...rest }) => rest);
    const { place } = await example();
    const first = strip(await scan(place));
    expect(strip(await scan(place))).toEqual(first);
    expect(strip(await scan((await example()).place))).toEqual(first);
  });

  it('counts as many by their names alone', async () => {
    const { place } = await example();
    let counted = 0;
    for await (const batch of corpus.scan(place, { namesOnly: true })) {
      counted += batch.filter(({ kind }) => kind === 'file').length;
    }
    expect(counted).toBe(examples[id]?.recordings.length);
  });

  it('says where its splits come from', () => {
    expect(corpus.splitNote).toMatch(/test/i);
    expect(corpus.splitNote).toMatch(/our/i);
  });
});
