import { describe, expect, it } from 'vitest';
import { align } from '../../src-main/dsp/alignment.ts';
import { energy } from '../../src-main/dsp/level.ts';
import { baselines, namedBaseline, readyBaseline } from '../../src-main/baselines/registry.ts';
import { judge } from '../../src-main/metrics/judge.ts';
import { siSdr } from '../../src-main/metrics/si-sdr.ts';
import { featurePipelineSchema } from '../../src-main/dsp/pipeline.ts';
import { refusal } from '../helpers/refusal.ts';

const none = { pipeline: null };

/** Noise that comes and goes, with most of its power low: no two lags of it are alike. */
function sound(rateHz: number, seconds = 1): Float32Array {
  let low = 0;
  return Float32Array.from({ length: seconds * rateHz }, (_, n) => {
    const noise = ((Math.imul(n + 1, 2_654_435_761) >>> 8) / 2 ** 24) * 2 - 1;
    low += 0.2 * (noise - low);
    return 0.8 * low * Math.max(0, Math.sin((2 * Math.PI * 3 * n) / rateHz));
  });
}

describe.each(baselines.filter(({ available }) => available()))('$name', (baseline) => {
  const pipeline = featurePipelineSchema.parse({
    kind: 'log-spectrogram',
    sampleRateHz: 8000,
    durationSec: 1,
  });

  it.each([8000, 16_000])('gives as much sound as it was given at %i Hz, in time and finite', (rateHz) => {
    const given = sound(rateHz);
    const made = readyBaseline(baseline.example, { pipeline }).apply(given, rateHz);
    expect(made.samples.length / made.sampleRateHz).toBeCloseTo(given.length / rateHz, 3);
    expect(made.samples.every((sample) => Number.isFinite(sample))).toBe(true);
    expect(energy(made.samples)).toBeGreaterThan(0.05 * energy(given) * (made.sampleRateHz / rateHz));
    if (made.sampleRateHz === rateHz) {
      const found = align(given, made.samples, rateHz);
      if (found.reason === null && !/griffin-lim|mfcc|ceiling/.test(baseline.name)) {
        expect(Math.abs(found.lagSamples)).toBeLessThan(2);
      }
    }
    if (made.codedBits !== null) expect(made.codedBits).toBeGreaterThan(0);
  });

  it('takes silence and the shortest sounds', () => {
    const ready = readyBaseline(baseline.example, { pipeline });
    for (const given of [new Float32Array(4000), sound(8000, 0.05)]) {
      const made = ready.apply(given, 8000);
      expect(made.samples.every((sample) => Number.isFinite(sample))).toBe(true);
    }
  });

  it('refuses settings that it does not know', () => {
    const words = '1,2,3,4,5';
    expect(refusal(() => readyBaseline(`${baseline.name}:${words}`, { pipeline })).code).toBe(
      'baselines/bad-setting',
    );
  });
});

describe('baselines', () => {
  it('sound the better the more bits they have', () => {
    const given = sound(16_000);
    const [few, many] = ['opus:8', 'opus:64'].map((spec) => {
      const made = readyBaseline(spec, none).apply(given, 16_000);
      const pair = { reference: given, degraded: made.samples, sampleRateHz: 16_000 };
      return { bits: made.codedBits!, siSdr: judge(siSdr, pair).value! };
    });
    expect(many!.bits).toBeGreaterThan(3 * few!.bits);
    expect(many!.siSdr).toBeGreaterThan(few!.siSdr);
  });

  it('count the coded bytes: opus stays near what it was asked for', () => {
    const made = readyBaseline('opus:24', none).apply(sound(16_000, 4), 16_000);
    expect(made.codedBits! / 4).toBeGreaterThan(12_000);
    expect(made.codedBits! / 4).toBeLessThan(30_000);
  });

  it('keep what is below the cut-off and take what is above', () => {
    const tone = (hz: number): Float32Array =>
      Float32Array.from({ length: 8000 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hz * n) / 8000));
    const pass = readyBaseline('low-pass:1000', none);
    const middle = (samples: Float32Array): Float32Array => samples.subarray(1000, 7000);
    expect(energy(middle(pass.apply(tone(500), 8000).samples)) / energy(middle(tone(500)))).toBeCloseTo(1, 3);
    expect(energy(middle(pass.apply(tone(2000), 8000).samples)) / energy(middle(tone(2000)))).toBeLessThan(
      1e-6,
    );
    expect(refusal(() => pass.apply(tone(500), 1500)).code).toBe('baselines/bad-setting');
  });

  it('are found by name, with a word for a slip', () => {
    expect(namedBaseline('griffin-lim: 512, 128').words).toEqual(['512', '128']);
    const unknown = refusal(() => namedBaseline('opsu:12'));
    expect(unknown.code).toBe('baselines/unknown');
    expect(unknown.message).toContain('opus');
  });

  it.each([
    'opus:3',
    'opus:many',
    'opus:',
    'griffin-lim:500',
    'griffin-lim:512,400',
    'mfcc:50,8,40',
    'mu-law:8',
  ])('refuse %s and say what it takes', (spec) => {
    const refused = refusal(() => readyBaseline(spec, none));
    expect(refused.code).toBe('baselines/bad-setting');
    expect(refused.remedy).toContain('--baseline');
  });

  it('say that a ceiling needs its run, and that a codec is not here', () => {
    expect(refusal(() => readyBaseline('ceiling', none)).code).toBe('baselines/bad-setting');
    for (const missing of baselines.filter(({ available }) => !available())) {
      expect(refusal(() => readyBaseline(missing.example, none)).code).toBe('baselines/codec-missing');
    }
  });
});
