import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, test } from 'vitest';
import { fsddCorpus } from '../fake-datasets.ts';
import type { FakeCorpus } from '../fake-recordings.ts';
import { mountApp } from '../mounted-app.ts';

const patient = { timeout: 8000 };
const long: FakeCorpus = { ...fsddCorpus, count: 20_000 };

async function mountRecordings(
  corpus = fsddCorpus,
): Promise<ReturnType<typeof mountApp> & { grid: HTMLElement }> {
  const app = mountApp('datasets/fsdd');
  app.datasets.add('fsdd', 'fsdd', '/data/fsdd', corpus);
  app.mount();
  const grid = await screen.findByRole('grid', {}, patient);
  await waitFor(() => expect(grid.getAttribute('aria-rowcount')).toBe(String(corpus.count + 1)), patient);
  return { ...app, grid };
}

function lists(app: ReturnType<typeof mountApp>): Record<string, unknown>[] {
  return app.host.calls.filter((call) => call.name === 'recordings list').map((call) => call.input as never);
}

describe('the table of recordings', () => {
  test('draws only the rows that are on screen, of however many', async () => {
    const { grid } = await mountRecordings(long);
    const rows = within(grid).getAllByRole('row');
    expect(rows.length).toBeLessThan(60);
  });

  test('walks by keys, and shows what is chosen', async () => {
    const { grid } = await mountRecordings();
    grid.focus();
    await fireEvent.keyDown(grid, { key: 'ArrowDown' });
    await fireEvent.keyDown(grid, { key: 'ArrowDown' });
    const chosen = within(grid).getByRole('row', { selected: true });
    expect(chosen.getAttribute('aria-rowindex')).toBe('3');
    expect(grid.getAttribute('aria-activedescendant')).toBe(chosen.id);
    const name = within(chosen).getAllByRole('gridcell')[0]?.textContent.trim() ?? '';
    await screen.findByRole('heading', { name }, patient);
    await fireEvent.keyDown(grid, { key: 'Home' });
    expect(within(grid).getByRole('row', { selected: true }).getAttribute('aria-rowindex')).toBe('2');
  });

  test('asks the host to search, once the typing rests, and says how many fit', async () => {
    const app = await mountRecordings();
    const field = screen.getByRole('searchbox', { name: 'Search recordings' });
    for (const text of ['t', 'th', 'theo']) await fireEvent.input(field, { target: { value: text } });
    await screen.findByText('500 of 3,000', {}, patient);
    const searches = lists(app).map((input) => input['search']);
    expect(searches).toContain('theo');
    expect(searches).not.toContain('th');
  });

  test('sorts by a heading, the other way at the second press', async () => {
    const app = await mountRecordings();
    const heading = (): HTMLElement => screen.getByRole('columnheader', { name: 'Duration' });
    within(heading()).getByRole('button').click();
    await waitFor(() => expect(heading().getAttribute('aria-sort')).toBe('ascending'));
    within(heading()).getByRole('button').click();
    await waitFor(() => expect(heading().getAttribute('aria-sort')).toBe('descending'));
    await waitFor(
      () => expect(lists(app).at(-1)).toMatchObject({ sort: 'durationSec', descending: true }),
      patient,
    );
  });

  test('offers to show everything again where nothing fits', async () => {
    await mountRecordings();
    const field = screen.getByRole('searchbox', { name: 'Search recordings' });
    await fireEvent.input(field, { target: { value: 'nobody is called so' } });
    await screen.findByRole('heading', { name: 'No recording matches' }, patient);
    screen.getByRole('button', { name: 'Show all recordings' }).click();
    await screen.findByText('3,000 recordings', {}, patient);
  });
});
