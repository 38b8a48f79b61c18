import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { inspectAudio } from '../../src-main/audio/inspect.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { encodeMedia } from '../helpers/encode-media.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const tone = (hz: number, sampleRateHz: number, sec = 1) =>
  Float32Array.from(
    { length: Math.round(sec * sampleRateHz) },
    (_, n) => 0.4 * Math.sin((2 * Math.PI * hz * n) / sampleRateHz),
  );

/** Correlation at the best lag up to some: codecs may add samples at the beginning. */
function likeness(a: Float32Array, b: Float32Array, mostLag: number): number {
  let best = 0;
  for (let lag = 0; lag <= mostLag; lag++) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let n = 2000; n < 6000; n++) {
      const x = a[n] ?? 0;
      const y = b[n + lag] ?? 0;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    best = Math.max(best, ab / Math.sqrt(aa * bb));
  }
  return best;
}

describe('containers by FFmpeg', () => {
  it.each([
    ['a.mp3', 'libmp3lame', 16_000, 16_000],
    ['a.opus', 'libopus', 16_000, 48_000],
    ['a.ogg', 'libvorbis', 16_000, 16_000],
    ['a.aiff', 'pcm_s16be', 16_000, 16_000],
    ['a.flac', 'flac', 44_100, 44_100],
    ['a.au', 'pcm_mulaw', 8000, 8000],
  ])('%s by %s at its true rate', async (name, encoder, rateHz, decodedHz) => {
    const file = path.join(await temporaryFolder(), name);
    encodeMedia(file, encoder, tone(440, rateHz), rateHz);
    const audio = decodeAudio(file);
    expect(audio.sampleRateHz).toBe(decodedHz);
    expect(Math.abs(audio.durationSec - 1)).toBeLessThan(0.1);
    expect(
      likeness(tone(440, decodedHz), audio.channels[0] ?? new Float32Array(0), decodedHz / 220),
    ).toBeGreaterThan(0.99);
    expect(inspectAudio(file)).toMatchObject({ channels: 1, warning: null });
  });

  it('an Ogg chain that goes on at another rate is refused by name, or read whole, never half', async () => {
    const folder = await temporaryFolder();
    const parts = [16_000, 24_000].map((rateHz) => {
      const part = path.join(folder, `${rateHz}.ogg`);
      encodeMedia(part, 'libvorbis', tone(300, rateHz), rateHz);
      return part;
    });
    const chain = path.join(folder, 'chain.ogg');
    await writeFile(chain, Buffer.concat(await Promise.all(parts.map((part) => readFile(part)))));
    expect(() => inspectAudio(chain)).toThrow(ResynthError);
    expect(() => inspectAudio(chain)).toThrow(/chain\.ogg/);
  });
});
