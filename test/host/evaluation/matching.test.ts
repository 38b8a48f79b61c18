import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchFiles } from '../../../src-main/host/evaluation/matching.ts';

describe('files and recordings', () => {
  it('belong together by path whatever the ending, then by bare name', () => {
    const found = matchFiles(['a/x.wav', 'y.opus', 'else.wav'], ['a/x.flac', 'b/y.flac', 'b/z.flac']);
    expect(Object.fromEntries(found.files)).toEqual({ 'a/x.flac': 'a/x.wav', 'b/y.flac': 'y.opus' });
    expect(found.matchedBy).toEqual({ path: 1, name: 1 });
    expect(found.unmatched).toEqual(['else.wav']);
    expect(found.missing).toEqual(['b/z.flac']);
    expect(found.ambiguous).toEqual([]);
  });

  it('are listed and not used where one could mean several', () => {
    const names = matchFiles(['x.wav'], ['a/x.flac', 'b/x.flac']);
    expect(names.files.size).toBe(0);
    expect(names.ambiguous).toEqual([{ file: 'x.wav', recordings: ['a/x.flac', 'b/x.flac'] }]);
    const twice = matchFiles(['a/x.wav', 'a/x.mp3'], ['a/x.flac']);
    expect(twice.files.size).toBe(0);
    expect(twice.ambiguous.map(({ file }) => file)).toEqual(['a/x.mp3', 'a/x.wav']);
    // What is found by its path is no candidate for a bare name.
    const paths = matchFiles(['a/x.wav', 'x.wav'], ['a/x.flac', 'b/x.flac']);
    expect(Object.fromEntries(paths.files)).toEqual({ 'a/x.flac': 'a/x.wav', 'b/x.flac': 'x.wav' });
  });

  it('are each counted once', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd/a', 'd/b', 'e/a');
    fc.assert(
      fc.property(fc.uniqueArray(name), fc.uniqueArray(name), (stems, ids) => {
        const files = stems.map((stem) => `${stem}.wav`);
        const recordings = ids.map((id) => `${id}.flac`);
        const { files: matched, unmatched, ambiguous, missing } = matchFiles(files, recordings);
        const doubted = new Set(ambiguous.map(({ file }) => file));
        expect(matched.size + unmatched.length + doubted.size).toBe(files.length);
        expect(matched.size + missing.length).toBe(recordings.length);
        expect(new Set(matched.values()).size).toBe(matched.size);
      }),
    );
  });
});
