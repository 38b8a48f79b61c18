import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { trainForm } from '../../../src-preload/contract/commands/train-form.ts';
import { handleTrainForm } from '../../../src-main/host/training/train-form.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { HostContext } from '../../../src-main/host/services.ts';

// A form needs nothing of the host but the runs, for the base of a sampler.
const resolve = async (name: string): Promise<never> => {
  throw new ResynthError('runs/not-found', { name });
};
const context = { services: { trainers: { resolve } } } as unknown as HostContext;

it('gives a form as its contract says, with what follows from the settings', async () => {
  const output = await handleTrainForm({ preset: 'fsdd-vae-pond', set: {} }, context);
  expect(trainForm.output.parse(output)).toMatchObject({
    family: 'conv-vae',
    paper: { document: '001' },
    problems: [],
    parameters: { total: 2_371_777, nonTrainable: 2_944 },
    inputShape: [256, 64, 1],
  });
  expect(output.kilobitsPerSecond).toBeCloseTo(5.62, 2);
});

it('tells refused settings beside the form instead of failing', async () => {
  const output = await handleTrainForm(
    { preset: 'fsdd-vae', set: { epochs: 'x', latentDim: '64' } },
    context,
  );
  expect(output.problems).toHaveLength(1);
  expect(output.kilobitsPerSecond).toBeCloseTo(2.85, 2);
});

it('tells that a sampler has no base, or one that is not there', async () => {
  const problemsOf = async (set: Record<string, string>) =>
    (await handleTrainForm({ preset: 'realnvp', set }, context)).problems;
  expect(await problemsOf({})).toEqual([
    expect.objectContaining({
      setting: 'model.base',
      message: expect.stringContaining('needs a trained model') as string,
    }),
  ]);
  expect((await problemsOf({ base: 'gone' }))[0]?.message).toContain('gone');
});

it('refuses a preset that there is none of', async () => {
  await expect(handleTrainForm({ preset: 'nothing', set: {} }, context)).rejects.toMatchObject({
    code: 'models/preset-unknown',
  });
});

it('answers at once and loads no TensorFlow', () => {
  const host = path.resolve(import.meta.dirname, '../../../src-main/host/training/train-form.ts');
  const script = `
    const { handleTrainForm } = await import(${JSON.stringify(host)});
    const set = { filters: '8,16', latentDim: '9', batchSize: '0', nFft: '256', beta: '2', epochs: 'x', seed: '4' };
    const ask = async () => { const began = performance.now(); await handleTrainForm({ preset: 'fsdd-vae', set }, { services: {} }); return performance.now() - began; };
    const times = []; for (let i = 0; i < 15; i++) times.push(await ask());
    const { Module } = await import('node:module');
    const loaded = Object.keys(Module._cache).filter((file) => /tfjs-(node|backend)/.test(file)).length;
    console.log(JSON.stringify({ loaded, middleMs: times.toSorted((a, b) => a - b)[7] }));`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const { loaded, middleMs } = JSON.parse(result.stdout) as { loaded: number; middleMs: number };
  expect(loaded, result.stderr).toBe(0);
  expect(middleMs).toBeLessThan(50);
});
