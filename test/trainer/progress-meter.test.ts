import { describe, expect, it } from 'vitest';
import { ProgressMeter } from '../../src-main/trainer/progress-meter.ts';

function bench(earlierMs = 0) {
  let clockMs = 1000;
  const meter = new ProgressMeter(earlierMs, () => clockMs);
  return { meter, wait: (ms: number) => void (clockMs += ms) };
}

describe('progress meter', () => {
  it('says nothing of speed before the first step', () => {
    const { meter } = bench();
    expect(meter.msPerStep).toBeNull();
    expect(meter.secondsFor(10)).toBeNull();
    expect(meter.feedingShare).toBe(0);
  });

  it('leaves the slow first step out of the speeds once there is a second', () => {
    const { meter, wait } = bench();
    wait(6000);
    meter.stepDone(6000, 0);
    expect(meter.msPerStep).toBe(6000);
    wait(100);
    meter.stepDone(90, 10);
    expect(meter.msPerStep).toBe(100);
    expect(meter.secondsFor(50)).toBeCloseTo(5);
  });

  it('counts what lies between steps into the time that is left', () => {
    const { meter, wait } = bench();
    for (let step = 0; step < 11; step++) {
      wait(100);
      meter.stepDone(40, 10);
    }
    expect(meter.msPerStep).toBe(50);
    expect(meter.secondsFor(10)).toBeCloseTo(1);
    expect(meter.feedingShare).toBeCloseTo(0.2);
  });

  it('leaves pauses out of everything, however often it is told of one', () => {
    const { meter, wait } = bench(500);
    wait(200);
    meter.stepDone(100, 0);
    meter.paused();
    wait(60_000);
    meter.paused();
    expect(meter.processMs).toBe(700);
    meter.resumed();
    meter.resumed();
    wait(100);
    meter.stepDone(100, 0);
    expect(meter.processMs).toBe(800);
    expect(meter.secondsFor(1)).toBeCloseTo(0.1);
  });

  it('has nothing left to do after the last step', () => {
    const { meter, wait } = bench();
    wait(100);
    meter.stepDone(100, 0);
    expect(meter.secondsFor(-3)).toBe(0);
  });
});
