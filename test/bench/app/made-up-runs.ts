import { readdirSync } from 'node:fs';
import { featurePipelineSchema, featureShape } from '../../../src-main/dsp/pipeline.ts';
import { uniformNumbers } from '../../../src-main/dsp/random.ts';
import { makeFolderSync } from '../../../src-main/files/folders.ts';
import { createRun } from '../../../src-main/host/runs/runs.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { writeClipIndex, writeClipLevels } from '../../../src-main/trainer/clips/files.ts';
import { MetricsWriter } from '../../../src-main/trainer/metrics-log.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { initialStatus, writeRunStatus } from '../../../src-main/trainer/run-status.ts';

const stepsPerEpoch = 50;
const epochs = 20;
const presets = ['fsdd-vae-compact-8k', 'fsdd-vae-8k'];
const clipsEach = 4;
/** Steps at which clips were kept. */
const keptSteps = [0, 250, 500, 1000];

export interface MadeUpDataset {
  id: string;
  name: string;
  folder: string;
  splitHash: string;
}

/**
 * Fills a data folder that nobody has open with finished runs, as trainers leave them: record, status, curves of a thousand
 * steps logged every ten. The first `withClips` have decoded clips of recordings in the dataset's folder too. Gives their ids.
 */
export async function makeRuns(
  homeRoot: string,
  dataset: MadeUpDataset,
  count: number,
  withClips: number,
): Promise<string[]> {
  const home = openHome(homeRoot);
  makeFolderSync(home.runs);
  const taken = new Map<string, string>();
  const ids: string[] = [];
  for (let number = 0; number < count; number++) {
    const [rate = 0, beta = 0, size = 0] = uniformNumbers(number, 3);
    const config = resolveConfig({
      preset: presets[number % presets.length] ?? '',
      overrides: {
        learningRate: (10 ** (-4 + 2 * rate)).toPrecision(2),
        beta: (4 * beta).toFixed(1),
        latentDim: String(8 << Math.floor(4 * size)),
        seed: String(number),
      },
    });
    const name = `sweep ${String(number).padStart(4, '0')}`;
    const { folder, record } = await createRun(
      home,
      {
        ...{ config, dataset, name, nameFrom: name, parent: null },
        engine: { backend: null, device: null, threads: null },
      },
      taken,
    );
    taken.set(name, record.id);
    ids.push(record.id);
    writeCurves(folder, number);
    if (number < withClips) writeClips(folder, dataset.folder, config.features, number);
    writeRunStatus(folder, {
      ...initialStatus,
      ...{
        state: 'finished',
        segment: 1,
        step: stepsPerEpoch * epochs,
        epoch: epochs,
        epochs,
        stepsPerEpoch,
      },
    });
  }
  return ids;
}

function writeCurves(folder: string, number: number): void {
  const metrics = new MetricsWriter(runFiles(folder).metrics);
  const at = (step: number) => ({
    ...{ segment: 1, step, epoch: Math.ceil(step / stepsPerEpoch) },
    ...{ wallMs: 1.7e12 + 100 * step, processMs: 100 * step },
  });
  metrics.append({ ...at(0), epoch: 1, split: 'segment', values: {} });
  for (let step = 10; step <= stepsPerEpoch * epochs; step += 10) {
    const reconstruction = 20 + (10 + (number % 7)) * Math.exp(-step / 300) + Math.sin(step * 12.9898);
    const values = { total: reconstruction + 8, reconstruction, kl: 8 };
    metrics.append({ ...at(step), split: 'train', values });
    if (step % stepsPerEpoch === 0) metrics.append({ ...at(step), split: 'validation', values });
  }
  metrics.close();
}

function writeClips(folder: string, recordings: string, features: unknown, number: number): void {
  const pipeline = featurePipelineSchema.parse(features);
  const { bins, frames } = featureShape(pipeline);
  const names = readdirSync(recordings)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .slice(0, clipsEach);
  writeClipIndex(folder, {
    ...{ schema: 1, split: 'validation', features: pipeline, shape: [bins, frames] },
    clips: names.map((recording) => ({
      ...{ recording, contentHash: null, speaker: null, label: recording.slice(0, 1) },
      ...{ durationSec: 0.5, spokenSec: 0.5, minDb: -90, maxDb: -10 },
    })),
  });
  const size = bins * frames;
  for (const step of keptSteps) {
    const noise = uniformNumbers(1000 * number + step, clipsEach * size);
    const data = Float32Array.from({ length: clipsEach * size }, (_, at) => {
      const bin = Math.floor((at % size) / frames);
      return Math.min(1, 0.8 * Math.exp(-bin / (bins / 3)) + 0.2 * (noise[at] ?? 0));
    });
    const mse = Array.from({ length: clipsEach }, () => 0.1 / (1 + step / 100));
    const step1 = { step, epoch: Math.ceil(step / stepsPerEpoch), mse };
    writeClipLevels(folder, step1, { data, shape: [clipsEach, bins, frames] });
  }
}
