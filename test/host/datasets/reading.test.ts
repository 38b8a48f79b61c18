import { describe, expect, it } from 'vitest';
import type { AnalystPool } from '../../../src-main/analyst/pool.ts';
import type { AnalystTask, InspectTask } from '../../../src-main/analyst/tasks.ts';
import type { FoundFile } from '../../../src-main/corpora/corpus.ts';
import { noFacts } from '../../../src-main/corpora/recording.ts';
import { type ReadFiles, ReadingQueue } from '../../../src-main/host/datasets/reading.ts';
import { ResynthError } from '../../../src-preload/contract/errors/error.ts';

const found = (id: string, bytes = 100): FoundFile => ({
  id,
  bytes,
  modifiedMs: 0,
  speaker: null,
  label: null,
  split: 'train',
  transcript: null,
  ...noFacts,
});

const measures = {
  bytes: 100,
  modifiedMs: 0,
  contentHash: 'f'.repeat(64),
  sampleRateHz: 8000,
  channels: 1,
  durationSec: 1,
  peak: 1,
  rms: 0.5,
  warning: null,
};

/** Processes that answer as `decide` says: what it throws is what becomes of the whole task. */
function analysts(decide: (ids: readonly string[]) => void): {
  pool: AnalystPool;
  tasks: InspectTask[];
  most: () => number;
} {
  const tasks: InspectTask[] = [];
  let underWay = 0;
  let most = 0;
  const pool = {
    appetite: 3,
    run: async (task: AnalystTask) => {
      if (task.kind !== 'inspect') throw new Error('not asked for here');
      tasks.push(task);
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 2));
      underWay--;
      decide(task.files.map(({ id }) => id));
      return { kind: 'inspect', files: task.files.map(() => ({ measures })) };
    },
  } as unknown as AnalystPool;
  return { pool, tasks, most: () => most };
}

async function readAll(pool: AnalystPool, files: readonly FoundFile[]): Promise<ReadFiles> {
  const all: ReadFiles = { recordings: [], skipped: [] };
  const queue = new ReadingQueue(pool, '/data', async ({ recordings, skipped }) => {
    all.recordings.push(...recordings);
    all.skipped.push(...skipped);
  });
  await queue.add(files);
  await queue.finish();
  return all;
}

describe('ReadingQueue', () => {
  it('asks for many small files at once, for a large one alone, and never for more than there is room', async () => {
    const { pool, tasks, most } = analysts(() => undefined);
    const files = [
      ...Array.from({ length: 300 }, (_, index) => found(`${index}.wav`)),
      found('huge.wav', 5 << 20),
      ...Array.from({ length: 300 }, (_, index) => found(`more-${index}.wav`)),
    ];
    const { recordings } = await readAll(pool, files);
    expect(recordings.map(({ id }) => id).sort()).toEqual(files.map(({ id }) => id).sort());
    expect(tasks.length).toBeLessThan(15);
    expect(tasks.find(({ files }) => files.some(({ id }) => id === 'huge.wav'))?.files).toHaveLength(1);
    expect(most()).toBeLessThanOrEqual(3);
  });

  it('asks for stretches of one file together, and counts its bytes once', async () => {
    const { pool, tasks } = analysts(() => undefined);
    const cut = (n: number): FoundFile => ({ ...found(`s${n}`, 1 << 20), source: 'long.wav', startSec: n });
    await readAll(
      pool,
      Array.from({ length: 300 }, (_, n) => cut(n)),
    );
    expect(tasks.map(({ files }) => files.length)).toEqual([256, 44]);
  });

  it('finds the one file that takes the process down, and keeps its neighbours', async () => {
    const { pool } = analysts((ids) => {
      if (ids.includes('7.wav'))
        throw new ResynthError('analyst/crashed', { file: 'x', detail: 'signal SIGSEGV' });
    });
    const { recordings, skipped } = await readAll(
      pool,
      Array.from({ length: 20 }, (_, index) => found(`${index}.wav`)),
    );
    expect(recordings).toHaveLength(19);
    expect(skipped).toMatchObject([{ id: '7.wav', code: 'analyst/crashed' }]);
  });

  it('ends when there are no processes to be had, instead of skipping every file', async () => {
    const { pool } = analysts(() => {
      throw new ResynthError('analyst/start-failed', { detail: 'no memory' });
    });
    await expect(readAll(pool, [found('a.wav')])).rejects.toMatchObject({ code: 'analyst/start-failed' });
  });

  it('ends with what the index says, and nothing is under way afterwards', async () => {
    const { pool, tasks } = analysts(() => undefined);
    const queue = new ReadingQueue(pool, '/data', () =>
      Promise.reject(new ResynthError('files/disk-full', { file: 'resynth.db' })),
    );
    const adding = queue.add(Array.from({ length: 2000 }, (_, index) => found(`${index}.wav`)));
    await expect(adding).rejects.toMatchObject({ code: 'files/disk-full' });
    await queue.abandon();
    const asked = tasks.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(tasks).toHaveLength(asked);
    expect(asked).toBeLessThan(31);
  });
});
