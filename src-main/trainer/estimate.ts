import type { ProgressEvent } from '../../src-preload/contract/command.ts';
import type { ResolvedConfig } from '../models/config.ts';
import { sizeOf } from '../models/parameters.ts';
import { fedShape } from '../models/prepared.ts';
import { PhiloxWords } from '../random/philox.ts';
import type { RunEnvironment, RunRecord } from './run-record.ts';
import type { SessionProgram } from './session.ts';

export interface EstimateTask {
  config: ResolvedConfig;
  engine: RunRecord['engine'];
  /** Steps to measure after the first. */
  steps: number;
}

export interface EstimateResult {
  environment: RunEnvironment;
  /** From the configuration to the end of the first step, in which the engine prepares itself. */
  compileSec: number;
  /** Of each step after the first, its batch given. */
  stepMs: number[];
  /** Of one batch of a validation. */
  evaluateMs: number;
  /** The most that the process held at any time, libraries included; not the memory of a GPU. */
  peakMemoryBytes: number;
  notes: string[];
}

export interface EstimateSources {
  open(
    engine: RunRecord['engine'],
    config: ResolvedConfig,
    progress: (event: ProgressEvent) => void,
  ): Promise<SessionProgram>;
}

/**
 * Compiles what would train and runs a few of its steps, on noise in the place of clips: what a step costs does not depend
 * on the values. The learning rate is 0, so that nothing can diverge.
 */
export async function measureTraining(
  { config, engine, steps }: EstimateTask,
  { open }: EstimateSources,
  progress: (event: ProgressEvent) => void,
): Promise<EstimateResult> {
  const begunMs = performance.now();
  const { program, environment, inputShape, prepared, notes } = await open(engine, config, progress);
  try {
    const { batchSize, beta, freeBits, clipNorm } = config.training;
    const x = noise(sizeOf([batchSize, ...(prepared ? fedShape(prepared) : inputShape)]));
    const scalars = { beta, freeBits };
    const step = async (number: number): Promise<number> => {
      const startedMs = performance.now();
      const feeds = { x, learningRate: 0, ...scalars, ...(clipNorm > 0 ? { clipNorm } : {}) };
      await program.call('step', feeds, { seed: 0, step: number });
      return performance.now() - startedMs;
    };
    const stage = 'Measuring steps';
    progress({ stage, done: 0, total: steps, unit: 'steps' });
    await step(0);
    const compileSec = (performance.now() - begunMs) / 1000;
    const stepMs: number[] = [];
    for (let number = 1; number <= steps; number++) {
      stepMs.push(await step(number));
      progress({ stage, done: number, total: steps, unit: 'steps' });
    }
    const evaluate = async (): Promise<number> => {
      const startedMs = performance.now();
      await program.call('evaluate', { x, mask: new Float32Array(batchSize).fill(1), ...scalars });
      return performance.now() - startedMs;
    };
    await evaluate();
    const evaluateMs = await evaluate();
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    return { environment, compileSec, stepMs, evaluateMs, peakMemoryBytes, notes };
  } finally {
    program.dispose();
  }
}

function noise(count: number): Float32Array {
  const random = new PhiloxWords(0);
  return Float32Array.from({ length: count }, () => random.next() / 2 ** 32);
}
