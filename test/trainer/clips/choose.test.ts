import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseClips } from '../../../src-main/trainer/clips/choose.ts';

const corpus = (labels: number, speakers: number, takes: number) =>
  Array.from({ length: labels * speakers * takes }, (_, at) => ({
    label: String(at % labels),
    speaker: `s${Math.floor(at / labels) % speakers}`,
  }));

describe('choice of clips', () => {
  it('takes four words by four voices where there are as many', () => {
    const recordings = corpus(10, 6, 5);
    const chosen = chooseClips(recordings, 4, 0).map((at) => recordings[at]);
    expect(new Set(chosen.map((one) => one?.label)).size).toBe(4);
    expect(new Set(chosen.map((one) => one?.speaker)).size).toBe(4);
  });

  it('is the same for the same seed, and another for another', () => {
    const recordings = corpus(10, 6, 5);
    expect(chooseClips(recordings, 4, 3)).toEqual(chooseClips(recordings, 4, 3));
    expect(chooseClips(recordings, 4, 3)).not.toEqual(chooseClips(recordings, 4, 4));
  });

  it('gives different recordings, as many as asked or as there are, each speaker and label in turn', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        (kinds, count, seed) => {
          const recordings = corpus(kinds, kinds, 2);
          const chosen = chooseClips(recordings, count, seed);
          expect(new Set(chosen).size).toBe(Math.min(count, recordings.length));
          expect(chosen.every((at) => recordings[at] !== undefined)).toBe(true);
          const labels = new Set(chosen.map((at) => recordings[at]?.label));
          expect(labels.size).toBe(Math.min(kinds, count));
        },
      ),
    );
  });

  it('does without labels and speakers', () => {
    const recordings = Array.from({ length: 9 }, () => ({ label: null, speaker: null }));
    expect(chooseClips(recordings, 4, 1)).toHaveLength(4);
    expect(chooseClips([], 4, 1)).toEqual([]);
  });
});
