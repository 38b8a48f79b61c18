import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { EventHub } from '../../../src-preload/contract/event-hub.ts';
import { RunTail } from '../../../src-main/host/runs/run-tail.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const line = (step: number): string =>
  `${JSON.stringify({ segment: 1, step, epoch: 1, wallMs: step, processMs: step, split: 'train', values: { total: 2 } })}\n`;

async function openTail() {
  const folder = await temporaryFolder();
  const told: unknown[] = [];
  let taken = 0;
  const tail = new RunTail(
    {
      metricsBytes: async () => taken,
      ingestMetrics: async (_run, { to }) => ({ next: (taken = to), superseded: false }),
      resetMetrics: async () => void (taken = 0),
    },
    { publish: ((_event, payload) => told.push(payload)) as EventHub['publish'] },
  );
  const append = (text: string) => appendFile(path.join(folder, 'metrics.jsonl'), text);
  return { tail, folder, told, append };
}

it('tells the rows of a live run, and has what was logged before it read at once', async () => {
  const { tail, folder, told, append } = await openTail();
  await append(line(1) + line(2));
  await tail.follow('r', folder, false);
  // Whoever read the curves while they were taken in has only a part of them.
  expect(told).toEqual([{ run: 'r', superseded: true, series: [] }]);
  await append(line(3));
  await tail.follow('r', folder, true);
  expect(told).toHaveLength(2);
  expect(told[1]).toMatchObject({ superseded: false, series: [{ key: 'total', steps: Float64Array.of(3) }] });
});

it('tells nothing of a run that has logged nothing since', async () => {
  const { tail, folder, told, append } = await openTail();
  await append(line(1));
  await tail.follow('r', folder, true);
  told.length = 0;
  await tail.follow('r', folder, false);
  await tail.follow('r', folder, true);
  expect(told).toEqual([]);
});
