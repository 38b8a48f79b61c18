import type { RunBitrate, RunLatents } from '../../src-preload/contract/commands/runs-code.ts';

const dimensions = 32;

/** What validations at these steps would find of a code that is learnt: dimension by dimension, the first most. */
export function fakeLatents(run: string, allSteps: readonly number[], sinceStep: number): RunLatents {
  const steps = allSteps.filter((step) => step >= sinceStep);
  const matrix = (value: (step: number, dimension: number) => number): Float32Array =>
    Float32Array.from(
      steps.flatMap((step) => Array.from({ length: dimensions }, (_, dimension) => value(step, dimension))),
    );
  const kl = (step: number, dimension: number): number =>
    4 * Math.exp(-dimension / 6) * (1 - Math.exp(-step / 300));
  return {
    run,
    dimensions: allSteps.length > 0 ? dimensions : null,
    unit: { name: 'clip', inClip: 1, seconds: 0.5 },
    activeAboveNats: 0.01,
    alarmBelowShare: 0.1,
    steps: Float64Array.from(steps),
    epochs: Float64Array.from(steps, (_, at) => at + 1),
    activeUnits: Float64Array.from(
      steps,
      (step) =>
        Array.from({ length: dimensions }, (_, one) => kl(step, one)).filter((nats) => nats > 0.01).length,
    ),
    klNats: matrix(kl),
    mean: matrix(() => 0),
    deviation: matrix(kl),
    low: matrix((step, dimension) => -2 * kl(step, dimension)),
    high: matrix((step, dimension) => 2 * kl(step, dimension)),
    missing: allSteps.length > 0 ? null : 'The first validation brings them; each epoch ends with one.',
    collapse: null,
    components: null,
    componentShares: new Float32Array(),
    deadComponents: null,
  };
}

/** A code of 32 numbers over half a second at 8 kHz. */
export function fakeBitrate(run: string): RunBitrate {
  const paddedSec = 0.5;
  return {
    run,
    codeNumbers: dimensions,
    unit: { name: 'clip', inClip: 1, seconds: paddedSec },
    sideNumbers: 2,
    bitsPerSideNumber: 32,
    sampleRateHz: 8000,
    paddedSec,
    spokenSec: null,
    pcmBitsPerSecond: 128_000,
    rates: [32, 16, 8, 6, 4].map((bitsPerNumber) => {
      const bitsPerClip = dimensions * bitsPerNumber + 64;
      return {
        bitsPerNumber,
        bitsPerClip,
        bitsPerUnit: bitsPerClip,
        bitsPerSecond: bitsPerClip / paddedSec,
        kilobitsPerSecond: bitsPerClip / paddedSec / 1000,
        spokenBitsPerSecond: null,
        timesSmaller: (128_000 * paddedSec) / bitsPerClip,
        text: `${bitsPerClip} bits`,
      };
    }),
    information: null,
    claim: null,
    remarks: ['Counted is what a receiver needs for one clip.'],
  };
}
