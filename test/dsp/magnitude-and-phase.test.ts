import { describe, expect, it } from 'vitest';
import { analyse, synthesise } from '../../src-main/dsp/representation.ts';
import { resolveConfig } from '../../src-main/models/overrides.ts';
import { philoxNormal } from '../../src-main/engine/philox-noise.ts';

const { features: config } = resolveConfig({ preset: 'rvq-vae-1' });
/** Noise that begins at once, quieter and quieter: 0.6 s at 8 kHz. */
const noise = new Float32Array(4800);
philoxNormal([1, 2], noise);
const sound = noise.map((value, at) => 0.1 * value * (1 - at / noise.length));
const peak = (samples: Float32Array): number =>
  samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);

describe('sound of magnitude and phase', () => {
  const clip = analyse(sound, 8000, config, { withPhase: true });
  const heard = (options: object) => synthesise(clip.features, clip, config, options);

  it('has no click at its ends, where hardly a window covers it', () => {
    const estimated = heard({ iterations: 8 });
    expect(peak(estimated)).toBeLessThan(3 * peak(sound));
    expect(peak(estimated.subarray(-64))).toBeLessThan(0.01);
  });

  it('is the recording, with its own phase, but for the first milliseconds that are faded in', () => {
    const again = heard({ method: 'original-phase', phase: clip.phase });
    const faded = 64;
    expect(peak(again.subarray(0, faded))).toBeLessThan(1.5 * peak(sound));
    let [error, power] = [0, 0];
    for (let at = faded; at < sound.length; at++) {
      error += (again[at]! - sound[at]!) ** 2;
      power += sound[at]! ** 2;
    }
    // The Nyquist row is dropped: a part in 129 of the power of white noise.
    expect(error / power).toBeLessThan(0.02);
  });
});
