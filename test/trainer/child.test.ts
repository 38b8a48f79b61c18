import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openRun, type Run } from '../../src-main/host/runs/runs.ts';
import { tellTrainer } from '../../src-main/host/runs/runs-control.ts';
import type { Trainer } from '../../src-main/host/runs/supervisor.ts';
import type { Home } from '../../src-main/store/home.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { checkpointFiles } from '../../src-main/trainer/checkpoint.ts';
import { checkpointSteps, openCheckpoint } from '../../src-main/trainer/checkpoint-store.ts';
import type { FromTrainer } from '../../src-main/trainer/messages.ts';
import { readLatents } from '../../src-main/trainer/latents-log.ts';
import { readMetrics } from '../../src-main/trainer/metrics-log.ts';
import { readRunRecord, runFiles } from '../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { begin, fakeEntry, makeRun, resultOf, tinyConfig } from './kill-helpers.ts';

const fake = (options: Record<string, string | number>): void => {
  for (const [name, value] of Object.entries(options)) process.env[`RESYNTH_FAKE_${name}`] = String(value);
};

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('RESYNTH_FAKE_')) delete process.env[name];
});

let home: Home;
let run: Run;

/** A run of 4 steps an epoch on the fake program. */
async function fresh(epochs: number, overrides: Record<string, string> = {}): Promise<void> {
  ({ home, run } = await makeRun(
    await temporaryFolder(),
    'r',
    tinyConfig({ epochs: String(epochs), checkpointEverySteps: '3', ...overrides }),
  ));
}

function start(
  onMessage?: (message: FromTrainer) => void,
  detached = false,
  extendEpochs: number | null = null,
): Trainer {
  const trainer = begin(home, run, {
    entry: fakeEntry,
    detached,
    extendEpochs,
    ...(onMessage ? { onMessage } : {}),
  });
  onTestFinished(() => {
    try {
      process.kill(trainer.pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  });
  return trainer;
}

const now = (): Run => openRun(home, run.record.id);
const checkpoints = (): string => runFiles(run.folder).checkpoints;
const log = (): string => readFileSync(runFiles(run.folder).log, 'utf8');

async function until(condition: () => boolean): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 20) {
    if (waitedMs > 20_000) throw new Error(`it did not come true; the log:\n${log()}`);
    await setTimeout(20);
  }
}

describe('trainer process', () => {
  beforeEach(() => fresh(5));

  it('trains to the end and leaves its story in the run folder', async () => {
    const messages: FromTrainer[] = [];
    const end = await start((message) => messages.push(message)).ended;
    expect(end).toMatchObject({ state: 'finished', step: 20, epoch: 5, lastCheckpoint: 20, error: null });
    expect(now().status).toMatchObject({
      state: 'finished',
      step: 20,
      epochs: 5,
      stepsPerEpoch: 4,
      lastCheckpoint: 20,
    });
    expect(now().pid).toBeNull();
    expect(readRunRecord(run.folder).environment?.deviceName).toBe('a test');
    expect(log()).toMatch(/epoch 5\/5: total .* feeding .* %/);
    const progress = messages.filter((message) => message.type === 'progress');
    expect(progress[0]?.progress).toMatchObject({ steps: 20, tensors: 3 });
    expect(messages.at(-1)?.type).toBe('end');
  });

  it('keeps live numbers in its status while it works, and none afterwards', async () => {
    fake({ WORK_MS: 30 });
    const trainer = start();
    await until(() => now().status.progress?.phase === 'training');
    const { progress } = now().status;
    expect(progress).toMatchObject({ steps: 20, epochs: 5, tensors: 3, device: 'a test', stage: null });
    expect(progress?.msPerStep).toBeGreaterThanOrEqual(29);
    await trainer.ended;
    expect(now().status).toMatchObject({ state: 'finished', progress: null });
  });

  it('counts training time over segments, so that a resumed curve goes on where it was', async () => {
    await start().ended;
    const first = readMetrics(runFiles(run.folder).metrics).rows.at(-1)?.processMs ?? Number.NaN;
    expect(first).toBeGreaterThan(0);
    await start(undefined, false, 5).ended;
    const times = readMetrics(runFiles(run.folder).metrics).rows.map(({ processMs }) => processMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(first);
  });

  it('saves and stops on SIGTERM, and resumes to the bits of a run without a break', async () => {
    await start().ended;
    const whole = resultOf(home, run);
    await fresh(5);
    fake({ WORK_MS: 40 });
    const trainer = start();
    await trainer.running;
    await setTimeout(150);
    process.kill(trainer.pid, 'SIGTERM');
    const end = await trainer.ended;
    expect(end.state).toBe('stopped');
    expect(end.reason).toMatch(/SIGTERM/);
    expect(end.step).toBeLessThan(20);
    expect(end.lastCheckpoint).toBe(end.step);
    fake({ WORK_MS: 1 });
    await start().ended;
    expect(resultOf(home, run)).toEqual(whole);
    expect(now().status.notes).toEqual([]);
  });

  it('keeps each latent dimension once a validation, however often it is killed and goes on', async () => {
    fake({ LATENTS: 1 });
    await start().ended;
    const whole = readLatents(runFiles(run.folder).latents);
    expect(whole.map(({ step }) => step)).toEqual([4, 8, 12, 16, 20]);
    await fresh(5);
    // Between two checkpoints, after a validation that the next segment does again, with a line torn by the kill.
    fake({ LATENTS: 1, DIE_CALL: 20 });
    await expect(start().ended).rejects.toThrow(/SIGABRT/);
    const file = runFiles(run.folder).latents;
    expect(readLatents(file).length).toBeGreaterThan(0);
    appendFileSync(file, '{"step":999,"epoch":7,"klPerDimension":[0,0,0],"code":null}\n{"step":1000,"ep');
    fake({ LATENTS: 1, DIE_CALL: -1 });
    await start().ended;
    expect(readLatents(file)).toEqual(whole);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(5);
  });

  it('keeps the last finite checkpoint when the loss is not finite, and names step and batch', async () => {
    fake({ NAN_STEP: 8 });
    const end = await start().ended;
    expect(end).toMatchObject({
      state: 'failed',
      error: { code: 'runs/loss-not-finite' },
      lastCheckpoint: 6,
    });
    expect(end.error?.message).toMatch(
      new RegExp(`Run ${run.record.id}: the loss was NaN at step 8 \\(epoch 2\\).*clip\\d+\\.wav`),
    );
    expect(now().status).toMatchObject({ state: 'failed', error: { code: 'runs/loss-not-finite' } });
    const { state } = openCheckpoint(checkpoints(), 'last');
    for (const { data } of state.values()) expect([...data].every(Number.isFinite)).toBe(true);
    expect(readMetrics(runFiles(run.folder).metrics).rows.at(-1)).toMatchObject({
      step: 8,
      values: { total: Number.NaN },
    });
  });

  it('reports a crash with its reason, and the run reads as interrupted', async () => {
    fake({ DIE_CALL: 9 });
    await expect(start().ended).rejects.toMatchObject({
      code: 'runs/trainer-crashed',
      params: { run: run.record.id },
    });
    expect(now().status).toMatchObject({
      state: 'interrupted',
      reason: expect.stringContaining('without a word'),
    });
    delete process.env.RESYNTH_FAKE_DIE_CALL;
    const end = await start().ended;
    expect(end.state).toBe('finished');
    expect(now().status.notes[0]).toMatch(/ended without a word/);
  });

  it('refuses a run that another process trains', async () => {
    fake({ WORK_MS: 120 });
    const first = start();
    await first.running;
    const second = await start().ended;
    expect(second).toMatchObject({
      state: 'failed',
      error: { code: 'runs/locked', params: { pid: first.pid } },
    });
    // The first one is not disturbed.
    expect(await first.ended).toMatchObject({ state: 'finished', step: 20 });
  });

  it('passes a damaged checkpoint over, and says so', async () => {
    await start().ended;
    const whole = resultOf(home, run);
    await fresh(5);
    fake({ WORK_MS: 25 });
    const trainer = start();
    await until(() => now().status.step >= 9);
    trainer.control({ command: 'stop', reason: 'test' });
    await trainer.ended;
    const last = checkpointSteps(checkpoints()).at(-1) ?? 0;
    truncateSync(checkpointFiles(checkpoints(), last).tensors, 200);
    fake({ WORK_MS: 1 });
    const end = await start().ended;
    expect(end.state).toBe('finished');
    expect(now().status.notes[0]).toMatch(
      new RegExp(
        `${last}\\.safetensors is damaged: it has 200 bytes.* The one of step \\d+ before it is used`,
      ),
    );
    expect(log()).toContain('is damaged');
    // Going back further changes nothing in the end.
    expect(resultOf(home, run)).toEqual(whole);
  });

  it('says that the result may differ when it goes on in another environment', async () => {
    fake({ WORK_MS: 30 });
    const trainer = start();
    await trainer.running;
    trainer.control({ command: 'stop', reason: 'test' });
    await trainer.ended;
    fake({ DEVICE: 'gpu', WORK_MS: 1 });
    await start().ended;
    expect(now().status.notes[0]).toMatch(/another environment \(device was cpu .*, is gpu .*\).*may differ/);
  });

  it('goes on after a torn line of metrics', async () => {
    fake({ WORK_MS: 30 });
    const trainer = start();
    await until(() => now().status.step >= 4);
    process.kill(trainer.pid, 'SIGKILL');
    await trainer.ended.catch(() => undefined);
    appendFileSync(runFiles(run.folder).metrics, '{"segment":0,"step":');
    fake({ WORK_MS: 1 });
    await start().ended;
    const steps = readMetrics(runFiles(run.folder).metrics)
      .rows.filter(({ split }) => split === 'train')
      .map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('adds epochs on starting, from where it was', async () => {
    await start().ended;
    const end = await start(undefined, false, 2).ended;
    expect(end).toMatchObject({ state: 'finished', step: 28, epoch: 7 });
    const record = readRunRecord(run.folder);
    expect(record.config.training.epochs).toBe(7);
    expect(record.extensions).toMatchObject([{ fromEpochs: 5, toEpochs: 7 }]);
  });

  it('fails by name when there are fewer clips than a batch', async () => {
    await fresh(5, { batchSize: '64' });
    const end = await start().ended;
    expect(end).toMatchObject({
      state: 'failed',
      error: { code: 'runs/dataset-too-small', params: { count: 18 } },
    });
  });

  it('fails by name when the prior has more components than there are clips', async () => {
    const overrides = { filters: '4,8', kernels: '3,3', strides: '2,2', components: '19', batchSize: '4' };
    const config = resolveConfig({ preset: 'gm-vae-compact', overrides });
    ({ home, run } = await makeRun(await temporaryFolder(), 'many', config));
    expect(await start().ended).toMatchObject({
      state: 'failed',
      error: { code: 'runs/components-too-many', params: { count: 18, components: 19 } },
    });
  });

  it('trains without a validation split, and says how the best is chosen', async () => {
    fake({ VALIDATION: 0 });
    await start().ended;
    expect(now().status.best?.split).toBe('train');
    expect(now().status.notes[0]).toMatch(/no validation split/);
  });
});

describe('control of a live trainer by another process', () => {
  beforeEach(() => fresh(500));

  it('pauses, goes on, extends and stops, each before the next step', async () => {
    fake({ WORK_MS: 10 });
    const trainer = start();
    await trainer.running;
    const paused = await tellTrainer(home, now(), { command: 'pause' });
    expect(paused.status.state).toBe('paused');
    const { step } = paused.status;
    expect(checkpointSteps(checkpoints()).at(-1)).toBeGreaterThanOrEqual(step);
    await setTimeout(200);
    const steps = readMetrics(runFiles(run.folder).metrics).rows.length;
    await setTimeout(200);
    expect(readMetrics(runFiles(run.folder).metrics).rows.length).toBe(steps);

    expect((await tellTrainer(home, now(), { command: 'resume' })).status.state).toBe('running');
    await tellTrainer(home, now(), { command: 'extend', epochs: 3 });
    expect(readRunRecord(run.folder).config.training.epochs).toBe(503);
    expect(now().status.epochs).toBe(503);
    const stopped = await tellTrainer(home, now(), { command: 'stop', reason: 'enough' });
    expect(stopped.status).toMatchObject({ state: 'stopped', reason: 'enough' });
    expect(stopped.status.lastCheckpoint).toBe(stopped.status.step);
    expect((await trainer.ended).state).toBe('stopped');
  });

  it('is refused where nobody trains', async () => {
    await expect(tellTrainer(home, now(), { command: 'pause' })).rejects.toMatchObject({
      code: 'runs/not-live',
    });
  });
});

describe.skipIf(process.platform === 'win32')('a host that dies', () => {
  beforeEach(() => fresh(500));

  /** A host process of its own that starts a trainer and waits. */
  async function hostProcess(detached: boolean): Promise<ReturnType<typeof spawn>> {
    const supervisor = path.resolve(import.meta.dirname, '../../src-main/host/runs/supervisor.ts');
    const script = `import { startTrainer } from ${JSON.stringify(supervisor)};
      const trainer = startTrainer({ folder: ${JSON.stringify(run.folder)}, home: ${JSON.stringify(home.root)},
        detached: ${detached}, extendEpochs: null, entry: ${JSON.stringify(fakeEntry)} });
      await trainer.running; console.log('running'); setInterval(() => {}, 1000);`;
    const host = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, RESYNTH_FAKE_WORK_MS: '20' },
    });
    onTestFinished(() => void host.kill('SIGKILL'));
    await once(host.stdout, 'data');
    return host;
  }

  it('takes its trainer along, which saves first', async () => {
    const host = await hostProcess(false);
    host.kill('SIGKILL');
    await until(() => now().pid === null);
    expect(now().status).toMatchObject({ state: 'stopped', reason: 'the program that started it ended' });
    expect(now().status.lastCheckpoint).toBe(now().status.step);
  });

  it('leaves a detached trainer at work', async () => {
    const host = await hostProcess(true);
    const { pid } = now();
    onTestFinished(() => {
      if (now().pid !== null) process.kill(pid ?? 0, 'SIGKILL');
    });
    host.kill('SIGKILL');
    await once(host, 'exit');
    const { step } = now().status;
    await until(() => now().status.step > step);
    expect(now().pid).toBe(pid);
    const stopped = await tellTrainer(home, now(), { command: 'stop', reason: 'enough' });
    expect(stopped.status.state).toBe('stopped');
  });
});

describe.skipIf(process.platform === 'win32')('a full disk', () => {
  it('ends the run in a clear state with every earlier checkpoint intact', async () => {
    // The limit of a file's size stands in for the disk's: only the metrics and checkpoints of this run reach it.
    await fresh(5000);
    const supervisor = path.resolve(import.meta.dirname, '../../src-main/host/runs/supervisor.ts');
    const script = `import { startTrainer } from ${JSON.stringify(supervisor)};
      const trainer = startTrainer({ folder: ${JSON.stringify(run.folder)}, home: ${JSON.stringify(home.root)},
        detached: false, extendEpochs: null, entry: ${JSON.stringify(fakeEntry)} });
      console.log(JSON.stringify(await trainer.ended));`;
    const host = spawn(
      'sh',
      ['-c', 'ulimit -f 64; exec "$0" --input-type=module-typescript -e "$1"', process.execPath, script],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, RESYNTH_FAKE_WORK_MS: '0' } },
    );
    let output = '';
    host.stdout.on('data', (text: Buffer) => (output += text.toString()));
    await once(host, 'close');
    const end = JSON.parse(output) as { state: string; error: { code: string; message: string } };
    expect(end).toMatchObject({ state: 'failed', error: { code: 'runs/disk-full' } });
    expect(end.error.message).toMatch(/metrics\.jsonl/);
    expect(now().status).toMatchObject({ state: 'failed', error: { code: 'runs/disk-full' } });
    const { record, passedOver } = openCheckpoint(checkpoints(), 'last');
    expect(passedOver).toEqual([]);
    expect(record.progress.step).toBeGreaterThan(0);
    // With room again it goes on.
    const trainer = start();
    await trainer.running;
    trainer.control({ command: 'stop', reason: 'enough' });
    expect((await trainer.ended).state).toBe('stopped');
  });
});
