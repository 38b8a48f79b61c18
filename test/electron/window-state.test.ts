import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Bounds,
  keepWindowState,
  openingBounds,
  readWindowState,
  smallest,
} from '../../src-main/electron/window-state.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const laptop: Bounds = { x: 0, y: 25, width: 1440, height: 875 };
const second: Bounds = { x: 1440, y: 0, width: 1920, height: 1080 };
const there = { x: 1600, y: 100, width: 1200, height: 800, maximized: false };

describe('where the window opens', () => {
  test('is where it was', () => {
    expect(openingBounds(there, [laptop, second])).toEqual({ x: 1600, y: 100, width: 1200, height: 800 });
  });

  test('is the middle of the first display where its own is gone', () => {
    expect(openingBounds(there, [laptop])).toEqual({ x: 120, y: 63, width: 1200, height: 800 });
  });

  test('is the middle of the first display at the first start, never larger than it', () => {
    expect(openingBounds(null, [laptop])).toEqual({ x: 0, y: 25, width: 1440, height: 875 });
    expect(openingBounds(null, [second])).toEqual({ x: 1680, y: 90, width: 1440, height: 900 });
  });

  test.each([
    ['its title above the display', { ...there, x: 100, y: -40 }],
    ['all but a sliver of it beside the display', { ...there, x: 1439 - 20, y: 100 }],
    ['below the display', { ...there, x: 100, y: 899 }],
    ['far away', { ...there, x: -1_000_000, y: 1_000_000 }],
  ])('is not where it cannot be caught: %s', (_what, kept) => {
    const { x, y } = openingBounds(kept, [laptop]);
    expect({ x, y }).not.toEqual({ x: kept.x, y: kept.y });
  });

  test('always leaves its title on a display, and fits', () => {
    const size = fc.integer({ min: 1, max: 100_000 });
    const place = fc.integer({ min: -100_000, max: 100_000 });
    const area = fc.record({
      x: place,
      y: place,
      width: fc.integer({ min: 960, max: 8000 }),
      height: fc.integer({ min: 600, max: 5000 }),
    });
    const kept = fc.record({ x: place, y: place, width: size, height: size, maximized: fc.boolean() });
    fc.assert(
      fc.property(kept, fc.array(area, { minLength: 1, maxLength: 4 }), (state, areas) => {
        const window = openingBounds(state, areas);
        expect(window.width).toBeGreaterThanOrEqual(smallest.width);
        const onOne = areas.some(
          (one) =>
            window.width <= one.width &&
            window.height <= one.height &&
            window.y >= one.y &&
            window.y < one.y + one.height &&
            window.x + window.width > one.x &&
            window.x < one.x + one.width,
        );
        expect(onOne).toBe(true);
      }),
    );
  });
});

describe('what is kept', () => {
  test('is read again', async () => {
    const file = path.join(await temporaryFolder(), 'deeper', 'window.json');
    keepWindowState(file, { ...there, maximized: true });
    expect(readWindowState(file)).toEqual({ ...there, maximized: true });
  });

  test.each(['', '{', 'null', '[]', '{"x":0}', '{"x":"0","y":0,"width":1,"height":1,"maximized":false}'])(
    'is not trusted: %s',
    async (text) => {
      const file = path.join(await temporaryFolder(), 'window.json');
      writeFileSync(file, text);
      expect(readWindowState(file)).toBeNull();
    },
  );

  test('cannot be kept in a place that takes no files: closing goes on', async () => {
    const file = path.join(await temporaryFolder(), 'window.json');
    writeFileSync(file, 'x');
    keepWindowState(path.join(file, 'window.json'), there);
    expect(readFileSync(file, 'utf8')).toBe('x');
  });
});
