import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { wholeAndKilled } from './kill-helpers.ts';

describe('SIGKILL of a run with averaged codebooks', () => {
  it('leaves their bits too: averages, k-means beginnings, revived codes and dropped stages', async () => {
    const config = resolveConfig({
      preset: 'rvq-vae-coarse',
      overrides: {
        ...{ filters: '4,8', kernels: '3,3', strides: '2,2', codeChannels: '4', stages: '2' },
        ...{ codebookSize: '8', reviveBelow: '0.3', quantiserDropout: '0.5' },
        ...{ nFft: '32', hopLength: '16', durationSec: '0.05', batchSize: '4' },
        ...{ epochs: '12', seed: '11', checkpointEverySteps: '7', validateEveryEpochs: '4' },
      },
    });
    const { whole, killed } = await wholeAndKilled(await temporaryFolder(), {
      ...{ epochs: 12, kills: 1, busyProcesses: 0, config },
    });
    expect(whole).toMatchObject({ state: 'finished', step: 60 });
    expect(killed.bytes.equals(whole.bytes)).toBe(true);
    expect(killed).toEqual(whole);
  }, 180_000);
});
