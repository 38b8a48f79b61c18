/**
 * Where the window is, kept in the address's fragment: '#/datasets/d1?tab=splits'. A fragment needs nothing of the
 * server, and works the same under http and app.
 */
export interface Place {
  /** Decoded parts of the path: ['datasets', 'd1']; [] is the first screen. */
  path: readonly string[];
  query: Readonly<Record<string, string>>;
}

/** The place that a fragment names. One that is not ours (it does not begin with '#/') is the first screen. */
export function parsePlace(fragment: string): Place {
  if (!fragment.startsWith('#/')) return { path: [], query: {} };
  const [path = '', query = ''] = fragment.slice(2).split('?', 2);
  return {
    path: path.split('/').filter(Boolean).map(decode),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

/** The fragment that names a place. Empty values are left out. */
export function placeHref(path: readonly string[], query: Record<string, string | undefined> = {}): string {
  const words = path.map(encodeURIComponent).join('/');
  const entries = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const text = new URLSearchParams(entries).toString();
  return `#/${words}${text === '' ? '' : `?${text}`}`;
}

export class Router {
  #place = $state.raw<Place>(parsePlace(location.hash));
  readonly #update = (): void => {
    this.#place = parsePlace(location.hash);
  };

  constructor() {
    window.addEventListener('hashchange', this.#update);
  }

  get path(): readonly string[] {
    return this.#place.path;
  }

  get query(): Readonly<Record<string, string>> {
    return this.#place.query;
  }

  /** Goes to a place; 'replace' for what the Back button should pass over (a tab, a filter). */
  go(
    path: readonly string[],
    query: Record<string, string | undefined> = {},
    how: 'push' | 'replace' = 'push',
  ): void {
    const href = placeHref(path, query);
    if (href === location.hash) return;
    if (how === 'push') history.pushState(null, '', href);
    else history.replaceState(null, '', href);
    this.#update();
  }

  /** Changes parts of the query and stays on the screen. */
  setQuery(query: Record<string, string | undefined>): void {
    this.go(this.path, { ...this.query, ...query }, 'replace');
  }

  close(): void {
    window.removeEventListener('hashchange', this.#update);
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone % in an address that somebody typed: taken as it stands.
    return part;
  }
}
