import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LoadedModel } from '../../src-main/inference/loaded-model.ts';
import { reconstructFiles } from '../../src-main/inference/reconstruct-files.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { tinyRun, toneWav } from './tiny-run.ts';

const quiet = { progress: () => undefined, signal: new AbortController().signal };
const inversion = { methods: ['griffin-lim' as const], iterations: 2, seed: 0 };

/** Three stages at 8 x 10 positions of four codes. */
const threeStages = {
  preset: 'rvq-vae-coarse',
  overrides: {
    ...{ filters: '2,2', kernels: '3,3', strides: '2,2', codeChannels: '4', stages: '3', codebookSize: '4' },
    initialisation: 'glorot-normal',
    ...{ nFft: '64', hopLength: '32', sampleRateHz: '8000', durationSec: '0.15', batchSize: '4' },
  },
};

async function opened(request?: typeof threeStages) {
  const root = await temporaryFolder();
  const reference = await tinyRun(root, [7], request);
  const model = await LoadedModel.load(reference);
  onTestFinished(() => model.dispose());
  const file = path.join(root, 'tone.wav');
  await writeFile(file, toneWav(0.1));
  const heard = (stages?: number) => {
    const folder = path.join(root, `out ${stages ?? 'all'}`);
    const job = { model: reference, files: [file], folder, inversion, bits: 32 as const, stages };
    return reconstructFiles(model, job, quiet);
  };
  return { heard };
}

describe('the first stages of a discrete code', () => {
  it('cost their share of the bits, and all of them are the whole code', async () => {
    const { heard } = await opened(threeStages);
    const whole = (await heard()).clips[0];
    const bits = whole?.codeWidths[0]?.padded;
    expect(bits?.codeNumbers).toBe(8 * 10 * 3);
    const one = await heard(1);
    expect(one.clips[0]?.codeWidths[0]?.padded.codeNumbers).toBe(8 * 10);
    expect(one.clips[0]?.klNats).toBeCloseTo((whole?.klNats ?? 0) / 3, 3);
    expect(one.clips[0]?.error.mse).not.toBe(whole?.error.mse);
    expect(await readdir(one.folder)).toContain('tone.reconstruction.first-1-stages.griffin-lim.wav');
    const three = (await heard(3)).clips[0];
    expect(three?.error).toEqual(whole?.error);
    expect(three?.codeWidths[0]?.padded).toEqual(bits);
  });

  it('are refused where there are none, or fewer', async () => {
    await expect((await opened(threeStages)).heard(4)).rejects.toMatchObject({
      code: 'inference/too-many-stages',
      message: expect.stringContaining('3 stages, not 4') as string,
    });
    await expect((await opened()).heard(1)).rejects.toMatchObject({ code: 'inference/no-capability' });
  });
});
