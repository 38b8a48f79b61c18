import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameStream } from '../../../src-main/dsp/features/frame-stream.ts';
import { forEachStretch, type PadMode, type StftOptions } from '../../../src-main/dsp/frames.ts';
import { noise } from '../../helpers/signals.ts';

function streamed(signal: Float64Array, cuts: readonly number[], options: StftOptions): number[][] {
  const frames: number[][] = [];
  const stream = new FrameStream(options, (samples, first, count) => {
    expect(first).toBe(frames.length);
    for (let i = 0; i < count; i++) {
      const start = i * options.hopLength;
      frames.push([...samples.subarray(start, start + options.nFft)]);
    }
  });
  let from = 0;
  for (const cut of cuts) {
    stream.push(signal.subarray(from, from + cut));
    from += cut;
  }
  stream.push(signal.subarray(from));
  expect(stream.end()).toBe(frames.length);
  return frames;
}

describe('FrameStream', () => {
  it('gives the frames of the whole signal, however it is cut', () => {
    const settings = fc.record({
      nFft: fc.integer({ min: 1, max: 40 }),
      hopLength: fc.integer({ min: 1, max: 60 }),
      center: fc.boolean(),
      padMode: fc.constantFrom('constant', 'reflect', 'edge') as fc.Arbitrary<PadMode>,
    });
    const cuts = fc.array(fc.nat(50), { maxLength: 20 });
    fc.assert(
      fc.property(settings, cuts, fc.nat(800), (options, pieces, length) => {
        const signal = noise(length + (options.padMode === 'reflect' ? 25 : 0));
        const whole: number[][] = [];
        forEachStretch(signal, options, (_, stretch) => whole.push([...stretch]));
        expect(streamed(signal, pieces, options)).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses to mirror a signal that is too short, as the whole transform does', () => {
    const options: StftOptions = { nFft: 16, hopLength: 4, padMode: 'reflect' };
    expect(() => streamed(noise(8), [3], options)).toThrow('longer signal than 8');
    expect(streamed(noise(9), [3], options)).toHaveLength(3);
  });
});
