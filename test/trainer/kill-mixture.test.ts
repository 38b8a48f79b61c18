import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { wholeAndKilled } from './kill-helpers.ts';

describe('SIGKILL of a run with a mixture as its prior', () => {
  it('leaves its bits too: shares, means and widths that follow the codes, revived components', async () => {
    const config = resolveConfig({
      preset: 'gm-vae-compact',
      overrides: {
        ...{ filters: '4,8', kernels: '3,3', strides: '2,2', latentDim: '4' },
        ...{ components: '5', reviveBelow: '0.9', memory: '0.5', klDraws: '2' },
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
