import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagedOver, averageOverPositions } from '../../../src-main/inference/latent/code-summary.ts';

describe('the summary of a code with positions', () => {
  it('is taken of discrete codes too large to keep, and of no others', () => {
    const grid = { grid: [32, 32], stages: 5, codebookSize: 512, channels: 128 };
    expect(averagedOver({ grid, latentDim: 131_072 })).toBe(1024);
    expect(averagedOver({ grid: { ...grid, grid: [4, 4], channels: 64 }, latentDim: 1024 })).toBeNull();
    expect(averagedOver({ grid: null, latentDim: 131_072 })).toBeNull();
  });

  it('is the mean of the vectors of a clip, whatever their order', () => {
    const shape = fc.record({
      clips: fc.integer({ min: 1, max: 3 }),
      positions: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(
        shape,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.integer({ min: -9, max: 9 })),
        (of, channels, numbers) => {
          const { clips, positions } = of;
          const vectors = Array.from({ length: clips }, () =>
            Array.from({ length: positions }, () =>
              Array.from({ length: channels }, () => numbers.next().value as number),
            ),
          );
          const summary = (clipsOf: number[][][]): number[] => {
            const mean = Float32Array.from(clipsOf.flat(2));
            const whole = { mean, logVar: mean, klNats: new Float32Array(clips).fill(7) };
            const kept = averageOverPositions(whole, positions);
            expect(kept.logVar).toEqual(kept.mean);
            expect(kept.klNats).toEqual(whole.klNats);
            return [...kept.mean];
          };
          const means = vectors.flatMap((clip) =>
            Array.from(
              { length: channels },
              (_, at) => clip.reduce((sum, one) => sum + one[at]!, 0) / positions,
            ),
          );
          for (const [at, value] of summary(vectors).entries()) expect(value).toBeCloseTo(means[at]!, 4);
          const turned = summary(vectors.map((clip) => clip.toReversed()));
          for (const [at, value] of turned.entries()) expect(value).toBeCloseTo(means[at]!, 4);
        },
      ),
    );
  });
});
