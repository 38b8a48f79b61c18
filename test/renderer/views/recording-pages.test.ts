import { describe, expect, test, vi } from 'vitest';
import type { recordingsList } from '../../../src-preload/contract/commands/recordings.ts';
import type { Host } from '../../../src-renderer/host.svelte.ts';
import { RecordingPages } from '../../../src-renderer/views/dataset/recording-pages.svelte.ts';
import { wholeDataset } from '../../../src-renderer/views/dataset/recording-query.ts';

interface Asked {
  input: { offset: number; search: string };
  signal: AbortSignal;
  answer(total?: number): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** A host that answers when the test says so. */
function slowHost(): { host: Host; asked: Asked[] } {
  const asked: Asked[] = [];
  const call = vi.fn(
    (_command: typeof recordingsList, input: Asked['input'], options: { signal: AbortSignal }) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      const settled = promise.catch(() => undefined);
      asked.push({
        input,
        signal: options.signal,
        answer: async (total = 100_000) => {
          const rows = Array.from({ length: 200 }, (_, at) => ({
            id: `${input.search}${input.offset + at}`,
          }));
          resolve({ rows, total });
          await settled;
          await Promise.resolve();
        },
        fail: async (error) => {
          reject(error);
          await settled;
          await Promise.resolve();
        },
      });
      return promise;
    },
  );
  return { host: { call } as unknown as Host, asked };
}

describe('pages of recordings', () => {
  test('fetch what is on screen, and give up what has passed by', async () => {
    const { host, asked } = slowHost();
    const pages = new RecordingPages(host, 'd');
    const first = pages.ask(wholeDataset, 'k');
    await asked[0]?.answer();
    await first;
    pages.want(50_125, 50_155);
    pages.want(90_125, 90_155);
    expect(asked.slice(1).map(({ input }) => input.offset)).toEqual([50_000, 50_200, 90_000, 90_200]);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, true, true, false, false]);
    await asked[3]?.answer();
    expect(pages.row(90_001)?.id).toBe('90001');
    expect(pages.row(50_001)).toBeUndefined();
  });

  test('keep what is shown until another query has answered, and forget an answer that comes too late', async () => {
    const { host, asked } = slowHost();
    const pages = new RecordingPages(host, 'd');
    const first = pages.ask(wholeDataset, 'all');
    await asked[0]?.answer();
    await first;
    void pages.ask({ ...wholeDataset, search: 'a' }, 'a');
    const last = pages.ask({ ...wholeDataset, search: 'b' }, 'b');
    expect(pages.row(0)?.id).toBe('0');
    expect(pages.pending).toBe(true);
    await asked[2]?.answer(7);
    await last;
    await asked[1]?.answer(99);
    expect(pages.row(0)?.id).toBe('b0');
    expect(pages.total).toBe(7);
    expect(pages.shownKey).toBe('b');
  });

  test('say why a page did not come, and try it again when it is wanted again', async () => {
    const { host, asked } = slowHost();
    const pages = new RecordingPages(host, 'd');
    const first = pages.ask(wholeDataset, 'k');
    await asked[0]?.answer();
    await first;
    pages.want(470, 475);
    await asked[1]?.fail(new Error('gone'));
    await vi.waitFor(() => expect(pages.error).toBeInstanceOf(Error));
    pages.want(470, 476);
    await asked[2]?.answer();
    expect(pages.row(400)?.id).toBe('400');
    expect(pages.error).toBeNull();
  });

  test('hold no more than a window needs', async () => {
    const { host, asked } = slowHost();
    const pages = new RecordingPages(host, 'd');
    const first = pages.ask(wholeDataset, 'k');
    await asked[0]?.answer();
    await first;
    for (let page = 1; page < 100; page++) {
      pages.want(page * 200, page * 200 + 30);
      for (const one of asked) await one.answer();
    }
    expect(pages.row(99 * 200)).toBeDefined();
    expect(pages.row(0)).toBeUndefined();
  });
});
