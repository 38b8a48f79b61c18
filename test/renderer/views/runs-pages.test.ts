import { configure, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { runsPause, runsResume, runsShow, train } from '../../../src-preload/contract/commands/runs.ts';
import { runsAnnotate } from '../../../src-preload/contract/commands/runs-live.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { fsddCorpus } from '../fake-datasets.ts';
import { FakeRuns } from '../fake-runs.ts';
import { answerTraining } from '../fake-training.ts';
import { mountApp } from '../mounted-app.ts';

// Two cores may be busy with other tests.
configure({ asyncUtilTimeout: 8000 });

function mountRuns(place: string) {
  const { host, datasets, mount } = mountApp(place);
  answerTraining(host);
  const runs = new FakeRuns(host);
  const calls = (name: string): unknown[] =>
    host.calls.filter((call) => call.name === name).map((call) => call.input);
  return { host, datasets, runs, mount, calls };
}

/** Presses a button as soon as it can be pressed. */
const press = async (element: HTMLElement): Promise<void> => {
  await waitFor(() => expect((element as HTMLButtonElement).disabled).not.toBe(true));
  element.click();
  await tick();
};

describe('the list of runs', () => {
  it('leads to training where there are none', async () => {
    mountRuns('runs').mount();
    expect(await screen.findByText('No runs yet')).toBeDefined();
    await press(screen.getByRole('button', { name: 'Train a model' }));
    expect(location.hash).toBe('#/train');
  });

  it('shows runs, filters them and follows what happens', async () => {
    const { runs, mount } = mountRuns('runs');
    const first = runs.add('first', { state: 'running', step: 40 });
    runs.add('second', { state: 'interrupted', step: 10 });
    mount();
    const grid = await screen.findByRole('grid', { name: 'Runs' });
    expect(await within(grid).findByText('first')).toBeDefined();
    expect(within(grid).getByText('Interrupted')).toBeDefined();
    runs.change(first, { state: 'stopped' });
    await waitFor(() => expect(within(grid).getByText('Stopped')).toBeDefined());
    const search: HTMLInputElement = screen.getByRole('searchbox', { name: 'Search runs' });
    search.value = 'sec';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    await waitFor(() => expect(within(grid).queryByText('first')).toBeNull());
    expect(screen.getByText('1 of 2 runs')).toBeDefined();
  });

  it('moves runs in the queue and takes them out', async () => {
    const { runs, mount, calls } = mountRuns('runs');
    runs.add('next', { state: 'queued', queuePlace: 1 });
    runs.add('later', { state: 'queued', queuePlace: 2 });
    mount();
    const queue = await screen.findByRole('region', { name: 'Queue' });
    const names = (): (string | null)[] =>
      within(queue)
        .getAllByRole('link')
        .map((link) => link.textContent);
    expect(names()).toEqual(['next', 'later']);
    await press(within(queue).getAllByRole('button', { name: 'Sooner' })[1] as HTMLElement);
    await waitFor(() => expect(names()).toEqual(['later', 'next']));
    expect(calls('runs move')).toEqual([expect.objectContaining({ place: 1 })]);
    await press(within(queue).getAllByRole('button', { name: 'Take out of the queue' })[0] as HTMLElement);
    await waitFor(() => expect(names()).toEqual(['next']));
  });

  it('deletes what was ticked, and brings it back', async () => {
    const { runs, mount } = mountRuns('runs');
    runs.add('doomed', { step: 5 });
    mount();
    const tickBox = await screen.findByRole('checkbox', { name: 'Choose doomed' });
    await press(tickBox);
    await press(screen.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('1 run deleted.')).toBeDefined();
    expect(runs.runs.size).toBe(0);
    await press(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('doomed')).toBeDefined();
  });
});

describe('the page of a run', () => {
  it('pauses, and shows why an act was refused where it was pressed', async () => {
    const { host, runs, mount, calls } = mountRuns('runs/r0001-live');
    runs.add('live', { state: 'running', step: 80 });
    mount();
    await press(await screen.findByRole('button', { name: 'Pause' }));
    await waitFor(() => expect(screen.getByText('Paused')).toBeDefined());
    expect(calls(runsPause.name)).toEqual([{ run: 'r0001-live' }]);
    host.fail(runsResume, new ResynthError('runs/locked', { run: 'live', pid: 7 }));
    await press(screen.getByRole('button', { name: 'Resume' }));
    expect(await screen.findByText(/is being trained by another process \(pid 7\)/)).toBeDefined();
  });

  it('tells how a trainer died, with the last lines and the way on', async () => {
    const { runs, mount } = mountRuns('runs/r0001-live');
    const run = runs.add('live', { state: 'running', step: 80 });
    mount();
    await screen.findByRole('button', { name: 'Pause' });
    runs.crash(run);
    const trouble = await screen.findByRole('alert');
    expect(await within(trouble).findByText(/killed by signal SIGKILL/)).toBeDefined();
    expect(await within(trouble).findByText(/std::bad_alloc/)).toBeDefined();
    expect(await within(trouble).findByText(/Nothing before step 76 is lost/)).toBeDefined();
    await press(within(trouble).getByRole('button', { name: 'Resume' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('keeps notes when their field is left', async () => {
    const { runs, mount, calls } = mountRuns('runs/r0001-done?tab=config');
    runs.add('done', { step: 80, notes: 'before' });
    mount();
    const notes: HTMLTextAreaElement = await screen.findByRole('textbox', { name: 'Notes' });
    expect(notes.value).toBe('before');
    notes.value = 'after';
    notes.dispatchEvent(new Event('input', { bubbles: true }));
    notes.dispatchEvent(new Event('blur'));
    await waitFor(() => expect(calls(runsAnnotate.name)).toEqual([{ run: 'r0001-done', notes: 'after' }]));
    expect(runs.get('done').summary.notes).toBe('after');
  });

  it('says that a run is not there', async () => {
    mountRuns('runs/nobody').mount();
    expect(await screen.findByText('This run is not here')).toBeDefined();
  });

  it('reads again what it shows when events were missed', async () => {
    const { host, runs, mount } = mountRuns('runs/r0001-live');
    runs.add('live', { state: 'running', step: 80 });
    mount();
    await screen.findByRole('button', { name: 'Pause' });
    const before = host.calls.filter((call) => call.name === runsShow.name).length;
    expect(before).toBeGreaterThan(0);
    host.cut();
    await waitFor(() => expect(screen.getByText('80')).toBeDefined());
  });
});

describe('the form for training', () => {
  it('starts what is chosen and shows the run', async () => {
    const { datasets, runs, mount, calls } = mountRuns('train');
    datasets.add('d1', 'digits', '/data/digits', fsddCorpus);
    mount();
    const latent: HTMLInputElement = await screen.findByRole('textbox', { name: /^Latent dim/ });
    latent.value = '64';
    latent.dispatchEvent(new Event('input', { bubbles: true }));
    await press(screen.getByRole('button', { name: 'Start' }));
    await waitFor(() => expect(location.hash).toMatch(/^#\/runs\/r0001/));
    expect(calls(train.name)).toEqual([
      expect.objectContaining({ dataset: 'd1', set: { 'model.latentDim': '64' }, detach: true }),
    ]);
    expect(runs.runs.size).toBe(1);
  });

  it('shows a refused value at its field and does not start', async () => {
    const { datasets, mount } = mountRuns('train');
    datasets.add('d1', 'digits', '/data/digits', fsddCorpus);
    mount();
    const latent: HTMLInputElement = await screen.findByRole('textbox', { name: /^Latent dim/ });
    latent.value = 'many';
    latent.dispatchEvent(new Event('input', { bubbles: true }));
    expect(await screen.findByText(/latentDim cannot be "many"/)).toBeDefined();
    expect(latent.getAttribute('aria-invalid')).toBe('true');
    expect((screen.getByRole('button', { name: 'Start' }) as HTMLButtonElement).disabled).toBe(true);
  });

  it('leads to the library where there is nothing to train on', async () => {
    mountRuns('train').mount();
    expect(await screen.findByText('A model needs recordings')).toBeDefined();
  });

  it('begins a fork with the settings of its run', async () => {
    const { datasets, runs, mount, calls } = mountRuns('train?fork=r0001-base&checkpoint=76');
    datasets.add('fsdd', 'fsdd', '/data/digits', fsddCorpus);
    runs.add('base', { step: 80 }, { set: { 'model.latentDim': '32' } });
    mount();
    const latent: HTMLInputElement = await screen.findByRole('textbox', { name: /^Latent dim/ });
    expect(latent.value).toBe('32');
    await press(screen.getByRole('button', { name: 'Add to queue' }));
    await waitFor(() =>
      expect(calls('runs fork')).toEqual([
        expect.objectContaining({ run: 'r0001-base', checkpoint: 76, set: {}, queue: true }),
      ]),
    );
  });
});
