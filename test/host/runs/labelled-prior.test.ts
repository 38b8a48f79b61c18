import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openRun, type Run } from '../../../src-main/host/runs/runs.ts';
import { trainable } from '../../../src-main/host/runs/sampler-base.ts';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { drawAncestral } from '../../../src-main/trainer/ancestral-entries.ts';
import { buildModelProgram } from '../../../src-main/trainer/model-program.ts';
import { initialStatus, writeRunStatus } from '../../../src-main/trainer/run-status.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { tinyRun } from '../../inference/tiny-run.ts';

const tinyCode = {
  ...{ filters: '2,2', kernels: '3,3', strides: '4,8', codeChannels: '2', stages: '2', codebookSize: '4' },
  ...{ initialisation: 'uniform', nFft: '64', hopLength: '32', durationSec: '0.124' },
};

let run: Run;
const trainers = { resolve: (): Promise<Run> => Promise.resolve(run) };
const prior = (overrides: Record<string, string> = {}) =>
  resolveConfig({
    preset: 'code-prior',
    overrides: { base: 'tiny', width: '4', heads: '1', layers: '1', batchSize: '4', ...overrides },
  });

beforeEach(async () => {
  const home = openHome(await temporaryFolder());
  mkdirSync(home.runs, { recursive: true });
  const { runFolder } = await tinyRun(home.runs, [3], { preset: 'rvq-vae-coarse', overrides: tinyCode });
  writeRunStatus(runFolder, { ...initialStatus, state: 'finished' });
  run = openRun(home, path.basename(runFolder));
});

describe('a code prior', () => {
  it('is told the labels of what it is trained on, unless that is not wanted or there is but one', async () => {
    const labelsOf = async (known: string[], overrides?: Record<string, string>) =>
      (await trainable(trainers, prior(overrides), () => Promise.resolve(known))).config.model.labels;
    expect(await labelsOf(['0', '1'])).toEqual(['0', '1']);
    expect(await labelsOf(['0', '1'], { byLabel: 'false' })).toEqual([]);
    expect(await labelsOf(['0'])).toEqual([]);
    expect(await labelsOf([])).toEqual([]);
    expect(await labelsOf(Array.from({ length: 600 }, (_, at) => String(at)))).toEqual([]);
  });

  it('takes a label behind the indices of each clip, and draws what it is asked for', async () => {
    const { config } = await trainable(trainers, prior(), () => Promise.resolve(['0', '1']));
    const { definition, model } = buildModelProgram(config, {
      batchSize: 4,
      entries: ['step', 'prepare', 'evaluate', 'draw', 'sample'],
    });
    const program = compileProgram(definition, { mode: 'eager' });
    const numbers = model.prepared?.shape[0] ?? 0;
    expect(model.prepared?.labels).toEqual(['0', '1']);
    const x = new Float32Array(4 * (numbers + 1));
    const told = Float32Array.from(x, (_, at) => (at % (numbers + 1) === numbers ? 2 : 0));
    const scalars = { learningRate: 0.1, beta: 0, freeBits: 0, clipNorm: 1 };
    const lossOf = async (given: Float32Array): Promise<number> => {
      const feeds = { x: given, mask: new Float32Array(4).fill(1), beta: 0, freeBits: 0 };
      return Number((await program.call('evaluate', feeds, { seed: 0, step: 0 })).total?.data[0]);
    };
    // What a label means is yet to be learned, and is something else than having none.
    expect(await lossOf(told)).not.toBe(await lossOf(x));
    await program.call('step', { x: told, ...scalars }, { seed: 0, step: 0 });
    expect(await lossOf(told)).toBeLessThan(2);
    const { ancestral } = model;
    if (!ancestral) throw new Error('a code prior is drawn position by position');
    const how = { seed: 1, step: 0, temperature: 1 };
    const asked = await drawAncestral(program, ancestral, 4, how, { label: new Int32Array(4).fill(2) });
    expect([...(asked.z?.data ?? [])].every(Number.isFinite)).toBe(true);
    expect(asked.z?.shape).toEqual([4, model.latentDim]);
    program.dispose();
  });
});
