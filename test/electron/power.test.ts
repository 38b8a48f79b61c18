import { expect, test, vi } from 'vitest';
import { TrainingWatch } from '../../src-main/electron/power.ts';

test('the machine stays awake exactly while runs train, whoever started them', () => {
  // Zero is an id like any other.
  let next = 0;
  const blocker = { start: vi.fn(() => next++), stop: vi.fn() };
  const watch = new TrainingWatch(blocker);
  watch.hear({ runs: 0, ours: true });
  expect(blocker.start).not.toHaveBeenCalled();
  watch.hear({ runs: 1, ours: false });
  watch.hear({ runs: 2, ours: true });
  expect(blocker.start).toHaveBeenCalledOnce();
  expect(blocker.start).toHaveBeenCalledWith('prevent-app-suspension');
  watch.hear({ runs: 0, ours: true });
  watch.hear({ runs: 0, ours: false });
  expect(blocker.stop).toHaveBeenCalledOnce();
  expect(blocker.stop).toHaveBeenCalledWith(0);
  watch.hear({ runs: 1, ours: true });
  expect(blocker.start).toHaveBeenCalledTimes(2);
});

test('only runs that closing may end are asked about', () => {
  const watch = new TrainingWatch({ start: () => 1, stop: () => true });
  watch.hear({ runs: 2, ours: false });
  expect(watch.ownRuns).toBe(0);
  watch.hear({ runs: 2, ours: true });
  expect(watch.ownRuns).toBe(2);
});
