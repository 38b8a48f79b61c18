import type { App } from '../app.svelte.ts';
import { fuzzyMatch } from './fuzzy.ts';

export type EntryGroup = 'On this screen' | 'Go to' | 'Do' | 'Datasets' | 'Runs';

/** One thing that can be chosen from the palette. */
export interface Entry {
  id: string;
  group: EntryGroup;
  title: string;
  /** Beside the title, smaller; searched as well. */
  detail: string;
  /** The keys that do the same, as a shortcut has them. */
  keys: string | null;
  run(): void;
}

/** An entry that fits what was typed. */
export interface Found {
  entry: Entry;
  /** Letters of its title that fitted. */
  at: readonly number[];
}

/** More than anyone looks through. */
const mostShown = 60;
/** Where nothing was typed, so many of a kind: the rest is found by its name. */
const mostOfGroup: Record<EntryGroup, number> = {
  'On this screen': 8,
  'Go to': 20,
  Do: 20,
  Datasets: 5,
  Runs: 5,
};
const order: readonly EntryGroup[] = ['On this screen', 'Go to', 'Do', 'Datasets', 'Runs'];

/** Everything but what the screen itself offers. */
export function appEntries(app: App): Entry[] {
  const { router, datasets, runs, settings, shortcuts } = app;
  const keysOf = (title: string): string | null =>
    shortcuts.list.findLast((one) => one.title === title)?.keys ?? null;
  const go = (title: string, path: readonly string[], detail = '', like = ''): Entry => ({
    id: `go:${path.join('/')}`,
    group: 'Go to',
    title,
    detail,
    keys: like === '' ? null : keysOf(like),
    run: () => router.go(path),
  });
  const theme = settings.effectiveTheme === 'dark' ? 'light' : 'dark';
  return [
    go('Library', [], 'datasets and the latest runs', 'Go to the library'),
    go('Train', ['train'], 'a new run', 'Go to training'),
    go('Runs', ['runs'], '', 'Go to the runs'),
    go('Compare', ['compare'], '', 'Go to the comparison'),
    go('Evaluations', ['evaluations'], 'metrics of runs, baselines, other systems', 'Go to the evaluations'),
    go('Benchmark', ['benchmark'], 'papers/004 table RMSE PESQ STOI speed', 'Go to the benchmarks'),
    go('Listening tests', ['listen'], '', 'Go to the listening tests'),
    go('Record', ['record'], 'microphone voice prompts takes', 'Go to recording'),
    go('Machine & settings', ['settings'], 'engine, appearance, data', 'Go to machine and settings'),
    go('Add a dataset', ['add'], 'a folder of recordings, or the sample corpus'),
    {
      id: 'theme',
      group: 'Do',
      title: `Switch to the ${theme} theme`,
      detail: 'appearance',
      keys: null,
      run: () => void settings.set('theme', theme),
    },
    ...(settings.theme === 'system'
      ? []
      : [
          {
            id: 'theme-system',
            group: 'Do' as const,
            title: 'Use the theme of the system',
            detail: 'appearance',
            keys: null,
            run: () => void settings.set('theme', 'system'),
          },
        ]),
    ...shortcuts.list
      // Screens are above; the palette need not open itself.
      .filter(({ title, keys }) => !title.startsWith('Go to') && keys !== 'Mod+k')
      .map((shortcut): Entry => ({
        id: `key:${shortcut.keys}:${shortcut.title}`,
        group: 'Do',
        title: shortcut.title,
        detail: shortcut.group === 'Everywhere' ? '' : shortcut.group,
        keys: shortcut.keys,
        run: () => shortcut.run(new KeyboardEvent('keydown', { key: shortcut.keys })),
      })),
    ...datasets.list.map((dataset): Entry => ({
      id: `dataset:${dataset.id}`,
      group: 'Datasets',
      title: dataset.name,
      detail: `${dataset.recordings.toLocaleString('en-US')} recordings`,
      keys: null,
      run: () => router.go(['datasets', dataset.id]),
    })),
    ...runs.list.map((run): Entry => ({
      id: `run:${run.run}`,
      group: 'Runs',
      title: run.name,
      detail: [run.preset, run.dataset, run.state, ...run.tags].join(' · '),
      keys: null,
      run: () => router.go(['runs', run.run]),
    })),
  ];
}

/**
 * The entries that fit, the best first; without a query the first of each kind, in the order of the kinds. Its detail alone
 * makes an entry fit, behind those whose title does.
 */
export function findEntries(entries: readonly Entry[], query: string): Found[] {
  if (query.trim() === '') {
    return order.flatMap((group) =>
      entries
        .filter((entry) => entry.group === group)
        .slice(0, mostOfGroup[group])
        .map((entry) => ({ entry, at: [] })),
    );
  }
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found: (Found & { score: number })[] = [];
  for (const entry of entries) {
    const match = fuzzyMatch(query, entry.title);
    if (match) {
      found.push({ entry, at: match.at, score: match.score });
      continue;
    }
    // In what else is known of it only words as they stand: scattered letters would come in almost anything.
    const text = `${entry.title} ${entry.detail}`.toLowerCase();
    if (words.every((word) => text.includes(word)))
      found.push({ entry, at: [], score: -20 - text.length / 100 });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, mostShown);
}
