import { describe, expect, it } from 'vitest';
import { newColours } from '../../../src-renderer/state/compare/compare-colours.ts';
import { commonScale, onScale } from '../../../src-renderer/state/compare/compare-picture.ts';
import { clipRows } from '../../../src-renderer/state/compare/compare-rows.ts';
import type { RunClip } from '../../../src-renderer/state/runs/runs-clips.svelte.ts';

const clip = (index: number, recording: string, contentHash: string | null = null): RunClip => ({
  ...{ index, recording, contentHash, speaker: null, label: null, durationSec: 1 },
});

describe('the rows of a comparison', () => {
  it('match clips by recording, wherever they stand in their run', () => {
    const rows = clipRows([
      { run: 'r1', clips: [clip(0, 'a.wav'), clip(1, 'b.wav')] },
      { run: 'r2', clips: [clip(0, 'c.wav'), clip(1, 'a.wav')] },
    ]);
    expect(rows.map(({ recording, indexes }) => [recording, [...indexes]])).toEqual([
      [
        'a.wav',
        [
          ['r1', 0],
          ['r2', 1],
        ],
      ],
      ['b.wav', [['r1', 1]]],
      ['c.wav', [['r2', 0]]],
    ]);
  });

  it('never put different recordings of one path into a row', () => {
    const rows = clipRows([
      { run: 'r1', clips: [clip(0, 'a.wav', 'one')] },
      { run: 'r2', clips: [clip(0, 'a.wav', 'other')] },
      { run: 'r3', clips: [clip(0, 'a.wav', 'other')] },
    ]);
    expect(rows.map(({ indexes }) => [...indexes.keys()])).toEqual([['r2', 'r3'], ['r1']]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(2);
  });
});

describe('one scale for all pictures', () => {
  const picture = {
    ...{
      sampleRateHz: 8000,
      fromSec: 0,
      toSec: 1,
      fftSize: 4,
      windowLength: 4,
      hopLength: 2,
      bins: 1,
      frames: 3,
    },
    ...{ levels: Uint8Array.of(0, 128, 255), minDb: -80, maxDb: -20, reference: 'dBFS' as const },
  };

  it('shows each whole, and a level as the same colour wherever it stands', () => {
    const scale = commonScale([picture, { minDb: -100, maxDb: -40 }]);
    expect(scale).toEqual({ minDb: -100, maxDb: -20 });
    const shown = onScale(picture, { minDb: -100, maxDb: -20 });
    const dbOf = (level: number | undefined): number => -100 + ((level ?? 0) / 255) * 80;
    expect([...shown.levels].map(dbOf)).toEqual([
      expect.closeTo(-80, 0),
      expect.closeTo(-80 + (128 / 255) * 60, 0),
      -20,
    ]);
    expect(shown).toMatchObject({ minDb: -100, maxDb: -20 });
    // Made once: whoever asks again gets the same, and nothing is painted anew.
    expect(onScale(picture, { minDb: -100, maxDb: -20 })).toBe(shown);
    expect(onScale(picture, { minDb: -80, maxDb: -20 })).toBe(picture);
    expect(commonScale([])).toBeNull();
  });

  it('holds what lies beyond at its ends', () => {
    expect([...onScale(picture, { minDb: -60, maxDb: -40 }).levels]).toEqual([0, expect.any(Number), 255]);
  });
});

describe('colours of runs', () => {
  const run = (id: string, colour: string | null = null) => ({ run: id, colour });

  it('are given once, differ while there are enough, and leave those of others alone', () => {
    const kept = { old: '--data-1' };
    const added = newColours([run('old'), run('n1'), run('n2'), run('mine', '#0072b2')], kept);
    expect(Object.keys(added)).toEqual(['n1', 'n2']);
    expect(new Set([...Object.values(added), '--data-1']).size).toBe(3);
    // With another selection beside it, nothing is given anew.
    expect(newColours([run('n2'), run('old')], { ...kept, ...added })).toEqual({});
  });

  it('repeat only once all are in use', () => {
    const many = Array.from({ length: 20 }, (_, at) => run(`r${at}`));
    const uses = Object.values(newColours(many, {}));
    expect(uses).toHaveLength(20);
    expect(new Set(uses.slice(0, 8)).size).toBe(8);
    expect(new Set(uses.slice(8, 16)).size).toBe(8);
  });
});
