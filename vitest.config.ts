import { defineConfig } from 'vitest/config';

/** Child processes everywhere: TensorFlow is never loaded in a worker thread, where it crashes at random. */
export default defineConfig({
  test: {
    pool: 'forks',
    include: process.env.RESYNTH_TEST_FULL ? ['test/**/*.{test,full}.ts'] : ['test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: process.env.RESYNTH_TEST_FULL ? 3_600_000 : 120_000,
    hookTimeout: 120_000,
    // Two threads a TensorFlow process: the same on every machine, so that runs compare.
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
  },
});
