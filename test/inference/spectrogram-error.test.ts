import { describe, expect, it } from 'vitest';
import { spectrogramError, spokenFrameCount } from '../../src-main/inference/spectrogram-error.ts';

const shape = { bins: 2, frames: 3, spokenFrames: 2 };
const flat = { features: new Float32Array(6).fill(0.5), minDb: -80, maxDb: 0 };

describe('spectrogramError', () => {
  it('is nothing against itself', () => {
    expect(spectrogramError(flat, flat, shape)).toEqual({ mse: 0, lsdAllFramesDb: 0, lsdSpokenFramesDb: 0 });
  });

  it('is the mean over frames of the root mean square over bins, in dB', () => {
    // Frame 0 is 8 dB off in both bins, frame 1 in one of them, frame 2 (not spoken) in none.
    const features = Float32Array.of(0.6, 0.6, 0.5, 0.6, 0.5, 0.5);
    const error = spectrogramError(flat, { ...flat, features }, shape);
    expect(error.lsdSpokenFramesDb).toBeCloseTo((8 + 8 / Math.SQRT2) / 2, 5);
    expect(error.lsdAllFramesDb).toBeCloseTo((8 + 8 / Math.SQRT2) / 3, 5);
    expect(error.mse).toBeCloseTo((3 * 0.01) / 6, 7);
  });

  it('counts levels from the loudest bin where gain is no error', () => {
    const louder = { ...flat, minDb: -70, maxDb: 10 };
    expect(spectrogramError(flat, louder, shape).lsdAllFramesDb).toBeCloseTo(10, 6);
    expect(spectrogramError(flat, louder, shape, { relativeLevels: true }).lsdAllFramesDb).toBeCloseTo(0, 6);
  });

  it('refuses another shape', () => {
    expect(() => spectrogramError(flat, flat, { ...shape, bins: 3 })).toThrow(RangeError);
  });
});

describe('spokenFrameCount', () => {
  const pipeline = { sampleRateHz: 8000, hopLength: 93 };
  it.each([
    [0, 1],
    [0.001, 1],
    [0.4, 35],
    [0.74, 64],
    [9, 64],
  ])('%d s is %d frames', (spokenSec, frames) => {
    expect(spokenFrameCount(spokenSec, pipeline, 64)).toBe(frames);
  });
});
