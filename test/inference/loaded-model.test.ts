import { writeFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { LoadedModel } from '../../src-main/inference/loaded-model.ts';
import { checkpointFiles } from '../../src-main/trainer/checkpoint.ts';
import { runFiles } from '../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { tinyRun } from './tiny-run.ts';

function noise(length: number): Float32Array {
  return Float32Array.from({ length }, (_, at) => (Math.sin(at * 12.9898) + 1) / 2);
}

describe('LoadedModel', () => {
  it('gives each clip the same posterior however many are asked for together', async () => {
    const model = await LoadedModel.load(await tinyRun(await temporaryFolder()));
    const clips = noise(11 * model.clipSize);
    const all = await model.encode(clips);
    expect(all.mean.length).toBe(11 * model.latentDim);
    const last = await model.encode(clips.slice(10 * model.clipSize));
    expect([...last.mean]).toEqual([...all.mean.subarray(10 * model.latentDim)]);
    expect(all.mean.some((value) => value !== 0)).toBe(true);
    model.dispose();
  });

  it('decodes into 0..1 and draws sample i the same for any count', async () => {
    const model = await LoadedModel.load(await tinyRun(await temporaryFolder()));
    const few = await model.samplePrior(3, 5);
    const many = await model.samplePrior(17, 5);
    expect([...many.features.subarray(0, few.features.length)]).toEqual([...few.features]);
    expect([...(await model.samplePrior(3, 6)).z]).not.toEqual([...few.z]);
    const again = await model.decode(few.z);
    for (const [at, value] of again.entries()) expect(value).toBeCloseTo(few.features[at] ?? NaN, 6);
    expect(Math.max(...again)).toBeLessThanOrEqual(1);
    expect(Math.min(...again)).toBeGreaterThanOrEqual(0);
    model.dispose();
  });

  it('takes the checkpoint meant: best, last, or a step', async () => {
    const reference = await tinyRun(await temporaryFolder(), [3, 9]);
    const steps: number[] = [];
    for (const checkpoint of ['best', 'last', 3] as const) {
      const model = await LoadedModel.load({ ...reference, checkpoint });
      steps.push(model.used.step);
      model.dispose();
    }
    expect(steps).toEqual([3, 9, 3]);
  });

  it('falls back to the checkpoint before a damaged one and says so', async () => {
    const reference = await tinyRun(await temporaryFolder(), [3, 9]);
    const files = checkpointFiles(runFiles(reference.runFolder).checkpoints, 9);
    await writeFile(files.tensors, 'not tensors');
    const model = await LoadedModel.load(reference);
    expect(model.used.step).toBe(3);
    expect(model.used.notes).toEqual([expect.stringContaining('000000009')]);
    model.dispose();
  });

  it('refuses a checkpoint that is not there, by name', async () => {
    const reference = await tinyRun(await temporaryFolder());
    await expect(LoadedModel.load({ ...reference, checkpoint: 8 })).rejects.toMatchObject({
      code: 'runs/checkpoint-missing',
    });
  });

  it('leaves no tensor behind', async () => {
    const reference = await tinyRun(await temporaryFolder());
    const use = async (): Promise<number> => {
      const model = await LoadedModel.load(reference);
      await model.encode(noise(9 * model.clipSize));
      await model.samplePrior(9, 0);
      model.dispose();
      return tf.memory().numTensors;
    };
    const after = await use();
    expect(await use()).toBe(after);
  });
});
