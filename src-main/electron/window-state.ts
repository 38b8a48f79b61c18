import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf } from '../../src-preload/contract/errors/error.ts';
import { writeFileAtomicSync } from '../files/atomic-file.ts';

/** A place on the desktop, in its own pixels. */
export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

const windowStateSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(1),
  height: z.int().min(1),
  maximized: z.boolean(),
});

/** Where the window was when it was closed. */
export type WindowState = z.output<typeof windowStateSchema>;

export const smallest = { width: 960, height: 600 };
const preferred = { width: 1440, height: 900 };
/** So much of the window's top has to be on a display for it to be caught by its title. */
const graspable = { width: 160, height: 48 };

/** What was kept; null where nothing was, or nothing that can be used. */
export function readWindowState(file: string): WindowState | null {
  try {
    const state = windowStateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return state.success ? state.data : null;
  } catch {
    // The first start, or a damaged file: the window opens where it would at first.
    return null;
  }
}

/** Keeps it for the next start. Not being able to is no reason to keep a window open. */
export function keepWindowState(file: string, state: WindowState): void {
  try {
    writeFileAtomicSync(file, JSON.stringify(state), { durable: false });
  } catch (error) {
    console.warn(`The window's place could not be kept: ${messageOf(error)}`);
  }
}

/**
 * Where the window opens: where it was, if that can still be seen and reached on one of these displays (a second screen
 * may be gone), else in the middle of the first one. Never larger than the display.
 *
 * @param workAreas the displays without their bars and docks, the main one first.
 */
export function openingBounds(kept: WindowState | null, workAreas: readonly Bounds[]): Bounds {
  if (kept) {
    for (const area of workAreas) {
      const window = { x: kept.x, y: kept.y, ...fitted(kept, area) };
      if (canBeGrasped(window, area)) return window;
    }
  }
  const main = workAreas[0] ?? { x: 0, y: 0, ...preferred };
  const { width, height } = fitted(kept ?? preferred, main);
  return {
    x: main.x + Math.round((main.width - width) / 2),
    y: main.y + Math.round((main.height - height) / 2),
    width,
    height,
  };
}

function fitted(wanted: { width: number; height: number }, area: Bounds): { width: number; height: number } {
  return {
    width: Math.min(Math.max(wanted.width, smallest.width), area.width),
    height: Math.min(Math.max(wanted.height, smallest.height), area.height),
  };
}

function canBeGrasped(window: Bounds, area: Bounds): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const top = window.y >= area.y && window.y + graspable.height <= area.y + area.height;
  return width >= graspable.width && top;
}
