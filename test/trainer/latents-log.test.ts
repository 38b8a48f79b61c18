import { appendFileSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendLatents,
  cutLatentsAfter,
  type LatentsRow,
  parseLatents,
  readLatents,
} from '../../src-main/trainer/latents-log.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const row = (step: number, first = step / 7): LatentsRow => ({
  step,
  epoch: 1 + Math.floor(step / 10),
  klPerDimension: [first, 0],
  code: { mean: [0.5, 0], deviation: [1, 2], low: [-1, -2], high: [1, 2] },
  componentShares: null,
});

const newFile = async (): Promise<string> => path.join(await temporaryFolder(), 'latents.jsonl');

describe('the log of latent dimensions', () => {
  it('gives back what was appended, by step, to six digits; of one step the later counts', async () => {
    const file = await newFile();
    for (const one of [row(20), row(10), row(20, 9), { ...row(1_234_567), code: null }])
      appendLatents(file, one);
    const rows = readLatents(file);
    expect(rows.map(({ step }) => step)).toEqual([10, 20, 1_234_567]);
    expect(rows[0]?.klPerDimension[0]).toBeCloseTo(10 / 7, 5);
    expect(rows[1]).toEqual(row(20, 9));
    expect(rows[2]?.code).toBeNull();
  });

  it('is empty where there is no file', async () => {
    const file = await newFile();
    expect(readLatents(file)).toEqual([]);
    cutLatentsAfter(file, 5);
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('brings what is no number back as NaN, not as a zero', async () => {
    const file = await newFile();
    appendLatents(file, row(3, Number.NaN));
    expect(readLatents(file)[0]?.klPerDimension).toEqual([Number.NaN, 0]);
  });

  it('passes lines over that are torn or not ours', () => {
    expect(parseLatents('{"step":1,\n[]\n{"step":"2"}\n\n')).toEqual([]);
  });

  it('is cut where a segment begins, and not touched where there is nothing to cut', async () => {
    const file = await newFile();
    for (const step of [10, 20, 30]) appendLatents(file, row(step));
    const before = readFileSync(file, 'utf8');
    cutLatentsAfter(file, 30);
    expect(readFileSync(file, 'utf8')).toBe(before);
    appendFileSync(file, '{"step":40,"epo');
    cutLatentsAfter(file, 20);
    expect(readLatents(file).map(({ step }) => step)).toEqual([10, 20]);
    expect(readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  });

  it('holds what a run without a break would hold, wherever runs were killed and went on', async () => {
    const file = await newFile();
    const steps = [10, 20, 30, 40, 50];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 6 }), async (segments) => {
        cutLatentsAfter(file, -1);
        // A segment begins at a checkpoint at or before where the last one ended, and is killed further on.
        let reached = 0;
        for (const [back, on] of [...segments, [0, 5] as const]) {
          const from = Math.max(0, reached - back);
          cutLatentsAfter(file, from * 10);
          const to = Math.min(steps.length, from + on);
          for (const step of steps.slice(from, to)) appendLatents(file, row(step));
          reached = to;
        }
        for (const step of steps.slice(reached)) appendLatents(file, row(step));
        expect(readLatents(file).map(({ step }) => step)).toEqual(steps);
        expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(steps.length);
      }),
      { numRuns: 40 },
    );
  });
});
