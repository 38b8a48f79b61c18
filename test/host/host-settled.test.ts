import { expect, it } from 'vitest';
import { runsResume } from '../../src-preload/contract/commands/runs.ts';
import { createRun } from '../../src-main/host/runs/runs.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { tinyConfig } from '../trainer/kill-helpers.ts';
import { openTestHost, quiet } from './open-test-host.ts';

it('is settled when what was called has ended, or when nobody wants to wait any more', async () => {
  const host = await openTestHost(await temporaryFolder());
  await host.settled(quiet.signal);
  await createRun(host.home, {
    config: tinyConfig({ epochs: '3' }),
    dataset: { id: 'd', name: 'd', folder: '/d', splitHash: 'h' },
    name: 'short',
    nameFrom: 'short',
    engine: { backend: null, device: null, threads: null },
    parent: null,
  });
  let ended = false;
  const call = host.call(runsResume, { run: 'short' }, quiet).then(() => (ended = true));
  await host.settled(AbortSignal.abort());
  expect(ended).toBe(false);
  await host.settled(quiet.signal);
  expect(ended).toBe(true);
  await call;
});
