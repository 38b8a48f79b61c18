import type { RunSummary } from '../../../src-preload/contract/commands/runs.ts';

type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad';

export interface StateLook {
  title: string;
  tone: Tone;
  /** Whether a process works on it, or waits with its memory. */
  live: boolean;
  /** What it means, for a tooltip. */
  help: string;
}

const looks: Record<string, StateLook> = {
  queued: { title: 'Queued', tone: 'neutral', live: false, help: 'Trains when those before it have ended.' },
  starting: {
    title: 'Starting',
    tone: 'accent',
    live: true,
    help: 'Its trainer prepares the clips and the model.',
  },
  running: { title: 'Training', tone: 'accent', live: true, help: 'Its trainer is at work.' },
  paused: {
    title: 'Paused',
    tone: 'warn',
    live: true,
    help: 'Its trainer waits and keeps its memory; it goes on at once.',
  },
  stopped: { title: 'Stopped', tone: 'neutral', live: false, help: 'Saved and ended before its last epoch.' },
  finished: { title: 'Finished', tone: 'good', live: false, help: 'All its epochs are done.' },
  failed: { title: 'Failed', tone: 'bad', live: false, help: 'Its trainer ended with an error.' },
  interrupted: {
    title: 'Interrupted',
    tone: 'bad',
    live: false,
    help: 'Its trainer is gone without a word: killed, or the machine went down. The last checkpoint is there.',
  },
};

/** How a state is shown. One that this window does not know is shown by its name. */
export function stateLook(state: string): StateLook {
  return looks[state] ?? { title: state, tone: 'neutral', live: false, help: '' };
}

/** Its weights came from elsewhere and were not trained on here yet: there are epochs behind it, and no step. */
export function isImported(run: Pick<RunSummary, 'step' | 'epoch'>): boolean {
  return run.step === 0 && run.epoch > 0;
}

/** States in the order in which they want attention. */
export const stateOrder = Object.keys(looks);

export const stateGroups = {
  all: { title: 'All', states: null },
  live: { title: 'Live', states: ['starting', 'running', 'paused', 'queued'] },
  done: { title: 'Finished', states: ['finished'] },
  open: { title: 'Stopped', states: ['stopped'] },
  trouble: { title: 'Failed', states: ['failed', 'interrupted'] },
} as const satisfies Record<string, { title: string; states: readonly string[] | null }>;

export type StateGroup = keyof typeof stateGroups;

export function isStateGroup(value: unknown): value is StateGroup {
  return typeof value === 'string' && Object.hasOwn(stateGroups, value);
}

/** Epochs done, as a share of all: between epochs by the step where a trainer tells it. */
export function shareDone(run: Pick<RunSummary, 'epoch' | 'epochs' | 'progress' | 'state'>): number {
  if (run.state === 'finished') return 1;
  const { progress } = run;
  if (progress && progress.steps > 0) return Math.min(1, progress.step / progress.steps);
  return run.epochs > 0 ? Math.min(1, run.epoch / run.epochs) : 0;
}
