import { resolveConfig } from '../../src-main/models/overrides.ts';
import type { FragmentsConfig } from '../../src-main/dsp/pipelines/fragments.ts';
import type { ResolvedConfig } from '../../src-main/models/config.ts';
import { runContest } from './contest.ts';
import type { Contest } from './contest.ts';
import {
  compileConvVae,
  compileLstmVae,
  compileStep,
  fourBlockConfig,
  samplerConfig,
  stepScalars,
} from './nets.ts';
import type { BenchRow } from './report.ts';
import type { SectionOptions } from './sections.ts';
import { findTorch } from './twin.ts';

const learningRate = 5e-4;

/** Step times against PyTorch. */
export async function benchTrain({ threads, only, progress }: SectionOptions): Promise<BenchRow[]> {
  const search = findTorch();
  const rows: BenchRow[] = [];
  for (const contest of contests(threads)) {
    if (only !== undefined && !contest.name.includes(only)) continue;
    progress(`train: ${contest.name}`);
    rows.push(...(await runContest('train', contest, search, progress)));
  }
  return rows;
}

/** A net of fragments at the batch of its preset. */
function fragmentsContest(preset: string, threads: number): Contest {
  const config = resolveConfig({ preset });
  const { fragments, fragmentFrames, nFft } = config.features as FragmentsConfig;
  const batch = config.training.batchSize;
  const shape = [nFft / 2, fragmentFrames, fragments];
  return {
    name: `${preset}, batch ${batch} x ${fragments}`,
    ...{ batch, target: 1.5, rounds: 7, stepsARound: 5 },
    compile: () => compileStep(config, batch),
    scalars: stepScalars(config, learningRate),
    twins: { PyTorch: { net: 'asr-fragments', seed: 0, threads, batch, shape, config: config.model } },
  };
}

function contests(threads: number): Contest[] {
  const convolutional = (config: ResolvedConfig, batch: number): Contest['twins'] => {
    const common = { net: 'conv-vae', seed: 0, threads, batch, shape: [256, 64], config: config.model };
    return { PyTorch: common, 'PyTorch channels_last': { ...common, channelsLast: true } };
  };
  const full = resolveConfig({ preset: 'fsdd-vae' });
  const fourBlock = fourBlockConfig();
  const mixture = resolveConfig({ preset: 'gm-vae-compact' });
  const flowBase = resolveConfig({ preset: 'fsdd-vae-compact' }).model;
  const flow = samplerConfig('realnvp', 'conv-vae', flowBase);
  // Without clipping, which its twin has not.
  const quantised = resolveConfig({ preset: 'rvq-vae-coarse', overrides: { clipNorm: '0' } });
  const lstm = { frames: 50, bins: 257, units: 128, latentDim: 16 };
  const lstmTwin = (recurrence: string): Record<string, unknown> => ({
    net: 'lstm-vae',
    seed: 0,
    threads,
    batch: 32,
    config: { ...lstm, recurrence },
  });
  return [
    {
      name: 'fsdd-vae, batch 16',
      batch: 16,
      target: 1.6,
      rounds: 3,
      stepsARound: 2,
      compile: () => compileConvVae(full, 16),
      scalars: stepScalars(full, learningRate),
      twins: convolutional(full, 16),
    },
    {
      name: 'four blocks 32-64-64-64, batch 16',
      batch: 16,
      target: 1.3,
      rounds: 7,
      stepsARound: 10,
      compile: () => compileConvVae(fourBlock, 16),
      scalars: stepScalars(fourBlock, learningRate),
      twins: convolutional(fourBlock, 16),
    },
    {
      name: 'RealNVP on fsdd-vae-compact, batch 64',
      batch: 64,
      target: 1.5,
      rounds: 7,
      stepsARound: 10,
      compile: () => compileStep(flow, 64),
      scalars: stepScalars(flow, learningRate),
      twins: {
        PyTorch: {
          ...{ net: 'realnvp', seed: 0, threads, batch: 64, shape: [256, 64] },
          config: { ...flow.model, base: flowBase },
        },
      },
    },
    {
      name: 'gm-vae-compact, 10 components, batch 16',
      batch: 16,
      target: 1.5,
      rounds: 7,
      stepsARound: 5,
      compile: () => compileConvVae(mixture, 16),
      scalars: stepScalars(mixture, learningRate),
      twins: {
        PyTorch: { net: 'gm-vae', seed: 0, threads, batch: 16, shape: [256, 64], config: mixture.model },
      },
    },
    {
      name: 'rvq-vae-coarse, 4 stages of 256, batch 16',
      batch: 16,
      target: 1.5,
      rounds: 7,
      stepsARound: 5,
      compile: () => compileStep(quantised, 16),
      scalars: stepScalars(quantised, learningRate),
      twins: {
        PyTorch: { net: 'rvq-vae', seed: 0, threads, batch: 16, shape: [128, 64], config: quantised.model },
      },
    },
    ...['asr-fragments', 'asr-fragments-placed'].map((preset) => fragmentsContest(preset, threads)),
    {
      name: 'LSTM-VAE, 32 x 50 x 257',
      batch: 32,
      target: 1.5,
      rounds: 9,
      stepsARound: 10,
      compile: () => compileLstmVae(lstm, 32),
      scalars: { learningRate },
      twins: { 'PyTorch nn.LSTM': lstmTwin('fused'), 'PyTorch nn.LSTMCell loop': lstmTwin('loop') },
    },
  ];
}
