import { untrack } from 'svelte';

export interface Shortcut {
  /**
   * 'g l' is g, then l; 'Space', 'Escape', '/', '?', 'Enter' as KeyboardEvent.key has them. 'Mod+k' is Ctrl, or Cmd on a Mac:
   * it works in text fields too, and in a dialog only where that dialog asks for it.
   */
  keys: string;
  title: string;
  group: string;
  /** How the list of keys has it, where one line stands for several; null on those that it stands for. */
  listed?: { keys: string; title: string } | null;
  run(event: KeyboardEvent): void;
}

/** Whether this is a Mac, whose keyboards have Cmd where others have Ctrl. */
const isMac = /mac|iphone|ipad/i.test(globalThis.navigator?.userAgent ?? '');

/** Keys as they are written on the keyboard, one after the other. */
export function shownKeys(keys: string): string[] {
  return keys.split(' ').flatMap((key) => {
    return key.startsWith('Mod+') ? [isMac ? '⌘' : 'Ctrl', key.slice(4).toUpperCase()] : [key];
  });
}

/** A second key counts for so long after the first. */
const sequenceMs = 1_200;

/** Keys of the whole window. What a focused control handles itself (arrows in a table, text in a field) never comes here. */
export class Shortcuts {
  #list = $state.raw<readonly Shortcut[]>([]);
  #first: { key: string; atMs: number } | null = null;

  /** Those that work now, for the list that '?' opens. */
  get list(): readonly Shortcut[] {
    return this.#list;
  }

  /** Adds shortcuts; gives the way to take them back. Later ones win over earlier ones with the same keys. */
  add(...shortcuts: Shortcut[]): () => void {
    // An effect that adds some is not one that follows the list.
    this.#list = [...untrack(() => this.#list), ...shortcuts];
    return () => {
      this.#list = this.#list.filter((one) => !shortcuts.includes(one));
    };
  }

  /** For the window's keydown. */
  handle(event: KeyboardEvent): void {
    if (this.#handleModified(event)) return;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || takesKeys(event)) return;
    const key = event.key === ' ' ? 'Space' : event.key;
    const first = this.#first && performance.now() - this.#first.atMs < sequenceMs ? this.#first.key : null;
    const found = (first !== null ? this.#find(`${first} ${key}`) : undefined) ?? this.#find(key);
    this.#first = null;
    if (found) {
      event.preventDefault();
      found.run(event);
    } else if (this.#list.some((one) => one.keys.startsWith(`${key} `))) {
      this.#first = { key, atMs: performance.now() };
    }
  }

  /** Ctrl or Cmd with one key. */
  #handleModified(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey))
      return false;
    const inDialog = event.target instanceof HTMLElement && event.target.closest('[role=dialog]') !== null;
    const found = inDialog ? undefined : this.#find(`Mod+${event.key.toLowerCase()}`);
    if (!found) return false;
    event.preventDefault();
    found.run(event);
    return true;
  }

  #find(keys: string): Shortcut | undefined {
    return this.#list.findLast((one) => one.keys === keys);
  }
}

/** Whether the focused element takes the key itself: text fields all of them, buttons those that press them. */
function takesKeys(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role=dialog], [role=menu], [role=listbox]')) return true;
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range' || target.type === 'radio') return /^(Arrow|Home|End|Page)/.test(event.key);
    if (target.type !== 'checkbox') return true;
  }
  if (target instanceof HTMLTextAreaElement || target.isContentEditable) return true;
  const presses = event.key === ' ' || event.key === 'Enter';
  return presses && target.closest('button, a, summary, label, select, input') !== null;
}
