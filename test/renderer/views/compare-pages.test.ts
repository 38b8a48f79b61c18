import { configure, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { runsClip } from '../../../src-preload/contract/commands/runs-live.ts';
import { runsCompare } from '../../../src-preload/contract/commands/runs-compare.ts';
import { FakeListening } from '../fake-listening.ts';
import { FakeRuns } from '../fake-runs.ts';
import { answerTraining } from '../fake-training.ts';
import { mountApp } from '../mounted-app.ts';

// Two cores may be busy with other tests.
configure({ asyncUtilTimeout: 8000 });

function mountCompare(place: string) {
  const { host, mount } = mountApp(place);
  answerTraining(host);
  const runs = new FakeRuns(host);
  const listening = new FakeListening(host, runs);
  return { host, runs, listening, mount };
}

const press = async (element: HTMLElement): Promise<void> => {
  await waitFor(() => expect((element as HTMLButtonElement).disabled).not.toBe(true));
  element.click();
  await tick();
};

const key = async (name: string): Promise<void> => {
  window.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
  await tick();
};

/** Which trial it is. */
const trialText = (): string | undefined =>
  screen.queryAllByRole('status').find((status) => status.textContent.includes('Trial'))?.textContent;

describe('the comparison of runs', () => {
  it('begins with choosing runs', async () => {
    const { runs, mount } = mountCompare('compare');
    runs.add('first', { step: 400 });
    runs.add('second', { step: 400 });
    mount();
    await press(await screen.findByRole('button', { name: 'Choose runs' }));
    const dialog = await screen.findByRole('dialog');
    await press(await within(dialog).findByRole('checkbox', { name: 'Choose first' }));
    await press(await within(dialog).findByRole('checkbox', { name: 'Choose second' }));
    expect(within(dialog).getByText('2 runs chosen')).toBeDefined();
    await press(within(dialog).getByRole('button', { name: 'Compare' }));
    expect(location.hash).toBe('#/compare?runs=r0001-first%2Cr0002-second');
    const list = await screen.findByRole('list', { name: 'Runs' });
    expect(await within(list).findByText('second')).toBeDefined();
  });

  it('comes from ticked runs, and shows only what differs', async () => {
    const { runs, mount } = mountCompare('runs');
    runs.add('first', { step: 400 }, { set: { 'model.latentDim': '8' } });
    runs.add('second', { step: 400 }, { set: { 'model.latentDim': '16' } });
    mount();
    await press(await screen.findByRole('checkbox', { name: 'Choose first' }));
    await press(await screen.findByRole('checkbox', { name: 'Choose second' }));
    await press(screen.getByRole('button', { name: 'Compare' }));
    const grid = await screen.findByRole('grid', { name: 'What differs between the runs' });
    await waitFor(() =>
      expect(
        within(grid)
          .getAllByRole('columnheader')
          .map((head) => head.textContent?.trim()),
      ).toEqual(['Run', 'Loss, val.', expect.stringMatching(/latent/i)]),
    );
    expect(screen.getByText('1 thing differs')).toBeDefined();
    await press(screen.getByRole('radio', { name: 'Last' }));
    expect((await within(grid).findAllByText('step 400')).length).toBe(2);
  });

  it('shows each run at its own kept step, labelled so, and never a clip of another step', async () => {
    const { host, runs, mount } = mountCompare('compare?runs=r0001-long,r0002-short');
    runs.add('long', { step: 38 * 4 });
    runs.add('short', { step: 38 * 2 });
    mount();
    const clips = await screen.findByRole('region', { name: 'Validation clips' });
    const slider = await within(clips).findByRole<HTMLInputElement>('slider', { name: 'Step of all clips' });
    expect(slider.getAttribute('aria-valuetext')).toBe('Step 152');
    // The short run ends at 76 and shows that, under its name.
    expect(await within(clips).findAllByRole('button', { name: /^Play A long at step 152/ })).toHaveLength(4);
    expect(within(clips).getAllByRole('button', { name: /^Play B short at step 76/ })).toHaveLength(4);
    slider.value = '0';
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    expect(await within(clips).findAllByRole('button', { name: /^Play A long at step 38/ })).toHaveLength(4);
    expect(within(clips).getAllByRole('button', { name: /^Play B short at step 38/ })).toHaveLength(4);
    expect(within(clips).queryByRole('button', { name: /at step (76|152)/ })).toBeNull();
    await waitFor(() =>
      expect(
        host.calls.filter(({ name }) => name === runsClip.name).map(({ input }) => input),
      ).toContainEqual(expect.objectContaining({ run: 'r0002-short', step: 38 })),
    );
    // Another selection keeps its colours and its slider.
    await press(screen.getByRole('button', { name: 'Hide long' }));
    await waitFor(() => expect(within(clips).queryByRole('button', { name: /long/ })).toBeNull());
  });

  it('names runs that are gone, and leaves them out', async () => {
    const { host, runs, mount } = mountCompare('compare?runs=r0001-here,gone');
    runs.add('here', { step: 76 });
    mount();
    expect(await screen.findByText(/One run is\s+not here any more/)).toBeDefined();
    await press(screen.getByRole('button', { name: 'Leave out' }));
    expect(location.hash).toBe('#/compare?runs=r0001-here');
    await waitFor(() =>
      expect(host.calls.findLast(({ name }) => name === runsCompare.name)?.input).toMatchObject({
        runs: ['r0001-here'],
      }),
    );
  });

  it('says where a run has nothing to show', async () => {
    const { runs, mount } = mountCompare('compare?runs=r0001-done,r0002-new');
    runs.add('done', { step: 76 });
    runs.add('new', { step: 3, state: 'running' });
    mount();
    expect((await screen.findAllByText('No step yet')).length).toBe(4);
  });
});

describe('a listening test', () => {
  it('is set up, heard by keys alone, and tells its score at the end', async () => {
    const { runs, listening, mount } = mountCompare('listen?b=r0001-small');
    runs.add('small', { step: 76 });
    mount();
    const trials = await screen.findByRole<HTMLInputElement>('spinbutton', { name: 'Trials' });
    trials.value = '2';
    trials.dispatchEvent(new Event('input', { bubbles: true }));
    expect(await screen.findByText(/So few show nothing/)).toBeDefined();
    await press(await screen.findByRole('button', { name: 'Begin' }));
    expect(await screen.findByText('Which one is X?')).toBeDefined();
    await waitFor(() => expect(screen.queryByText(/on their way/)).toBeNull());
    await key('1');
    expect(screen.getByText('Hear X first.')).toBeDefined();
    for (const name of ['a', 'x', 'b', ' ']) await key(name);
    expect(screen.getByRole('button', { name: 'Hear B' }).getAttribute('aria-pressed')).toBe('true');
    await key('ArrowLeft');
    await waitFor(() => expect(trialText()).toMatch(/Trial\s+2\s+of 2/));
    const [test] = listening.tests.keys();
    await waitFor(() => expect(listening.tests.get(test ?? '')?.answers).toHaveLength(1));
    expect(listening.tests.get(test ?? '')?.answers[0]).toMatchObject({
      ...{ answer: 'a', heardA: 1, heardB: 2, heardX: 1 },
    });
    expect(document.body.textContent).not.toMatch(/right|wrong|correct/i);
    await waitFor(() => expect(screen.queryByText(/on their way/)).toBeNull());
    for (const name of ['x', 'a', '2']) await key(name);
    expect(await screen.findByText('As the host says it.')).toBeDefined();
    expect(screen.getByText('of 2 right')).toBeDefined();
  });

  it('goes on where it was after a reload', async () => {
    const { runs, listening, mount } = mountCompare('listen/0f000000-0000-4000-8000-000000000001');
    runs.add('small', { step: 76 });
    const answer = { answer: 'a', answeredMs: 1, tookMs: 1, heardA: 1, heardB: 1, heardX: 1 } as const;
    listening.tests.set('0f000000-0000-4000-8000-000000000001', {
      ...{ test: '0f000000-0000-4000-8000-000000000001', startedMs: 1, abandoned: false },
      answers: [answer, answer],
      design: {
        ...{ kind: 'abx', listener: '', trials: 5, seed: 1, levelMatched: true },
        a: { kind: 'original', run: 'r0001-small', step: null },
        b: { kind: 'reconstruction', run: 'r0001-small', step: 76 },
        clips: [{ ...{ recording: 'a.wav', label: null, speaker: null }, indexInA: 0, indexInB: 0 }],
      },
    });
    mount();
    await waitFor(() => expect(trialText()).toMatch(/Trial\s+3\s+of 5/));
    await press(screen.getByRole('button', { name: 'Give up' }));
    const dialog = await screen.findByRole('dialog');
    await press(within(dialog).getByRole('button', { name: 'Give up' }));
    expect(await screen.findByText(/Given up after 2 of 5 trials/)).toBeDefined();
  });

  it('is deleted, and brought back', async () => {
    const { runs, listening, mount } = mountCompare('listen');
    runs.add('small', { step: 76 });
    listening.tests.set('0f000000-0000-4000-8000-000000000001', {
      ...{ test: '0f000000-0000-4000-8000-000000000001', startedMs: 1, abandoned: true, answers: [] },
      design: {
        ...{ kind: 'abx', listener: 'Ada', trials: 5, seed: 1, levelMatched: true },
        a: { kind: 'original', run: 'r0001-small', step: null },
        b: { kind: 'reconstruction', run: 'r0001-small', step: 76 },
        clips: [{ ...{ recording: 'a.wav', label: null, speaker: null }, indexInA: 0, indexInB: 0 }],
      },
    });
    mount();
    expect(await screen.findByText('Ada')).toBeDefined();
    await press(screen.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('No test yet')).toBeDefined();
    await press(await screen.findByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('Ada')).toBeDefined();
  });

  it('says that a test is not there', async () => {
    mountCompare('listen/nobody').mount();
    expect(await screen.findByText('This test cannot be shown')).toBeDefined();
  });
});
