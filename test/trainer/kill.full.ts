import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { wholeAndKilled } from './kill-helpers.ts';

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
