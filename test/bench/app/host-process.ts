import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openHostLink } from '../../../src-main/host/connection/host-link.ts';

/**
 * A host in a process of its own, as an open window has it, that also tells how late its event loop is and how much memory
 * it has. Its data folder is its argument; without one it is a process that does nothing, to compare with.
 */

export type FromBench =
  { kind: 'reset' } | { kind: 'loop' } | { kind: 'cpu' } | { kind: 'memory'; collect: boolean };

/** Lateness of the event loop since the last reset, in milliseconds, the timer's own millisecond included. */
export interface LoopDelay {
  samples: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface Memory {
  rssBytes: number;
  /** Live objects of the main thread and what they hold outside of the heap. */
  heapBytes: number;
}

const [home] = process.argv.slice(2);
const link = home === undefined ? null : await openHostLink({ home, kind: 'web' });
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

function memory(collect: boolean): Memory {
  if (collect) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rssBytes: rss, heapBytes: heapUsed + external };
}

function loop(): LoopDelay {
  const ms = (percentile: number): number => delay.percentile(percentile) / 1e6;
  return { samples: delay.count, p50Ms: ms(50), p99Ms: ms(99), maxMs: delay.max / 1e6 };
}

/** Processor time of all threads of this process so far, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function answerTo(asked: FromBench): LoopDelay | Memory | number {
  if (asked.kind === 'memory') return memory(asked.collect);
  return asked.kind === 'cpu' ? cpuMs() : loop();
}

process.on('message', (asked: FromBench) => {
  if (asked.kind === 'reset') delay.reset();
  process.send?.(answerTo(asked));
});
// The bench has ended, however it did.
process.on('disconnect', () => void end());
process.on('SIGTERM', () => void end());

async function end(): Promise<void> {
  await link?.close({ stopTraining: true });
  process.exit(0);
}

process.send?.('open');
