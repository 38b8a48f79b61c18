import path from 'node:path';
import { compileProgram } from '../../src-main/engine/compile.ts';
import { openBackend } from '../../src-main/engine/backends/open.ts';
import { type ConfigRequest, resolveConfig } from '../../src-main/models/overrides.ts';
import { writeCheckpoint } from '../../src-main/trainer/checkpoint.ts';
import { buildModelProgram } from '../../src-main/trainer/model-program.ts';
import { runFiles, writeRunRecord, type RunRecord } from '../../src-main/trainer/run-record.ts';
import { encodeWav } from '../../src-main/audio/write-wav.ts';
import type { ModelReference } from '../../src-main/inference/protocol.ts';
import { testEnvironment } from '../trainer/run-fixture.ts';

/** A net small enough for plain JavaScript: 32 bins by 38 frames, four latents. */
export const tinySettings = {
  filters: '2,2',
  kernels: '3,3',
  strides: '2,2',
  latentDim: '4',
  nFft: '64',
  hopLength: '32',
  sampleRateHz: '8000',
  durationSec: '0.15',
  batchSize: '4',
};

/** The fragment VAE as small: 32 bins, four frames and three numbers a fragment, two fragments a window of 32 ms. */
export const tinyFragments: ConfigRequest = {
  preset: 'asr-fragments',
  overrides: {
    ...{ filters: '2,2', kernel: '3', latentDim: '3', batchSize: '4' },
    ...{ sampleRateHz: '8000', nFft: '64', hopLength: '32', fragmentFrames: '4', fragments: '2' },
  },
};

/** A run folder with one checkpoint a step of `steps`, each untrained and of its own seed. */
export async function tinyRun(
  root: string,
  steps: readonly number[] = [7],
  request: ConfigRequest = { preset: 'fsdd-vae-compact-8k', overrides: tinySettings },
): Promise<ModelReference> {
  await openBackend({ backend: 'javascript' });
  const folder = path.join(root, 'tiny');
  const base = resolveConfig(request);
  const dataset = { id: 'd', name: 'd', folder: root, splitHash: 'h' };
  const record: RunRecord = {
    schema: 1,
    id: 'tiny',
    name: 'Tiny',
    createdMs: 0,
    config: base as unknown as RunRecord['config'],
    dataset,
    engine: { backend: null, device: null, threads: null },
    environment: testEnvironment,
    parent: null,
    extensions: [],
  };
  writeRunRecord(folder, record);
  for (const step of steps) {
    const config = { ...base, training: { ...base.training, seed: step } };
    const { definition } = buildModelProgram(config, { batchSize: 4, entries: ['decode', 'encode'] });
    const program = compileProgram(definition, { mode: 'eager' });
    const best = { step: steps[0] ?? 0, epoch: 1, value: 1, split: 'validation' };
    writeCheckpoint(
      runFiles(folder).checkpoints,
      {
        run: record.id,
        config: record.config,
        dataset,
        environment: testEnvironment,
        seed: step,
        progress: { step, epoch: 1, stepInEpoch: 0, best, validationsWithoutBetter: 0, epochSums: {} },
        validation: null,
      },
      await program.readState(),
    );
    program.dispose();
  }
  return { runFolder: folder, runName: 'Tiny', checkpoint: 'last', engine: { backend: 'javascript' } };
}

/** A WAV of a falling tone that ends after `durationSec`. */
export function toneWav(durationSec: number, sampleRateHz = 8000, channels = 1): Uint8Array {
  const tone = Float32Array.from({ length: Math.round(durationSec * sampleRateHz) }, (_, at) => {
    const sec = at / sampleRateHz;
    return 0.5 * Math.sin(2 * Math.PI * (1200 - 2000 * sec) * sec);
  });
  return encodeWav(
    Array.from({ length: channels }, () => tone),
    sampleRateHz,
    'pcm16',
  ).bytes;
}
