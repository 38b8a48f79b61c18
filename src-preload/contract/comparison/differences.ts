/** What a run is, as one flat list: 'model.filters', 'data.splitHash', 'versions.tensorflow', ... */
export type RunFacts = Readonly<Record<string, unknown>>;

/** One thing that is not the same in all runs. */
export interface Difference {
  key: string;
  /** One a run, in their order; undefined where a run has no such thing. */
  values: readonly unknown[];
  /** How many different values there are, the missing one counted. */
  kinds: number;
}

/**
 * What differs between runs, in the order in which the keys first come. Values are the same where they read the same: 1 and
 * 1.0, lists with equal entries, records with equal entries in any order.
 */
export function differencesOf(runs: readonly RunFacts[]): Difference[] {
  const keys = new Set<string>();
  for (const facts of runs) for (const key of Object.keys(facts)) keys.add(key);
  const found: Difference[] = [];
  for (const key of keys) {
    const words = new Set<unknown>();
    let before: unknown = words;
    for (const facts of runs) {
      const value = facts[key];
      // Mostly the very same value again: a word for it is known.
      if (value !== before) words.add(wordOf(value));
      before = value;
    }
    if (words.size > 1) found.push({ key, values: runs.map((facts) => facts[key]), kinds: words.size });
  }
  return found;
}

/** Differences whose key or title has every word of a search in it. */
export function filterDifferences(
  differences: readonly Difference[],
  search: string,
  titleOf: (key: string) => string = (key) => key,
): Difference[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return differences.filter(({ key }) => {
    const text = `${key} ${titleOf(key)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Something that is equal (===) for values that are the same. A text can never be mistaken for a number or a list. */
function wordOf(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number') return Object.is(value, -0) ? 0 : value;
  if (typeof value !== 'object') return typeof value === 'string' ? `"${value}` : value;
  if (Array.isArray(value)) return `[${value.map((one) => String(wordOf(one))).join()}]`;
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
