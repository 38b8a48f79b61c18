import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { fragmentsKillConfig, wholeAndKilled } from './kill-helpers.ts';

describe('SIGKILL, fifty times', () => {
  it('leaves the bits of a run that was never stopped', async () => {
    const { whole, killed, killedAfterSteps } = await wholeAndKilled(await temporaryFolder(), {
      epochs: 500,
      kills: 50,
      busyProcesses: 2,
    });
    expect(killed.bytes.equals(whole.bytes)).toBe(true);
    expect(killed).toEqual(whole);
    expect(Math.max(...killedAfterSteps)).toBeGreaterThan(200);
  });
});

describe('SIGKILL of a fragment VAE', () => {
  it('leaves the bits of a run that was never stopped', async () => {
    const config = fragmentsKillConfig(30);
    const settings = { epochs: 30, kills: 3, busyProcesses: 0, config };
    const { whole, killed } = await wholeAndKilled(await temporaryFolder(), settings);
    expect(whole).toMatchObject({ state: 'finished', step: 150 });
    expect(killed).toEqual(whole);
  });
});
