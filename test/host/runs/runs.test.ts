import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  createRun,
  listRuns,
  type NewRun,
  openRun,
  resolveRun,
  type Run,
} from '../../../src-main/host/runs/runs.ts';
import type { Host } from '../../../src-main/host/host.ts';
import { metricsCsv } from '../../../src-main/host/runs/runs-commands.ts';
import { trashRun } from '../../../src-main/host/runs/runs-trash.ts';
import { forkRun, type ForkRequest } from '../../../src-main/host/runs/runs-fork.ts';
import { type Home, openHome } from '../../../src-main/store/home.ts';
import type { Dataset } from '../../../src-main/corpora/recording.ts';
import { CheckpointStore, openCheckpoint } from '../../../src-main/trainer/checkpoint-store.ts';
import { acquireRunLock } from '../../../src-main/trainer/lock.ts';
import { decodeSafetensors } from '../../../src-main/trainer/safetensors.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { writeRunStatus } from '../../../src-main/trainer/run-status.ts';
import {
  runsDelete,
  runsExport,
  runsList,
  runsResume,
  runsShow,
  train,
} from '../../../src-preload/contract/commands/runs.ts';
import { runsRestore } from '../../../src-preload/contract/commands/runs-live.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { begin, fakeEntry, makeRun, tinyConfig } from '../../trainer/kill-helpers.ts';
import { testEnvironment } from '../../trainer/run-fixture.ts';
import { openTestHost, quiet } from '../open-test-host.ts';

let home: Home;
beforeEach(async () => {
  home = openHome(await temporaryFolder());
});

/** The host of these runs as they are now. */
const host = (): Promise<Host> => openTestHost(home.root);
const dataset = { id: 'd', name: 'd', folder: '/d', splitHash: 'h' };
const engine = { backend: null, device: null, threads: null };
const config = tinyConfig({ epochs: '3' });

const make = (name?: string): Promise<Run> =>
  createRun(home, { config, dataset, name, nameFrom: 'tiny', engine, parent: null });

/** A run of three epochs, trained to its end on the fake program. */
async function trainedRun(name: string): Promise<Run> {
  const { run } = await makeRun(home.root, name, tinyConfig({ epochs: '3' }));
  await begin(home, run, { entry: fakeEntry }).ended;
  return openRun(home, run.record.id);
}

describe('run folders', () => {
  it('are found by id, by name and by the beginning of the id', async () => {
    const run = await make('Größe "1" 🎧');
    for (const which of [run.record.id, 'Größe "1" 🎧', run.record.id.slice(0, 12)]) {
      expect(resolveRun(home, which).record.id).toBe(run.record.id);
    }
  });

  it('name the candidates when it is not clear which is meant', async () => {
    const [a, b] = [await make('a'), await make('b')];
    const error = (() => {
      try {
        resolveRun(home, '20');
      } catch (thrown) {
        return thrown as Error & { code: string };
      }
      return null;
    })();
    expect(error?.code).toBe('runs/ambiguous');
    expect(error?.message).toContain(a.record.id);
    expect(error?.message).toContain(b.record.id);
  });

  it.each(['nothing', '', '../../..', '/'])('refuse %j by name', async (which) => {
    await make('a');
    expect(() => resolveRun(home, which)).toThrow(expect.objectContaining({ code: 'runs/not-found' }));
  });

  it('get free names by themselves, and refuse one that is taken', async () => {
    expect((await make()).record.name).toBe('tiny');
    expect((await make()).record.name).toBe('tiny-2');
    await expect(make('tiny')).rejects.toMatchObject({ code: 'runs/name-taken' });
  });

  it.each(['', '  ', ' a', 'a\nb', 'x'.repeat(121)])('refuse the name %j', async (name) => {
    await expect(make(name)).rejects.toMatchObject({ code: 'runs/name-invalid' });
    expect(listRuns(home).runs).toEqual([]);
  });

  it('show one that cannot be read apart, without hiding the others', async () => {
    const [good, bad] = [await make('good'), await make('bad')];
    writeFileSync(runFiles(bad.folder).record, '{');
    const listed = await (await host()).call(runsList, {}, quiet);
    expect(listed.runs.map(({ run }) => run)).toEqual([good.record.id]);
    expect(listed.damaged[0]).toMatchObject({
      run: bad.record.id,
      message: expect.stringContaining('run.json'),
    });
  });

  it('read as interrupted when they say running and nobody trains', async () => {
    const run = await make('a');
    writeRunStatus(run.folder, { ...run.status, state: 'running', step: 12 });
    const listed = await (await host()).call(runsList, {}, quiet);
    expect(listed.runs[0]).toMatchObject({ state: 'interrupted', step: 12, pid: null });
    expect(listed.runs[0]?.reason).toContain('step 12');
  });

  it.each(['', '{'])('are listed and can go on when their status is damaged: %j', async (content) => {
    const run = await make('a');
    writeFileSync(runFiles(run.folder).status, content);
    const listed = await (await host()).call(runsList, {}, quiet);
    expect(listed.damaged).toEqual([]);
    expect(listed.runs[0]).toMatchObject({ name: 'a', state: 'interrupted' });
    expect(openRun(home, run.record.id).status.notes[0]).toContain('status.json');
  });

  it('are empty in a fresh data folder', async () => {
    expect(await (await host()).call(runsList, {}, quiet)).toEqual({ runs: [], damaged: [] });
  });
});

describe('runs delete', () => {
  it('moves the folder into the trash, from where it comes back', async () => {
    const run = await make('a');
    const open = await host();
    const { freedBytes } = await open.call(runsDelete, { run: 'a' }, quiet);
    expect(freedBytes).toBeGreaterThan(500);
    expect(existsSync(run.folder)).toBe(false);
    expect((await open.call(runsList, {}, quiet)).runs).toEqual([]);
    expect(await open.call(runsRestore, { run: 'a' }, quiet)).toEqual({ run: run.record.id, name: 'a' });
    expect((await open.call(runsList, {}, quiet)).runs[0]).toMatchObject({ name: 'a' });
    await expect(open.call(runsRestore, { run: 'a' }, quiet)).rejects.toMatchObject({
      code: 'runs/not-in-trash',
    });
  });

  it('brings a run back under another name where its own was given away', async () => {
    const first = await make('a');
    const open = await host();
    await open.call(runsDelete, { run: 'a' }, quiet);
    const second = await open.services.trainers.create({
      config,
      dataset,
      name: 'a',
      nameFrom: 'a',
      engine,
      parent: null,
    });
    expect(await open.call(runsRestore, { run: first.record.id }, quiet)).toMatchObject({ name: 'a-2' });
    expect(resolveRun(home, 'a').record.id).toBe(second.record.id);
  });

  it('takes a run whose record is damaged, by its id', async () => {
    const run = await make('a');
    writeFileSync(runFiles(run.folder).record, '{');
    const { id } = run.record;
    const open = await host();
    expect(await open.call(runsDelete, { run: id }, quiet)).toMatchObject({ deleted: id });
    expect(existsSync(run.folder)).toBe(false);
    expect(await open.call(runsRestore, { run: id }, quiet)).toMatchObject({ run: id });
  });

  it('refuses a run that is being trained', async () => {
    const run = await make('a');
    const lock = acquireRunLock(run.folder);
    expect(() => trashRun(home, { folder: run.folder, id: run.record.id })).toThrow(
      expect.objectContaining({ code: 'runs/live' }),
    );
    expect(existsSync(run.folder)).toBe(true);
    lock.release();
  });
});

describe('runs show and export', () => {
  it('show what a run is, how far it came and what it keeps', async () => {
    const run = await trainedRun('shown');
    const shown = await (await host()).call(runsShow, { run: 'shown' }, quiet);
    expect(shown).toMatchObject({ state: 'finished', step: 12, epochs: 3, metrics: { segments: 1 } });
    expect(shown.metrics.validation?.step).toBe(12);
    expect(shown.metrics.bestValidation?.values.total).toBe(run.status.best?.value);
    expect(shown.differences.map(({ setting }) => setting)).toContain('model.filters');
    expect(shown.checkpoints.find(({ last }) => last)).toMatchObject({ step: 12, readable: true });
    expect(shown.checkpoints.filter(({ best }) => best)).toHaveLength(1);
    expect(shown.checkpoints[0]?.bytes).toBeGreaterThan(500);
  });

  it('export a checkpoint, the metrics and the configuration into a new folder', async () => {
    await trainedRun('exported');
    const out = path.join(home.root, 'out');
    const open = await host();
    const exported = await open.call(runsExport, { run: 'exported', out, checkpoint: 'last' }, quiet);
    expect(readdirSync(out).sort()).toEqual([...exported.files].sort());
    const { tensors } = decodeSafetensors(readFileSync(path.join(out, 'checkpoint.safetensors')), 'x');
    expect(tensors.get('adam/step')?.data).toEqual(Int32Array.of(12));
    const csv = readFileSync(path.join(out, 'metrics.csv'), 'utf8').trim().split('\n');
    expect(csv[0]).toMatch(/^split,step,epoch,segment,wallMs,total/);
    expect(csv).toHaveLength(1 + 12 + 3);
    await expect(
      open.call(runsExport, { run: 'exported', out, checkpoint: 'last' }, quiet),
    ).rejects.toMatchObject({
      code: 'runs/export-exists',
    });
  });

  it('name the checkpoints that there are when another is asked for', async () => {
    await trainedRun('r');
    const out = path.join(home.root, 'out');
    await expect(
      (await host()).call(runsExport, { run: 'r', out, checkpoint: 7 }, quiet),
    ).rejects.toMatchObject({
      code: 'runs/checkpoint-missing',
      remedy: expect.stringContaining('12'),
    });
    expect(existsSync(out)).toBe(false);
  });

  it('write NaN as a word in CSV, and leave absent values empty', () => {
    const base = { segment: 0, epoch: 1, wallMs: 5, processMs: 5 };
    const csv = metricsCsv([
      { ...base, step: 1, split: 'train', values: { total: Number.NaN, rate: 0 } },
      { ...base, step: 1, split: 'validation', values: { total: 2 } },
    ]);
    expect(csv).toBe(
      'split,step,epoch,segment,wallMs,total,rate\ntrain,1,1,0,5,NaN,0\nvalidation,1,1,0,5,2,\n',
    );
  });
});

describe('runs fork', () => {
  const request: ForkRequest = {
    checkpoint: 'last',
    overrides: {},
    epochs: 4,
    seed: undefined,
    name: undefined,
    engine,
  };

  /** A run with one checkpoint in the middle of its second epoch, with weights of the model's own names and shapes. */
  async function parentRun(): Promise<Run> {
    const { familyById } = await import('../../../src-main/models/registry.ts');
    const run = await make('parent');
    const specs = familyById(config.family).parameters({ config: config.model, features: config.features });
    const weights = new Map(
      specs.map(({ name, shape }) => {
        const size = shape.reduce((product, extent) => product * extent, 1);
        return [name, { data: new Float32Array(size).fill(0.5), shape: [...shape] }];
      }),
    );
    const progress = {
      step: 6,
      epoch: 1,
      stepInEpoch: 2,
      best: { step: 4, epoch: 1, value: 3, split: 'validation' },
      validationsWithoutBetter: 1,
      epochSums: { total: 2 },
    };
    const { record } = run;
    new CheckpointStore(runFiles(run.folder).checkpoints, { keepEveryEpochs: 0, budgetBytes: 0 }).write(
      {
        run: record.id,
        config: record.config,
        dataset: record.dataset,
        environment: testEnvironment,
        seed: 11,
        progress,
        validation: null,
      },
      weights,
    );
    return run;
  }

  const firstOf = (run: Run) => openCheckpoint(runFiles(run.folder).checkpoints, 'last');
  const data = dataset as Dataset;
  const trainers = { create: (wanted: NewRun) => createRun(home, wanted) };

  it('starts a run from the checkpoint of another, which is recorded', async () => {
    const parent = await parentRun();
    const { run } = await forkRun(trainers, parent, data, {
      ...request,
      overrides: { learningRate: '0.25', beta: '2' },
    });
    expect(run.record.parent).toEqual({ run: parent.record.id, name: 'parent', step: 6 });
    expect(run.record.name).toBe('parent-fork');
    expect(run.record.config.training).toMatchObject({ learningRate: 0.25, beta: 2, epochs: 5, seed: 11 });
    // What the parent had changed stays.
    expect(run.record.config.model).toEqual(parent.record.config.model);
    expect(run.record.config.differences.map(({ setting }) => setting)).toContain('training.learningRate');
    const first = firstOf(run);
    expect(first.state).toEqual(firstOf(parent).state);
    expect(first.record).toMatchObject({
      run: run.record.id,
      progress: { step: 6, epoch: 1, stepInEpoch: 2, best: null },
    });
  });

  it.each([
    ['seed', { seed: 12 }, data],
    ['batch size', { overrides: { batchSize: '2' } }, data],
    ['dataset', {}, { ...data, splitHash: 'changed' }],
  ])('begins the epoch again with another %s', async (_what, changes, source) => {
    const { run } = await forkRun(trainers, await parentRun(), source, { ...request, ...changes });
    expect(firstOf(run).record.progress).toMatchObject({ step: 6, epoch: 1, stepInEpoch: 0, epochSums: {} });
  });

  it('refuses settings that change a shape, before anything is made', async () => {
    const parent = await parentRun();
    await expect(
      forkRun(trainers, parent, data, { ...request, overrides: { filters: '4,16' } }),
    ).rejects.toMatchObject({
      code: 'runs/checkpoint-mismatch',
      message: expect.stringMatching(/\[3, 3, 4, 8\] there and \[3, 3, 4, 16\] in the model/),
    });
    expect(listRuns(home).runs).toHaveLength(1);
  });

  it('refuses misspelt settings by name, and a fork with nothing to do', async () => {
    const parent = await parentRun();
    await expect(
      forkRun(trainers, parent, data, { ...request, overrides: { learningrat: '1' } }),
    ).rejects.toMatchObject({
      code: 'models/setting-unknown',
    });
    const done = { ...request, epochs: undefined, overrides: { epochs: '1' } };
    await expect(forkRun(trainers, parent, data, done)).rejects.toMatchObject({ code: 'runs/fork-done' });
  });
});

describe('train and resume', () => {
  const input = { dataset: 'none', preset: 'fsdd-vae-compact', set: {}, detach: false };

  it('refuse before a run is made: preset, setting and dataset by name', async () => {
    const open = await host();
    const refusal = (changes: object) => open.call(train, { ...input, ...changes }, quiet);
    await expect(refusal({ preset: 'fsdd-vae-compac' })).rejects.toMatchObject({
      code: 'models/preset-unknown',
    });
    await expect(refusal({ set: { filtres: '3' } })).rejects.toMatchObject({
      code: 'models/setting-unknown',
    });
    await expect(refusal({ set: { beta: '-1' } })).rejects.toMatchObject({ code: 'models/setting-invalid' });
    await expect(refusal({})).rejects.toMatchObject({ code: 'dataset/unknown' });
    expect(listRuns(home).runs).toEqual([]);
  });

  it('refuse to go on with a run that is done, or that another process trains', async () => {
    const run = await trainedRun('done');
    const open = await host();
    await expect(open.call(runsResume, { run: 'done' }, quiet)).rejects.toMatchObject({
      code: 'runs/finished',
    });
    const lock = acquireRunLock(run.folder);
    onTestFinished(() => lock.release());
    await expect(open.call(runsResume, { run: 'done' }, quiet)).rejects.toMatchObject({
      code: 'runs/locked',
    });
  });
});
