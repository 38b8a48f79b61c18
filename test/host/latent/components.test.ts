import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { latentComponents } from '../../../src-preload/contract/commands/components.ts';
import { generateComponents } from '../../../src-preload/contract/commands/generate.ts';
import { latentAbilities, latentMap } from '../../../src-preload/contract/commands/latent.ts';
import { mutualInformation, purity } from '../../../src-main/host/latent/mutual-information.ts';
import { tinySettings } from '../../inference/tiny-run.ts';
import { quiet } from '../open-test-host.ts';
import { latentHost, tenClips } from './latent-host.ts';

const run = 'Tiny';
const split = 'train' as const;

describe('mutualInformation', () => {
  it('is 1 of the same division by other names, 0 of divisions that tell nothing of each other, null of no division', () => {
    const of = (...parts: number[]): Int32Array => Int32Array.from(parts);
    expect(mutualInformation(of(1, 1, 2, 2), of(7, 7, 5, 5))).toBeCloseTo(1, 12);
    expect(mutualInformation(of(1, 1, 2, 2), of(1, 2, 1, 2))).toBeCloseTo(0, 12);
    expect(mutualInformation(of(1, 1, 2, 9), of(7, 7, 5, -1))).toBeCloseTo(1, 12);
    expect(mutualInformation(of(1, 1), of(2, 2))).toBeNull();
    expect(mutualInformation(of(), of())).toBeNull();
  });
});

describe('purity', () => {
  it('is the share in the largest class of each part, without what is in none', () => {
    const of = (...parts: number[]): Int32Array => Int32Array.from(parts);
    expect(purity(of(1, 1, 2, 2), of(7, 7, 5, 5))).toBe(1);
    expect(purity(of(1, 1, 1, 2), of(7, 7, 5, 5))).toBe(0.75);
    expect(purity(of(1, 1, -1, 2), of(7, 5, 5, -1))).toBe(0.5);
    expect(purity(of(1), of(-1))).toBeNull();
  });
});

describe('components of a mixture prior', () => {
  it('are told with their clips and labels, mapped, and generated from', async () => {
    const overrides = { ...tinySettings, components: '3' };
    const { host, root } = await latentHost(tenClips, { preset: 'gm-vae-compact', overrides });
    const out = path.join(root, 'components.csv');
    const told = await host.call(latentComponents, { run, split, out }, quiet);
    expect(told.components.map(({ component }) => component)).toEqual([1, 2, 3]);
    expect(told.components.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 5);
    expect(told.components.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(told.components.reduce((sum, { clips }) => sum + clips, 0)).toBe(10);
    expect(told.purity).toBeGreaterThanOrEqual(0.5);
    expect(told.classes).toEqual([
      { name: 'even', clips: 5 },
      { name: 'odd', clips: 5 },
    ]);
    const even = [...told.responsibilities].slice(0, 3).reduce((sum, one) => sum + one, 0);
    expect(even).toBeCloseTo(1, 5);
    const lines = readFileSync(out, 'utf8').split('\r\n');
    expect(lines[0]).toBe('row,path,label,speaker,split,component,component 1,component 2,component 3');
    const map = await host.call(latentMap, { run, split }, quiet);
    expect([...(map.points.component ?? [])].every((one) => one >= 1 && one <= 3)).toBe(true);
    expect(await host.call(latentAbilities, { run }, quiet)).toMatchObject({
      components: null,
      componentCount: 3,
    });
    const { set } = await host.call(generateComponents, { run, of: [2], n: 2 }, quiet);
    expect(set.clips.map(({ title }) => title)).toEqual(['Component 2, 1 of 2', 'Component 2, 2 of 2']);
    await expect(host.call(generateComponents, { run, of: [4] }, quiet)).rejects.toMatchObject({
      code: 'latent/component-unknown',
    });
  });

  it('are one where the prior is a single Gaussian: it has every clip, and tells nothing of labels', async () => {
    const overrides = { ...tinySettings, components: '1' };
    const { host } = await latentHost(tenClips, { preset: 'gm-vae-compact', overrides });
    const told = await host.call(latentComponents, { run, split }, quiet);
    expect(told.components).toMatchObject([{ component: 1, clips: 10, dead: false }]);
    expect(told.perplexity).toBeCloseTo(1, 6);
    expect(told.mutualInformation).toBeCloseTo(0, 6);
    expect(told.purity).toBe(0.5);
    const { set } = await host.call(generateComponents, { run, of: [1], n: 1 }, quiet);
    expect(set.clips.map(({ title }) => title)).toEqual(['Component 1']);
  });

  it('are refused by name of a model that has none', async () => {
    const { host } = await latentHost(tenClips);
    await expect(host.call(latentComponents, { run, split }, quiet)).rejects.toMatchObject({
      code: 'inference/no-capability',
    });
    expect((await host.call(latentAbilities, { run }, quiet)).componentCount).toBeNull();
  });
});
