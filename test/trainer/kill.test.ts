import { describe, expect, it } from 'vitest';
import { readMetrics } from '../../src-main/trainer/metrics-log.ts';
import { runFiles } from '../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { wholeAndKilled } from './kill-helpers.ts';

describe('SIGKILL', () => {
  it('at ten random moments, under load, leaves the bits of a run that was never stopped', async () => {
    const { whole, killed, run, killedAfterSteps } = await wholeAndKilled(await temporaryFolder(), {
      epochs: 80,
      kills: 10,
      busyProcesses: 1,
    });
    expect(whole).toMatchObject({ state: 'finished', step: 400 });
    expect(killed.bytes.equals(whole.bytes)).toBe(true);
    expect(killed).toEqual(whole);
    // The kills happened within the training: every one in the loop left a segment of its own.
    expect(readMetrics(runFiles(run.folder).metrics).nextSegment).toBeGreaterThanOrEqual(9);
    expect(Math.max(...killedAfterSteps)).toBeGreaterThan(40);
  }, 180_000);
});
