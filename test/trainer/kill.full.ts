import { describe, expect, it, onTestFinished } from 'vitest';
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

describe('SIGKILL, fifty times', () => {
  it('leaves the bits of a run that was never stopped', async () => {
    const root = await temporaryFolder();
    const config = killConfig(500);
    const whole = await makeRun(root, 'whole', config);
    await begin(whole.home, whole.run).ended;

    onTestFinished(busyProcess());
    onTestFinished(busyProcess());
    const killed = await makeRun(root, 'killed', config);
    const { killedAfterSteps } = await trainThroughKills(killed.home, killed.run, {
      kills: 50,
      random: seededRandom(),
    });
    console.info(`killed after checkpoints at steps ${killedAfterSteps.join(', ')}`);
    const [expected, actual] = [resultOf(whole.home, whole.run), resultOf(killed.home, killed.run)];
    expect(actual.bytes.equals(expected.bytes)).toBe(true);
    expect(actual).toEqual(expected);
    expect(Math.max(...killedAfterSteps)).toBeGreaterThan(200);
  });
});
