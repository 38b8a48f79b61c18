import { describe, expect, it } from 'vitest';
import { timed } from '../../../src-main/host/evaluation/speed.ts';
import type { ReconstructedSound, SoundsResult } from '../../../src-main/inference/reconstruct-sounds.ts';

const engine = { backend: 'tensorflow', device: 'Some processor', threads: 2 };
const signal = new AbortController().signal;

function made(computeSec: number, seconds: number): ReconstructedSound {
  return { fromSec: 0, seconds, codedBits: null, code: null, clippedNumbers: 0, computeSec, warnings: [] };
}

const refused: ReconstructedSound = { refused: { code: 'a', message: 'b', remedy: 'c', params: {} } };

/** Takes `passes` one after the other; the last one again and again. */
function model(passes: ReconstructedSound[][]) {
  let calls = 0;
  const reconstruct = (): Promise<SoundsResult> => {
    const sounds = passes[Math.min(calls++, passes.length - 1)] ?? [];
    return Promise.resolve({ step: 1, latentDim: 1, engine, sounds });
  };
  return { reconstruct, calls: () => calls };
}

describe('timing a model', () => {
  it('leaves out the first pass, and takes the median of the others, over all recordings together', async () => {
    const { reconstruct, calls } = model([
      [made(100, 1)],
      [made(1, 10), made(1, 30)],
      [made(3, 10), made(5, 30)],
      [made(2, 10), made(2, 30)],
    ]);
    const speed = await timed([1], reconstruct, signal);
    expect(speed).toMatchObject({ realTimeFactor: 0.1, recordings: 2, seconds: 40, passes: 3, ...engine });
    expect(speed!.cores).toBeGreaterThan(0);
    expect(calls()).toBe(4);
  });

  it('does not count recordings that could not be read, and has no answer where none could', async () => {
    expect(await timed([1], model([[refused, made(1, 4)]]).reconstruct, signal)).toMatchObject({
      realTimeFactor: 0.25,
      recordings: 1,
    });
    expect(await timed([1], model([[refused]]).reconstruct, signal)).toBeNull();
  });
});
