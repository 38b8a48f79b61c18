import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { formatAgo } from '../../../src-renderer/state/format.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

test('how long ago something was goes on while it is shown, and not longer', () => {
  const said: string[] = [];
  const end = $effect.root(() => {
    $effect(() => void said.push(formatAgo(1_000_000)));
  });
  flushSync();
  vi.advanceTimersByTime(4 * 60_000);
  flushSync();
  expect(said[0]).toBe('just now');
  expect(said.at(-1)).toBe('4 min ago');
  end();
  // The subscription ends in a microtask of its own.
  return vi.advanceTimersByTimeAsync(1).then(() => expect(vi.getTimerCount()).toBe(0));
});
