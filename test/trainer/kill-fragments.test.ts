import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { fragmentsKillConfig, wholeAndKilled } from './kill-helpers.ts';

describe('SIGKILL of a fragment VAE', () => {
  it('leaves the bits of a run that was never stopped', async () => {
    const { whole, killed, killedAfterSteps } = await wholeAndKilled(await temporaryFolder(), {
      ...{ epochs: 12, kills: 1, busyProcesses: 0, config: fragmentsKillConfig(12) },
    });
    expect(whole).toMatchObject({ state: 'finished', step: 60 });
    expect(Math.min(...killedAfterSteps)).toBeGreaterThan(0);
    expect(killed.bytes.equals(whole.bytes)).toBe(true);
    expect(killed).toEqual(whole);
  }, 180_000);
});
