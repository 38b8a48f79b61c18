import { setTimeout } from 'node:timers/promises';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { Home } from '../../store/home.ts';
import { type ControlCommand, sendControl } from '../../trainer/control.ts';
import { filesOf, openRun, type Run } from './runs.ts';

const actions: Record<ControlCommand['command'], string> = {
  pause: 'pause',
  resume: 'go on',
  stop: 'stop',
  extend: 'train for longer',
};

/** A step of the largest net on a slow machine, with a checkpoint. */
const patienceSec = 120;
const pollMs = 40;

/**
 * Tells the trainer of a run something, whichever process started it, and waits until it has obeyed.
 *
 * @throws ResynthError runs/not-live; runs/no-answer.
 */
export async function tellTrainer(home: Home, run: Run, command: ControlCommand): Promise<Run> {
  const { id } = run.record;
  const action = actions[command.command];
  if (run.pid === null) throw notLive(run, action);
  const number = sendControl(filesOf(run).control, command);
  const deadlineMs = performance.now() + patienceSec * 1000;
  while (performance.now() < deadlineMs) {
    const now = openRun(home, id);
    if (hasObeyed(now, command, number)) return now;
    // It ended by itself before it read the message.
    if (now.pid === null) throw notLive(now, action);
    await setTimeout(pollMs);
  }
  throw new ResynthError('runs/no-answer', {
    run: run.record.name,
    pid: run.pid,
    action,
    seconds: patienceSec,
  });
}

function hasObeyed({ status, pid }: Run, { command }: ControlCommand, number: number): boolean {
  if (command === 'stop') return pid === null && status.state !== 'interrupted';
  if (status.control !== number) return false;
  if (command === 'pause') return status.state === 'paused';
  return command === 'extend' || status.state === 'running';
}

function notLive(run: Run, action: string): ResynthError {
  const { state } = run.status;
  return new ResynthError('runs/not-live', { run: run.record.name, state, action });
}
