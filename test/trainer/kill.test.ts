import { describe, expect, it, onTestFinished } from 'vitest';
import { readMetrics } from '../../src-main/trainer/metrics-log.ts';
import { runFiles } from '../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import {
  begin,
  busyProcess,
  killConfig,
  makeRun,
  resultOf,
  seededRandom,
  trainThroughKills,
} from './kill-helpers.ts';

describe('SIGKILL', () => {
  it('at ten random moments, under load, leaves the bits of a run that was never stopped', async () => {
    const root = await temporaryFolder();
    const config = killConfig(80);
    const whole = await makeRun(root, 'whole', config);
    await begin(whole.home, whole.run).ended;

    onTestFinished(busyProcess());
    const killed = await makeRun(root, 'killed', config);
    const { killedAfterSteps } = await trainThroughKills(killed.home, killed.run, {
      kills: 10,
      random: seededRandom(),
    });
    console.info(`killed after checkpoints at steps ${killedAfterSteps.join(', ')}`);

    const [expected, actual] = [resultOf(whole.home, whole.run), resultOf(killed.home, killed.run)];
    expect(expected).toMatchObject({ state: 'finished', step: 400 });
    expect(actual.bytes.equals(expected.bytes)).toBe(true);
    expect(actual).toEqual(expected);
    // The kills happened within the training: every one in the loop left a segment of its own.
    expect(readMetrics(runFiles(killed.run.folder).metrics).nextSegment).toBeGreaterThanOrEqual(9);
    expect(Math.max(...killedAfterSteps)).toBeGreaterThan(40);
  }, 180_000);
});
