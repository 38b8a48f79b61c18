import { configure, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import {
  generateContinue,
  generatedDelete,
  generateFreeRunning,
  generatePrior,
} from '../../../src-preload/contract/commands/generate.ts';
import { latentAbilities } from '../../../src-preload/contract/commands/latent.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { fsddCorpus } from '../fake-datasets.ts';
import { FakeRuns } from '../fake-runs.ts';
import { FakeSamplers } from '../fake-samplers.ts';
import { answerTraining } from '../fake-training.ts';
import { mountApp } from '../mounted-app.ts';

// Two cores may be busy with other tests.
configure({ asyncUtilTimeout: 8000 });

const place = 'runs/r0001-vrnn?tab=generate';

/** The page of a run of sequences, that has a checkpoint. */
function mountGenerate(step = 80) {
  const { host, datasets, mount } = mountApp(place);
  datasets.add('fsdd', 'fsdd', '/data/fsdd', fsddCorpus);
  answerTraining(host);
  const runs = new FakeRuns(host);
  const samplers = new FakeSamplers(host, runs);
  runs.add('vrnn', { step, state: 'finished' });
  samplers.abilities.set('vrnn', 'sequences');
  const calls = (name: string): unknown[] =>
    host.calls.filter((call) => call.name === name).map((call) => call.input);
  return { host, samplers, mount, calls };
}

const press = async (element: HTMLElement): Promise<void> => {
  await waitFor(() => expect((element as HTMLButtonElement).disabled).not.toBe(true));
  element.click();
  await tick();
};

const generate = (): Promise<HTMLElement> => screen.findByRole('button', { name: 'Generate' });

/** Takes the first recording of the dataset to be given to the model. */
async function giveFirst(): Promise<void> {
  await press(await screen.findByRole('button', { name: 'Choose …' }));
  const dialog = await screen.findByRole('dialog');
  const [cell] = await within(dialog).findAllByText(/\.wav$/);
  await press(cell as HTMLElement);
  await press(within(dialog).getByRole('button', { name: 'Take this one' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

describe('what a run of sequences makes up', () => {
  it('offers what the model can, and nothing else', async () => {
    const { mount } = mountGenerate();
    mount();
    const kinds = await screen.findByRole('radiogroup', { name: 'What to generate' });
    const offered = within(kinds).getAllByRole('radio');
    expect(offered.map((one) => one.closest('label')?.textContent.trim())).toEqual([
      'Prior',
      'Continue a recording',
      'Free-running',
    ]);
    expect(screen.getByText(/drawn frame by frame/)).toBeDefined();
  });

  it('draws from the prior, keeps clips to compare, and makes deleted ones again by the recipe', async () => {
    const { mount, calls } = mountGenerate();
    mount();
    await press(await generate());
    const set = await screen.findByRole('region', { name: /^From the prior/ });
    expect(calls(generatePrior.name)).toMatchObject([{ run: 'r0001-vrnn', n: 8, seed: 0 }]);
    await press(within(set).getByRole('button', { name: 'Play Draw 3' }));
    const transport = await screen.findByRole('region', { name: 'Listening to Generated clips' });
    expect(await within(transport).findByText('Draw 3')).toBeDefined();
    await press(within(set).getAllByRole('button', { name: 'Keep it for comparing' })[2] as HTMLElement);
    await press(within(set).getByRole('button', { name: 'Play Draw 1' }));
    // The two, and what differs between them.
    await waitFor(() =>
      expect(
        within(within(transport).getByRole('group', { name: 'Version' })).getAllByRole('button'),
      ).toHaveLength(3),
    );
    await press(within(set).getByRole('button', { name: /^Delete these clips/ }));
    expect(await screen.findByText('Nothing generated yet')).toBeDefined();
    expect(calls(generatedDelete.name)).toHaveLength(1);
    // What was deleted cannot be heard any more.
    expect(screen.queryByRole('region', { name: 'Listening to Generated clips' })).toBeNull();
    await press(await generate());
    await screen.findByRole('region', { name: /^From the prior/ });
    expect(calls(generatePrior.name)[1]).toEqual(calls(generatePrior.name)[0]);
  });

  it('continues a recording from the middle of it', async () => {
    const { mount, calls } = mountGenerate();
    mount();
    await press(await screen.findByRole('radio', { name: 'Continue a recording' }));
    expect(((await generate()) as HTMLButtonElement).disabled).toBe(true);
    expect((await generate()).title).toBe('Choose a recording first');
    await giveFirst();
    expect(await screen.findByRole('slider', { name: /up to which the recording is given/ })).toBeDefined();
    await press(await generate());
    const set = await screen.findByRole('region', { name: /continued from/ });
    const [asked] = calls(generateContinue.name) as { from: number; recording: string }[];
    expect(asked?.from).toBeGreaterThan(0);
    // The part that is the recording itself is marked.
    await waitFor(() => expect(within(set).getAllByTitle(/^Given: /).length).toBeGreaterThan(0));
  });

  it('shows free-running beside teacher-forced, each with its distance', async () => {
    const { mount, calls } = mountGenerate();
    mount();
    await press(await screen.findByRole('radio', { name: 'Free-running' }));
    expect(screen.getByText(/the published code of papers\/004 only ever does that/)).toBeDefined();
    await giveFirst();
    await press(await generate());
    const set = await screen.findByRole('region', { name: /teacher-forced and free-running/ });
    expect(calls(generateFreeRunning.name)).toHaveLength(1);
    expect(within(set).getByText('LSD 4.25 dB')).toBeDefined();
    expect(within(set).getByText('LSD 9.50 dB')).toBeDefined();
    await press(within(set).getByRole('button', { name: 'Play Free-running' }));
    const transport = await screen.findByRole('region', { name: 'Listening to Generated clips' });
    expect(await within(transport).findByText('Free-running')).toBeDefined();
  });

  it('says what went wrong, and goes on', async () => {
    const { host, mount } = mountGenerate();
    host.fail(
      generatePrior,
      new ResynthError('runs/checkpoint-missing', { run: 'vrnn', checkpoint: 'best', available: 'none' }),
    );
    mount();
    await press(await generate());
    expect(await screen.findByRole('alert')).toBeDefined();
    expect(((await generate()) as HTMLButtonElement).disabled).toBe(false);
  });

  it('says that the model cannot be loaded, and looks again when asked', async () => {
    const { host, mount } = mountGenerate();
    host.fail(latentAbilities, new ResynthError('runs/not-found', { name: 'vrnn' }));
    mount();
    expect(await screen.findByText('There is no run named "vrnn".')).toBeDefined();
    expect(screen.queryByRole('radiogroup', { name: 'What to generate' })).toBeNull();
  });

  it('waits for a checkpoint', async () => {
    const { mount } = mountGenerate(0);
    mount();
    expect(await screen.findByText('No checkpoint yet')).toBeDefined();
  });
});
