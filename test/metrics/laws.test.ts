import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src-main/metrics/judge.ts';
import type { Metric, SignalPair } from '../../src-main/metrics/metric.ts';
import { metrics } from '../../src-main/metrics/registry.ts';

/** Something with the pauses, pitch and band of speech, the same for the same seed. */
function babble(seed: number, seconds: number, sampleRateHz: number): Float64Array {
  let state = seed * 2 + 1;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const samples = new Float64Array(Math.round(seconds * sampleRateHz));
  let [slow, fast] = [0, 0];
  for (let n = 0; n < samples.length; n++) {
    const time = n / sampleRateHz;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 1.3 * time)) ** 2;
    const pitch = 110 + 30 * Math.sin(2 * Math.PI * 0.7 * time + seed);
    slow = 0.95 * slow + random();
    fast = 0.4 * fast + random();
    samples[n] = syllable * (0.3 * Math.sin(2 * Math.PI * pitch * time) + 0.1 * slow + 0.1 * fast);
  }
  return samples;
}

function metric(key: string): Metric {
  return metrics.find((candidate) => candidate.key === key)!;
}

function value(key: string, pair: SignalPair): number | null {
  return judge(metric(key), pair).value;
}

const sampleRateHz = 16_000;
const reference = babble(1, 3, sampleRateHz);
const noise = babble(2, 3, sampleRateHz);
const noisy = (amount: number): Float64Array => reference.map((sample, n) => sample + amount * noise[n]!);

describe('laws of the metrics', () => {
  it('gives the top of its scale to a sound and itself', () => {
    const pair = { reference, degraded: reference, sampleRateHz };
    expect(value('pesq_nb', pair)).toBeCloseTo(4.5486, 4);
    expect(value('pesq_nb_raw', pair)).toBeCloseTo(4.5, 6);
    expect(value('pesq_wb', pair)).toBeCloseTo(4.6439, 4);
    expect(value('stoi', pair)).toBeCloseTo(1, 10);
    expect(value('estoi', pair)).toBeCloseTo(1, 10);
    expect(value('seg_snr_db', pair)).toBe(35);
    expect(value('rmse', pair)).toBeCloseTo(0, 12);
    expect(value('lsd_db', pair)).toBe(0);
    for (const key of ['si_sdr_db', 'snr_db']) expect(judge(metric(key), pair).blank?.code).toBe('infinite');
  });

  it('keeps SI-SDR and RMSE the same whatever the gain of the degraded, and SI-SDR that of the reference', () => {
    const amount = fc.double({ min: 0.05, max: 2, noNaN: true });
    const gain = fc.double({ min: 0.01, max: 20, noNaN: true });
    fc.assert(
      fc.property(amount, gain, (a, g) => {
        const degraded = noisy(a);
        const [plain, scaled] = [degraded, degraded.map((sample) => -g * sample)];
        const before = { reference, degraded: plain, sampleRateHz };
        const after = { reference, degraded: scaled, sampleRateHz };
        expect(value('si_sdr_db', after)).toBeCloseTo(value('si_sdr_db', before)!, 8);
        expect(value('rmse', after)).toBeCloseTo(value('rmse', before)!, 10);
        const louder = { reference: reference.map((sample) => g * sample), degraded: plain, sampleRateHz };
        expect(value('si_sdr_db', louder)).toBeCloseTo(value('si_sdr_db', before)!, 8);
        const both = { reference: louder.reference, degraded: after.degraded, sampleRateHz };
        const normalised = value('rmse_normalised', before)!;
        expect(value('rmse_normalised', both) as number).toBeCloseTo(normalised, 10);
      }),
      { numRuns: 20 },
    );
  });

  it('says the level of noise that was added, and falls as it grows', () => {
    const keys = ['pesq_nb', 'pesq_wb', 'stoi', 'estoi', 'si_sdr_db', 'snr_db', 'seg_snr_db'];
    const few = { reference, degraded: noisy(0.05), sampleRateHz };
    const much = { reference, degraded: noisy(0.8), sampleRateHz };
    for (const key of keys) expect(value(key, few), key).toBeGreaterThan(value(key, much)!);
    for (const key of ['rmse', 'rmse_normalised', 'lsd_db'])
      expect(value(key, few), key).toBeLessThan(value(key, much)!);
    const doubled = { reference, degraded: noisy(0.1), sampleRateHz };
    expect(value('snr_db', few)! - value('snr_db', doubled)!).toBeCloseTo(20 * Math.log10(2), 8);
  });

  it('stays within the range that it declares', () => {
    const pair = { reference, degraded: noise, sampleRateHz };
    for (const { key, range } of metrics) {
      const found = value(key, pair);
      if (found === null) continue;
      expect(found, key).toBeGreaterThanOrEqual(range[0] ?? -Infinity);
      expect(found, key).toBeLessThanOrEqual(range[1] ?? Infinity);
    }
  });

  it('finds what PESQ aligns: a late copy is as good as the sound itself', () => {
    const late = new Float64Array(reference.length + 800);
    late.set(reference, 800);
    const pair = { reference, degraded: late, sampleRateHz };
    expect(value('pesq_nb', pair)!).toBeGreaterThan(4.5);
    expect(value('pesq_wb', pair)!).toBeGreaterThan(4.55);
  });

  it('follows a delay that changes in the middle of speech', () => {
    const half = reference.length / 2;
    const jump = 480;
    const changed = new Float64Array(reference.length + jump);
    changed.set(reference.subarray(0, half));
    changed.set(reference.subarray(half), half + jump);
    const figure = value('pesq_nb', { reference, degraded: changed, sampleRateHz })!;
    // Unaligned from there on it would be below 2.
    expect(figure).toBeGreaterThan(3.5);
  });
});

describe('what cannot be judged', () => {
  const silent = new Float64Array(reference.length);
  const broken = Float64Array.from(reference);
  broken[100] = NaN;
  const tiny = reference.subarray(4000, 5600);
  const cases: [string, SignalPair, Record<string, string>][] = [
    [
      'silent reference',
      { reference: silent, degraded: reference, sampleRateHz },
      { '*': 'silent-reference' },
    ],
    ['silent degraded', { reference, degraded: silent, sampleRateHz }, { '*': 'silent-degraded' }],
    ['both silent', { reference: silent, degraded: silent, sampleRateHz }, { '*': 'silent-reference' }],
    ['NaN in the degraded', { reference, degraded: broken, sampleRateHz }, { '*': 'not-finite' }],
    ['NaN in the reference', { reference: broken, degraded: reference, sampleRateHz }, { '*': 'not-finite' }],
    [
      'no samples',
      { reference: silent.subarray(0, 0), degraded: reference, sampleRateHz },
      { '*': 'too-short' },
    ],
    [
      '100 ms',
      { reference: tiny, degraded: tiny.map((sample) => sample + 0.01), sampleRateHz },
      {
        pesq_nb: 'too-short',
        pesq_nb_raw: 'too-short',
        pesq_wb: 'too-short',
        stoi: 'too-short',
        estoi: 'too-short',
      },
    ],
    [
      '44.1 kHz',
      { reference, degraded: noisy(0.1), sampleRateHz: 44_100 },
      { pesq_nb: 'wrong-rate', pesq_nb_raw: 'wrong-rate', pesq_wb: 'wrong-rate' },
    ],
    ['8 kHz', { reference, degraded: noisy(0.1), sampleRateHz: 8000 }, { pesq_wb: 'wrong-rate' }],
    [
      'other lengths',
      { reference, degraded: noisy(0.1).subarray(0, 40_000), sampleRateHz },
      Object.fromEntries(metrics.filter((m) => m.needsEqualLengths).map((m) => [m.key, 'lengths-differ'])),
    ],
  ];
  it.each(cases)('is a blank with its reason: %s', (_, pair, expected) => {
    for (const each of metrics) {
      const { value: figure, blank } = judge(each, pair);
      const wrongRate = each.ratesHz !== null && !each.ratesHz.includes(pair.sampleRateHz);
      const code = expected[each.key] ?? expected['*'] ?? (wrongRate ? 'wrong-rate' : undefined);
      expect(blank?.code, each.key).toBe(code);
      if (code) expect(figure, each.key).toBeNull();
      else expect(Number.isFinite(figure), each.key).toBe(true);
    }
  });
});
