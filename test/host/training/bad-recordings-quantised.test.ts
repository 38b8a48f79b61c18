import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import { datasetsExclude } from '../../../src-preload/contract/commands/datasets-analysis.ts';
import { datasetsAdd } from '../../../src-preload/contract/commands/datasets.ts';
import { runsCode } from '../../../src-preload/contract/commands/runs-codebooks.ts';
import { runsMetrics } from '../../../src-preload/contract/commands/runs-live.ts';
import { train } from '../../../src-preload/contract/commands/runs.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { openTestHost, quiet } from '../open-test-host.ts';

const trainerEntry = path.join(import.meta.dirname, '../../../src-main/trainer/entry.ts');

function tone(durationSec: number, hz: number): Float32Array {
  const length = Math.round(8000 * durationSec);
  return Float32Array.from({ length }, (_, t) => 0.5 * Math.sin((2 * Math.PI * hz * t) / 8000));
}

/** Speech-like lengths, and beside them in each split one silent and one shorter than a frame; one far too long, one without a sample. */
async function badFolder(root: string): Promise<string> {
  const dir = path.join(root, 'fsdd');
  await mkdir(dir);
  const write = (name: string, samples: Float32Array): void => {
    writeWav(path.join(dir, `${name}.wav`), samples, 8000);
  };
  for (let take = 0; take < 16; take++) write(`3_tone_${take}`, tone(0.06 + 0.002 * take, 200 + 40 * take));
  for (const take of [6, 11]) {
    write(`4_tone_${take}`, new Float32Array(500));
    write(`5_tone_${take}`, tone(0.001, 300));
  }
  write('6_tone_12', tone(2, 300));
  await writeFile(path.join(dir, '7_tone_13.wav'), new Uint8Array());
  return dir;
}

describe('a residual-quantised VAE of bad recordings', () => {
  it('drops outliers by name, trains on what is left, and codes it with codebooks above batch and data', async () => {
    const root = await temporaryFolder();
    const host = await openTestHost(path.join(root, 'home'), { trainerEntry });
    const added = await host.call(datasetsAdd, { dir: await badFolder(root), name: 'bad' }, quiet);
    expect(added.skipped.map(({ id }) => id)).toEqual(['7_tone_13.wav']);

    const excluded = await host.call(
      datasetsExclude,
      { dataset: 'bad', outliers: true, measures: ['durationSec'], fence: 6 },
      quiet,
    );
    expect(excluded).toMatchObject({ changed: 1, excluded: 1, ids: ['6_tone_12.wav'] });

    const set = {
      ...{ filters: '2', kernels: '3', strides: '2', codeChannels: '4', stages: '2', codebookSize: '4096' },
      ...{ nFft: '32', hopLength: '16', durationSec: '0.05', batchSize: '4', clips: '1' },
    };
    // 8 x 13 positions: fewer vectors in a batch, and in all recordings together, than codes.
    const asked = { dataset: 'bad', preset: 'rvq-vae-coarse', name: 'r', set, epochs: 2 };
    await expect(
      host.call(train, { ...asked, set: { ...set, batchSize: '64' } }, quiet),
    ).rejects.toMatchObject({ code: 'runs/dataset-too-small' });
    const trained = await host.call(train, { ...asked, backend: 'javascript' }, quiet);
    expect(trained).toMatchObject({ state: 'finished', epoch: 2 });
    const { series } = await host.call(runsMetrics, { run: 'r' }, quiet);
    expect(series.length).toBeGreaterThan(0);
    expect(series.every(({ values }) => values.every(Number.isFinite))).toBe(true);

    const code = await host.call(runsCode, { run: 'r', split: 'validation' }, quiet);
    // Takes 5 to 9 and the one shorter than a frame; the silent one has no code.
    expect(code.clips).toBe(6);
    expect(code.codedBitsPerClip).toBeGreaterThan(0);
    expect(code.stages.every(({ used, unused }) => used > 0 && used + unused === 4096)).toBe(true);
  }, 120_000);
});
