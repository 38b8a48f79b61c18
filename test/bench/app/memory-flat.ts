import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  datasetsAdd,
  datasetsRemove,
  datasetsRescan,
} from '../../../src-preload/contract/commands/datasets.ts';
import { recordingSortSchema, recordingsList } from '../../../src-preload/contract/commands/recordings.ts';
import { runMeasured } from '../../../src-preload/contract/events/runs.ts';
import { median, type BenchRow } from '../report.ts';
import { AppHost } from './app-host.ts';
import { fillLibrary, words } from './large-library.ts';
import { openLiveRun } from './live-run.ts';
import { loadNote, type PartOptions, section, withScratch } from './part.ts';
import { slopeOf } from './slope.ts';
import { fsddFolder } from './speech-folders.ts';

const recordings = 100_000;
const sampleEveryMs = 500;
/** The first part of the time: caches fill, and code is compiled. */
const warmUp = 0.3;
/** Growth over the time that was watched, as a share of what the host has. */
const most = 0.05;

/** Memory of a host over minutes of indexing, paging, searching and a live run, with a client that hears all events. */
export function benchMemoryFlat({ dataFolder, minutes, progress }: PartOptions): Promise<BenchRow[]> {
  return withScratch(async (scratch) => {
    const { folder } = fsddFolder(dataFolder, scratch);
    const home = path.join(scratch, 'home');
    await fillLibrary(home, 'large', recordings);
    const run = await openLiveRun(home, 2000);
    const host = await AppHost.open(home);
    let events = 0;
    host.client.on(runMeasured, () => events++);
    run.begin();
    try {
      const startMs = performance.now();
      const untilMs = startMs + minutes * 60_000;
      const warmMs = startMs + warmUp * minutes * 60_000;
      progress(`app: watch memory for ${minutes} minutes`);
      const [, , samples] = await Promise.all([
        indexAgain(host, folder, untilMs),
        page(host, untilMs),
        sample(host, untilMs, progress),
      ]);
      const measured = samples.filter(({ atMs }) => atMs >= warmMs);
      const note =
        `${(minutes * (1 - warmUp)).toFixed(1)} min after ${(minutes * warmUp).toFixed(1)} of warm-up, ` +
        `${events} live updates; ${loadNote()}`;
      const rss = measured.map(({ atMs, rssBytes }) => ({ atMs, bytes: rssBytes }));
      const heap = measured.flatMap(({ atMs, heapBytes }) =>
        heapBytes === null ? [] : [{ atMs, bytes: heapBytes }],
      );
      return [
        growthRow('resident memory of the host, growth', rss, note),
        growthRow('live heap of its main thread, growth', heap, 'after collecting garbage'),
      ];
    } finally {
      run.end();
      await host.stop();
    }
  });
}

function growthRow(
  what: string,
  samples: readonly { atMs: number; bytes: number }[],
  note: string,
): BenchRow {
  const { perMinute, noise } = slopeOf(
    samples.map(({ atMs, bytes }) => ({ minute: atMs / 60_000, value: bytes / 2 ** 20 })),
  );
  const minutes = ((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 60_000;
  const size = median(samples.map(({ bytes }) => bytes)) / 2 ** 20;
  return {
    section,
    what,
    value: perMinute,
    unit: 'MB/min',
    spread: [perMinute - noise, perMinute + noise],
    target: `< ${most * 100} % in all, beyond noise`,
    // What is within the noise is no growth that was seen.
    ok: (perMinute - noise) * minutes < most * size,
    note: `at ${size.toFixed(0)} MB; ${note}`,
  };
}

async function indexAgain(host: AppHost, dir: string, untilMs: number): Promise<void> {
  while (performance.now() < untilMs) {
    await host.client.call(datasetsAdd, { dir, name: 'again' });
    await host.client.call(datasetsRescan, { dataset: 'again' });
    await host.client.call(datasetsRemove, { dataset: 'again' });
    await setTimeout(500);
  }
}

async function page(host: AppHost, untilMs: number): Promise<void> {
  for (let at = 0; performance.now() < untilMs; at++) {
    const sort = recordingSortSchema.options[at % recordingSortSchema.options.length] ?? 'id';
    const search = at % 3 === 0 ? (words[at % words.length] ?? '') : '';
    const offset = (at * 7919) % recordings;
    await host.client.call(recordingsList, {
      dataset: 'large',
      sort,
      search,
      offset: search === '' ? offset : 0,
    });
    await setTimeout(100);
  }
}

interface Sample {
  atMs: number;
  rssBytes: number;
  /** Where garbage was collected first. */
  heapBytes: number | null;
}

async function sample(
  host: AppHost,
  untilMs: number,
  progress: (message: string) => void,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  let saidMs = performance.now();
  while (performance.now() < untilMs) {
    const collect = samples.length % 6 === 0;
    const { rssBytes, heapBytes } = await host.memory(collect);
    samples.push({ atMs: performance.now(), rssBytes, heapBytes: collect ? heapBytes : null });
    if (performance.now() - saidMs > 30_000) {
      saidMs = performance.now();
      progress(
        `app: ${(rssBytes / 2 ** 20).toFixed(0)} MB, ${((untilMs - saidMs) / 60_000).toFixed(1)} min to go`,
      );
    }
    await setTimeout(sampleEveryMs);
  }
  return samples;
}
