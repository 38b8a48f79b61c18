import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Toasts } from '../../../src-renderer/state/toasts.svelte.ts';

describe('toasts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('go by themselves, those that can be undone later', () => {
    const toasts = new Toasts();
    toasts.show('Saved');
    toasts.undo('Removed', () => undefined);
    vi.advanceTimersByTime(6000);
    expect(toasts.list.map((toast) => toast.message)).toEqual(['Removed']);
    vi.advanceTimersByTime(7000);
    expect(toasts.list).toEqual([]);
  });

  test('stay while they are pointed at', () => {
    const toasts = new Toasts();
    const id = toasts.show('Saved');
    toasts.hold(id);
    vi.advanceTimersByTime(60_000);
    expect(toasts.list).toHaveLength(1);
    toasts.resume(id);
    vi.advanceTimersByTime(6000);
    expect(toasts.list).toHaveLength(0);
  });

  test('are four at most: the oldest goes', () => {
    const toasts = new Toasts();
    for (const text of ['a', 'b', 'c', 'd', 'e']) toasts.show(text);
    expect(toasts.list.map((toast) => toast.message)).toEqual(['b', 'c', 'd', 'e']);
  });
});
