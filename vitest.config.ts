import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

const endings = process.env.RESYNTH_TEST_FULL ? '{test,full}.ts' : 'test.ts';

/** Child processes everywhere: TensorFlow is never loaded in a worker thread, where it crashes at random. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: process.env.RESYNTH_TEST_FULL ? 3_600_000 : 120_000,
    hookTimeout: 120_000,
    // What is waited for comes soon; on a busy machine, not within the one second that vitest has by itself.
    expect: { poll: { timeout: 30_000 } },
    // Two threads a TensorFlow process: the same on every machine, so that runs compare.
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
    projects: [
      {
        extends: true,
        test: { name: 'node', include: [`test/**/*.${endings}`], exclude: ['test/renderer/**'] },
      },
      {
        extends: true,
        plugins: [svelte(), svelteTesting()],
        test: { name: 'window', include: [`test/renderer/**/*.${endings}`], environment: 'jsdom' },
      },
    ],
  },
});
