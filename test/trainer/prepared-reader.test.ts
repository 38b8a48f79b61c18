import { describe, expect, it } from 'vitest';
import type { FeatureReader } from '../../src-main/analyst/features.ts';
import type { Program } from '../../src-main/engine/program.ts';
import { preparedReader } from '../../src-main/trainer/prepared-reader.ts';

/** Clips of two numbers: the row, and ten times it. */
function clips(count: number): FeatureReader {
  return {
    ...{ count, shape: [2, 1], key: 'k', extremesDb: new Float32Array(), spokenSec: new Float32Array() },
    ids: Array.from({ length: count }, (_, row) => `${row}.wav`),
    read: (rows, out) => {
      for (let at = 0; at < rows.length; at++) out.set([rows[at]!, 10 * rows[at]!], 2 * at);
    },
    close: () => undefined,
  };
}

/** Prepares three numbers of a clip: its two, multiplied by `factor`, and a one. */
function preparing(factor: number) {
  const calls: number[][] = [];
  const call: Program['call'] = (_, { x }) => {
    const given = x as Float32Array;
    calls.push([...given]);
    const data = Float32Array.from({ length: (given.length / 2) * 3 }, (__, at) =>
      at % 3 === 2 ? 1 : factor * given[Math.floor(at / 3) * 2 + (at % 3)]!,
    );
    return Promise.resolve({ prepared: { data, shape: [given.length / 2, 3] } });
  };
  return { calls, program: { call } as Program };
}

const context = { progress: () => undefined, signal: new AbortController().signal };
const how = { shape: [3], batchSize: 4, labelOf: () => null };

describe('preparedReader', () => {
  it('prepares each clip once, and gives rows in any order as often as they are asked for', async () => {
    const { calls, program } = preparing(2);
    const { reader, alike } = await preparedReader(clips(6), { ...how, program }, context);
    expect(calls).toHaveLength(2);
    expect(reader).toMatchObject({ count: 6, shape: [3, 1] });
    expect(reader.ids[5]).toBe('5.wav');
    expect(alike).toBe(false);
    const out = new Float32Array(9);
    for (let again = 0; again < 2; again++) reader.read([5, 0, 5], out);
    expect([...out]).toEqual([10, 100, 1, 0, 0, 1, 10, 100, 1]);
    expect(calls).toHaveLength(2);
  });

  it('puts the label of each clip behind what was prepared of it: 0 of one that has none of them', async () => {
    const { program } = preparing(2);
    const labels = ['one', 'two'];
    const labelOf = (id: string) => ({ '0.wav': 'two', '1.wav': 'one', '2.wav': 'three' })[id] ?? null;
    const { reader } = await preparedReader(clips(4), { ...how, program, labels, labelOf }, context);
    expect(reader.shape).toEqual([4, 1]);
    const out = new Float32Array(16);
    reader.read([3, 0, 1, 2], out);
    expect([3, 7, 11, 15].map((at) => out[at])).toEqual([0, 2, 1, 0]);
    expect([...out.subarray(0, 3)]).toEqual([6, 60, 1]);
  });

  it('tells where all clips come to the same, which one clip always does', async () => {
    const of = async (count: number, factor: number) =>
      (await preparedReader(clips(count), { ...how, ...preparing(factor) }, context)).alike;
    expect(await of(6, 0)).toBe(true);
    expect(await of(6, 1e-9)).toBe(true);
    expect(await of(6, 1)).toBe(false);
    expect(await of(1, 1)).toBe(false);
  });

  it('ends between two batches where it is told to stop', async () => {
    const { calls, program } = preparing(1);
    const stop = new AbortController();
    const progress = (): void => {
      if (calls.length === 1) stop.abort();
    };
    const ended = preparedReader(clips(40), { ...how, program }, { progress, signal: stop.signal });
    await expect(ended).rejects.toThrow();
    expect(calls.length).toBeLessThan(4);
  });
});
