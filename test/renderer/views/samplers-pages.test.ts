import { configure, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { train } from '../../../src-preload/contract/commands/runs.ts';
import { samplersCompare, samplersOffered } from '../../../src-preload/contract/commands/samplers.ts';
import { generatedClip } from '../../../src-preload/contract/commands/generate.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { fsddCorpus } from '../fake-datasets.ts';
import { FakeRuns } from '../fake-runs.ts';
import { FakeSamplers, noLabels } from '../fake-samplers.ts';
import { answerTraining } from '../fake-training.ts';
import { mountApp } from '../mounted-app.ts';

// Two cores may be busy with other tests.
configure({ asyncUtilTimeout: 8000 });

function mountSamplers(place: string) {
  const { host, datasets, mount } = mountApp(place);
  datasets.add('fsdd', 'fsdd', '/data/fsdd', fsddCorpus);
  answerTraining(host);
  const runs = new FakeRuns(host);
  const samplers = new FakeSamplers(host, runs);
  const calls = (name: string): unknown[] =>
    host.calls.filter((call) => call.name === name).map((call) => call.input);
  return { host, runs, samplers, mount, calls };
}

const press = async (element: HTMLElement): Promise<void> => {
  await waitFor(() => expect((element as HTMLButtonElement).disabled).not.toBe(true));
  element.click();
  await tick();
};

const type = async (field: HTMLElement, text: string): Promise<void> => {
  (field as HTMLInputElement).value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await tick();
};

describe('the samplers screen', () => {
  it('asks for runs, and says what kind', async () => {
    const { mount } = mountSamplers('samplers');
    mount();
    expect(await screen.findByText('Nothing drawn yet')).toBeDefined();
    expect(screen.getByText(/Choose runs with a prior/)).toBeDefined();
    const act = screen.getByRole('button', { name: 'Draw and compare' });
    expect((act as HTMLButtonElement).disabled).toBe(true);
    expect(act.title).toBe('Choose runs first.');
  });

  it('shows figures of every source, and clips to be heard with the label each is heard as', async () => {
    const { runs, mount, calls } = mountSamplers('samplers?runs=r0001-prior,r0002-flow');
    runs.add('prior', { step: 80 });
    runs.add('flow', { step: 80 });
    mount();
    await type(await screen.findByLabelText('Clips of each'), '20');
    await press(screen.getByRole('button', { name: 'Draw and compare' }));
    const table = await screen.findByRole('table', { name: 'What each source is like' });
    expect(calls(samplersCompare.name)).toMatchObject([{ runs: ['r0001-prior', 'r0002-flow'], n: 20 }]);
    const rows = within(table).getAllByRole('row');
    expect(rows.map((row) => row.querySelector('th')?.textContent)).toEqual([
      'Source',
      'Real recordings (test)',
      expect.stringMatching(/^prior .*step 80$/),
      expect.stringMatching(/^flow .*step 80$/),
      'White noise',
    ]);
    // Of drawn clips nobody knows what they are.
    expect(within(rows[2] as HTMLElement).getAllByRole('cell')[1]?.textContent).toBe('–');
    expect(screen.getByText(/names 94.0 % of 300/)).toBeDefined();
    expect(screen.getAllByRole('button', { name: /^Play \d of prior/ })).toHaveLength(16);
    await press(screen.getAllByRole('button', { name: 'Show all 20' })[0] as HTMLElement);
    expect(screen.getAllByRole('button', { name: /^Play \d of prior/ })).toHaveLength(20);
    expect(screen.getByText('5 clips, each with the label it is heard as')).toBeDefined();
    await press(screen.getAllByRole('button', { name: /^Play 2 of prior/ })[0] as HTMLElement);
    const transport = await screen.findByRole('region', { name: 'Listening to Drawn and real clips' });
    expect(await within(transport).findByText('prior: 2')).toBeDefined();
    await waitFor(() =>
      expect(calls(generatedClip.name)).toContainEqual(
        expect.objectContaining({ run: 'r0001-prior', set: 'set-of-r0001-prior', clip: 2, sound: true }),
      ),
    );
  });

  it('says why there is no classifier, and draws again when asked', async () => {
    const { host, runs, samplers, mount } = mountSamplers('samplers?runs=r0001-prior');
    runs.add('prior', { step: 80 });
    host.fail(samplersCompare, noLabels);
    mount();
    await press(await screen.findByRole('button', { name: 'Draw and compare' }));
    expect(await screen.findByText(/fewer than two labels: there is nothing to classify/)).toBeDefined();
    expect(screen.getByText(/Choose a dataset whose recordings have labels/)).toBeDefined();
    samplers.answerComparison();
    await press(screen.getByRole('button', { name: 'Draw and compare' }));
    expect(await screen.findByRole('table', { name: 'What each source is like' })).toBeDefined();
    expect(screen.queryByText(/nothing to classify/)).toBeNull();
  });

  it('refuses a number that the command refuses, beside its field', async () => {
    const { runs, mount } = mountSamplers('samplers?runs=r0001-prior');
    runs.add('prior', { step: 80 });
    mount();
    await type(await screen.findByLabelText('Temperature'), '9');
    const act = screen.getByRole('button', { name: 'Draw and compare' });
    await waitFor(() => expect((act as HTMLButtonElement).disabled).toBe(true));
    expect(screen.getByLabelText('Temperature').getAttribute('aria-invalid')).toBe('true');
  });

  it('is cancelled, with what was there before', async () => {
    const { host, runs, mount } = mountSamplers('samplers?runs=r0001-prior');
    runs.add('prior', { step: 80 });
    host.on(samplersCompare, (_input, { signal, progress }) => {
      progress({ stage: 'Drawing', done: 1, total: 4 });
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new ResynthError('internal/cancelled')));
      });
    });
    mount();
    await press(await screen.findByRole('button', { name: 'Draw and compare' }));
    expect(await screen.findByText('Drawing')).toBeDefined();
    await press(screen.getByRole('button', { name: 'Cancel' }));
    expect(await screen.findByRole('button', { name: 'Draw and compare' })).toBeDefined();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('training a sampler on a run', () => {
  it('takes one click, and leads to the new run', async () => {
    const { runs, samplers, mount, calls } = mountSamplers('runs/r0001-coarse?tab=generate');
    runs.add('coarse', { step: 80, state: 'finished' });
    samplers.abilities.set('coarse', 'nothing');
    mount();
    await press(await screen.findByRole('button', { name: 'Code prior' }));
    await waitFor(() => expect(location.hash).toBe('#/runs/r0002-code-prior'));
    expect(calls(train.name)).toMatchObject([
      { preset: 'code-prior', set: { base: 'r0001-coarse' }, queue: true },
    ]);
  });

  it('says in words why one of them cannot be', async () => {
    const { runs, samplers, mount } = mountSamplers('runs/r0001-vae?tab=generate');
    runs.add('vae', { step: 80, state: 'finished' });
    samplers.hindrances.set('vae', 'The code of the run vae is continuous.');
    mount();
    expect(await screen.findByRole('button', { name: 'RealNVP' })).toBeDefined();
    expect(screen.getByText('Not Code prior: The code of the run vae is continuous.')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Code prior' })).toBeNull();
  });

  it('shows what failed where it was pressed', async () => {
    const { host, runs, mount } = mountSamplers('runs/r0001-coarse?tab=generate');
    runs.add('coarse', { step: 80, state: 'finished' });
    host.fail(train, new ResynthError('models/base-changed', { run: 'coarse', step: 80 }));
    mount();
    await press(await screen.findByRole('button', { name: 'Code prior' }));
    expect(await screen.findByText(/The checkpoint of step 80 of the run coarse is damaged/)).toBeDefined();
    expect(location.hash).toBe('#/runs/r0001-coarse?tab=generate');
  });

  it('tells when it could not be looked', async () => {
    const { host, runs, mount } = mountSamplers('runs/r0001-coarse?tab=generate');
    runs.add('coarse', { step: 80, state: 'finished' });
    host.fail(samplersOffered, new ResynthError('runs/not-found', { name: 'coarse' }));
    mount();
    expect(await screen.findByText('There is no run named "coarse".')).toBeDefined();
  });
});
