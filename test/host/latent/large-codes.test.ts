import { describe, expect, it } from 'vitest';
import { generateClassMeans, generateInterpolate } from '../../../src-preload/contract/commands/generate.ts';
import {
  latentAbilities,
  latentEncode,
  latentMap,
  latentNeighbours,
} from '../../../src-preload/contract/commands/latent.ts';
import { quiet } from '../open-test-host.ts';
import { latentHost, tenClips } from './latent-host.ts';

const run = 'Tiny';
const split = 'train' as const;

/** 16 x 19 positions of 32 numbers: 9,728 a clip. */
const manyPositions = {
  preset: 'rvq-vae-coarse',
  overrides: {
    ...{ filters: '2', kernels: '3', strides: '2', codeChannels: '32', stages: '2', codebookSize: '4' },
    ...{ nFft: '64', hopLength: '32', sampleRateHz: '8000', durationSec: '0.15', batchSize: '4' },
  },
};

describe('codes too large to keep', () => {
  it('are mapped and compared by the mean of their positions, and refused where they would be decoded', async () => {
    const { host } = await latentHost(tenClips, manyPositions);
    const encoded = await host.call(latentEncode, { run, split, errors: true }, quiet);
    expect(encoded).toMatchObject({ count: 10, latentDim: 32, averagedOver: 304, cached: false });
    const map = await host.call(latentMap, { run, split, errors: true }, quiet);
    expect(map).toMatchObject({ latentDim: 32, averagedOver: 304, cached: true });
    expect(map.points.mse?.every(Number.isFinite)).toBe(true);
    expect([...map.x].every(Number.isFinite)).toBe(true);
    const { neighbours } = await host.call(latentNeighbours, { run, split, recording: '0.wav', n: 3 }, quiet);
    expect(neighbours).toHaveLength(3);

    const abilities = await host.call(latentAbilities, { run }, quiet);
    expect(abilities).toMatchObject({ encode: null, interpolate: null });
    expect(abilities.classMeans).toContain('304 positions');
    await expect(
      host.call(generateClassMeans, { run, split, by: 'label', iterations: 2 }, quiet),
    ).rejects.toMatchObject({ code: 'latent/codes-averaged' });
    const between = await host.call(
      generateInterpolate,
      { run, from: '0.wav', to: '9.wav', steps: 3, iterations: 2 },
      quiet,
    );
    expect(between.set.clips).toHaveLength(3);
  });
});
