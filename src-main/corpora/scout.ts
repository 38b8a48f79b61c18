import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { ChosenLayout, FolderSketch, FromScout, ScoutBatch, ScoutJob, ToScout } from './scout-jobs.ts';

export type { ChosenLayout, FolderSketch, LayoutCandidate, ScoutBatch } from './scout-jobs.ts';

/** Threads that have nothing to do; one is kept, for a folder is usually looked at before it is read. */
const idle: Worker[] = [];
const mostIdle = 2;

/**
 * The layout to read a folder by: the one asked for, or with 'auto' the first that fits.
 *
 * @throws ResynthError as `detectFolder`.
 */
export async function chooseFolderLayout(
  dir: string,
  layout: string,
  signal: AbortSignal,
): Promise<ChosenLayout> {
  let chosen: ChosenLayout | null = null;
  for await (const message of run({ kind: 'choose', dir, layout }, signal)) {
    if (message.kind === 'chosen') chosen = message.chosen;
  }
  if (!chosen) throw new Error('The look at the folder ended without a result.');
  return chosen;
}

/**
 * Says what a folder is and what would be taken from it, without opening a file.
 *
 * @throws ResynthError dataset/folder-missing, dataset/not-a-folder, dataset/folder-unreadable, dataset/layout-unknown,
 *   dataset/layout-mismatch, internal/cancelled.
 */
export async function detectFolder(dir: string, layout: string, signal: AbortSignal): Promise<FolderSketch> {
  let sketch: FolderSketch | null = null;
  for await (const message of run({ kind: 'detect', dir, layout }, signal)) {
    if (message.kind === 'sketch') sketch = message.sketch;
  }
  if (!sketch) throw new Error('The look at the folder ended without a result.');
  return sketch;
}

/**
 * Every audio file of a folder in batches, in no particular order, with the entries that were passed over. Reads ahead by
 * a few batches only.
 *
 * @throws ResynthError dataset/folder-missing, dataset/not-a-folder, dataset/folder-unreadable, internal/cancelled.
 */
export async function* scanFolder(
  dir: string,
  layout: string,
  signal: AbortSignal,
): AsyncGenerator<ScoutBatch> {
  for await (const message of run({ kind: 'scan', dir, layout }, signal)) {
    if (message.kind === 'batch') yield message.batch;
  }
}

/** How many audio files a folder has, told again and again while they are counted; nothing is opened. */
export async function countFiles(
  dir: string,
  layout: string,
  report: (files: number, ended: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const message of run({ kind: 'count', dir, layout }, signal)) {
    if (message.kind === 'counted') report(message.files, message.ended);
  }
}

function start(): Worker {
  const worker = new Worker(path.join(import.meta.dirname, 'scout-thread.ts'), { execArgv: [] });
  const forget = () => {
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
  };
  // Whoever has a job under way hears of it as well (run).
  worker.on('error', forget).on('exit', forget);
  return worker;
}

/** A thread's messages about one job, up to its end. Leaving the loop early, or the signal, ends the thread. */
async function* run(job: ScoutJob, signal: AbortSignal): AsyncGenerator<FromScout> {
  if (signal.aborted) throw new ResynthError('internal/cancelled');
  const worker = idle.pop() ?? start();
  worker.ref();
  const messages: FromScout[] = [];
  let failure: unknown;
  let wake: () => void = () => undefined;
  const onMessage = (message: FromScout) => {
    messages.push(message);
    wake();
  };
  const onError = (error: unknown) => {
    failure ??= error;
    wake();
  };
  const onExit = () => onError(new Error('The thread that reads folders has ended.'));
  const onAbort = () => onError(new ResynthError('internal/cancelled'));
  worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  signal.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  try {
    worker.postMessage({ kind: 'job', job } satisfies ToScout);
    for (;;) {
      if (failure !== undefined) throw failure;
      const message = messages.shift();
      if (message === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      if (message.kind === 'failed') {
        ended = true;
        throw ResynthError.from(message.error);
      }
      if (message.kind === 'end') {
        ended = true;
        return;
      }
      yield message;
      if (message.kind === 'batch') worker.postMessage({ kind: 'more' } satisfies ToScout);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    worker.unref();
    if (ended && failure === undefined && idle.length < mostIdle) idle.push(worker);
    else void worker.terminate();
  }
}
