import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudio, mixToMono } from '../../src-main/audio/decode.ts';
import { clipSeconds, featurePipelineSchema, featureShape } from '../../src-main/dsp/pipeline.ts';
import { analyse, heardAgain, representationOf, synthesise } from '../../src-main/dsp/representation.ts';
import { readNpy } from '../helpers/npy.ts';
import { referenceFolder } from '../helpers/reference-data.ts';

const config = featurePipelineSchema.parse({ kind: 'power-spectrogram' });
const short = featurePipelineSchema.parse({
  kind: 'power-spectrogram',
  frames: 20,
  nFft: 64,
  hopLength: 32,
  sampleRateHz: 8000,
});
const folder = referenceFolder('reference', 'dvae', 'clips');

/** A tone of changing height and level: no frame of it is silent. */
function glide(count: number, level = 0.5): Float32Array {
  return Float32Array.from({ length: count }, (_, n) => level * Math.sin(n * (0.1 + n * 2e-6)));
}

describe('sequences of power spectra', () => {
  it('has clips of 150 frames by 257 bins, 2.384 s', () => {
    expect(featureShape(config)).toEqual({ bins: 257, frames: 150, samples: 38_144 });
    expect(clipSeconds(config)).toBeCloseTo(2.384, 6);
  });

  it('cuts a recording into the sequences that it fills, each at a peak of 1, and has none of a shorter one', () => {
    const { clipsOf, mostClips } = representationOf(short);
    const { samples, frames } = featureShape(short);
    expect(clipsOf(glide(samples - 32), 8000, short)).toEqual([]);
    const long = glide(3 * samples + 200);
    const clips = clipsOf(long, 8000, short);
    const count = Math.floor((1 + Math.floor(long.length / 32)) / frames);
    expect(clips.length).toBe(count);
    expect(mostClips(short, long.length / 8000)).toBeGreaterThanOrEqual(count);
    for (const clip of clips) {
      expect(clip.input.length).toBe(33 * 20);
      expect(Math.max(...clip.padded.map(Math.abs))).toBeCloseTo(1, 6);
      expect(Math.max(...clip.features)).toBeCloseTo(1, 6);
      expect(Math.min(...clip.features)).toBeGreaterThanOrEqual(0);
    }
  });

  it('comes back from levels with its own phase, but for what lies below the range', () => {
    const clip = analyse(glide(4000), 8000, short, { withPhase: true });
    const back = synthesise(clip.features, clip, short, { method: 'original-phase', phase: clip.phase });
    expect(back.length).toBe(clip.padded.length);
    for (let at = 64; at < back.length - 64; at++) expect(back[at]).toBeCloseTo(clip.padded[at]!, 2);
    // Neither trimmed nor scaled again: half as loud stays half as loud.
    const half = heardAgain(
      back.map((sample) => sample / 2),
      short,
    );
    expect(half.maxDb).toBeCloseTo(clip.maxDb - 20 * Math.log10(2), 1);
  });

  it('refuses a phase that is not there and a spectrogram of another size', () => {
    const clip = analyse(glide(4000), 8000, short);
    expect(() => synthesise(clip.features, clip, short, { method: 'original-phase' })).toThrow(RangeError);
    expect(() => synthesise(new Float32Array(7), clip, short)).toThrow(RangeError);
  });

  it('gives silence for silence', () => {
    const clip = analyse(new Float32Array(4000), 8000, short);
    expect(clip.minDb).toBe(clip.maxDb);
    expect([...synthesise(clip.features, clip, short)].every((sample) => sample === 0)).toBe(true);
  });

  it.skipIf(!folder)('equals the first training sequence of the published code', () => {
    const audio = decodeAudio(path.join(folder ?? '', 'clip4s.wav'));
    const clips = representationOf(config).clipsOf(mixToMono(audio.channels), audio.sampleRateHz, config);
    expect(clips.length).toBe(1);
    const { data, shape } = readNpy(path.join(folder ?? '', 'clip4s_train_seq0_257x150.npy'));
    expect(shape).toEqual([257, 150]);
    const worst = data.reduce(
      (most, value, at) => Math.max(most, Math.abs(clips[0]!.input[at]! - value) / (value + 1e-4)),
      0,
    );
    expect(worst).toBeLessThan(1e-4);
  });
});
