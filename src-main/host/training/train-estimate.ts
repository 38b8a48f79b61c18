import os from 'node:os';
import path from 'node:path';
import type { CommandContext } from '../../../src-preload/contract/command.ts';
import type { trainEstimate } from '../../../src-preload/contract/commands/train-form.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { engineProcessEnvironment } from '../../engine/process-environment.ts';
import { parameterCount } from '../../models/config.ts';
import { resolveConfig } from '../../models/overrides.ts';
import { howItEnded, LastWords, startChild } from '../../processes/child.ts';
import { onMessage, sendMessage } from '../../processes/messages.ts';
import { everyRecording } from '../../store/database/types.ts';
import type { EstimateResult, EstimateTask } from '../../trainer/estimate.ts';
import type { FromEstimate } from '../../trainer/estimate-entry.ts';
import { completed } from '../runs/sampler-base.ts';
import type { HostHandler } from '../services.ts';

const entry = path.resolve(import.meta.dirname, '../../trainer/estimate-entry.ts');

/** Measures, in a process of its own, what training would cost here. Ending the command ends that process. */
export const handleTrainEstimate: HostHandler<typeof trainEstimate> = async (input, context) => {
  const { database, trainers, nodePath } = context.services;
  const config = await completed(trainers, resolveConfig({ preset: input.preset, overrides: input.set }));
  const dataset = await database.readDataset(input.dataset);
  const count = async (split: 'train' | 'validation'): Promise<number> => {
    const query = { ...everyRecording, splits: [split], silent: false };
    const page = await database.listRecordings(dataset.id, {
      ...query,
      sort: 'id',
      descending: false,
      limit: 1,
    });
    return page.total;
  };
  const { batchSize, epochs, validateEveryEpochs } = config.training;
  const [clips, validationClips] = [await count('train'), await count('validation')];
  if (clips < batchSize)
    throw new ResynthError('runs/dataset-too-small', { dataset: dataset.name, count: clips, batchSize });
  const running = trainers.training;
  const task: EstimateTask = {
    config,
    engine: { backend: null, device: null, threads: null },
    steps: input.steps,
  };
  const measured = await measure(task, nodePath, context);
  const { environment, stepMs, evaluateMs, compileSec } = measured;
  const stepsPerEpoch = Math.floor(clips / batchSize);
  const validations = Math.ceil(validationClips / batchSize) / validateEveryEpochs;
  const middleMs = median(stepMs);
  const epochSec = (stepsPerEpoch * middleMs + validations * evaluateMs) / 1000;
  return {
    device: environment.device,
    deviceName: environment.deviceName,
    mode: environment.mode,
    parameters: parameterCount(config).total,
    clips,
    stepsPerEpoch,
    compileSec,
    stepMs: middleMs,
    stepMsRange: [Math.min(...stepMs), Math.max(...stepMs)],
    epochSec,
    epochs,
    totalSec: compileSec + epochs * epochSec,
    peakMemoryBytes: measured.peakMemoryBytes,
    notes: [...measured.notes, ...notesOf(environment.device, Math.max(running, trainers.training))],
  };
};

function notesOf(device: string, running: number): string[] {
  const notes = ['Measured on noise. Reading the clips, checkpoints and clips to listen to come on top.'];
  if (running > 0) {
    notes.push(
      `${running === 1 ? 'A run was' : `${running} runs were`} training meanwhile: alone on this machine it would be faster.`,
    );
  }
  // A minute's mean; always 0 on Windows, which has no such figure.
  const [load = 0] = os.loadavg();
  const cores = os.availableParallelism();
  if (running === 0 && load > cores) {
    notes.push(
      `The machine was busy (a load of ${load.toFixed(1)} on ${cores} cores): alone it would be faster.`,
    );
  }
  if (device !== 'cpu') notes.push("The memory is that of the process, without the GPU's own.");
  return notes;
}

/** One task for one child. Aborting ends it at once: what it measures is of no use to anyone else. */
function measure(
  task: EstimateTask,
  nodePath: string | undefined,
  { signal, progress }: Pick<CommandContext, 'signal' | 'progress'>,
): Promise<EstimateResult> {
  if (signal.aborted) return Promise.reject(new ResynthError('internal/cancelled'));
  const child = startChild({ entry, nodePath, env: engineProcessEnvironment() });
  const lastWords = new LastWords(child.process);
  const cancel = (): void => void child.process.kill('SIGKILL');
  signal.addEventListener('abort', cancel, { once: true });
  return new Promise<EstimateResult>((resolve, reject) => {
    onMessage(child.channel, (heard) => {
      const message = heard as FromEstimate;
      if (message.kind === 'progress') progress(message.event);
      else if (message.kind === 'result') resolve(message.result);
      else reject(ResynthError.from(message.error));
    });
    const died = (how: string): void => {
      if (signal.aborted) reject(new ResynthError('internal/cancelled'));
      // After a result or an error this changes nothing.
      const detail = lastWords.line ? `${how}; its last words: ${lastWords.line}` : how;
      reject(new ResynthError('runs/estimate-died', { how: detail }));
    };
    child.process.on('error', (error) => died(error.message));
    child.process.on('close', (code, ended) => died(howItEnded(code, ended)));
    sendMessage(child.channel, task);
  }).finally(() => {
    signal.removeEventListener('abort', cancel);
    child.channel.close();
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
