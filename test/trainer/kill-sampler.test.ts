import { describe, expect, it } from 'vitest';
import { trainable } from '../../src-main/host/runs/sampler-base.ts';
import { openRun } from '../../src-main/host/runs/runs.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { readCheckpoint, writeCheckpoint } from '../../src-main/trainer/checkpoint.ts';
import { readMetrics } from '../../src-main/trainer/metrics-log.ts';
import { runFiles } from '../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { begin, makeRun, tinyConfig, wholeAndKilled } from './kill-helpers.ts';

/** A flow on a trained run, ready to be made. */
async function onBase(root: string) {
  const trained = await makeRun(root, 'base', tinyConfig({ epochs: '2' }));
  await begin(trained.home, trained.run).ended;
  const base = openRun(trained.home, trained.run.record.id);
  const overrides = {
    ...{ base: 'base', blocks: '1', couplings: '2', hidden: '4', batchSize: '4', clips: '0' },
    ...{ epochs: '12', seed: '11', checkpointEverySteps: '7', validateEveryEpochs: '4' },
  };
  return trainable({ resolve: () => Promise.resolve(base) }, resolveConfig({ preset: 'realnvp', overrides }));
}

describe('SIGKILL of a sampler', () => {
  it('leaves its bits too: its base encodes every clip once more, and is what it was', async () => {
    const root = await temporaryFolder();
    const { config, fill } = await onBase(root);
    const { whole, killed, run } = await wholeAndKilled(root, {
      ...{ epochs: 12, kills: 1, busyProcesses: 0, config },
      ...(fill && { fill }),
    });
    expect(whole).toMatchObject({ state: 'finished', step: 60 });
    expect(killed.bytes.equals(whole.bytes)).toBe(true);
    expect(killed).toEqual(whole);
    // What has no KL has no weight of it to be drawn.
    const { rows } = readMetrics(runFiles(run.folder).metrics);
    expect(rows.every(({ values }) => !('beta' in values))).toBe(true);
  }, 180_000);
});

describe('a sampler of codes that are all alike', () => {
  it('is refused by name before its first step', async () => {
    const root = await temporaryFolder();
    const { config, fill } = await onBase(root);
    const { home, run } = await makeRun(root, 'alike', config, (folder, record) => {
      fill?.(folder, record);
      const { checkpoints } = runFiles(folder);
      const first = readCheckpoint(checkpoints, 0);
      const still = [...first.state].map(([name, { data, shape }]) => {
        const nothing = name.startsWith('frozen.') && data instanceof Float32Array;
        return [name, { shape, data: nothing ? new Float32Array(data.length) : data }] as const;
      });
      writeCheckpoint(checkpoints, first.record, new Map(still));
    });
    expect(await begin(home, run).ended).toMatchObject({
      state: 'failed',
      error: { code: 'runs/codes-alike', params: { count: 22 } },
    });
  }, 120_000);
});
