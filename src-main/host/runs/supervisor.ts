import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import { engineProcessEnvironment } from '../../engine/process-environment.ts';
import { type Child, howItEnded, startChild } from '../../processes/child.ts';
import { onMessage, sendMessage } from '../../processes/messages.ts';
import type { ControlCommand } from '../../trainer/control.ts';
import {
  type FromTrainer,
  fromTrainerSchema,
  type ToTrainer,
  type TrainerEnd,
} from '../../trainer/messages.ts';
import { runFiles } from '../../trainer/run-record.ts';

export interface TrainerOptions {
  folder: string;
  /** The data folder. */
  home: string;
  /** Goes on when this process ends. */
  detached: boolean;
  extendEpochs: number | null;
  /** The trainer's entry; tests give their own. */
  entry?: string;
  /** The Node that runs it: a plain one, never Electron's own binary. */
  nodePath?: string;
  onMessage?: (message: FromTrainer) => void;
}

/** A trainer process as its host sees it. */
export interface Trainer {
  readonly pid: number;
  /** Tells it something; false when it can no longer hear. */
  control(command: ControlCommand): boolean;
  /** How it ended. Rejects with `runs/trainer-crashed` when it ended without saying so. */
  readonly ended: Promise<TrainerEnd>;
  /** When it has begun to train (a detached one may be left alone then), or ended before. */
  readonly running: Promise<void>;
  /** Lets go of a detached trainer, so that this process can end. */
  leave(): void;
}

const defaultEntry = path.resolve(import.meta.dirname, '../../trainer/entry.ts');

/** Starts a trainer on a run folder. What it and its engine print goes to the run's log. */
export function startTrainer(options: TrainerOptions): Trainer {
  const log = openSync(runFiles(options.folder).log, 'a');
  let child: Child;
  try {
    child = startChild({
      entry: options.entry ?? defaultEntry,
      nodePath: options.nodePath,
      env: engineProcessEnvironment(),
      log,
      detached: options.detached,
    });
  } finally {
    closeSync(log);
  }
  const { promise: running, resolve: resolveRunning } = Promise.withResolvers<void>();
  const ended = outcomeOf(child, options, resolveRunning);
  // Whoever waits sees the rejection; one that nobody waits for is in the run's status all the same.
  ended.catch(() => undefined);
  const settled = (): void => resolveRunning();
  void ended.then(settled, settled);
  send(child, {
    type: 'start',
    folder: options.folder,
    home: options.home,
    detached: options.detached,
    extendEpochs: options.extendEpochs,
  });
  return {
    pid: child.process.pid ?? -1,
    control: (control) => send(child, { type: 'control', control }),
    ended,
    running,
    leave: () => {
      child.channel.close();
      child.process.unref();
    },
  };
}

function outcomeOf(child: Child, options: TrainerOptions, isRunning: () => void): Promise<TrainerEnd> {
  return new Promise((resolve, reject) => {
    let end: TrainerEnd | null = null;
    let startError: Error | null = null;
    onMessage(child.channel, (raw) => {
      const parsed = fromTrainerSchema.safeParse(raw);
      if (!parsed.success) {
        reject(new ResynthError('runs/protocol', { detail: parsed.error.message }, { cause: parsed.error }));
        send(child, {
          type: 'control',
          control: { command: 'stop', reason: 'its host did not understand it' },
        });
        return;
      }
      if (parsed.data.type === 'end') end = parsed.data;
      if (parsed.data.type === 'state' && parsed.data.state === 'running') isRunning();
      options.onMessage?.(parsed.data);
    });
    const settle = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (end) resolve(end);
      else reject(crash(options.folder, startError, code, signal));
    };
    child.process.on('error', (error) => {
      startError = error;
      // A process that could not be started at all has no 'exit'.
      if (child.process.pid === undefined) settle(null, null);
    });
    // The channel may still hold the last message when the process is gone: 'close' comes after both.
    child.process.on('close', settle);
  });
}

function crash(
  folder: string,
  startError: Error | null,
  code: number | null,
  signal: NodeJS.Signals | null,
): ResynthError {
  const files = runFiles(folder);
  const how =
    signal === 'SIGKILL' ? 'killed with SIGKILL, by someone or for want of memory' : howItEnded(code, signal);
  const reason = startError?.message ?? how;
  return new ResynthError(
    'runs/trainer-crashed',
    { run: files.id, reason, log: files.log },
    { cause: startError },
  );
}

function send({ channel }: Child, message: ToTrainer): boolean {
  // A message that does not arrive means that the child is going down: its 'close' deals with that.
  sendMessage(channel, message);
  return !channel.closed;
}
