import os from 'node:os';
import { expect, test, vi } from 'vitest';
import {
  physicalCores,
  prepareTensorFlowEnvironment,
  threadCounts,
  usableCores,
} from '../../../src-main/engine/backends/environment.ts';

test('the cores are those of the machine', () => {
  expect(physicalCores()).toBeGreaterThanOrEqual(1);
  expect(physicalCores()).toBeLessThanOrEqual(os.cpus().length);
  expect(usableCores()).toBeLessThanOrEqual(os.availableParallelism());
});

test('threads are what was asked for, or one a core', () => {
  expect(threadCounts(3)).toEqual({ intraOp: 3, interOp: 2 });
  expect(threadCounts(1)).toEqual({ intraOp: 1, interOp: 1 });
  expect(threadCounts(undefined).intraOp).toBe(usableCores());
  for (const threads of [0, -1, 2.5, NaN, 5000]) {
    expect(() => threadCounts(threads)).toThrow(expect.objectContaining({ code: 'engine/threads-invalid' }));
  }
});

test('what TensorFlow reads is set: determinism, threads, visible GPUs', () => {
  for (const name of ['TF_DETERMINISTIC_OPS', 'TF_NUM_INTRAOP_THREADS', 'CUDA_VISIBLE_DEVICES', 'PATH']) {
    vi.stubEnv(name, process.env[name]);
  }
  const threads = { intraOp: 5, interOp: 1 };
  prepareTensorFlowEnvironment({ threads, libraryFolder: '/libraries', visibleGpus: '' });
  expect(process.env).toMatchObject({
    TF_DETERMINISTIC_OPS: '1',
    TF_NUM_INTRAOP_THREADS: '5',
    TF_NUM_INTEROP_THREADS: '1',
    // An empty list would be read as "not set" by some versions; -1 hides every GPU.
    CUDA_VISIBLE_DEVICES: '-1',
  });
  prepareTensorFlowEnvironment({ threads, libraryFolder: '/libraries', visibleGpus: '1' });
  expect(process.env.CUDA_VISIBLE_DEVICES).toBe('1');
  prepareTensorFlowEnvironment({ threads, libraryFolder: '/libraries', visibleGpus: undefined });
  expect(process.env.CUDA_VISIBLE_DEVICES).toBe('1');
  vi.unstubAllEnvs();
});
