import type { FakeHost } from './fake-host.ts';
import { FakeRuns } from './fake-runs.ts';
import { answerTraining } from './fake-training.ts';

/** Runs in every state for the page to look at; `?runs=1000` makes so many, `?long` one of 100,000 steps. */
export function devRuns(host: FakeHost, wanted: URLSearchParams): FakeRuns {
  answerTraining(host);
  const runs = new FakeRuns(host);
  if (wanted.has('empty')) return runs;
  runs.add('baseline', {
    step: 2280,
    tags: ['baseline', 'paper'],
    colour: '#0072b2',
    notes: 'As the paper says.',
  });
  runs.add(
    'beta 0.5',
    { step: 1520, state: 'stopped', reason: 'Stopped by the user.', tags: ['beta'], colour: '#e69f00' },
    { set: { 'training.beta': '0.5' } },
  );
  runs.add(
    'wide bottleneck',
    { step: 1100, state: 'interrupted', reason: 'Its trainer (pid 4711) is gone.' },
    {
      error: {
        code: 'trainer/killed',
        message: 'The trainer was killed by signal SIGKILL, as a system does that runs out of memory.',
        remedy: 'Close other programs, or set a smaller batch in a fork; then resume.',
      },
      set: { 'model.latentDim': '512' },
    },
  );
  runs.add(
    'diverged',
    { step: 700, state: 'failed', reason: 'The loss is no number since step 640.' },
    {
      diverged: [120, 121, 400, ...Array.from({ length: 60 }, (_, at) => 640 + at)],
    },
  );
  runs.add('small filters', { step: 500, state: 'paused', tags: ['baseline'] });
  runs.add('seed 3', { state: 'queued', queuePlace: 1 });
  runs.add('seed 4', { state: 'queued', queuePlace: 2 });
  const live = runs.add('compact 8k', {
    step: 900,
    state: 'running',
    tags: ['demo'],
    createdMs: Date.now() - 120_000,
  });
  if (wanted.has('long'))
    runs.add('long', { step: 100_000, epochs: 4000, state: 'running', createdMs: Date.now() - 1e7 });
  for (let at = 0; at < Number(wanted.get('runs') ?? 0); at++) {
    runs.add(`sweep ${at}`, { step: (at * 37) % 2280, state: 'stopped', tags: [`sweep ${at % 7}`] });
  }
  live.set = { 'training.learningRate': '0.002' };
  if (!wanted.has('still')) setInterval(() => runs.tick(3), 250);
  return runs;
}
