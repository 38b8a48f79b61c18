import type { Entry } from './entries.ts';

const controls = 'button, a[href], [role=tab], summary';
/** What belongs to one of many rows, and what only moves something: their screens have keys for them. */
const within = '[role=row], [role=grid], tbody, [role=slider], .resynth-no-palette, label';
const mostFound = 120;

/**
 * What can be pressed on the screen that is shown, by the names that it has for whoever cannot see it: so whatever a screen
 * offers is in the palette without having to be told of twice.
 */
export function screenActions(root: ParentNode | null): Entry[] {
  const entries: Entry[] = [];
  const known = new Set<string>();
  for (const element of root?.querySelectorAll<HTMLElement>(controls) ?? []) {
    if (entries.length >= mostFound) break;
    if (element.closest(within) !== null || !usable(element)) continue;
    const title = nameOf(element);
    if (title === '' || known.has(title)) continue;
    known.add(title);
    entries.push({
      id: `screen:${title}`,
      group: 'On this screen',
      title,
      detail: element.getAttribute('role') === 'tab' ? 'tab' : element.tagName === 'A' ? 'link' : '',
      keys: null,
      run: () => {
        element.focus();
        element.click();
      },
    });
  }
  return entries;
}

function usable(element: HTMLElement): boolean {
  const off = element.matches(':disabled, [aria-disabled=true]');
  const seen = element.checkVisibility?.({ visibilityProperty: true }) ?? true;
  return !off && seen && element.closest('[aria-hidden=true], [inert]') === null;
}

function nameOf(element: HTMLElement): string {
  const name = element.getAttribute('aria-label') ?? element.innerText ?? element.textContent ?? '';
  return (name.trim() || (element.title ?? '')).replace(/\s+/g, ' ').slice(0, 100);
}
