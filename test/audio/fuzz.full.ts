import { expect, it } from 'vitest';
import { fuzzDecoders } from './fuzz.ts';

it(
  '10,000 damaged files of every kind: none hangs, none allocates without bound, a crash costs one file',
  { timeout: 1_800_000 },
  async () => {
    const { taken, refused, mostMemoryMiB, slowestSec } = await fuzzDecoders(10_000, 7);
    console.info(
      'taken',
      taken,
      'refused',
      Object.fromEntries(refused),
      'MiB',
      mostMemoryMiB,
      'slowest s',
      slowestSec,
    );
    expect(taken + [...refused.values()].reduce((sum, one) => sum + one, 0)).toBe(10_000);
    expect([...refused.keys()].filter((code) => !/^audio\/|^analyst\/crashed$/.test(code))).toEqual([]);
    expect(refused.get('analyst/crashed') ?? 0).toBeLessThan(10);
    expect(slowestSec).toBeLessThan(40);
    if (mostMemoryMiB !== null) expect(mostMemoryMiB).toBeLessThan(1000);
  },
);
