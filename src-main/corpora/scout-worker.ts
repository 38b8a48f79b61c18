import { parentPort } from 'node:worker_threads';
import { asResynthError } from '../../src-preload/contract/errors/error.ts';
import { corpusById } from './registry.ts';
import type { FromScout, ScoutBatch, ScoutJob, ToScout } from './scout-jobs.ts';
import { chooseLayout, sketchFolder } from './sketch.ts';

/**
 * The thread that lists folders and looks at files: on a disk that sleeps, or with 300,000 files, that takes its time, and
 * the host has windows to serve. One job after the other.
 */

/** Batches on their way before the host has taken the first: it decides how many files wait to be read. */
const ahead = 4;
/** Folders may be small: what they hold is put together into messages of so many entries. */
const entriesABatch = 1024;

const port = parentPort;
if (!port) throw new Error('This file is run as a thread.');

let taken = 0;
let wake: (() => void) | null = null;

port.on('message', (message: ToScout) => {
  if (message.kind === 'more') {
    taken++;
    wake?.();
    return;
  }
  void perform(message.job).catch((thrown: unknown) =>
    send({ kind: 'failed', error: asResynthError(thrown).toJSON() }),
  );
});

function send(message: FromScout): void {
  port?.postMessage(message);
}

async function perform(job: ScoutJob): Promise<void> {
  if (job.kind === 'choose') send({ kind: 'chosen', chosen: await chooseLayout(job.dir, job.layout) });
  else if (job.kind === 'detect') send({ kind: 'sketch', sketch: await sketchFolder(job.dir, job.layout) });
  else if (job.kind === 'scan') await scan(job.dir, job.layout);
  else await count(job.dir, job.layout);
  send({ kind: 'end' });
}

async function scan(dir: string, layout: string): Promise<void> {
  let sent = 0;
  taken = 0;
  let batch: ScoutBatch = { files: [], skipped: [] };
  const flush = async () => {
    send({ kind: 'batch', batch });
    batch = { files: [], skipped: [] };
    for (sent++; sent - taken >= ahead;) {
      await new Promise<void>((resolve) => (wake = resolve));
      wake = null;
    }
  };
  for await (const items of corpusById(layout).scan(dir)) {
    for (const item of items) {
      if (item.kind === 'skipped') batch.skipped.push(item.skipped);
      else batch.files.push(item.file);
    }
    if (batch.files.length + batch.skipped.length >= entriesABatch) await flush();
  }
  await flush();
}

/** How many audio files there are, by their names alone: a fraction of the time of a scan, so that it can tell how far it is. */
async function count(dir: string, layout: string): Promise<void> {
  let files = 0;
  for await (const items of corpusById(layout).scan(dir, { namesOnly: true })) {
    for (const item of items) if (item.kind === 'file') files++;
    send({ kind: 'counted', files, ended: false });
  }
  send({ kind: 'counted', files, ended: true });
}
