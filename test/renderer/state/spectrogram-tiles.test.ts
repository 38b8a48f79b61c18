import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SpectrogramTiles } from '../../../src-renderer/state/spectrogram-tiles.svelte.ts';
import { tileSec } from '../../../src-preload/contract/tiles.ts';

interface Asked {
  level: number;
  index: number;
  sketch: boolean;
}

const settings = { windowSec: 0.025, minDb: -100, maxDb: 0, show: 'level' } as const;
const rateHz = 16_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function opened(durationSec: number, fails: (asked: Asked) => boolean = () => false) {
  const asked: Asked[] = [];
  const host = {
    call: (_command: unknown, input: Asked) => {
      asked.push({ level: input.level, index: input.index, sketch: input.sketch });
      if (fails(input)) return Promise.reject(new Error('no'));
      const eachSec = tileSec(input.level, settings.windowSec, rateHz);
      return Promise.resolve({
        ...{ fromSec: input.index * eachSec, toSec: (input.index + 1) * eachSec, frames: 1, bins: 1 },
      });
    },
  };
  const tiles = new SpectrogramTiles(host as never, { dataset: 'd', recording: 'r' }, durationSec, rateHz);
  return { tiles, asked };
}

it('sketches hours first, and makes them whole when one stays', async () => {
  const { tiles, asked } = opened(3 * 3600);
  tiles.want(settings, 0, 3 * 3600, 1400);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.every(({ sketch }) => sketch)).toBe(true);
  const sketches = asked.length;
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.slice(sketches).map(({ sketch }) => sketch)).toEqual(Array(sketches).fill(false));
  expect(tiles.over(0, 3 * 3600)).toHaveLength(sketches);
});

it('asks for the tiles of a near stretch alone, once each, and draws the coarse below the fine', async () => {
  const { tiles, asked } = opened(3 * 3600);
  tiles.want(settings, 0, 3 * 3600, 1400);
  await vi.advanceTimersByTimeAsync(500);
  const before = asked.length;
  tiles.want(settings, 1000, 1010, 1400);
  tiles.want(settings, 1000, 1010, 1400);
  await vi.advanceTimersByTimeAsync(3000);
  const near = asked.slice(before);
  expect(near.every(({ sketch, level }) => !sketch && level < 5)).toBe(true);
  expect(new Set(near.map(({ index }) => index)).size).toBe(near.length);
  const shown = tiles.over(1000, 1010).map(({ fromSec, toSec }) => Math.round(toSec - fromSec));
  expect(shown).toEqual(shown.toSorted((a, b) => b - a));
  expect(shown.length).toBeGreaterThan(1);
});

it('keeps a bounded number of tiles, and does not ask again for one that failed', async () => {
  const { tiles, asked } = opened(3600, ({ index, level }) => level === 0 && index === 3);
  for (let at = 0; at < 300; at += 2) {
    tiles.want(settings, at, at + 2, 1400);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(tiles.over(0, 3600).length).toBeLessThanOrEqual(48);
  expect(tiles.error).toBeInstanceOf(Error);
  tiles.want(settings, 2, 4, 1400);
  await vi.advanceTimersByTimeAsync(10);
  expect(asked.filter(({ index }) => index === 3)).toHaveLength(1);
});
