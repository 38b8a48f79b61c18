import type { Channel } from '../../src-preload/contract/channel.ts';
import { asResynthError, type ResynthError } from '../../src-preload/contract/errors/error.ts';
import { onMessage, sendMessage } from '../processes/messages.ts';
import { parentChannel } from '../processes/parent-channel.ts';
import { initialProgress } from './checkpoint.ts';
import { ControlInbox } from './control.ts';
import { acquireRunLock } from './lock.ts';
import type { LoopOutcome } from './loop.ts';
import { type FromTrainer, type ToTrainer, toTrainerSchema } from './messages.ts';
import { SessionReporter } from './reporter.ts';
import { runFiles } from './run-record.ts';
import { readRunStatus } from './run-status.ts';
import { runSession, type SessionSources } from './session.ts';

/**
 * The life of a trainer process: waits for 'start', takes the run's lock, trains, tells how it ended, exits.
 * SIGTERM and SIGINT (Ctrl-C reaches the whole group) mean: stop and save. So does the loss of the host, unless detached.
 */
export function runTrainerChild(sources: SessionSources): void {
  const channel = parentChannel();
  const send = (message: FromTrainer): void => sendMessage(channel, message);
  let inbox: ControlInbox | null = null;
  let detached = false;
  const early: Extract<ToTrainer, { type: 'control' }>['control'][] = [];
  const preparation = new AbortController();
  const tell = (control: (typeof early)[number]): void => {
    if (control.command === 'stop') preparation.abort();
    if (inbox) inbox.push(control);
    else early.push(control);
  };
  const stop = (reason: string) => () => tell({ command: 'stop', reason });
  process.on('SIGTERM', stop('it was asked to end (SIGTERM)'));
  process.on('SIGINT', stop('it was interrupted (Ctrl-C)'));
  // A closed terminal: a detached trainer has none.
  process.on('SIGHUP', () => {
    if (!detached) tell({ command: 'stop', reason: 'its terminal was closed' });
  });
  channel.onClose(() => {
    if (!inbox && early.length === 0 && !started) process.exit(1);
    if (!detached) tell({ command: 'stop', reason: 'the program that started it ended' });
  });

  let started = false;
  onMessage(channel, (raw) => {
    const parsed = toTrainerSchema.safeParse(raw);
    if (!parsed.success) {
      send({ type: 'note', text: `A message was not understood: ${parsed.error.message}` });
      return;
    }
    const message = parsed.data;
    if (message.type === 'control') tell(message.control);
    else if (!started) {
      started = true;
      detached = message.detached;
      void train(message, send, sources, preparation.signal, (opened) => {
        inbox = opened;
        for (const control of early) opened.push(control);
      }).then((code) => leave(channel, code));
    }
  });
}

type Start = Extract<ToTrainer, { type: 'start' }>;

async function train(
  start: Start,
  send: (message: FromTrainer) => void,
  sources: SessionSources,
  signal: AbortSignal,
  ready: (inbox: ControlInbox) => void,
): Promise<number> {
  const { folder } = start;
  try {
    const lock = acquireRunLock(folder);
    try {
      const before = readRunStatus(folder);
      const control = new ControlInbox(runFiles(folder).control);
      const reporter = new SessionReporter(folder, send, () => control.obeyed, before.status);
      send({ type: 'locked', pid: process.pid });
      if (lock.tookOver)
        reporter.note(
          'The last trainer of this run ended without a word; going on from its last checkpoint.',
        );
      ready(control);
      const outcome = await sessionOutcome(start, sources, control, reporter, signal);
      reporter.end(outcome);
      return outcome.state === 'failed' ? 1 : 0;
    } finally {
      lock.release();
    }
  } catch (thrown) {
    // Before the lock is had, the run's files are not ours: the host alone is told.
    send(endOf(asResynthError(thrown)));
    return 1;
  }
}

async function sessionOutcome(
  start: Start,
  sources: SessionSources,
  control: ControlInbox,
  reporter: SessionReporter,
  signal: AbortSignal,
): Promise<LoopOutcome> {
  try {
    const { folder, home, extendEpochs } = start;
    return await runSession({ folder, home, extendEpochs, sources, control, reporter, signal });
  } catch (thrown) {
    const error = asResynthError(thrown);
    const progress = initialProgress;
    if (error.code === 'internal/cancelled' && signal.aborted) {
      return { state: 'stopped', reason: 'it was stopped before its first step', error: null, progress };
    }
    if (error.code === 'internal/unexpected' && thrown instanceof Error)
      reporter.log(thrown.stack ?? thrown.message);
    return { state: 'failed', reason: error.message, error, progress };
  }
}

function endOf(error: ResynthError): FromTrainer {
  return {
    type: 'end',
    state: 'failed',
    reason: error.message,
    error: error.toJSON(),
    step: 0,
    epoch: 0,
    best: null,
    lastCheckpoint: null,
  };
}

function leave(channel: Channel, code: number): void {
  process.exitCode = code;
  // The last messages are on their way; closing the line after them lets the process end by itself.
  channel.close();
  // Native threads of an engine may keep it alive.
  setTimeout(() => process.exit(code), 2000).unref();
}
