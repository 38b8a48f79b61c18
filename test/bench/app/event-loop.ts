import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { datasetsAdd, datasetsRemove } from '../../../src-preload/contract/commands/datasets.ts';
import { jobsList } from '../../../src-preload/contract/commands/host.ts';
import { runsShow, runsStop, train } from '../../../src-preload/contract/commands/runs.ts';
import type { BenchRow } from '../report.ts';
import { AppHost, Watched } from './app-host.ts';
import type { LoopDelay } from './host-process.ts';
import { loadNote, type PartOptions, quantile, section, withScratch } from './part.ts';
import { fsddFolder } from './speech-folders.ts';

const watchSec = 30;
const targetMs = 30;
const pingEveryMs = 20;

/**
 * How late the host's event loop is while it indexes FSDD over and over and a trainer of its own trains, with a client
 * that asks small things; and beside it a process that does nothing, which is late by what the machine makes it.
 */
export function benchEventLoop({ dataFolder, progress }: PartOptions): Promise<BenchRow[]> {
  return withScratch(async (scratch) => {
    const { folder, note } = fsddFolder(dataFolder, scratch);
    const [host, idle] = await Promise.all([AppHost.open(path.join(scratch, 'home')), Watched.idle()]);
    try {
      await host.client.call(datasetsAdd, { dir: folder, name: 'trained' });
      progress('app: start to train');
      const { run } = await host.client.call(train, {
        dataset: 'trained',
        preset: 'fsdd-vae-compact',
        epochs: 1000,
        detach: true,
      });
      progress(`app: watch the event loop for ${watchSec} s`);
      const before = await host.client.call(runsShow, { run });
      await Promise.all([host.resetLoop(), idle.resetLoop()]);
      const untilMs = performance.now() + watchSec * 1000;
      const [indexed, pings] = await Promise.all([
        indexUntil(host, folder, untilMs),
        pingUntil(host, untilMs),
      ]);
      const [loop, idleLoop] = await Promise.all([host.loop(), idle.loop()]);
      const after = await host.client.call(runsShow, { run });
      await host.client.call(runsStop, { run });
      const steps = after.step - before.step;
      if (steps === 0)
        throw new Error(`The run did not train meanwhile: ${after.state}, ${after.reason ?? ''}`);
      return [
        {
          section,
          what: 'event loop of the host while it indexes and trains, p99',
          value: loop.p99Ms,
          unit: 'ms',
          target: `< ${targetMs} ms`,
          ...verdict(loop, idleLoop),
          note:
            `${watchSec} s, ${indexed} indexes of ${note}, ${steps} steps; median ${loop.p50Ms.toFixed(1)}, ` +
            `worst ${loop.maxMs.toFixed(0)} ms${tooBusy(loop, idleLoop)}`,
        },
        {
          section,
          what: 'event loop of a process that does nothing, at the same time, p99',
          value: idleLoop.p99Ms,
          unit: 'ms',
          note: `worst ${idleLoop.maxMs.toFixed(0)} ms; ${loadNote()}`,
        },
        {
          section,
          what: 'a small command meanwhile, there and back, p99',
          value: quantile(pings, 0.99),
          unit: 'ms',
          note: `one every ${pingEveryMs} ms; median ${quantile(pings, 0.5).toFixed(1)} ms`,
        },
      ];
    } finally {
      await Promise.all([host.stop(), idle.stop()]);
    }
  });
}

/** A miss says nothing of the host where the machine makes a process that does nothing about as late. */
function isTooBusy(loop: LoopDelay, idle: LoopDelay): boolean {
  return loop.p99Ms >= targetMs && idle.p99Ms >= targetMs / 3;
}

function verdict(loop: LoopDelay, idle: LoopDelay): { ok?: boolean } {
  return isTooBusy(loop, idle) ? {} : { ok: loop.p99Ms < targetMs };
}

function tooBusy(loop: LoopDelay, idle: LoopDelay): string {
  return isTooBusy(loop, idle) ? '; the machine is too busy with other things to tell' : '';
}

async function indexUntil(host: AppHost, dir: string, untilMs: number): Promise<number> {
  let indexed = 0;
  while (performance.now() < untilMs) {
    await host.client.call(datasetsAdd, { dir, name: 'again' });
    await host.client.call(datasetsRemove, { dataset: 'again' });
    indexed++;
  }
  return indexed;
}

/** Asks at fixed times, whether or not the answer before has come: a long wait counts for all who would have waited. */
async function pingUntil(host: AppHost, untilMs: number): Promise<number[]> {
  const answers: Promise<number>[] = [];
  for (let dueMs = performance.now(); dueMs < untilMs; dueMs += pingEveryMs) {
    const lateMs = performance.now() - dueMs;
    if (lateMs < 0) await setTimeout(-lateMs);
    const startMs = dueMs;
    answers.push(host.client.call(jobsList, {}).then(() => performance.now() - startMs));
  }
  return Promise.all(answers);
}
