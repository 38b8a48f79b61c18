import { describe, expect, it, onTestFinished } from 'vitest';
import { signalsAlign } from '../../../src-preload/contract/commands/listening.ts';
import { AnalystPool } from '../../../src-main/analyst/pool.ts';
import { handleSignalsAlign } from '../../../src-main/host/listening/listening.ts';
import type { HostContext } from '../../../src-main/host/services.ts';
import { noise } from '../../helpers/signals.ts';

const rateHz = 16_000;

function host() {
  const analysts = new AnalystPool({ size: 1 });
  onTestFinished(() => analysts.close());
  const context = { services: { analysts } } as unknown as HostContext;
  return async (input: Parameters<(typeof signalsAlign)['input']['parse']>[0]) => {
    const output = await handleSignalsAlign(signalsAlign.input.parse(input), context);
    return signalsAlign.output.parse(output);
  };
}

const signal = (values: ArrayLike<number>, channels = 1) => {
  return { sampleRateHz: rateHz, channels, samples: Float32Array.from(values) };
};

describe('signals align', () => {
  it('gives the sound in place, at which gain it is as loud, and what differs', async () => {
    const align = host();
    const loud = noise(rateHz, 3).map((value) => 0.2 * value);
    const late = Float64Array.from({ length: rateHz + 37 }, (_, n) => 0.5 * (loud[n - 37] ?? 0));
    const aligned = await align({ reference: signal(loud), degraded: signal(late) });
    expect(aligned).toMatchObject({
      reason: null,
      inverted: false,
      level: { method: 'loudness', limited: false },
    });
    expect(aligned.lagSamples).toBeCloseTo(37, 3);
    expect(aligned.lagSec).toBeCloseTo(37 / rateHz, 6);
    expect(Math.abs(aligned.subsample)).toBeLessThan(1e-3);
    expect(aligned.level.gainDb).toBeCloseTo(6.02, 1);
    expect(aligned.aligned.samples.length).toBe(rateHz);
    expect(aligned.aligned.samples[500]).toBeCloseTo(0.5 * loud[500]!, 4);
    expect(aligned.residual?.gainDb).toBeCloseTo(6.02, 1);
    expect(aligned.residual?.levelDbfs).toBeLessThan(-60);
    expect(aligned.referencePeak).toBeGreaterThanOrEqual(2 * aligned.alignedPeak - 0.02);
  });

  it('brings another rate to that of the reference, and keeps channels', async () => {
    const align = host();
    const stereo = Float32Array.from(
      { length: 8000 },
      (_, n) => (n % 2 === 0 ? 0.3 : 0.1) * Math.sin(0.05 * (n >> 1)),
    );
    const { aligned, residual } = await align({
      reference: signal(noise(rateHz)),
      degraded: { sampleRateHz: 8000, channels: 2, samples: stereo },
      residual: false,
    });
    expect(aligned).toMatchObject({ sampleRateHz: rateHz, channels: 2 });
    expect(aligned.samples.length).toBe(2 * 8000);
    expect(residual).toBeNull();
  });

  it('says why there is no lag', async () => {
    const align = host();
    const silent = await align({ reference: signal(noise(4000)), degraded: signal(new Float32Array(4000)) });
    expect(silent).toMatchObject({ reason: 'silent', lagSamples: 0, level: { method: 'none', gainDb: 0 } });
    expect(silent.level.degradedDb).toBe(-Infinity);
  });

  it.each([
    ['listening/not-a-sound', signal([])],
    ['listening/not-a-sound', signal([0, 0, 0], 2)],
    ['listening/not-a-sound', signal([0, NaN])],
    ['listening/too-long', { sampleRateHz: 1000, channels: 1, samples: new Float32Array(121_000) }],
  ])('refuses with %s', async (code, degraded) => {
    await expect(host()({ reference: signal(noise(4000)), degraded })).rejects.toMatchObject({ code });
  });
});
