import { screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import { corpusMake } from '../../src-preload/contract/commands/corpus.ts';
import { datasetsRemove } from '../../src-preload/contract/commands/datasets.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { fsddCorpus } from './fake-datasets.ts';
import { mountApp } from './mounted-app.ts';

const patient = { timeout: 5000 };

function click(name: string | RegExp, role = 'button'): void {
  screen.getByRole(role, { name }).click();
}

describe('the window', () => {
  let app: ReturnType<typeof mountApp>;

  beforeEach(() => {
    app = mountApp();
  });

  test('offers the sample corpus first, makes it in one click, and opens it', async () => {
    app.mount();
    await screen.findByText('Begin with recordings', {}, patient);
    click('Make the sample corpus');
    expect(await screen.findAllByText(/of 600 files/, {}, patient)).not.toHaveLength(0);
    await waitFor(() => expect(location.hash).toMatch(/^#\/datasets\//), patient);
    await screen.findByRole('heading', { name: /sample-corpus/ }, patient);
    expect(app.host.calls.map((call) => call.name)).toContain('corpus make');
  });

  test('shows where the act was why the sample corpus failed, and lets it be tried again', async () => {
    app.host.fail(corpusMake, new ResynthError('files/disk-full', { file: '/x', reason: 'no room' }));
    app.mount();
    await screen.findByText('Begin with recordings', {}, patient);
    click('Make the sample corpus');
    const alert = await screen.findByRole('alert', {}, patient);
    expect(within(alert).getByRole('button', { name: /Copy details/ })).toBeTruthy();
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Make the sample corpus' });
    expect(button.disabled).toBe(false);
  });

  test('lists the datasets, and sees one that somebody else adds', async () => {
    app.datasets.add('fsdd', 'fsdd', '/data/fsdd', fsddCorpus);
    app.mount();
    await screen.findByRole('heading', { name: 'fsdd' }, patient);
    app.datasets.add('other', 'interviews', '/media/disk', fsddCorpus, { reachable: false });
    await screen.findByRole('heading', { name: 'interviews' }, patient);
    expect(screen.getByText('Folder not reachable')).toBeTruthy();
  });

  test('says that the line is lost, keeps what is shown, and reads again what it missed', async () => {
    app.datasets.add('fsdd', 'fsdd', '/data/fsdd', fsddCorpus);
    app.mount();
    await screen.findByRole('heading', { name: 'fsdd' }, patient);
    app.host.reachable = false;
    app.host.cut();
    await screen.findByText(/The connection to Resynth's host is lost/, {}, patient);
    expect(screen.getByRole('heading', { name: 'fsdd' })).toBeTruthy();
    app.datasets.add('meanwhile', 'meanwhile', '/data/meanwhile', fsddCorpus);
    app.host.reachable = true;
    await screen.findByRole('heading', { name: 'meanwhile' }, { timeout: 10_000 });
    await waitFor(() => expect(screen.queryByText(/is lost/)).toBeNull(), patient);
  });

  test('tells a page that nobody expects to open another address', async () => {
    app.host.open = () => Promise.reject(new ResynthError('web/not-accepted'));
    app.mount();
    await screen.findByRole('heading', { name: 'This page is not connected' }, patient);
    expect(screen.getByRole('alert').textContent).toContain('Open the address that npm start printed.');
  });

  test('tells so as well when the host that it knew was started anew', async () => {
    app.datasets.add('fsdd', 'fsdd', '/data/fsdd', fsddCorpus);
    const { open } = app.host;
    let answer: 'yes' | 'silent' | 'refused' = 'yes';
    app.host.open = () => {
      if (answer === 'yes') return open();
      return Promise.reject(new ResynthError(answer === 'silent' ? 'web/no-answer' : 'web/not-accepted'));
    };
    app.mount();
    await screen.findByRole('heading', { name: 'fsdd' }, patient);
    answer = 'silent';
    app.host.cut();
    await screen.findByText(/The connection to Resynth's host is lost/, {}, patient);
    answer = 'refused';
    await screen.findByRole('heading', { name: 'This page is not connected' }, { timeout: 15_000 });
  });

  test('removes a dataset, and brings it back', async () => {
    app.datasets.add('fsdd', 'fsdd', '/data/fsdd', fsddCorpus);
    history.replaceState(null, '', '#/datasets/fsdd');
    app.mount();
    await screen.findByRole('heading', { name: /fsdd/ }, patient);
    click('Remove from the library');
    await screen.findByText(/was removed from the library/, {}, patient);
    expect(app.datasets.summaries.size).toBe(0);
    click('Undo');
    await waitFor(() => expect(location.hash).toBe('#/datasets/fsdd'), patient);
    expect(app.datasets.summaries.size).toBe(1);
  });

  test('stays where it is when a dataset cannot be removed', async () => {
    app.datasets.add('fsdd', 'fsdd', '/data/fsdd', fsddCorpus);
    app.host.fail(datasetsRemove, new ResynthError('dataset/unknown', { name: 'fsdd', known: 'none' }));
    history.replaceState(null, '', '#/datasets/fsdd');
    app.mount();
    await screen.findByRole('heading', { name: /fsdd/ }, patient);
    click('Remove from the library');
    expect((await screen.findByRole('alert', {}, patient)).textContent).toContain('fsdd');
    expect(location.hash).toBe('#/datasets/fsdd');
  });

  test('shows a notice until it is taken away', async () => {
    app.host.info = {
      ...app.host.info,
      notices: [{ id: 'n1', level: 'warning', message: 'The disk is nearly full.', remedy: 'Make room.' }],
    };
    app.mount();
    await screen.findByText('The disk is nearly full.', {}, patient);
    click('Take this notice away');
    await waitFor(() => expect(screen.queryByText('The disk is nearly full.')).toBeNull(), patient);
  });

  test('says so where an address names no screen', async () => {
    history.replaceState(null, '', '#/nowhere');
    app.mount();
    await screen.findByRole('heading', { name: 'There is no such screen' }, patient);
  });
});
