import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { frameRms, trimSpan } from '../../src-main/dsp/trim.ts';
import { goldenDsp } from '../helpers/golden-clips.ts';
import { noise, sine } from '../helpers/signals.ts';

describe('frameRms', () => {
  it('is the level of a steady tone away from the ends', () => {
    const levels = frameRms(sine(500, 8000, 16_000));
    expect(levels).toHaveLength(32);
    for (const level of levels.subarray(3, -3)) expect(level).toBeCloseTo(Math.SQRT1_2, 3);
  });
});

describe('trimSpan', () => {
  it('keeps what is heard, in whole hops, whatever lies around it', () => {
    fc.assert(
      fc.property(
        fc.nat(6000),
        fc.nat(6000),
        fc.integer({ min: 600, max: 5000 }),
        (before, after, length) => {
          const signal = new Float64Array(before + length + after);
          signal.set(noise(length), before);
          const { start, end } = trimSpan(signal, 40, { frameLength: 512, hopLength: 128 });
          expect(start % 128).toBe(0);
          expect(start).toBeLessThanOrEqual(before + 128);
          expect(start).toBeGreaterThanOrEqual(before - 512);
          expect(end).toBeGreaterThanOrEqual(before + length - 128);
          expect(end).toBeLessThanOrEqual(Math.min(signal.length, before + length + 512));
        },
      ),
    );
  });

  it('does not mind the level, down to where librosa has its floor', () => {
    const signal = new Float64Array(20_000);
    signal.set(noise(3000), 9000);
    expect(trimSpan(signal.map((value) => value / 4))).toEqual(trimSpan(signal));
  });

  it('keeps silence whole, as librosa does, and nothing of nothing', () => {
    expect(trimSpan(new Float64Array(5000))).toEqual({ start: 0, end: 5000 });
    expect(trimSpan(new Float64Array(0))).toEqual({ start: 0, end: 0 });
    expect(trimSpan(noise(5000), 0)).toEqual({ start: 0, end: 0 });
  });
});

interface TrimmedFile {
  file: string;
  trim: { top_db: number; frame_length: number; hop_length: number; start: number; end: number }[];
}

describe.skipIf(!goldenDsp)('against librosa.effects.trim 0.11', () => {
  const folder = path.join(goldenDsp ?? '', 'trim');

  it('cuts every file at the same samples', () => {
    const files = JSON.parse(readFileSync(path.join(folder, 'trim.json'), 'utf8')) as TrimmedFile[];
    expect(files.length).toBeGreaterThan(20);
    for (const { file, trim } of files) {
      const samples = decodeAudio(path.join(folder, file)).channels[0]!;
      for (const { top_db, frame_length, hop_length, start, end } of trim) {
        const span = trimSpan(samples, top_db, { frameLength: frame_length, hopLength: hop_length });
        expect(span, `${file} ${top_db} dB ${frame_length}`).toEqual({ start, end });
      }
    }
  });
});
