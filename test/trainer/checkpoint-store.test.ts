import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DiskCalls, realDisk } from '../../src-main/files/atomic-file.ts';
import {
  checkpointBytes,
  type CheckpointContent,
  checkpointFiles,
  type TrainingProgress,
} from '../../src-main/trainer/checkpoint.ts';
import { checkpointSteps, CheckpointStore, openCheckpoint } from '../../src-main/trainer/checkpoint-store.ts';
import type { OutputValue } from '../../src-main/engine/program.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { testConfig, testEnvironment } from './run-fixture.ts';

const stateOf = (step: number): Map<string, OutputValue> =>
  new Map<string, OutputValue>([
    [
      'weights',
      { data: Float32Array.from({ length: 1000 }, (_, index) => step + index / 7), shape: [10, 100] },
    ],
    ['adam/step', { data: Int32Array.of(step), shape: [] }],
  ]);

function contentOf(progress: Partial<TrainingProgress> & { step: number }): CheckpointContent {
  return {
    run: 'r',
    config: testConfig(),
    dataset: { id: 'd', name: 'd', folder: '/d', splitHash: 'h' },
    environment: testEnvironment,
    seed: 1,
    progress: {
      epoch: progress.step,
      stepInEpoch: 0,
      best: null,
      validationsWithoutBetter: 0,
      epochSums: {},
      ...progress,
    },
    validation: null,
  };
}

const best = (step: number) => ({ step, epoch: step, value: 0.5, split: 'validation' });
const unlimited = { keepEveryEpochs: 0, budgetBytes: 0 };

async function storeIn(settings = unlimited, disk?: DiskCalls) {
  const folder = path.join(await temporaryFolder(), 'runs', 'r', 'checkpoints');
  return { folder, store: new CheckpointStore(folder, settings, disk) };
}

describe('checkpoints', () => {
  it('come back with every bit and their record', async () => {
    const { folder, store } = await storeIn();
    store.write(contentOf({ step: 3, best: best(3) }), stateOf(3));
    const { record, state, passedOver } = openCheckpoint(folder, 'last');
    expect(state).toEqual(stateOf(3));
    expect(record.progress.step).toBe(3);
    expect(passedOver).toEqual([]);
  });

  it('are the same bytes for the same state', async () => {
    const [a, b] = [await storeIn(), await storeIn()];
    for (const { store } of [a, b]) store.write(contentOf({ step: 3 }), stateOf(3));
    expect(readFileSync(checkpointFiles(a.folder, 3).tensors)).toEqual(
      readFileSync(checkpointFiles(b.folder, 3).tensors),
    );
  });

  it('keep the last, the one before it, the best and every Nth', async () => {
    const { folder, store } = await storeIn({ keepEveryEpochs: 4, budgetBytes: 0 });
    for (let step = 0; step <= 11; step++)
      store.write(contentOf({ step, best: best(Math.min(step, 2)) }), stateOf(step));
    expect(checkpointSteps(folder)).toEqual([2, 4, 8, 10, 11]);
  });

  it('let the oldest go over the budget, never the best and the last', async () => {
    const sample = await storeIn();
    sample.store.write(contentOf({ step: 1, best: best(1) }), stateOf(1));
    const oneBytes = checkpointBytes(sample.folder, 1);
    const { folder, store } = await storeIn({ keepEveryEpochs: 1, budgetBytes: 3.5 * oneBytes });
    for (let step = 0; step <= 9; step++)
      store.write(contentOf({ step, best: best(Math.min(step, 2)) }), stateOf(step));
    expect(checkpointSteps(folder)).toEqual([2, 8, 9]);
    const tight = await storeIn({ keepEveryEpochs: 1, budgetBytes: 1 });
    for (let step = 0; step <= 3; step++)
      tight.store.write(contentOf({ step, best: best(Math.min(step, 1)) }), stateOf(step));
    expect(checkpointSteps(tight.folder)).toEqual([1, 3]);
  });

  it.each([
    [
      'a changed byte',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 5]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    ['a truncated file', (file: string) => truncateSync(file, 100)],
    ['an empty file', (file: string) => truncateSync(file, 0)],
    [
      'a record that is not JSON',
      (file: string) => writeFileSync(file.replace('safetensors', 'json'), '{"schema": 1'),
    ],
  ])('fall back to the one before when the last has %s, and say so', async (_case, damage) => {
    const { folder, store } = await storeIn();
    store.write(contentOf({ step: 1 }), stateOf(1));
    store.write(contentOf({ step: 2 }), stateOf(2));
    damage(checkpointFiles(folder, 2).tensors);
    const opened = openCheckpoint(folder, 'last');
    expect(opened.record.progress.step).toBe(1);
    expect(opened.passedOver.map(({ code }) => code)).toEqual(['runs/checkpoint-damaged']);
    expect(opened.passedOver[0]?.message).toContain('000000002.safetensors');
    const recovered = store.recover();
    expect(recovered?.record.progress.step).toBe(1);
    expect(recovered?.passedOver).toHaveLength(1);
    // Moved aside, not destroyed, and no longer in the way.
    expect(checkpointSteps(folder)).toEqual([1]);
    expect(readdirSync(path.join(folder, 'damaged')).sort()).toEqual([
      '000000002.json',
      '000000002.safetensors',
    ]);
    store.write(contentOf({ step: 2 }), stateOf(2));
    expect(openCheckpoint(folder, 'last').record.progress.step).toBe(2);
  });

  it('refuse by name when all are damaged', async () => {
    const { folder, store } = await storeIn();
    store.write(contentOf({ step: 1 }), stateOf(1));
    truncateSync(checkpointFiles(folder, 1).tensors, 10);
    expect(() => store.recover()).toThrow(/No checkpoint of run r can be read: 000000001\.safetensors/);
  });

  it('name what there is when another is asked for', async () => {
    const { folder, store } = await storeIn();
    expect(() => openCheckpoint(folder, 'last')).toThrow(/has no checkpoint last/);
    store.write(contentOf({ step: 5 }), stateOf(5));
    expect(() => openCheckpoint(folder, 7)).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining('5') }),
    );
  });

  it('open the best, and the last where none was judged', async () => {
    const { folder, store } = await storeIn();
    store.write(contentOf({ step: 1, best: best(1) }), stateOf(1));
    store.write(contentOf({ step: 2, best: best(1) }), stateOf(2));
    expect(openCheckpoint(folder, 'best').record.progress.step).toBe(1);
    const unjudged = await storeIn();
    unjudged.store.write(contentOf({ step: 4 }), stateOf(4));
    expect(openCheckpoint(unjudged.folder, 'best').record.progress.step).toBe(4);
  });

  it('of a full disk leave the earlier ones intact and nothing half written', async () => {
    let room = Number.POSITIVE_INFINITY;
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const disk: DiskCalls = {
      ...realDisk,
      write: (descriptor, bytes) => {
        const part = bytes.subarray(0, Math.min(bytes.length, room));
        if (part.length === 0) throw full;
        room -= part.length;
        return realDisk.write(descriptor, part);
      },
    };
    const { folder, store } = await storeIn(unlimited, disk);
    store.write(contentOf({ step: 1, best: best(1) }), stateOf(1));
    const before = readdirSync(folder);
    for (room of [0, 3, 500, 4100, 4500]) {
      expect(() => store.write(contentOf({ step: 2, best: best(1) }), stateOf(2))).toThrow(
        expect.objectContaining({ code: 'runs/disk-full', remedy: expect.stringContaining('runs resume r') }),
      );
      expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual(
        before.filter((name) => name.endsWith('.json')),
      );
      expect(openCheckpoint(folder, 'last').state).toEqual(stateOf(1));
    }
    room = Number.POSITIVE_INFINITY;
    expect(store.recover()?.record.progress.step).toBe(1);
    expect(readdirSync(folder).sort()).toEqual(before.sort());
    store.write(contentOf({ step: 2, best: best(1) }), stateOf(2));
    expect(checkpointSteps(folder)).toEqual([1, 2]);
  });

  it('clean up what a kill left: temporary files and tensors without a record', async () => {
    const { folder, store } = await storeIn();
    store.write(contentOf({ step: 1 }), stateOf(1));
    writeFileSync(path.join(folder, '.tmp-123-abc'), 'half');
    writeFileSync(checkpointFiles(folder, 2).tensors, 'lone');
    expect(checkpointSteps(folder)).toEqual([1]);
    expect(store.recover()?.record.progress.step).toBe(1);
    expect(existsSync(checkpointFiles(folder, 2).tensors)).toBe(false);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('are none in a fresh run', async () => {
    const { store } = await storeIn();
    expect(store.recover()).toBeNull();
  });
});
