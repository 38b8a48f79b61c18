import path from 'node:path';
import type { z } from 'zod';
import {
  recordingsList,
  recordingSortSchema,
  recordingsStats,
} from '../../../src-preload/contract/commands/recordings.ts';
import { uniformNumbers } from '../../../src-main/dsp/random.ts';
import { median, type BenchRow } from '../report.ts';
import { AppHost } from './app-host.ts';
import { fillLibrary, labels, speakers, words } from './large-library.ts';
import { loadNote, type PartOptions, quantile, section, withScratch } from './part.ts';

const dataset = 'large';
const recordings = 300_000;
const requests = 200;
const targetMs = 100;

type Query = Omit<z.input<typeof recordingsList.input>, 'dataset'>;
/** Draws numbers from 0 to 1. */
type Draw = () => number;

const pick = <Value>(draw: Draw, values: readonly Value[]): Value =>
  values[Math.floor(draw() * values.length)] as Value;

/** What a user does in the table, at random: each asks for the page of 100 rows that would then be shown. */
const kinds: Record<string, (draw: Draw) => Query> = {
  page: (draw) => ({ offset: Math.floor(draw() * recordings) }),
  sort: (draw) => ({
    sort: pick(draw, recordingSortSchema.options),
    descending: draw() < 0.5,
    offset: Math.floor(draw() * recordings),
  }),
  filter: (draw) => ({ ...filter(draw), sort: pick(draw, recordingSortSchema.options) }),
  search: (draw) => ({ ...(draw() < 0.3 ? filter(draw) : {}), search: searched(draw) }),
};

function filter(draw: Draw): Query {
  const shortest = draw() * 10;
  return pick(draw, [
    { speakers: [pick(draw, speakers), pick(draw, speakers)] },
    { labels: [pick(draw, labels)] },
    { splits: [pick(draw, ['train', 'validation', 'test'] as const)] },
    { minDurationSec: shortest, maxDurationSec: shortest + draw() * 10 },
    { silent: draw() < 0.5, labels: [pick(draw, labels)] },
  ]);
}

/** One word or two, often not typed to the end. */
function searched(draw: Draw): string {
  const word = (): string => {
    const whole = draw() < 0.2 ? pick(draw, speakers) : pick(draw, words);
    return draw() < 0.5 ? whole : whole.slice(0, 2 + Math.floor(draw() * 3));
  };
  return draw() < 0.5 ? word() : `${word()} ${word()}`;
}

/** Requests of a client over the local socket: host, database thread and back, one after the other. */
export function benchPaging({ progress }: PartOptions): Promise<BenchRow[]> {
  return withScratch(async (scratch) => {
    const home = path.join(scratch, 'home');
    progress(`app: fill a database with ${recordings} recordings`);
    await fillLibrary(home, dataset, recordings);
    const host = await AppHost.open(home);
    const list = async (query: Query): Promise<Spent> => {
      const cpuBefore = await host.cpuMs();
      const startMs = performance.now();
      await host.client.call(recordingsList, { dataset, ...query });
      const ms = performance.now() - startMs;
      return { ms, cpuMs: (await host.cpuMs()) - cpuBefore };
    };
    try {
      const cold = await list({});
      const rows: BenchRow[] = [];
      const all: Spent[] = [];
      for (const [index, [kind, query]] of Object.entries(kinds).entries()) {
        progress(`app: ${kind} at ${recordings} rows`);
        const numbers = uniformNumbers(index, requests * 20);
        let at = 0;
        const draw: Draw = () => numbers[at++] ?? 0;
        const times: Spent[] = [];
        for (let request = 0; request < requests; request++) times.push(await list(query(draw)));
        all.push(...times);
        rows.push(rowOf(`${kind} at 300,000 rows, p95`, times, ''));
      }
      rows.push(rowOf('all of these, p95', all, `; ${loadNote()}`));
      rows.push({
        section,
        what: 'first page after start at 300,000 rows',
        value: cold.ms,
        unit: 'ms',
        note: `reads the columns of the dataset, once; ${cold.cpuMs.toFixed(0)} ms of processor time`,
      });
      const startMs = performance.now();
      await host.client.call(recordingsStats, { dataset, search: 'sea' });
      const ms = performance.now() - startMs;
      rows.push({ section, what: 'histograms of a search at 300,000 rows', value: ms, unit: 'ms' });
      return rows;
    } finally {
      await host.stop();
    }
  });
}

interface Spent {
  ms: number;
  /** Processor time of the host meanwhile. */
  cpuMs: number;
}

function rowOf(what: string, spent: readonly Spent[], note: string): BenchRow {
  const times = spent.map(({ ms }) => ms);
  const cpu = spent.map(({ cpuMs }) => cpuMs);
  const value = quantile(times, 0.95);
  return {
    section,
    what,
    value,
    unit: 'ms',
    target: `< ${targetMs} ms`,
    ok: value < targetMs,
    note:
      `${times.length} requests, median ${median(times).toFixed(1)}, worst ${Math.max(...times).toFixed(0)} ms; ` +
      `p95 of the host's processor time ${quantile(cpu, 0.95).toFixed(1)} ms${note}`,
  };
}
