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
    if (title === '' || known.has(title) || hasOwnEntry(element)) continue;
    known.add(title);
    entries.push({
      id: `screen:${title}`,
      group: 'On this screen',
      title,
      detail: detailOf(element),
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

/** Links to screens, datasets and runs: the palette has all of them anyway. */
function hasOwnEntry(element: HTMLElement): boolean {
  const href = element.getAttribute('href');
  return href !== null && href.startsWith('#/') && !href.includes('?');
}

function detailOf(element: HTMLElement): string {
  if (element.getAttribute('role') === 'tab') return 'tab';
  if (element.tagName === 'A') return 'link';
  return element.title === nameOf(element) ? '' : element.title.slice(0, 100);
}

function nameOf(element: HTMLElement): string {
  const name = element.getAttribute('aria-label') ?? wordsOf(element).join(' ');
  return (name.trim() || element.title)
    .replace(/\s+/g, ' ')
    .replace(/ [–-]$/, '')
    .slice(0, 100);
}

/** The texts in it, apart from one another; without the keys that are shown on it. */
function wordsOf(node: Node): string[] {
  return [...node.childNodes].flatMap((child) => {
    if (child.nodeType === Node.TEXT_NODE) return [child.textContent?.trim() ?? ''].filter(Boolean);
    return child instanceof HTMLElement && child.tagName !== 'KBD' ? wordsOf(child) : [];
  });
}
