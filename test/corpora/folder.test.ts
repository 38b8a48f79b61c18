import { describe, expect, it } from 'vitest';
import { folderLabel, hashSplit } from '../../src-main/corpora/folder.ts';

describe('a plain folder', () => {
  it('takes the label from a sub-folder exactly one level deep', () => {
    expect(['a.wav', 'yes/a.wav', 'x/y/a.wav'].map(folderLabel)).toEqual([null, 'yes', null]);
  });

  it('divides by a hash of the id: about 80/10/10, the same for ever', () => {
    const counts = { train: 0, validation: 0, test: 0 };
    for (let index = 0; index < 10_000; index++) counts[hashSplit(`${index}.wav`)]++;
    expect(counts.train).toBeGreaterThan(7800);
    expect(counts.train).toBeLessThan(8200);
    expect(Math.abs(counts.validation - counts.test)).toBeLessThan(200);
    // Fixed points: another hash would silently move recordings between the splits of existing datasets.
    expect(['a.wav', 'b.wav', 'c.wav', 'd.wav', 'e.wav'].map(hashSplit)).toMatchInlineSnapshot(`
      [
        "train",
        "validation",
        "train",
        "test",
        "train",
      ]
    `);
  });
});
