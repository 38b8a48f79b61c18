import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, placed, residualOf } from '../../src-main/dsp/alignment.ts';
import { findLag } from '../../src-main/dsp/lag.ts';
import { shiftBy } from '../../src-main/dsp/fractional-shift.ts';
import { rms } from '../../src-main/dsp/level.ts';
import { uniformNumbers } from '../../src-main/dsp/random.ts';
import { maxDifference, noise, sine } from '../helpers/signals.ts';

const rateHz = 16_000;

interface Wave {
  hz: number;
  phase: number;
  amplitude: number;
}

/** A signal that is known between its samples too: many sines, so that any delay of it is exact. */
function waves(seed: number, count: number, fromHz: number, toHz: number, fallsBy = 0): Wave[] {
  const numbers = uniformNumbers(seed, 2 * count);
  return Array.from({ length: count }, (_, at) => {
    const hz = fromHz * (toHz / fromHz) ** (fallsBy === 0 ? 1 : numbers[2 * at]!);
    const flat = fromHz + (toHz - fromHz) * numbers[2 * at]!;
    return {
      hz: fallsBy === 0 ? flat : hz,
      phase: 2 * Math.PI * numbers[2 * at + 1]!,
      amplitude: fallsBy === 0 ? 1 : (fromHz / hz) ** fallsBy,
    };
  });
}

/** The sum of waves, `delay` samples late, with the syllables of speech where `spoken`. */
function sampled(
  list: readonly Wave[],
  samples: number,
  delay: number,
  spoken = false,
  stretch = 1,
): Float64Array {
  const output = Float64Array.from({ length: samples }, (_, n) => {
    const sec = (n * stretch - delay) / rateHz;
    const envelope = spoken ? Math.sin(Math.PI * 3.1 * sec) ** 2 * Math.exp(-2 * Math.max(0, sec - 0.5)) : 1;
    return (
      envelope *
      list.reduce(
        (sum, { hz, phase, amplitude }) => sum + amplitude * Math.sin(2 * Math.PI * hz * sec + phase),
        0,
      )
    );
  });
  const level = rms(output);
  return output.map((value) => (0.1 * value) / level);
}

/** White noise at so many dB below the signal. */
function noisy(signal: Float64Array, snrDb: number, seed: number): Float64Array {
  const hiss = noise(signal.length, seed);
  const scale = (rms(signal) / rms(hiss)) * 10 ** (-snrDb / 20);
  return signal.map((value, n) => value + scale * hiss[n]!);
}

const kinds = {
  'white noise': (seed: number) => ({ list: waves(seed, 80, 20, 7900), spoken: false }),
  'speech-like': (seed: number) => ({ list: waves(seed, 50, 90, 4000, 0.6), spoken: true }),
};

describe('aligning', () => {
  it.each(Object.keys(kinds) as (keyof typeof kinds)[])(
    'finds lag and gain of %s at 20 dB of noise',
    (kind) => {
      const cases = fc.record({
        seed: fc.nat(500),
        lag: fc.double({ min: -400, max: 400, noNaN: true }),
        gainDb: fc.double({ min: -18, max: 6, noNaN: true }),
        inverted: fc.boolean(),
      });
      fc.assert(
        fc.property(cases, ({ seed, lag, gainDb, inverted }) => {
          const { list, spoken } = kinds[kind](seed);
          const reference = sampled(list, 8_000, 800, spoken);
          const factor = 10 ** (gainDb / 20) * (inverted ? -1 : 1);
          const degraded = noisy(sampled(list, 8_000, 800 + lag, spoken), 24, seed + 1).map(
            (value) => factor * value,
          );
          const found = align(reference, degraded, rateHz);
          expect(found).toMatchObject({ reason: null, inverted });
          // Most of speech is low and slow: the same noise hides more of its place.
          expect(Math.abs(found.lagSamples - lag)).toBeLessThan(spoken ? 0.05 : 0.01);
        }),
        { numRuns: 10 },
      );
    },
  );

  it('leaves a residual as far down as the noise that was added, with the gain within 0.05 dB', () => {
    const { list } = kinds['white noise'](3);
    const reference = sampled(list, 8_000, 0);
    const degraded = noisy(sampled(list, 8_000, 31.37), 30, 5).map((value) => 0.5 * value);
    const found = align(reference, degraded, rateHz);
    const { gain, relativeDb, levelDbfs } = residualOf(reference, placed(degraded, found));
    expect(Math.abs(20 * Math.log10(gain) - 6.02)).toBeLessThan(0.05);
    expect(relativeDb).toBeGreaterThan(-31);
    expect(relativeDb).toBeLessThan(-24);
    expect(levelDbfs).toBeCloseTo(relativeDb - 20, 0);
  });

  it('does not move what is in place: bit by bit the same, and nothing is left', () => {
    const signal = Float32Array.from(noise(5000), (value) => 0.3 * value);
    const found = align(signal, signal, rateHz);
    expect(Math.abs(found.lagSamples)).toBeLessThan(1e-4);
    const inPlace = placed(signal, found);
    expect(inPlace).toEqual(signal);
    expect(residualOf(signal, inPlace).levelDbfs).toBeLessThan(-140);
  });

  it('tells a clock that runs slow', () => {
    const list = waves(8, 24, 90, 2000, 0.6);
    const reference = sampled(list, 3 * rateHz, 0);
    const found = align(reference, sampled(list, 3 * rateHz, 12, false, 1 - 100e-6), rateHz);
    expect(Math.abs(found.driftPpm! - 100)).toBeLessThan(5);
    expect(Math.abs(align(reference, sampled(list, 3 * rateHz, 12), rateHz).driftPpm!)).toBeLessThan(1);
    expect(align(reference.subarray(0, 8000), reference.subarray(0, 8000), rateHz).driftPpm).toBeNull();
  });

  it('finds the lag in a long recording, wherever it speaks', () => {
    const list = waves(4, 8, 100, 3000);
    const long = new Float64Array(30 * rateHz);
    const late = new Float64Array(30 * rateHz);
    long.set(sampled(list, 2 * rateHz, 0), 20 * rateHz);
    late.set(sampled(list, 2 * rateHz, 0.25), 20 * rateHz + 400);
    expect(align(long, late, rateHz).lagSamples).toBeCloseTo(400.25, 1);
  });

  it.each([
    ['silent', new Float64Array(4000), noise(4000)],
    ['silent', noise(4000), new Float64Array(4000)],
    ['too-short', noise(100), noise(4000)],
    ['too-short', noise(4000), new Float64Array(0)],
    ['unrelated', noise(8000, 1), noise(8000, 2)],
  ] as const)('says that it found none: %s', (reason, reference, degraded) => {
    expect(align(reference, degraded, rateHz)).toMatchObject({
      reason,
      lagSamples: 0,
      inverted: false,
      driftPpm: null,
    });
  });

  it('looks no further than it is told', () => {
    const signal = noise(8000);
    const late = Float64Array.from({ length: 8000 }, (_, n) => signal[n - 300] ?? 0);
    expect(align(signal, late, rateHz, { mostLagSec: 0.01 }).reason).toBe('unrelated');
    expect(align(signal, late, rateHz, { mostLagSec: 0.02 }).lagSamples).toBeCloseTo(300, 2);
  });
});

describe('the lag', () => {
  it('of silence is none', () => {
    expect(findLag(new Float64Array(100), noise(100), 10)).toEqual({ samples: 0, correlation: 0 });
  });

  it('is antisymmetric', () => {
    const list = waves(9, 60, 50, 7000);
    const [a, b] = [sampled(list, 4000, 0), sampled(list, 4000, 20.4)];
    expect(findLag(a, b, 100).samples).toBeCloseTo(-findLag(b, a, 100).samples, 6);
  });
});

describe('shifting by a fraction', () => {
  it('is the signal between its samples', () => {
    const list = waves(2, 30, 50, 7000);
    const shifted = shiftBy(sampled(list, 4000, 0), 10.3, 4000);
    const wanted = sampled(list, 4000, -10.3);
    // The levels of both are set by what they hold, which is not quite the same stretch.
    const scale = rms(wanted.subarray(200, 3700)) / rms(shifted.subarray(200, 3700));
    expect(
      maxDifference(shifted.map((value) => scale * value).subarray(200, 3700), wanted.subarray(200, 3700)),
    ).toBeLessThan(1e-3);
  });

  it('there and back is where it was', () => {
    const tone = sine(1234, rateHz, 4000);
    const back = shiftBy(shiftBy(tone, 3.7, 4000), -3.7, 4000);
    expect(maxDifference(back.subarray(200, 3800), tone.subarray(200, 3800))).toBeLessThan(1e-3);
  });

  it('by whole samples copies them, and is zero outside', () => {
    const signal = Float32Array.of(1, 2, 3);
    expect([...shiftBy(signal, 1, 3)]).toEqual([2, 3, 0]);
    expect([...shiftBy(signal, -1, 4)]).toEqual([0, 1, 2, 3]);
    expect([...shiftBy(signal, 9, 2)]).toEqual([0, 0]);
    expect(shiftBy(signal, 0.5, 0).length).toBe(0);
  });
});

describe('voiced speech whose phases were rebuilt', () => {
  // As Griffin-Lim gives it: every partial begins anywhere, and a pitch period away fits as well as where it belongs.
  const voiced = (phases: number, delay = 0): Float64Array => {
    const numbers = uniformNumbers(phases, 24);
    const partials = Array.from({ length: 24 }, (_, at): Wave => {
      return { hz: 118 * (at + 1), phase: 2 * Math.PI * numbers[at]!, amplitude: 1 / (at + 1) };
    });
    // A word of half a second between silences.
    return sampled(partials, rateHz, delay).map((value, n) => {
      const share = ((n - delay) / rateHz - 0.2) / 0.5;
      return share > 0 && share < 1 ? value * Math.sin(Math.PI * share) ** 2 : 0;
    });
  };

  it('stays where its level says, however well another pitch period fits', () => {
    for (const seed of [2, 3, 4, 5, 6]) {
      const found = align(voiced(1), voiced(seed), rateHz);
      expect(Math.abs(found.lagSamples), `phases ${seed}`).toBeLessThanOrEqual(0.0015 * rateHz);
    }
  });

  it('is moved by a delay that its level shows', () => {
    for (const seed of [2, 3, 4]) {
      const found = align(voiced(1), voiced(seed, 480), rateHz);
      expect(Math.abs(found.lagSamples - 480), `phases ${seed}`).toBeLessThanOrEqual(0.002 * rateHz);
    }
  });

  it('is told by its waveform where that is the same', () => {
    expect(align(voiced(1), voiced(1, 100.25), rateHz)).toMatchObject({ method: 'waveform' });
  });
});
