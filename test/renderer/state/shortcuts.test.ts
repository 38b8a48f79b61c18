import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Shortcuts, shownKeys } from '../../../src-renderer/state/shortcuts.svelte.ts';

describe('keys of the window', () => {
  let shortcuts: Shortcuts;
  const library = vi.fn();
  const search = vi.fn();
  const play = vi.fn();

  beforeEach(() => {
    shortcuts = new Shortcuts();
    shortcuts.add(
      { keys: 'g l', title: 'Library', group: 'x', run: library },
      { keys: '/', title: 'Search', group: 'x', run: search },
      { keys: 'Space', title: 'Play', group: 'x', run: play },
    );
    window.addEventListener('keydown', heard);
  });

  afterEach(() => {
    window.removeEventListener('keydown', heard);
    document.body.replaceChildren();
    vi.clearAllMocks();
  });

  function heard(event: KeyboardEvent): void {
    shortcuts.handle(event);
  }

  function press(key: string, on: Element = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
    on.dispatchEvent(event);
    return event;
  }

  function add(markup: string): Element {
    document.body.innerHTML = markup;
    return document.body.querySelector('[data-here]') ?? document.body;
  }

  test('one key, and two in a row', () => {
    expect(press('/').defaultPrevented).toBe(true);
    expect(search).toHaveBeenCalledOnce();
    press('g');
    press('l');
    expect(library).toHaveBeenCalledOnce();
  });

  test('the second key alone, or too late, does nothing', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    press('l');
    press('g');
    vi.advanceTimersByTime(2000);
    press('l');
    vi.useRealTimers();
    expect(library).not.toHaveBeenCalled();
  });

  test('text that is typed, a dialog and a menu keep their keys', () => {
    for (const markup of [
      '<input data-here>',
      '<textarea data-here></textarea>',
      '<div role=dialog><p data-here></p></div>',
      '<div role=menu><p data-here></p></div>',
    ]) {
      press('/', add(markup));
    }
    expect(search).not.toHaveBeenCalled();
  });

  test('a button keeps the space that presses it, and no other key', () => {
    const button = add('<button data-here>x</button>');
    press(' ', button);
    expect(play).not.toHaveBeenCalled();
    press('/', button);
    expect(search).toHaveBeenCalledOnce();
  });

  test("the browser's and the system's own combinations are left alone", () => {
    press('/', document.body, { ctrlKey: true });
    press('/', document.body, { metaKey: true });
    expect(search).not.toHaveBeenCalled();
  });

  test('the latest of two wins until it is taken back', () => {
    const other = vi.fn();
    const end = shortcuts.add({ keys: '/', title: 'Other', group: 'x', run: other });
    press('/');
    expect(other).toHaveBeenCalledOnce();
    end();
    press('/');
    expect(search).toHaveBeenCalledOnce();
  });

  test('takes Ctrl or Cmd with a key, in text too, but not in a dialog', () => {
    const palette = vi.fn();
    shortcuts.add({ keys: 'Mod+k', title: 'Palette', group: 'x', run: palette });
    expect(press('k', add('<input data-here>'), { ctrlKey: true }).defaultPrevented).toBe(true);
    press('K', document.body, { metaKey: true });
    expect(palette).toHaveBeenCalledTimes(2);
    press('k', document.body);
    press('k', document.body, { ctrlKey: true, altKey: true });
    press('j', document.body, { ctrlKey: true });
    press('k', add('<div role=dialog><input data-here></div>'), { ctrlKey: true });
    expect(palette).toHaveBeenCalledTimes(2);
    expect(shownKeys('g l')).toEqual(['g', 'l']);
    expect(shownKeys('Mod+k')).toEqual(['Ctrl', 'K']);
  });
});
