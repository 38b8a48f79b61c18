import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadPresets } from '../../src-main/models/presets.ts';
import { modelsCommand } from '../../src-preload/contract/commands/models.ts';
import { listModels } from '../../src-main/host/models.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';

const context = {
  homeDir: undefined,
  progress: (): void => undefined,
  signal: new AbortController().signal,
};

it('lists every preset as its contract says', async () => {
  const output = await listModels({}, context);
  expect(modelsCommand.output.parse(output).models).toHaveLength(loadPresets().length);
});

it('shows the size, the deviations and both bitrates of papers/001', async () => {
  const { models } = await listModels({ preset: 'fsdd-vae-pond' }, context);
  const [pond] = models;
  expect(pond?.parameters).toMatchObject({ total: 2_371_777, nonTrainable: 2_944 });
  expect(pond?.inputShape).toEqual([256, 64, 1]);
  expect(pond?.bitrate?.kilobitsPerSecond).toBeCloseTo(5.62, 2);
  expect(pond?.bitrateClaim?.statedKilobitsPerSecond).toBe(0.91);
  expect(pond?.deviations.length).toBeGreaterThan(0);
});

it('counts a discrete code by the bits of its indices', async () => {
  const { models } = await listModels({ preset: 'rvq-vae-1' }, context);
  // 32 x 32 positions, 5 stages, codebooks of 512, and the two extremes.
  const bits = 32 * 32 * 5 * 9 + 2 * 32;
  expect(models[0]?.bitrate).toMatchObject({ bitsPerCodeNumber: 9, bitsPerClip: bits });
});

it('shows settings that train --set takes back', async () => {
  const { models } = await listModels({ preset: 'fsdd-vae' }, context);
  const settings = models[0]?.settings ?? [];
  const overrides = Object.fromEntries(settings.map(({ setting, value }) => [setting, value]));
  expect(resolveConfig({ preset: 'fsdd-vae', overrides }).differences).toEqual([]);
});

it('refuses an unknown preset by name', async () => {
  await expect(listModels({ preset: 'nothing' }, context)).rejects.toMatchObject({
    code: 'models/preset-unknown',
  });
});

it('loads no TensorFlow', () => {
  const host = path.resolve(import.meta.dirname, '../../src-main/host/models.ts');
  const script = `
    const { listModels } = await import(${JSON.stringify(host)});
    await listModels({}, {});
    const { Module } = await import('node:module');
    console.log(Object.keys(Module._cache).filter((file) => /tfjs-(node|backend)/.test(file)).length);`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(result.stdout.trim(), result.stderr).toBe('0');
});
