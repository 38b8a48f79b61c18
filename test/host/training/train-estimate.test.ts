import { describe, expect, it } from 'vitest';
import { trainEstimate } from '../../../src-preload/contract/commands/train-form.ts';
import { handleTrainEstimate } from '../../../src-main/host/training/train-estimate.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { listeningHost } from '../listening/listening-services.ts';

const set = {
  ...{ filters: '4,8', latentDim: '4', nFft: '32', hopLength: '16', durationSec: '0.05' },
  ...{ batchSize: '4', epochs: '7', clipNorm: '5' },
};
const ask = { dataset: 'tones', preset: 'fsdd-vae-compact-8k', set, steps: 2 };

describe('estimate of a training', () => {
  it('is measured on the engine that would train', async () => {
    const { context, add, stages } = listeningHost(await temporaryFolder());
    for (let number = 0; number < 9; number++) add(`${number}.wav`, { sec: 0.1 });
    const output = trainEstimate.output.parse(await handleTrainEstimate(ask, context));
    expect(output).toMatchObject({ clips: 9, stepsPerEpoch: 2, epochs: 7 });
    const [fastest, slowest] = output.stepMsRange;
    expect(fastest).toBeGreaterThan(0);
    expect(output.stepMs).toBeGreaterThanOrEqual(fastest);
    expect(output.stepMs).toBeLessThanOrEqual(slowest);
    expect(output.epochSec).toBeCloseTo((2 * output.stepMs) / 1000, 6);
    expect(output.totalSec).toBeCloseTo(output.compileSec + 7 * output.epochSec, 6);
    expect(output.peakMemoryBytes).toBeGreaterThan(50e6);
    expect(output.notes.join()).not.toMatch(/meanwhile/);
    expect(new Set(stages)).toContain('Measuring steps');
  });

  it('says when another run shares the machine', async () => {
    const { context, add } = listeningHost(await temporaryFolder());
    for (let number = 0; number < 4; number++) add(`${number}.wav`, { sec: 0.1 });
    const services = { ...context.services, trainers: { ...context.services.trainers, training: 1 } };
    const { notes } = await handleTrainEstimate({ ...ask, steps: 1 }, {
      ...context,
      services,
    } as typeof context);
    expect(notes.join()).toMatch(/A run was training meanwhile/);
  });

  it('can be cancelled, and refuses a dataset without one whole batch', async () => {
    const { context, add, cancel } = listeningHost(await temporaryFolder());
    add('a.wav');
    await expect(handleTrainEstimate(ask, context)).rejects.toMatchObject({ code: 'runs/dataset-too-small' });
    for (let number = 0; number < 4; number++) add(`${number}.wav`, { sec: 0.1 });
    const measuring = handleTrainEstimate(ask, { ...context, progress: () => cancel.abort() });
    await expect(measuring).rejects.toMatchObject({ code: 'internal/cancelled' });
  });
});
