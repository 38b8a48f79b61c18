import type { z } from 'zod';
import type { Command, CommandContext } from '../../src-preload/contract/command.ts';
import type { HostInfo } from '../../src-preload/contract/commands/host.ts';
import type { EventHub } from '../../src-preload/contract/event-hub.ts';
import type { AnalystPool } from '../analyst/pool.ts';
import type { InferenceProcess } from '../inference/client.ts';
import type { Database } from '../store/database/client.ts';
import type { Home } from '../store/home.ts';
import type { Jobs } from './jobs.ts';
import type { Notices } from './notices.ts';
import type { Trainers } from './runs/trainers.ts';

/** Everything that the owner of a data folder keeps alive between commands. Made in one place: `openHost`. */
export interface Services {
  readonly home: Home;
  readonly kind: HostInfo['kind'];
  readonly startedMs: number;
  /** The Node for child processes that a command starts by itself; undefined for this process's own. */
  readonly nodePath: string | undefined;
  /** The index, in its own thread. */
  readonly database: Database;
  /** What clients are told as it happens. */
  readonly hub: EventHub;
  /** Long work that a window shows and may cancel. */
  readonly jobs: Jobs;
  /** Child processes that decode, inspect and compute features and pictures; no TensorFlow. */
  readonly analysts: AnalystPool;
  /** The child that keeps trained models loaded; started by the first request. */
  readonly inference: InferenceProcess;
  /** The queue, the trainers that run, and what their folders tell. */
  readonly trainers: Trainers;
  readonly notices: Notices;
}

/** What a handler is given beside its input. */
export interface HostContext extends CommandContext {
  readonly services: Services;
}

export type HostHandler<C extends Command> = (
  input: z.output<C['input']>,
  context: HostContext,
) => Promise<z.output<C['output']>>;
