import { describe, expect, it } from 'vitest';
import { generateClassMeans, generateInterpolate } from '../../../src-preload/contract/commands/generate.ts';
import {
  latentAbilities,
  latentEncode,
  latentMap,
  latentNeighbours,
} from '../../../src-preload/contract/commands/latent.ts';
import { quiet } from '../open-test-host.ts';
import { latentHost, type TestRecording, tenClips } from './latent-host.ts';

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
  it('are mapped and compared by the mean of their positions, and encoded again where they are decoded', async () => {
    const [first, ...others] = tenClips as [TestRecording, ...TestRecording[]];
    const { host } = await latentHost([{ ...first, label: 'only' }, ...others], manyPositions);
    const encoded = await host.call(latentEncode, { run, split, errors: true }, quiet);
    expect(encoded).toMatchObject({ count: 10, latentDim: 32, averagedOver: 304, cached: false });
    const map = await host.call(latentMap, { run, split, errors: true }, quiet);
    expect(map).toMatchObject({ latentDim: 32, averagedOver: 304, cached: true });
    expect(map.points.mse?.every(Number.isFinite)).toBe(true);
    expect([...map.x].every(Number.isFinite)).toBe(true);
    const { neighbours } = await host.call(latentNeighbours, { run, split, recording: '0.wav', n: 3 }, quiet);
    expect(neighbours).toHaveLength(3);

    const abilities = await host.call(latentAbilities, { run }, quiet);
    expect(abilities).toMatchObject({ encode: null, interpolate: null, classMeans: null });
    const means = await host.call(
      generateClassMeans,
      { run, split, by: 'label', n: 2, spread: 'full', iterations: 2 },
      quiet,
    );
    expect(means.set.clips.reduce((sum, { meanOf }) => sum + (meanOf ?? 0), 0)).toBe(2 * 9);
    const between = await host.call(
      generateInterpolate,
      { run, from: '0.wav', to: '9.wav', steps: 3, iterations: 2 },
      quiet,
    );
    expect(between.set.clips).toHaveLength(3);
    // The mean of a class of one clip is that clip.
    const only = await host.call(
      generateClassMeans,
      { run, split, by: 'label', of: ['only'], scale: 0, levels: 'class', iterations: 2 },
      quiet,
    );
    expect(only.set.clips[0]?.sha256).toBe(between.set.clips[0]?.sha256);
  });
});
