import { screen, waitFor, within } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import { fsddCorpus } from '../fake-datasets.ts';
import { mountApp } from '../mounted-app.ts';

const patient = { timeout: 8000 };

function mountDataset(address: string): ReturnType<typeof mountApp> {
  const app = mountApp(address);
  app.datasets.add('fsdd', 'fsdd', '/data/fsdd', { ...fsddCorpus, count: 400 });
  app.mount();
  return app;
}

const inputs = (app: ReturnType<typeof mountApp>, name: string): Record<string, unknown>[] =>
  app.host.calls.filter((call) => call.name === name).map((call) => call.input as never);

test('the analysis asks again by another rule, and leaves one recording out that can be taken back', async () => {
  const app = mountDataset('datasets/fsdd?tab=analysis');
  await screen.findByRole('heading', { name: 'Recordings that stand out' }, patient);
  screen.getByRole('radio', { name: '1.5' }).click();
  await waitFor(() => expect(inputs(app, 'datasets analyse').at(-1)).toMatchObject({ fence: 1.5 }), patient);
  const [leave] = await screen.findAllByRole('button', { name: 'Leave out' }, patient);
  leave?.click();
  await waitFor(() => expect(inputs(app, 'datasets exclude')).toHaveLength(1), patient);
  const [id] = inputs(app, 'datasets exclude')[0]?.['recordings'] as string[];
  (await screen.findByRole('button', { name: /undo/i }, patient)).click();
  // The made-up corpus calls several recordings alike.
  await waitFor(() => expect(inputs(app, 'datasets include')[0]?.['recordings']).toContain(id), patient);
});

test('a dataset is exported in the format that was chosen', async () => {
  const app = mountDataset('datasets/fsdd');
  (await screen.findByRole('button', { name: 'Export as a list' }, patient)).click();
  const dialog = await screen.findByRole('dialog', {}, patient);
  within(dialog).getByRole('radio', { name: 'CSV' }).click();
  within(dialog).getByRole('button', { name: 'Export' }).click();
  await waitFor(() => expect(inputs(app, 'datasets export')).toMatchObject([{ out: '~/fsdd.csv' }]), patient);
});
