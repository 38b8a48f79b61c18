import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { initialStatus, readRunStatus, writeRunStatus } from '../../src-main/trainer/run-status.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = async (): Promise<string> => {
  const made = path.join(await temporaryFolder(), 'runs', 'r');
  await mkdir(made, { recursive: true });
  return made;
};

it('reads a status file of before there were live numbers', async () => {
  const run = await folder();
  writeRunStatus(run, { ...initialStatus, state: 'finished', step: 7 });
  const file = path.join(run, 'status.json');
  const { progress, ...old } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(progress).toBeNull();
  writeFileSync(file, JSON.stringify(old));
  expect(readRunStatus(run).status).toMatchObject({ state: 'finished', step: 7, progress: null });
});

it('shows no live numbers of a trainer that has gone', async () => {
  const run = await folder();
  const numbers = { msPerStep: 12, clipsPerSec: 3, etaSec: 4, tensors: 5, rssBytes: 6, feedingShare: 0 };
  writeRunStatus(run, {
    ...initialStatus,
    state: 'running',
    progress: {
      phase: 'training',
      stage: null,
      done: null,
      total: null,
      step: 3,
      steps: 9,
      epoch: 0,
      epochs: 1,
      device: 'cpu',
      updatedMs: 1,
      ...numbers,
    },
  });
  expect(readRunStatus(run).status).toMatchObject({ state: 'interrupted', progress: null });
});
