import { describe, expect, it } from 'vitest';
import { phaseDifferenceFrequency, reassign } from '../../src-main/dsp/reassignment.ts';
import { stft } from '../../src-main/dsp/stft.ts';
import { sine } from '../helpers/signals.ts';

const sampleRateHz = 16_000;
const options = { nFft: 512, hopLength: 128, sampleRateHz };

describe('reassign', () => {
  it("finds a sine's frequency in every bin that it reaches, and no delay", () => {
    const { instantaneousFrequencyHz, groupDelaySec } = reassign(sine(1234, sampleRateHz, 8000), options);
    const nearest = Math.round((1234 * 512) / sampleRateHz);
    const { frames } = instantaneousFrequencyHz;
    for (let bin = nearest - 1; bin <= nearest + 1; bin++) {
      for (let frame = 8; frame < frames - 8; frame++) {
        expect(Math.abs(instantaneousFrequencyHz.data[bin * frames + frame]! - 1234)).toBeLessThan(1);
        // Time is counted from half a sample before the window's middle, as librosa does.
        expect(Math.abs(groupDelaySec.data[bin * frames + frame]!)).toBeLessThan(2e-4);
      }
    }
  });

  it('finds where a click is, in every bin', () => {
    const click = new Float64Array(8000);
    click[4000] = 1;
    const { groupDelaySec } = reassign(click, options);
    const frame = Math.round(4000 / 128);
    for (let bin = 5; bin < 250; bin++) {
      const found = (frame * 128) / sampleRateHz + groupDelaySec.data[bin * groupDelaySec.frames + frame]!;
      expect(Math.abs(found - 4000 / sampleRateHz)).toBeLessThan(1 / sampleRateHz);
    }
  });

  it('has no answer where there is no energy', () => {
    const { instantaneousFrequencyHz, groupDelaySec } = reassign(new Float64Array(1000), options);
    expect(instantaneousFrequencyHz.data.every(Number.isNaN)).toBe(true);
    expect(groupDelaySec.data.every(Number.isNaN)).toBe(true);
  });
});

describe('phaseDifferenceFrequency', () => {
  it("finds a sine's frequency between the bins", () => {
    for (const wantedHz of [431.7, 1000, 2718.28]) {
      const spectrum = stft(sine(wantedHz, sampleRateHz, 8000), options);
      const found = phaseDifferenceFrequency(spectrum, options);
      const bin = Math.round((wantedHz * 512) / sampleRateHz);
      for (let frame = 8; frame < found.frames - 8; frame++) {
        expect(Math.abs(found.data[bin * found.frames + frame]! - wantedHz)).toBeLessThan(0.5);
      }
      expect(found.data[bin * found.frames]).toBe((bin * sampleRateHz) / 512);
    }
  });
});
