import { describe, expect, test, vi } from 'vitest';
import { type Entry, findEntries } from '../../../../src-renderer/state/palette/entries.ts';
import { screenActions } from '../../../../src-renderer/state/palette/screen-actions.ts';

const entry = (group: Entry['group'], title: string, detail = ''): Entry => ({
  id: `${group}:${title}`,
  ...{ group, title, detail, keys: null },
  run: () => undefined,
});

describe('what the palette finds', () => {
  const runs = Array.from({ length: 1000 }, (_, at) =>
    entry(
      'Runs',
      `vae sweep ${at}`,
      at === 700 ? 'fsdd-vae · speech · failed · keeper' : 'fsdd-vae · speech · finished',
    ),
  );
  const entries = [...runs, entry('Go to', 'Runs'), entry('Do', 'Switch to the dark theme', 'appearance')];

  test('shows the kinds in their order before anything is typed, and a few runs of many', () => {
    const groups = findEntries(entries, '').map(({ entry: one }) => one.group);
    expect(groups).toEqual(['Go to', 'Do', 'Runs', 'Runs', 'Runs', 'Runs', 'Runs']);
  });

  test('finds by name before what else is known of a thing', () => {
    expect(findEntries(entries, 'runs')[0]?.entry.title).toBe('Runs');
    expect(findEntries(entries, 'sweep 512')[0]?.entry.title).toBe('vae sweep 512');
    expect(findEntries(entries, 'keeper').map(({ entry: one }) => one.title)).toEqual(['vae sweep 700']);
    expect(findEntries(entries, 'dark')[0]?.entry.title).toBe('Switch to the dark theme');
    expect(findEntries(entries, 'qqqq')).toEqual([]);
  });

  test('is done at once among a thousand runs', () => {
    const startMs = performance.now();
    for (const query of ['s', 'sw', 'swe', 'vae 9', 'finished', 'zzz']) findEntries(entries, query);
    // Generous: a tenth of it is what it takes on an idle machine.
    expect((performance.now() - startMs) / 6).toBeLessThan(50);
  });
});

describe('what a screen offers', () => {
  test('is what can be pressed, once each, by its name', () => {
    document.body.innerHTML = `
      <main id="here">
        <button>Start</button><button disabled>Stop</button><button aria-label="Take it away"><i></i></button>
        <div role="tablist"><button role="tab">Log</button></div>
        <div role="grid"><div role="row"><button>Of a row</button></div></div>
        <div aria-hidden="true"><button>Hidden</button></div><button>Start</button><button> </button>
      </main>`;
    const pressed = vi.fn();
    document.querySelector('[role=tab]')?.addEventListener('click', pressed);
    const found = screenActions(document.querySelector('#here'));
    expect(found.map(({ title }) => title)).toEqual(['Start', 'Take it away', 'Log']);
    found[2]?.run();
    expect(pressed).toHaveBeenCalledOnce();
    expect(screenActions(null)).toEqual([]);
    document.body.replaceChildren();
  });
});
