import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featureShape, type FeaturePipelineConfig } from '../../src-main/dsp/pipeline.ts';
import { fadeTogether, piecesOf } from '../../src-main/inference/clip-pieces.ts';

const config: FeaturePipelineConfig = {
  kind: 'log-spectrogram',
  sampleRateHz: 8000,
  durationSec: 0.15,
  nFft: 64,
  hopLength: 32,
  topDb: 80,
};
const { samples: length, frames } = featureShape(config);

describe('pieces', () => {
  it('are one for what fits into a clip', () => {
    const samples = new Float32Array(length);
    expect(piecesOf(samples, config)).toEqual([{ samples, firstFrame: 0, overlapSec: 0 }]);
  });

  it('hold every sample, overlap by a quarter at least, and begin at whole hops', () => {
    fc.assert(
      fc.property(fc.integer({ min: length + 1, max: 20 * length }), (count) => {
        const samples = Float32Array.from({ length: count }, (_, at) => at);
        const pieces = piecesOf(samples, config);
        expect(pieces[0]?.firstFrame).toBe(0);
        let reached = 0;
        for (const [at, piece] of pieces.entries()) {
          const from = piece.firstFrame * config.hopLength;
          expect(piece.samples[0]).toBe(from);
          expect(piece.samples.length).toBeLessThanOrEqual(length);
          if (at > 0) expect((reached - from) / length).toBeGreaterThan(0.2);
          reached = from + piece.samples.length;
        }
        expect(reached).toBe(count);
      }),
    );
  });
});

describe('fading together', () => {
  it('gives back a matrix that was cut into clips, whatever is beyond its end', () => {
    fc.assert(
      fc.property(fc.integer({ min: length + 1, max: 8 * length }), (count) => {
        const bins = 3;
        const wholeFrames = 1 + Math.floor(count / config.hopLength);
        const level = (bin: number, frame: number): number => bin * 100 + Math.sin(frame);
        const firstFrames = piecesOf(new Float32Array(count), config).map(({ firstFrame }) => firstFrame);
        const clips = firstFrames.map((first) =>
          Float32Array.from({ length: bins * frames }, (_, at) =>
            level(Math.floor(at / frames), first + (at % frames)),
          ),
        );
        const whole = fadeTogether(clips, { bins, frames, wholeFrames }, firstFrames);
        expect(whole).toHaveLength(bins * wholeFrames);
        for (const [at, value] of whole.entries()) {
          expect(value).toBeCloseTo(level(Math.floor(at / wholeFrames), at % wholeFrames), 3);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('goes from one clip to the next without a jump', () => {
    const [one, other] = [new Float32Array(frames).fill(-60), new Float32Array(frames).fill(-20)];
    const first = Math.floor(0.75 * frames);
    const whole = fadeTogether([one, other], { bins: 1, frames, wholeFrames: first + frames }, [0, first]);
    for (let frame = 1; frame < whole.length; frame++) {
      const step = whole[frame]! - whole[frame - 1]!;
      expect(step).toBeGreaterThanOrEqual(0);
      expect(step).toBeLessThan(40 / (frames - first - 1) + 1e-3);
    }
  });
});
