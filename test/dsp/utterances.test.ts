import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dbfs, peak } from '../../src-main/dsp/level.ts';
import { activeLevelDbfs } from '../../src-main/dsp/loudness.ts';
import {
  findUtterances,
  highestPeakDb,
  levelUtterance,
  speechThresholdDb,
} from '../../src-main/dsp/utterances.ts';
import { noise } from '../helpers/signals.ts';

const rate = 8000;

interface Burst {
  gapSec: number;
  lengthSec: number;
  amplitude: number;
}

/** Bursts of a tone in noise at -70 dBFS or so, a gap before each and one at the end; with where they are in samples. */
function session(
  bursts: readonly Burst[],
  seed: number,
): { samples: Float32Array; places: { from: number; to: number }[] } {
  const places: { from: number; to: number }[] = [];
  let length = 0;
  for (const { gapSec, lengthSec } of bursts) {
    length += Math.round(gapSec * rate);
    places.push({ from: length, to: (length += Math.round(lengthSec * rate)) });
  }
  length += rate;
  const samples = Float32Array.from(noise(length, seed), (value) => 5e-4 * value);
  for (const [at, { from, to }] of places.entries()) {
    for (let n = from; n < to; n++) samples[n]! += (bursts[at]?.amplitude ?? 0) * Math.sin(0.6 * n);
  }
  return { samples, places };
}

const someBursts = fc.array(
  fc.record({
    gapSec: fc.double({ min: 0.6, max: 1.5, noNaN: true }),
    lengthSec: fc.double({ min: 0.15, max: 0.6, noNaN: true }),
    amplitude: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  }),
  { minLength: 1, maxLength: 8 },
);

describe('utterances', () => {
  it('are found one a burst, each with all of its burst and little more, in order and apart', () => {
    fc.assert(
      fc.property(someBursts, fc.integer({ min: 1, max: 1e6 }), (bursts, seed) => {
        const { samples, places } = session(bursts, seed);
        const { utterances } = findUtterances(samples, rate);
        expect(utterances).toHaveLength(bursts.length);
        let last = 0;
        for (const [at, { from, to }] of utterances.entries()) {
          const place = places[at]!;
          expect(from).toBeGreaterThanOrEqual(last);
          expect(from).toBeLessThanOrEqual(place.from);
          expect(to).toBeGreaterThanOrEqual(place.to);
          // What is kept around, and a frame on either side.
          expect(from).toBeGreaterThanOrEqual(place.from - 0.08 * rate);
          expect(to).toBeLessThanOrEqual(place.to + 0.08 * rate);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(samples.length);
      }),
      { numRuns: 40 },
    );
  });

  it('are the same however loud the whole was recorded', () => {
    fc.assert(
      fc.property(someBursts, fc.integer({ min: -3, max: 0 }), (bursts, power) => {
        const { samples } = session(bursts, 3);
        const places = (signal: Float32Array) =>
          findUtterances(signal, rate).utterances.map(({ from, to }) => [from, to]);
        expect(places(samples.map((value) => value * 2 ** power))).toEqual(places(samples));
      }),
      { numRuns: 20 },
    );
  });

  it('stay what they are when they are cut out and searched once more', () => {
    fc.assert(
      fc.property(someBursts, (bursts) => {
        const { samples } = session(bursts, 5);
        for (const { from, to } of findUtterances(samples, rate).utterances) {
          const again = findUtterances(samples.subarray(from, to), rate, { padSec: 0.2 }).utterances;
          expect(again.map((one) => [one.from, one.to])).toEqual([[0, to - from]]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are joined over a pause that is shorter than asked, and kept apart over a longer one', () => {
    const bursts = [
      { gapSec: 0.7, lengthSec: 0.3, amplitude: 0.5 },
      { gapSec: 0.25, lengthSec: 0.3, amplitude: 0.5 },
    ];
    const { samples } = session(bursts, 1);
    expect(findUtterances(samples, rate).utterances).toHaveLength(1);
    expect(findUtterances(samples, rate, { leastGapSec: 0.2 }).utterances).toHaveLength(2);
  });

  it('have their soft beginnings with them', () => {
    const { samples, places } = session([{ gapSec: 1, lengthSec: 0.3, amplitude: 0.5 }], 1);
    const { from } = places[0]!;
    // 100 ms of hiss 4 dB below the threshold that is found.
    const { thresholdDb } = findUtterances(samples, rate);
    const amplitude = Math.SQRT2 * 10 ** (((thresholdDb ?? 0) - 4) / 20);
    for (let n = from - 0.1 * rate; n < from; n++) samples[n] = amplitude * Math.sin(2.5 * n);
    const [found] = findUtterances(samples, rate, { padSec: 0 }).utterances;
    expect(found?.from).toBeLessThanOrEqual(from - 0.09 * rate);
  });

  it('are none where there is only a click, or silence, or nothing', () => {
    const { samples } = session([{ gapSec: 1, lengthSec: 0.02, amplitude: 0.9 }], 1);
    expect(findUtterances(samples, rate).utterances).toEqual([]);
    expect(findUtterances(new Float32Array(rate), rate)).toMatchObject({ utterances: [], thresholdDb: null });
    expect(findUtterances(new Float32Array(0), rate)).toMatchObject({ utterances: [], thresholdDb: null });
  });

  it('are found above the level that is given instead', () => {
    const bursts = [
      { gapSec: 0.7, lengthSec: 0.3, amplitude: 0.5 },
      { gapSec: 0.7, lengthSec: 0.3, amplitude: 0.01 },
    ];
    const { samples } = session(bursts, 1);
    expect(findUtterances(samples, rate, { thresholdDb: -30 }).utterances).toHaveLength(1);
    expect(findUtterances(samples, rate, { thresholdDb: -50 }).utterances).toHaveLength(2);
  });
});

describe('the threshold', () => {
  it('lies between the noise and the speech, and is none for silence', () => {
    expect(speechThresholdDb(-70, -12)).toBe(-52);
    expect(speechThresholdDb(-60, -12)).toBe(-48);
    expect(speechThresholdDb(-20, -12)).toBe(-22);
    expect(speechThresholdDb(-90, -95)).toBeNull();
  });
});

describe('levelling', () => {
  const speech = (amplitude: number): Float32Array =>
    session([{ gapSec: 0, lengthSec: 0.4, amplitude }], 2).samples;

  it('brings speech to the level that is asked for, and never above its peak', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 0.9, noNaN: true }),
        fc.double({ min: -40, max: -3, noNaN: true }),
        (amplitude, levelDb) => {
          const made = levelUtterance(speech(amplitude), rate, levelDb);
          expect(dbfs(peak(made.samples))).toBeLessThanOrEqual(highestPeakDb + 1e-4);
          expect(made.levelDb).toBeCloseTo(activeLevelDbfs([made.samples], rate), 2);
          if (made.limited) expect(made.levelDb).toBeLessThan(levelDb);
          else expect(made.levelDb).toBeCloseTo(levelDb, 3);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('leaves the level of what is to be left, and of silence', () => {
    const made = levelUtterance(speech(0.3), rate, null);
    expect(made).toMatchObject({ gainDb: 0, limited: false });
    expect(peak(made.samples)).toBeCloseTo(peak(speech(0.3)), 2);
    const silent = levelUtterance(new Float32Array(100), rate, -20);
    expect(silent.gainDb).toBe(0);
    expect(peak(silent.samples)).toBe(0);
  });

  it('fades the ends, so that a cut through noise does not click', () => {
    const { samples } = levelUtterance(new Float32Array(800).fill(0.5), rate, null);
    expect(Math.abs(samples[0]!)).toBeLessThan(0.001);
    expect(Math.abs(samples.at(-1)!)).toBeLessThan(0.001);
    expect(samples[400]).toBe(0.5);
  });
});
