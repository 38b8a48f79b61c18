import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRun, type Run } from '../../../src-main/host/runs/runs.ts';
import { completed, findBase, trainable } from '../../../src-main/host/runs/sampler-base.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import type { Program } from '../../../src-main/engine/program.ts';
import type { ResolvedConfig } from '../../../src-main/models/config.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { openCheckpoint } from '../../../src-main/trainer/checkpoint-store.ts';
import { checkpointFiles } from '../../../src-main/trainer/checkpoint.ts';
import { buildModelProgram } from '../../../src-main/trainer/model-program.ts';
import { readRunRecord, runFiles, type RunRecord } from '../../../src-main/trainer/run-record.ts';
import { initialStatus, writeRunStatus } from '../../../src-main/trainer/run-status.ts';
import { randomClips } from '../../models/cpu.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { tinyRun } from '../../inference/tiny-run.ts';

let root: string;
let run: Run;
const step = 7;

beforeEach(async () => {
  root = await temporaryFolder();
  const home = openHome(root);
  mkdirSync(home.runs, { recursive: true });
  const { runFolder } = await tinyRun(home.runs, [3, step]);
  writeRunStatus(runFolder, { ...initialStatus, state: 'finished' });
  run = openRun(home, path.basename(runFolder));
});

const trainers = {
  resolve: async (name: string): Promise<Run> => {
    if (name !== 'tiny') throw new ResynthError('runs/not-found', { name });
    return run;
  },
};

const small = { blocks: '1', couplings: '2', hidden: '4', batchSize: '4' };
const config = (overrides: Record<string, string> = {}): ResolvedConfig =>
  resolveConfig({ preset: 'realnvp', overrides: { base: 'tiny', ...small, ...overrides } });

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'nothing was refused',
    (error: ResynthError) => error.code,
  );

describe('the base of a sampler', () => {
  it('is the best checkpoint of a finished run, or the one that is named', async () => {
    expect((await findBase(trainers, config()))?.frozen).toMatchObject({
      run: 'tiny',
      step: 3,
      family: 'conv-vae',
    });
    expect((await findBase(trainers, config({ base: `tiny@${step}` })))?.frozen.step).toBe(step);
  });

  it('is nothing that other families have', async () => {
    expect(await findBase(trainers, resolveConfig({ preset: 'fsdd-vae-compact' }))).toBeNull();
  });

  it('is refused where it is not named, not there, not finished, or without that checkpoint', async () => {
    expect(await code(findBase(trainers, config({ base: '' })))).toBe('models/base-needed');
    expect(await code(findBase(trainers, config({ base: 'gone' })))).toBe('runs/not-found');
    expect(await code(findBase(trainers, config({ base: 'tiny@99' })))).toBe('runs/checkpoint-missing');
    writeRunStatus(run.folder, { ...initialStatus, state: 'stopped' });
    run = { ...run, status: { ...run.status, state: 'stopped' } };
    expect(await code(findBase(trainers, config()))).toBe('models/base-unfinished');
    expect((await findBase(trainers, config({ base: 'tiny@3' })))?.frozen.step).toBe(3);
  });

  it('is refused where it is a sampler, or its checkpoint is not what it was', async () => {
    const { tensors } = checkpointFiles(runFiles(run.folder).checkpoints, 3);
    writeFileSync(tensors, readFileSync(tensors).fill(7, 100));
    expect(await code(trainable(trainers, config()))).toMatch(/^(models\/base-changed|runs\/checkpoint)/);
    const { record } = checkpointFiles(runFiles(run.folder).checkpoints, step);
    const stored = JSON.parse(readFileSync(record, 'utf8')) as { config: unknown };
    writeFileSync(record, JSON.stringify({ ...stored, config: config() }));
    expect(await code(findBase(trainers, config({ base: `tiny@${step}` })))).toBe('models/base-is-sampler');
  });

  it('is refused where it has no code of a fixed size, or none of indices where these are modelled', async () => {
    const codePrior = resolveConfig({ preset: 'code-prior', overrides: { base: 'tiny' } });
    expect(await code(findBase(trainers, codePrior))).toBe('models/base-no-indices');
    const { record } = checkpointFiles(runFiles(run.folder).checkpoints, step);
    const stored = JSON.parse(readFileSync(record, 'utf8')) as { config: unknown };
    const sequences = resolveConfig({ preset: 'dvae-vae' });
    writeFileSync(record, JSON.stringify({ ...stored, config: sequences }));
    expect(await code(findBase(trainers, config({ base: `tiny@${step}` })))).toBe('models/base-no-code');
  });

  it('is refused where its arrays have other shapes than its settings say', async () => {
    const { record } = checkpointFiles(runFiles(run.folder).checkpoints, step);
    const stored = JSON.parse(readFileSync(record, 'utf8')) as { config: { model: object } };
    const wider = { ...stored.config, model: { ...stored.config.model, latentDim: 6 } };
    writeFileSync(record, JSON.stringify({ ...stored, config: wider }));
    expect(await code(trainable(trainers, config({ base: `tiny@${step}` })))).toBe('models/base-changed');
  });

  it('says what clips are: its features are taken over, and nobody else may set them', async () => {
    const complete = await completed(trainers, config());
    expect(complete.features).toEqual(run.record.config.features);
    expect(complete.differences).toContainEqual(
      expect.objectContaining({ setting: 'model.base', chosen: 'tiny@3', derived: false }),
    );
    expect(complete.differences.find(({ setting }) => setting === 'features.nFft')?.derived).toBe(true);
    expect(complete.differences.some(({ setting }) => setting.includes('frozen'))).toBe(false);
    expect(await code(completed(trainers, config({ topDb: '60' })))).toBe('models/base-features');
  });
});

describe('what a sampler begins with', () => {
  async function first(): Promise<{ config: ResolvedConfig; folder: string }> {
    const made = await trainable(trainers, config());
    const folder = path.join(root, 'sampler');
    const record = {
      ...readRunRecord(run.folder),
      id: 'sampler',
      config: made.config as unknown as RunRecord['config'],
    };
    made.fill?.(folder, record);
    return { config: made.config, folder };
  }

  const program = ({ config }: { config: ResolvedConfig }): Program =>
    compileProgram(
      buildModelProgram(config, { batchSize: 4, entries: ['step', 'prepare', 'reconstruct'], clips: 4 })
        .definition,
      {
        mode: 'eager',
      },
    );

  it('is every variable that its training registers, and reconstructs as the base does', async () => {
    const made = await first();
    const { state, record } = openCheckpoint(runFiles(made.folder).checkpoints, 'last');
    expect(record.progress.step).toBe(0);
    const sampler = program(made);
    const registered = await sampler.readState();
    expect([...state.keys()].sort()).toEqual([...registered.keys()].sort());
    await sampler.writeState(state);
    const base = openCheckpoint(runFiles(run.folder).checkpoints, 3);
    const original = compileProgram(
      buildModelProgram(
        made.config.family === 'realnvp' ? (run.record.config as unknown as ResolvedConfig) : made.config,
        {
          batchSize: 4,
          entries: ['reconstruct'],
          clips: 4,
        },
      ).definition,
      { mode: 'eager' },
    );
    await original.writeState(base.state);
    const x = randomClips(4, [32, 38, 1]).dataSync() as Float32Array;
    const [mine, theirs] = [
      await sampler.call('reconstruct', { x }),
      await original.call('reconstruct', { x }),
    ];
    expect(mine.x?.data).toEqual(theirs.x?.data);
    sampler.dispose();
    original.dispose();
  });

  it('is trained on from where it was stopped, bit for bit, and leaves its base as it is', async () => {
    const made = await first();
    const { state } = openCheckpoint(runFiles(made.folder).checkpoints, 'last');
    const clips = randomClips(4, [32, 38, 1]).dataSync() as Float32Array;
    const stepOf = async (on: Program, number: number): Promise<void> => {
      const x = (await on.call('prepare', { x: clips })).prepared?.data as Float32Array;
      const scalars = { learningRate: 0.01, beta: 1, freeBits: 0, clipNorm: 1 };
      await on.call('step', { x, ...scalars }, { seed: 0, step: number });
    };
    const whole = program(made);
    await whole.writeState(state);
    for (let number = 0; number < 3; number++) await stepOf(whole, number);
    const before = program(made);
    await before.writeState(state);
    await stepOf(before, 0);
    const halfway = await before.readState();
    const after = program(made);
    await after.writeState(halfway);
    for (let number = 1; number < 3; number++) await stepOf(after, number);
    const [one, two] = [await whole.readState(), await after.readState()];
    for (const [name, { data }] of one) {
      expect(two.get(name)?.data, name).toEqual(data);
      if (name.startsWith('frozen.')) expect(data, name).toEqual(state.get(name)?.data);
    }
    for (const each of [whole, before, after]) each.dispose();
  });
});
