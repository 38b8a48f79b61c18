/** `node cost-process.ts SECTION PRESET THREADS`: measures one model in a fresh process; the figures as one line of JSON. */
import { readFileSync } from 'node:fs';
import { compileProgram } from '../../../src-main/engine/compile.ts';
import { openBackend } from '../../../src-main/engine/backends/open.ts';
import { soundOf, throughModel } from '../../../src-main/inference/utterances/through.ts';
import {
  UtteranceModel,
  utteranceProgramOf,
} from '../../../src-main/inference/utterances/utterance-model.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { seededUniform } from '../../../src-main/models/parts/random.ts';
import { randomBatch } from '../nets.ts';
import { compileDynamical } from './nets.ts';

export interface CompileCost {
  compileSec: number;
  firstStepSec: number;
  peakMb: number;
}

export interface UtteranceCost {
  /** Length of the utterance. */
  seconds: number;
  timesRealTime: number[];
  peakMb: number;
}

const [section, preset = '', threads] = process.argv.slice(2);
await openBackend({ threads: Number(threads) });
const idleMb = process.memoryUsage.rss() / 2 ** 20;
const cost = section === 'dvae-compile' ? await compileCost() : await utteranceCost();
process.stdout.write(`${JSON.stringify(cost)}\n`, () => process.exit(0));

async function compileCost(): Promise<CompileCost> {
  const frames = 150;
  const begun = performance.now();
  const net = compileDynamical(preset, frames);
  const compiled = performance.now();
  await net.program.call('step', { learningRate: 1e-3, x: randomBatch(net.shape) }, { seed: 0, step: 0 });
  const stepped = performance.now();
  return {
    compileSec: (compiled - begun) / 1000,
    firstStepSec: (stepped - compiled) / 1000,
    peakMb: peakMb() - idleMb,
  };
}

/** The model's weights are as they begin: what it takes does not depend on them. */
async function utteranceCost(): Promise<UtteranceCost> {
  const seconds = 35;
  const config = resolveConfig({ preset });
  const utterances = utteranceProgramOf(config);
  const { features } = config;
  if (!utterances || features.kind !== 'power-spectrogram') throw new Error(`${preset} has no utterances`);
  const model = new UtteranceModel(compileProgram(utterances.definition), utterances.model, config);
  const { sampleRateHz } = features;
  const next = seededUniform(0, 'noise');
  const reconstruct = async (length: number): Promise<number> => {
    const samples = Float32Array.from({ length: length * sampleRateHz }, () => next() - 0.5);
    const begun = performance.now();
    const recording = { name: 'noise', samples, sampleRateHz };
    const utterance = await throughModel(model, recording, features, { latent: { kind: 'mean' } });
    soundOf(utterance, utterance.estimate, { method: 'original-phase', iterations: 0, seed: 0 });
    return length / ((performance.now() - begun) / 1000);
  };
  await reconstruct(2);
  const timesRealTime: number[] = [];
  for (let round = 0; round < 5; round++) timesRealTime.push(await reconstruct(seconds));
  return { seconds, timesRealTime, peakMb: peakMb() - idleMb };
}

/** The most that this process ever had in memory. What Linux tells of a child's resource usage begins with its parent's. */
function peakMb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
