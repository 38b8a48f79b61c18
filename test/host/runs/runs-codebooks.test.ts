import { describe, expect, it } from 'vitest';
import { codecRemarks } from '../../../src-main/host/runs/runs-codebooks.ts';

const clip = { nominal: 46_080, coded: 3000, spokenSecPerClip: 0.5, dataset: 'fsdd' };

describe('codecRemarks', () => {
  it('holds the bits of a clip against those of as much recording', () => {
    expect(codecRemarks([{ name: 'Opus, 12 kb/s', bitsPerSecond: 12_000 }], clip)).toEqual([
      'Opus, 12 kb/s takes 6000 bits for as much recording as is in a clip: the code takes 7.7 times as many nominally, 0.50 times entropy-coded.',
    ]);
  });

  it('says how a codec comes beside it where none was judged', () => {
    expect(codecRemarks([], clip)).toEqual([
      expect.stringContaining('`evaluate --baseline opus:12 --dataset fsdd`'),
    ]);
  });
});
