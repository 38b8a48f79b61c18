import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { griffinLim, spectralConvergence } from '../../src-main/dsp/griffin-lim.ts';
import { magnitude, phase, stft } from '../../src-main/dsp/stft.ts';
import { readNpy } from '../helpers/npy.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { relativeError, sine } from '../helpers/signals.ts';

const settings = { nFft: 512, hopLength: 128, length: 4000 };
const target = magnitude(stft(sine(440, 8000, 4000), settings));

describe('griffinLim', () => {
  it('comes closer to the magnitudes the longer it runs', () => {
    const convergence = [0, 4, 32].map((iterations) =>
      spectralConvergence(griffinLim(target, { ...settings, iterations }), target, settings),
    );
    expect(convergence[1]).toBeLessThan(convergence[0]!);
    expect(convergence[2]).toBeLessThan(convergence[1]!);
  });

  it('gives the same signal for the same seed, another for another', () => {
    const run = (seed: number): Float64Array => griffinLim(target, { ...settings, iterations: 3, seed });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
    expect(run(0)).toEqual(griffinLim(target, { ...settings, iterations: 3 }));
  });

  it('keeps silence silent', () => {
    const silent = magnitude(stft(new Float64Array(1000), settings));
    const signal = griffinLim(silent, { ...settings, length: 1000 });
    expect(signal.every((sample) => sample === 0)).toBe(true);
    expect(spectralConvergence(signal, silent, settings)).toBe(0);
  });

  it('leaves frames as they are whose phase is known', () => {
    const signal = sine(440, 8000, 4000);
    const angles = phase(stft(signal, settings));
    const [frames, known] = [target.frames, 20];
    const found = griffinLim(target, { ...settings, iterations: 4, known: { phase: angles, frames: known } });
    // Up to the last sample that no other frame reaches.
    const kept = found.subarray(0, (known - 1) * settings.hopLength - settings.nFft / 2);
    expect(relativeError(kept, signal.subarray(0, kept.length))).toBeLessThan(1e-9);
    expect(() => griffinLim(target, { ...settings, known: { phase: angles, frames: frames + 1 } })).toThrow(
      RangeError,
    );
  });

  it.each([-0.1, 1.1, NaN])('refuses a momentum of %d', (momentum) => {
    expect(() => griffinLim(target, { ...settings, momentum })).toThrow('momentum');
  });
});

const golden = referenceFolder('reference', 'dsp');

describe.skipIf(!golden)('against librosa 0.11', () => {
  const clips = ['fsdd_0_george_0', 'fsdd_3_jackson_7', 'fsdd_7_nicolas_12', 'libri_118_0046'];
  const cases = clips.flatMap((clip) => [256, 128].map((hopLength) => ({ clip, hopLength })));

  it.each(cases)('$clip with a hop of $hopLength', ({ clip, hopLength }) => {
    const folder = path.join(golden ?? '', clip);
    const samples = decodeAudio(path.join(folder, 'input.wav')).channels[0]!;
    const options = { nFft: 512, hopLength, length: samples.length, initialPhase: 'zero' as const };
    const magnitudes = magnitude(stft(samples, options));
    const first = griffinLim(magnitudes, { ...options, iterations: 1 });
    expect(
      relativeError(first, readNpy(path.join(folder, `griffinlim_hann512_${hopLength}_it1.npy`)).data),
    ).toBeLessThan(1e-5);

    const known = readResults(folder)[`griffinlim_hann512_${hopLength}`]!.spectral_convergence;
    for (const momentum of [0.99, 0]) {
      for (const iterations of [1, 2, 4, 8, 16, 32]) {
        const signal = griffinLim(magnitudes, { ...options, iterations, momentum });
        const reached = spectralConvergence(signal, magnitudes, options);
        const expected = known[momentum === 0 ? 'momentum_0.0' : 'momentum_0.99']![String(iterations)]!;
        expect(Math.abs(reached - expected), `${iterations} iterations, momentum ${momentum}`).toBeLessThan(
          1e-3,
        );
      }
    }
  });
});

type Convergence = Record<string, Record<string, number>>;

function readResults(folder: string): Record<string, { spectral_convergence: Convergence }> {
  return JSON.parse(readFileSync(path.join(folder, 'results.json'), 'utf8')) as Record<
    string,
    { spectral_convergence: Convergence }
  >;
}
