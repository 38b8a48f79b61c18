import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Jobs } from '../../src-main/host/jobs.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { EventHub } from '../../src-preload/contract/event-hub.ts';
import type { Job } from '../../src-preload/contract/commands/host.ts';

const what = { command: 'datasets add', title: 'Index /data', subject: null };
const caller = () => ({ signal: new AbortController().signal, progress: () => undefined });

let hub: EventHub;
let told: Job[];
let jobs: Jobs;
beforeEach(() => {
  vi.useFakeTimers();
  hub = new EventHub();
  told = [];
  hub.subscribe(null, ({ payload }) => told.push((payload as { job: Job }).job));
  jobs = new Jobs({ hub, kept: 3 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a job', () => {
  it('tells its rate and the time left by what was done of late', async () => {
    await jobs.run(what, caller(), async ({ progress }) => {
      for (let done = 0; done <= 100; done++) {
        progress({ stage: 'Reading', done, total: 1000, unit: 'files' });
        await vi.advanceTimersByTimeAsync(100);
      }
      // Slower from here on: a mean over the whole time would still say 10 a second.
      for (let done = 101; done <= 130; done++) {
        progress({ stage: 'Reading', done, total: 1000, unit: 'files' });
        await vi.advanceTimersByTimeAsync(500);
      }
      const [job] = jobs.list();
      expect(job?.rate).toBeCloseTo(2, 1);
      expect(job?.etaSec).toBeCloseTo(870 / 2, -1);
    });
    expect(jobs.list()[0]).toMatchObject({ state: 'done', etaSec: null });
  });

  it('is told five times a second at most, and its end at once', async () => {
    await jobs.run(what, caller(), async ({ progress }) => {
      for (let done = 0; done < 1000; done++) {
        progress({ stage: 'Reading', done, total: 1000 });
        await vi.advanceTimersByTimeAsync(2);
      }
    });
    expect(told.length).toBeLessThanOrEqual(12);
    expect(told.at(-1)).toMatchObject({ state: 'done', done: 999 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(told.at(-1)).toMatchObject({ state: 'done' });
  });

  it('keeps its warnings, and its error with the remedy', async () => {
    const failing = jobs.run(what, caller(), async ({ progress }) => {
      progress({ stage: 'Reading', warning: 'one file is odd' });
      throw new ResynthError('files/disk-full', { file: '/x' });
    });
    await expect(failing).rejects.toMatchObject({ code: 'files/disk-full' });
    expect(jobs.list()[0]).toMatchObject({
      state: 'failed',
      warnings: ['one file is odd'],
      error: { code: 'files/disk-full', remedy: expect.stringContaining('Free some space') as string },
    });
  });

  it('is not kept where it was refused before it began', async () => {
    const refused = jobs.run(what, caller(), () =>
      Promise.reject(new ResynthError('dataset/name-invalid', { name: '', detail: 'it is empty' })),
    );
    await expect(refused).rejects.toMatchObject({ code: 'dataset/name-invalid' });
    expect(jobs.list()).toEqual([]);
  });

  it('is cancelled by its id, or by who asked for it', async () => {
    const waits = (signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => reject(new ResynthError('internal/cancelled')));
      });
    const byId = jobs.run(what, caller(), ({ signal }) => waits(signal));
    const refused = expect(byId).rejects.toMatchObject({ code: 'internal/cancelled' });
    jobs.cancel(jobs.list()[0]?.id ?? '');
    await refused;
    expect(jobs.list()[0]).toMatchObject({ state: 'cancelled', error: null });
    const controller = new AbortController();
    const byCaller = jobs.run(what, { ...caller(), signal: controller.signal }, ({ signal }) =>
      waits(signal),
    );
    controller.abort();
    await expect(byCaller).rejects.toMatchObject({ code: 'internal/cancelled' });
    expect(() => jobs.cancel('none')).toThrow(expect.objectContaining({ code: 'host/job-unknown' }));
  });

  it('is remembered when it has ended, the last ones of them', async () => {
    for (const title of ['a', 'b', 'c', 'd']) await jobs.run({ ...what, title }, caller(), async () => title);
    expect(jobs.list().map(({ title }) => title)).toEqual(['d', 'c', 'b']);
    expect(jobs.cancel(jobs.list()[0]?.id ?? '').state).toBe('done');
  });
});
