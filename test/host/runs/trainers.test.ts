import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Host } from '../../../src-main/host/host.ts';
import { openRun, type Run } from '../../../src-main/host/runs/runs.ts';
import { type Home, openHome } from '../../../src-main/store/home.ts';
import { lockHolder } from '../../../src-main/trainer/lock.ts';
import { readMetrics } from '../../../src-main/trainer/metrics-log.ts';
import { runFiles, writeRunRecord } from '../../../src-main/trainer/run-record.ts';
import type { Client } from '../../../src-preload/contract/client.ts';
import { createClient } from '../../../src-preload/contract/client.ts';
import { memoryChannelPair } from '../../../src-preload/contract/channels/memory.ts';
import {
  runsExtend,
  runsList,
  runsPause,
  runsResume,
  runsShow,
  runsStop,
} from '../../../src-preload/contract/commands/runs.ts';
import {
  runsAnnotate,
  runsDiscard,
  runsLog,
  runsMetrics,
  runsMove,
  runsRename,
  runsRestore,
  runsUnqueue,
} from '../../../src-preload/contract/commands/runs-live.ts';
import { settingsSet } from '../../../src-preload/contract/commands/host.ts';
import {
  runChanged,
  runClipsDecoded,
  runMeasured,
  runProgressed,
  runRemoved,
} from '../../../src-preload/contract/events/runs.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { begin, fakeEntry, makeRun, tinyConfig } from '../../trainer/kill-helpers.ts';
import { openTestHost, quiet } from '../open-test-host.ts';

let home: Home;
let host: Host;
beforeEach(async () => {
  home = openHome(await temporaryFolder());
  host = await openTestHost(home.root);
});

const long = tinyConfig({ epochs: '4000' });
const short = tinyConfig({ epochs: '2' });

const create = (name: string, config = short): Promise<Run> =>
  host.services.trainers.create({
    config,
    dataset: { id: 'd', name: 'd', folder: '/d', splitHash: 'h' },
    name,
    nameFrom: name,
    engine: { backend: null, device: null, threads: null },
    parent: null,
  });

/** A client in memory, as a window has one. */
function clientOf(of: Host): Client {
  const client = createClient({
    open: () => {
      const [here, there] = memoryChannelPair();
      of.serve(there);
      return Promise.resolve(here);
    },
  });
  onTestFinished(() => client.close());
  return client;
}

/** Waits until `condition` holds, and says what was waited for when it never does. */
async function until<Value>(what: string, condition: () => Value | undefined | false | null): Promise<Value> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const value = condition();
    if (value) return value;
    if (performance.now() > deadline) throw new Error(`waited too long: ${what}`);
    await setTimeout(10);
  }
}

const stateOf = (name: string): string | undefined =>
  host.services.trainers.index.summaries().find((run) => run.name === name)?.state;

/** Resumes a run in the background. */
const start = (run: string) => host.call(runsResume, { run, detach: true }, quiet);

describe('a run that the host trains', () => {
  it('is told to every client as it happens, and the curves are those of its file', async () => {
    const run = await create('a', tinyConfig({ epochs: '60' }));
    const client = clientOf(host);
    const states: string[] = [];
    const steps: number[] = [];
    const clips: number[] = [];
    let progressed = 0;
    client.on(runChanged, ({ run: summary }) => states.push(summary.state));
    client.on(runProgressed, () => progressed++);
    client.on(runMeasured, ({ series }) => {
      const total = series.find(({ split, key }) => split === 'train' && key === 'total');
      steps.push(...(total?.steps ?? []));
    });
    client.on(runClipsDecoded, ({ step }) => clips.push(step));
    await client.call(runsList, {});
    const ended = await client.call(runsResume, { run: 'a' });
    expect(ended).toMatchObject({ state: 'finished', steps: 240 });
    await until('the end is told', () => states.at(-1) === 'finished');
    expect([...new Set(states)]).toEqual(expect.arrayContaining(['running', 'finished']));
    expect(progressed).toBeGreaterThan(0);
    expect(steps).toEqual(Array.from({ length: 240 }, (_, index) => index + 1));
    expect(clips.length).toBeGreaterThan(0);

    const file = readMetrics(runFiles(run.folder).metrics).rows;
    const { series, lastStep } = await client.call(runsMetrics, { run: 'a' });
    expect(lastStep).toBe(240);
    for (const split of ['train', 'validation']) {
      const total = series.find((one) => one.split === split && one.key === 'total');
      const rows = file.filter((row) => row.split === split);
      expect([...(total?.values ?? [])]).toEqual(rows.map(({ values }) => values.total));
      expect([...(total?.steps ?? [])]).toEqual(rows.map(({ step }) => step));
    }
  });

  it('is stopped and saved when its caller takes it back, and goes on when the line is only lost', async () => {
    await create('a', long);
    const controller = new AbortController();
    const client = clientOf(host);
    const training = client.call(runsResume, { run: 'a' }, { signal: controller.signal });
    await until('it trains', () => stateOf('a') === 'running');
    controller.abort();
    expect((await training).state).toBe('stopped');

    const lost = clientOf(host);
    const again = lost.call(runsResume, { run: 'a' });
    await until('it trains again', () => stateOf('a') === 'running');
    lost.close();
    await expect(again).rejects.toMatchObject({ code: 'contract/connection-lost' });
    await setTimeout(300);
    expect(stateOf('a')).toBe('running');
    expect(await host.call(runsStop, { run: 'a' }, quiet)).toMatchObject({ state: 'stopped' });
  });

  it('is interrupted when it is killed, with the reason, and is not started again by itself', async () => {
    const run = await create('a', long);
    await start('a');
    const { pid } = lockHolder(run.folder) ?? { pid: 0 };
    process.kill(pid, 'SIGKILL');
    await until('it is interrupted', () => stateOf('a') === 'interrupted');
    const shown = await until('the reason', () => {
      const { status } = openRun(home, run.record.id);
      return status.error && status;
    });
    expect(shown.error).toMatchObject({ code: 'runs/trainer-crashed' });
    expect(shown.reason).toContain('SIGKILL');
    expect(shown.notes.join('\n')).toMatch(/The end of its log:\n.*running/s);
    await setTimeout(600);
    expect(stateOf('a')).toBe('interrupted');
    expect((await start('a')).state).toBe('running');
  });

  it('is discarded without saving, and restored to what was saved before', async () => {
    const run = await create('a', long);
    const client = clientOf(host);
    const removed: string[] = [];
    client.on(runRemoved, ({ run: id }) => removed.push(id));
    await client.call(runsList, {});
    await start('a');
    await client.call(runsDiscard, { run: 'a' });
    expect(existsSync(run.folder)).toBe(false);
    await until('it is told', () => removed.includes(run.record.id));
    await client.call(runsRestore, { run: 'a' });
    expect(await client.call(runsShow, { run: 'a' })).toMatchObject({ state: 'interrupted', pid: null });
  });

  it('that cannot go on is left as it was, with a note', async () => {
    await create('done');
    await host.call(runsResume, { run: 'done' }, quiet);
    process.env.RESYNTH_FAKE_REFUSE = '1';
    onTestFinished(() => void delete process.env.RESYNTH_FAKE_REFUSE);
    const refused = { code: 'engine/device-unavailable' };
    await expect(host.call(runsExtend, { run: 'done', epochs: 3 }, quiet)).rejects.toMatchObject(refused);
    await expect(
      host.call(runsExtend, { run: 'done', epochs: 3, detach: true }, quiet),
    ).rejects.toMatchObject(refused);
    const shown = await host.call(runsShow, { run: 'done' }, quiet);
    expect(shown).toMatchObject({ state: 'finished', epochs: 2, extensions: [], error: null });
    expect(shown.remarks.join()).toContain('It could not go on');

    const stopped = await create('stopped');
    writeRunRecord(stopped.folder, stopped.record);
    delete process.env.RESYNTH_FAKE_REFUSE;
    await host.call(runsResume, { run: 'stopped' }, quiet);
    process.env.RESYNTH_FAKE_REFUSE = '1';
    const before = openRun(home, stopped.record.id);
    await expect(host.call(runsExtend, { run: 'stopped', epochs: 1 }, quiet)).rejects.toMatchObject(refused);
    expect(openRun(home, stopped.record.id).record).toEqual(before.record);
  });

  it('that never began and cannot, fails with the reason', async () => {
    await create('new');
    process.env.RESYNTH_FAKE_REFUSE = '1';
    onTestFinished(() => void delete process.env.RESYNTH_FAKE_REFUSE);
    await expect(start('new')).rejects.toMatchObject({ code: 'engine/device-unavailable' });
    expect(stateOf('new')).toBe('failed');
  });
});

describe('a run that another process trains', () => {
  it('appears within a second, is followed, and is controlled like one of ours', async () => {
    const client = clientOf(host);
    const told = new Map<string, number>();
    const note = (what: string) => () => void told.set(what, (told.get(what) ?? 0) + 1);
    client.on(runChanged, note('changed'));
    client.on(runProgressed, note('progressed'));
    client.on(runMeasured, note('measured'));
    await client.call(runsList, {});
    const { run } = await makeRun(home.root, 'theirs', long);
    const made = performance.now();
    await until('it appears', () => stateOf('theirs') === 'queued');
    expect(performance.now() - made).toBeLessThan(1500);
    const trainer = begin(home, run, { entry: fakeEntry });
    await until('it is followed', () => (told.get('progressed') ?? 0) > 1 && (told.get('measured') ?? 0) > 1);
    expect(await client.call(runsPause, { run: 'theirs' })).toMatchObject({ state: 'paused' });
    expect(await client.call(runsResume, { run: 'theirs' })).toMatchObject({ state: 'running' });
    process.kill(trainer.pid, 'SIGKILL');
    await until('it is interrupted', () => stateOf('theirs') === 'interrupted');
    const { status } = openRun(home, run.record.id);
    expect(status.reason).toContain('without a word');
    await trainer.ended.catch(() => undefined);
  });

  it('gives the curves of a run without breaks, however often it was killed and resumed', async () => {
    const { run } = await makeRun(
      home.root,
      'killed',
      tinyConfig({ epochs: '400', checkpointEverySteps: '40' }),
    );
    for (let kill = 0; kill < 2; kill++) {
      const trainer = begin(home, run, { entry: fakeEntry });
      const from = openRun(home, run.record.id).status.step;
      await until('some steps', () => openRun(home, run.record.id).status.step > from + 60);
      process.kill(trainer.pid, 'SIGKILL');
      await trainer.ended.catch(() => undefined);
    }
    await begin(home, run, { entry: fakeEntry }).ended;
    await until('its end is seen', () => stateOf('killed') === 'finished');
    const rows = readMetrics(runFiles(run.folder).metrics).rows.filter(({ split }) => split === 'train');
    const { series } = await host.call(runsMetrics, { run: 'killed', keys: ['total'] }, quiet);
    const total = series.find(({ split }) => split === 'train');
    expect([...(total?.steps ?? [])]).toEqual(rows.map(({ step }) => step));
    expect([...(total?.values ?? [])]).toEqual(rows.map(({ values }) => values.total));
  });
});

describe('the queue', () => {
  it('trains one at a time in order, and more where that is wanted', async () => {
    for (const name of ['a', 'b', 'c']) {
      const run = await create(name, long);
      const queued = await host.call(runsResume, { run: run.record.id, queue: true }, quiet);
      expect(['queued', 'starting', 'running']).toContain(queued.state);
    }
    await until('the first trains', () => stateOf('a') === 'running');
    const place = (name: string) =>
      host.services.trainers.index.summaries().find((run) => run.name === name)?.queuePlace;
    expect([place('a'), place('b'), place('c')]).toEqual([null, 1, 2]);
    expect((await host.call(runsMove, { run: 'c', place: 1 }, quiet)).queue).toHaveLength(2);
    expect([place('b'), place('c')]).toEqual([2, 1]);
    await expect(host.call(runsResume, { run: 'b', queue: true }, quiet)).rejects.toMatchObject({
      code: 'runs/queued',
    });
    await host.call(runsStop, { run: 'a' }, quiet);
    await until('the moved one trains', () => stateOf('c') === 'running');
    expect(stateOf('b')).toBe('queued');
    await host.call(settingsSet, { key: 'concurrentTrainings', value: 2 }, quiet);
    await until('both train', () => stateOf('b') === 'running');
  });

  it('lets go of a run, which can be resumed', async () => {
    await create('a', long);
    await create('b', long);
    await host.call(runsResume, { run: 'a', queue: true }, quiet);
    await host.call(runsResume, { run: 'b', queue: true }, quiet);
    await host.call(runsUnqueue, { run: 'b' }, quiet);
    expect(stateOf('b')).toBe('stopped');
    await expect(host.call(runsUnqueue, { run: 'b' }, quiet)).rejects.toMatchObject({
      code: 'runs/not-queued',
    });
    expect((await start('b')).state).toBe('running');
  });

  it('outlives its host: what waits goes on with the next, which adopts what trains', async () => {
    await create('a', long);
    await create('b', long);
    await start('a');
    await host.call(runsResume, { run: 'b', queue: true }, quiet);
    const pid = host.services.trainers.index.summaries().find(({ name }) => name === 'a')?.pid;
    await host.close({ stopTraining: false });
    host = await openTestHost(home.root);
    const runs = (await host.call(runsList, {}, quiet)).runs;
    expect(runs.find(({ name }) => name === 'a')).toMatchObject({ state: 'running', pid });
    expect(runs.find(({ name }) => name === 'b')).toMatchObject({ state: 'queued', queuePlace: 1 });
    await host.call(runsStop, { run: 'a' }, quiet);
    await until('the other trains', () => stateOf('b') === 'running');
    await host.call(runsStop, { run: 'b' }, quiet);
  });

  it('stops and saves what it started where it is closed for good', async () => {
    const run = await create('a', long);
    await start('a');
    await host.close({ stopTraining: true });
    expect(openRun(home, run.record.id).status).toMatchObject({
      state: 'stopped',
      reason: expect.stringContaining('closed') as string,
    });
  });
});

describe('names and notes of runs', () => {
  it('are unique also for two that ask at the same moment', async () => {
    const results = await Promise.allSettled([create('x'), create('x'), create('x')]);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const one of refused) expect(one).toMatchObject({ reason: { code: 'runs/name-taken' } });
  });

  it('change, are kept in the run folder, and are refused where they cannot be', async () => {
    await create('x');
    await create('y');
    await expect(host.call(runsRename, { run: 'x', name: 'y' }, quiet)).rejects.toMatchObject({
      code: 'runs/name-taken',
    });
    expect(await host.call(runsRename, { run: 'x', name: 'x' }, quiet)).toMatchObject({ name: 'x' });
    await host.call(runsRename, { run: 'x', name: 'Größe 1' }, quiet);
    const annotation = { notes: 'first try', tags: ['a', 'b'], colour: '#00ff7f' };
    await host.call(runsAnnotate, { run: 'Größe 1', ...annotation, tags: ['a', 'b', 'a'] }, quiet);
    await host.call(runsAnnotate, { run: 'Größe 1', notes: 'second' }, quiet);
    await host.close({ stopTraining: false });
    host = await openTestHost(home.root);
    expect(await host.call(runsShow, { run: 'Größe 1' }, quiet)).toMatchObject({
      ...annotation,
      notes: 'second',
    });
  });
});

describe('the log of a run', () => {
  it('is read from its end, and on from a byte', async () => {
    const run = await create('a');
    await host.call(runsResume, { run: 'a' }, quiet);
    const text = readFileSync(runFiles(run.folder).log, 'utf8');
    const whole = await host.call(runsLog, { run: 'a' }, quiet);
    expect(whole).toMatchObject({ text, from: 0, next: Buffer.byteLength(text) });
    expect(await host.call(runsLog, { run: 'a', from: whole.next }, quiet)).toMatchObject({ text: '' });
    const half = Math.floor(whole.next / 2);
    expect((await host.call(runsLog, { run: 'a', from: half }, quiet)).text).toBe(
      Buffer.from(text).subarray(half).toString(),
    );
  });
});
