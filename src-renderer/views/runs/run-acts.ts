import Archive from '@lucide/svelte/icons/trash-2';
import ClipboardList from '@lucide/svelte/icons/square-terminal';
import CopyPlus from '@lucide/svelte/icons/copy-plus';
import Download from '@lucide/svelte/icons/download';
import FastForward from '@lucide/svelte/icons/fast-forward';
import Folder from '@lucide/svelte/icons/folder';
import GitFork from '@lucide/svelte/icons/git-fork';
import Hash from '@lucide/svelte/icons/hash';
import ListMinus from '@lucide/svelte/icons/list-minus';
import ListPlus from '@lucide/svelte/icons/list-plus';
import OctagonX from '@lucide/svelte/icons/octagon-x';
import Pause from '@lucide/svelte/icons/pause';
import Pencil from '@lucide/svelte/icons/pencil';
import Play from '@lucide/svelte/icons/play';
import Square from '@lucide/svelte/icons/square';
import type { Component } from 'svelte';
import {
  type RunSummary,
  runsDelete,
  runsExtend,
  runsFork,
  runsPause,
  runsResume,
  runsShow,
  runsStop,
} from '../../../src-preload/contract/commands/runs.ts';
import { reportRun } from '../../../src-preload/contract/commands/report.ts';
import { runsDiscard, runsUnqueue } from '../../../src-preload/contract/commands/runs-live.ts';
import { fileNamePart } from '../../../src-preload/contract/file-names.ts';
import { commandText } from '../../state/command-text.ts';

export type RunActId =
  | 'pause'
  | 'resume'
  | 'stop'
  | 'queue'
  | 'unqueue'
  | 'extend'
  | 'fork'
  | 'duplicate'
  | 'edit'
  | 'export'
  | 'commands'
  | 'copy-id'
  | 'copy-folder'
  | 'discard'
  | 'delete';

/** One thing that can be done with a run: when, and how a terminal does it. */
export interface RunAct {
  id: RunActId;
  title: string;
  /** What it does, where the title does not say it all. */
  help: string;
  icon: Component<{ size?: number }>;
  danger?: boolean;
  /** Begins a group of the menu. */
  divided?: boolean;
  /** Whether a run in this state can be told so. */
  can(run: RunSummary): boolean;
  /** The line that does it in a terminal; null for what only a window does. */
  line(run: RunSummary): string | null;
}

const trains = (run: RunSummary): boolean => run.state === 'running' || run.state === 'starting';
const live = (run: RunSummary): boolean => trains(run) || run.state === 'paused';
const resumable = (run: RunSummary): boolean =>
  ['paused', 'stopped', 'failed', 'interrupted'].includes(run.state);

export const runActs: readonly RunAct[] = [
  {
    id: 'resume',
    title: 'Resume',
    help: 'Go on from where it is.',
    icon: Play,
    can: (run) => resumable(run) || run.state === 'queued',
    line: (run) => commandText(runsResume, { run: run.run }),
  },
  {
    id: 'pause',
    title: 'Pause',
    help: 'Wait before the next step; it keeps its memory and goes on at once.',
    icon: Pause,
    can: (run) => run.state === 'running',
    line: (run) => commandText(runsPause, { run: run.run }),
  },
  {
    id: 'stop',
    title: 'Stop and save',
    help: 'Save a checkpoint and end; it can be resumed.',
    icon: Square,
    can: live,
    line: (run) => commandText(runsStop, { run: run.run }),
  },
  {
    id: 'queue',
    title: 'Add to queue',
    help: 'Resume when those before it in the queue have ended.',
    icon: ListPlus,
    can: (run) => resumable(run) && run.state !== 'paused',
    line: (run) => commandText(runsResume, { run: run.run, queue: true }),
  },
  {
    id: 'unqueue',
    title: 'Take out of the queue',
    help: 'It stays, and can be resumed.',
    icon: ListMinus,
    can: (run) => run.state === 'queued',
    line: (run) => commandText(runsUnqueue, { run: run.run }),
  },
  {
    id: 'extend',
    title: 'Extend…',
    help: 'Train it for more epochs.',
    icon: FastForward,
    can: (run) => run.state !== 'queued' && run.state !== 'starting',
    line: (run) => commandText(runsExtend, { run: run.run, epochs: 10 }),
  },
  {
    id: 'fork',
    title: 'Fork…',
    help: 'Start a new run from a checkpoint of this one, with other settings.',
    icon: GitFork,
    divided: true,
    can: (run) => run.step > 0,
    line: (run) => commandText(runsFork, { run: run.run, checkpoint: 'best' }),
  },
  {
    id: 'duplicate',
    title: 'Duplicate…',
    help: 'Open the form with the settings of this run, to train anew.',
    icon: CopyPlus,
    can: () => true,
    line: () => null,
  },
  {
    id: 'edit',
    title: 'Name, tags, notes, colour…',
    help: '',
    icon: Pencil,
    divided: true,
    can: () => true,
    line: () => null,
  },
  {
    id: 'export',
    title: 'Export…',
    help: 'A report as one HTML file, curves as CSV, clips as WAV and PNG, the checkpoint.',
    icon: Download,
    can: () => true,
    line: (run) => commandText(reportRun, { run: run.run, out: `${fileNamePart(run.name)}.html` }),
  },
  {
    id: 'commands',
    title: 'Copy as command…',
    help: 'The lines that do these things in a terminal.',
    icon: ClipboardList,
    can: () => true,
    line: (run) => commandText(runsShow, { run: run.run }),
  },
  { id: 'copy-id', title: 'Copy id', help: '', icon: Hash, can: () => true, line: () => null },
  { id: 'copy-folder', title: 'Copy folder', help: '', icon: Folder, can: () => true, line: () => null },
  {
    id: 'discard',
    title: 'Discard…',
    help: 'End it without saving and delete it.',
    icon: OctagonX,
    danger: true,
    divided: true,
    can: live,
    line: (run) => commandText(runsDiscard, { run: run.run }),
  },
  {
    id: 'delete',
    title: 'Delete',
    help: 'Delete it with its checkpoints and metrics; can be undone.',
    icon: Archive,
    danger: true,
    divided: true,
    can: (run) => !live(run),
    line: (run) => commandText(runsDelete, { run: run.run }),
  },
];

/** What can be done with a run now, in the order of the menu. */
export function actsOf(run: RunSummary): RunAct[] {
  return runActs.filter((act) => act.can(run));
}
