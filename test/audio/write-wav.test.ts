import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { encodeWav, writeWav } from '../../src-main/audio/write-wav.ts';
import { refusal } from '../helpers/refusal.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('writeWav', () => {
  it('gives back 16-bit samples bit for bit, and others to half a step', async () => {
    const file = path.join(await temporaryFolder(), 'a.wav');
    const samples = fc.array(fc.double({ min: -1, max: 32_767 / 32_768, noNaN: true }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(samples, (values) => {
        writeWav(file, Float32Array.from(values), 8000);
        const read = decodeAudio(file).channels[0]!;
        read.forEach((value, i) =>
          expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(0.5 / 32_768 + 1e-7),
        );
        writeWav(file, read, 8000);
        expect(decodeAudio(file).channels[0]).toEqual(read);
      }),
      { numRuns: 20 },
    );
  });

  it('gives back any single-precision samples bit for bit as float32', async () => {
    const file = path.join(await temporaryFolder(), 'a.wav');
    const stereo = [Float32Array.of(0.1, -3, 1e-30), Float32Array.of(2, 0.3, -0)];
    expect(writeWav(file, stereo, 22_050, { encoding: 'float32' })).toEqual({ clipped: 0 });
    expect(decodeAudio(file)).toMatchObject({ channels: stereo, sampleRateHz: 22_050, codec: 'pcm_f32le' });
  });

  it('clips to 16 bits and counts what it clipped; full scale itself is not counted', async () => {
    const file = path.join(await temporaryFolder(), 'a.wav');
    expect(writeWav(file, Float32Array.of(1, -1, 1.5, -2), 8000)).toEqual({ clipped: 2 });
    expect([...decodeAudio(file).channels[0]!].map((value) => value * 32_768)).toEqual([
      32_767, -32_768, 32_767, -32_768,
    ]);
  });

  it('writes an empty recording that is a valid file', () => {
    expect(encodeWav([new Float32Array(0)], 8000, 'pcm16').bytes.length).toBe(44);
  });

  it('replaces a file whole and leaves nothing else behind', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, `${'n'.repeat(251)}.wav`);
    writeFileSync(file, 'before');
    writeWav(file, Float32Array.of(0.5), 8000);
    expect(readdirSync(folder)).toEqual([path.basename(file)]);
    expect(readFileSync(file).length).toBe(46);
  });

  it('refuses a folder that is not there, and a name that is a folder, leaving nothing behind', async () => {
    const folder = await temporaryFolder();
    const missing = refusal(() => writeWav(path.join(folder, 'no', 'a.wav'), Float32Array.of(0), 8000));
    expect(missing.code).toBe('files/not-writable');
    expect(missing.message).toContain('a.wav');
    expect(missing.message).toContain('no such file or directory');
    mkdirSync(path.join(folder, 'taken.wav'));
    const taken = refusal(() => writeWav(path.join(folder, 'taken.wav'), Float32Array.of(0), 8000));
    expect(taken.code).toBe('files/not-writable');
    expect(readdirSync(folder)).toEqual(['taken.wav']);
  });

  it('refuses samples that cannot be heard, naming the file', async () => {
    const file = path.join(await temporaryFolder(), 'a.wav');
    const error = refusal(() => writeWav(file, Float32Array.of(0, NaN), 8000));
    expect(error.code).toBe('audio/no-sound');
    expect(error.message).toContain('sample 1 is NaN');
    expect(existsSync(file)).toBe(false);
  });

  it('refuses no channels, and channels of different lengths', () => {
    expect(() => encodeWav([], 8000, 'pcm16')).toThrow(RangeError);
    expect(() => encodeWav([new Float32Array(1), new Float32Array(2)], 8000, 'pcm16')).toThrow(RangeError);
  });
});
