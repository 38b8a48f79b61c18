import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { layouts } from '../../src-preload/contract/commands/datasets.ts';
import { chooseCorpus, corpora, corpusById } from '../../src-main/corpora/registry.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('the registry of layouts', () => {
  it('has what the command line offers', () => {
    expect(layouts).toEqual(['auto', ...corpora.map(({ id }) => id)]);
  });

  it('recognises FSDD, else takes a plain folder, and tells why', async () => {
    const dir = await temporaryFolder();
    await writeFile(path.join(dir, 'speech.wav'), 'x');
    expect((await chooseCorpus(dir, 'auto')).corpus.id).toBe('folder');
    await expect(chooseCorpus(dir, 'fsdd')).rejects.toMatchObject({
      code: 'dataset/layout-mismatch',
      message: expect.stringContaining('0 of the first 1 audio files'),
    });
    const other = await temporaryFolder();
    await writeFile(path.join(other, '1_a_0.wav'), 'x');
    const chosen = await chooseCorpus(other, 'auto');
    expect([chosen.corpus.id, chosen.note]).toEqual(['fsdd', expect.stringContaining('1 of the first 1')]);
    expect((await chooseCorpus(other, 'folder')).note).toBe('asked for');
  });

  it('refuses a layout it does not know, naming those it does', () => {
    expect(() => corpusById('librispeach')).toThrow(/librispeach.*auto, fsdd, librispeech.*folder/);
  });
});
