import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aLaw, muLaw } from '../../src-main/audio/companding.ts';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { type InspectedAudio, inspectAudio, inspectStretches } from '../../src-main/audio/inspect.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { encodeSphere, type SphereOptions } from '../helpers/sphere.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const speech = Array.from({ length: 3000 }, (_, n) =>
  Math.round(9000 * Math.sin(n * 0.05) * Math.sin(n * 0.0021) + 300 * Math.sin(n * 1.9)),
);
const other = speech.map((value, n) => Math.round(value / 3) + (n % 7));

async function written(options: SphereOptions, name = 'a.sph'): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  await writeFile(file, encodeSphere(options));
  return file;
}

async function refused(options: SphereOptions): Promise<ResynthError> {
  const file = await written(options);
  try {
    inspectAudio(file);
  } catch (thrown) {
    if (thrown instanceof ResynthError) return thrown;
    throw thrown;
  }
  throw new Error('it was taken');
}

const exact = (values: readonly number[]) => Float32Array.from(values, (value) => value / 32_768);

describe('NIST SPHERE', () => {
  it.each([
    ['low byte first', {}],
    ['high byte first', { bigEndian: true }],
    ['compressed by shorten', { coding: 'shorten' as const }],
  ])('PCM, %s: every sample, both channels, at its rate, with no remark', async (_, how) => {
    const file = await written({ channels: [speech, other], sampleRateHz: 16_000, ...how }, 'A.WV1');
    const audio = decodeAudio(file);
    expect(audio.channels).toEqual([exact(speech), exact(other)]);
    expect(audio.sampleRateHz).toBe(16_000);
    expect(inspectAudio(file)).toMatchObject({ warning: null, samples: 3000, container: 'nistsphere' });
    expect(decodeAudio(file, { channel: 1 }).channels).toEqual([exact(other)]);
    expect(decodeAudio(file, { channel: 'mix' }).channels[0]?.[100]).toBeCloseTo(
      (speech[100]! + other[100]!) / 65_536,
      6,
    );
    const part = decodeAudio(file, { startSec: 0.1, maxDurationSec: 0.05 });
    expect(part.channels).toEqual([exact(speech.slice(1600, 2400)), exact(other.slice(1600, 2400))]);
  });

  it('shorten: any samples come back to the last bit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 1, maxLength: 700 }),
        fc.integer({ min: 0, max: 12 }),
        async (values, quieter) => {
          const samples = values.map((value) => value >> quieter);
          const file = await written({ channels: [samples], coding: 'shorten' });
          expect(decodeAudio(file).channels).toEqual([exact(samples)]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each(['ulaw', 'alaw'] as const)('%s by the table of G.711, and its checksum', async (coding) => {
    const codes = Array.from({ length: 256 }, (_, code) => code);
    const file = await written({ channels: [codes], coding, sampleRateHz: 8000 });
    const [samples] = decodeAudio(file).channels;
    expect(samples).toEqual(coding === 'ulaw' ? muLaw : aLaw);
    expect(inspectAudio(file).warning).toBeNull();
  });

  it('the tables of G.711 at values that are known: silence, the loudest, one in between', () => {
    const at = (table: Float32Array, code: number) => Math.round(table[code]! * 32_768);
    expect([0xff, 0x7f, 0x80, 0x00, 0xaa].map((code) => at(muLaw, code))).toEqual([
      0, 0, 32_124, -32_124, 5372,
    ]);
    expect([0xd5, 0x55, 0xaa, 0x2a].map((code) => at(aLaw, code))).toEqual([8, -8, 32_256, -32_256]);
  });

  it('refuses compressed mu-law and codings it does not know, by name', async () => {
    for (const coding of ['ulaw,embedded-shorten-v2.00', 'pcm,embedded-wavpack', 'pculaw']) {
      const error = await refused({ channels: [speech], fields: { sample_coding: `-s9 ${coding}` } });
      expect(error.code).toBe('audio/sphere-coding');
      expect(error.message).toContain(coding);
    }
  });

  it('warns of samples behind those announced, and of a checksum that does not hold, and goes on', async () => {
    const more = await written({
      channels: [speech],
      fields: { sample_count: '-i 2900', sample_checksum: null },
    });
    expect(inspectAudio(more)).toMatchObject({
      samples: 2900,
      warning: expect.stringContaining('100 samples more'),
    });
    for (const coding of ['pcm', 'shorten'] as const) {
      const wrong = await written({ channels: [speech], coding, fields: { sample_checksum: '-i 77' } });
      expect(inspectAudio(wrong)).toMatchObject({ samples: 3000, warning: expect.stringContaining('77') });
    }
    const compressed = await written({
      channels: [speech],
      coding: 'shorten',
      fields: { sample_count: '-i 2900', sample_checksum: null },
    });
    expect(inspectAudio(compressed)).toMatchObject({
      samples: 2900,
      warning: expect.stringContaining('100 samples more'),
    });
  });

  it('takes a checksum that is stored as a signed number', async () => {
    const sum = speech.reduce((total, value) => (total + (value & 0xffff)) % 65_536, 0);
    const file = await written({ channels: [speech], fields: { sample_checksum: `-i ${sum - 65_536}` } });
    expect(inspectAudio(file).warning).toBeNull();
  });

  it.each<[string, string, Partial<SphereOptions>]>([
    ['fewer samples than announced', 'audio/truncated', { fields: { sample_count: '-i 4000' } }],
    ['the other byte order', 'audio/sphere-byte-order', { fields: { sample_byte_format: '-s2 10' } }],
    ['no byte order', 'audio/sphere-header', { fields: { sample_byte_format: '-s1 ?' } }],
    [
      'shorten that is none',
      'audio/sphere-header',
      { fields: { sample_coding: '-s26 pcm,embedded-shorten-v2.00' } },
    ],
    [
      'samples that are shorten',
      'audio/sphere-header',
      { coding: 'shorten', fields: { sample_coding: '-s3 pcm' } },
    ],
    ['mu-law of two bytes', 'audio/sphere-header', { coding: 'ulaw', fields: { sample_n_bytes: '-i 2' } }],
    ['no rate', 'audio/sphere-header', { fields: { sample_rate: null } }],
    ['a rate of 0 Hz', 'audio/rate-out-of-range', { fields: { sample_rate: '-i 0' } }],
    ['no channels', 'audio/sphere-header', { fields: { channel_count: '-i 0' } }],
    ['a million channels', 'audio/not-audio', { fields: { channel_count: '-i 1000000' } }],
    ['a negative count', 'audio/sphere-header', { fields: { sample_count: '-i -5' } }],
    ['words for a count', 'audio/sphere-header', { fields: { sample_count: '-i many' } }],
    [
      'another rate than the compressed samples',
      'audio/sphere-header',
      { coding: 'shorten', fields: { channel_count: '-i 2' } },
    ],
  ])('refuses %s, naming the file', async (_, code, how) => {
    const error = await refused({ channels: [speech], ...how });
    expect([error.code, error.message]).toEqual([code, expect.stringContaining('a.sph')]);
  });

  it.each([
    ['no number', 'NIST_1A\n   many\n'],
    ['longer than the file', 'NIST_1A\n 999936\n'],
    ['shorter than itself', 'NIST_1A\n     16\n'],
    ['without an end', `NIST_1A\n   1024\nsample_rate -i 16000\n${' '.repeat(1100)}`],
  ])('refuses a header whose length is %s', async (_, head) => {
    const file = path.join(await temporaryFolder(), 'b.sph');
    await writeFile(file, head.padEnd(1500));
    expect(() => inspectAudio(file)).toThrow(
      expect.objectContaining({ code: 'audio/sphere-header' }) as Error,
    );
  });

  it('refuses damaged shorten blocks or warns of them, and ends', async () => {
    const whole = encodeSphere({ channels: [speech], coding: 'shorten' });
    const folder = await temporaryFolder();
    for (let trial = 0; trial < 40; trial++) {
      const bytes = Uint8Array.from(whole);
      const at = 1030 + Math.floor(((bytes.length - 1040) * trial) / 40);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      const file = path.join(folder, `${trial}.wv1`);
      await writeFile(file, bytes);
      let told: string | null;
      try {
        told = inspectAudio(file).warning;
      } catch (thrown) {
        told = thrown instanceof ResynthError ? thrown.message : null;
      }
      expect(told, `byte ${at}`).toContain(`${trial}.wv1`);
    }
  });

  const an4 = referenceFolder('data', 'an4');
  it.skipIf(an4 === null)('real files of AN4: their checksums hold', () => {
    const folder = an4 ?? '';
    const measured = ['wav/an4_clstk/fash/an251-fash-b.sph', 'derived-big-endian/an251-fash-b.sph'].map(
      (name) => inspectAudio(path.join(folder, name)),
    );
    expect(measured.map(({ warning }) => warning)).toEqual([null, null]);
    expect(measured[0]?.rms).toBe(measured[1]?.rms);
  });
});

describe('stretches of a file', () => {
  const seconds = async (wanted: { startSec: number | null; endSec: number | null }[], how = {}) =>
    inspectStretches(await written({ channels: [speech], sampleRateHz: 1000, ...how }), wanted);

  it('are measured each by itself, in one pass, in whatever order', async () => {
    const wanted = [
      { startSec: 2, endSec: 2.5 },
      { startSec: null, endSec: 0.25 },
      { startSec: 1.9, endSec: null },
      { startSec: 0.1, endSec: 2.9 },
    ];
    for (const [at, one] of (await seconds(wanted)).entries()) {
      const from = Math.round((wanted[at]?.startSec ?? 0) * 1000);
      const part = exact(speech.slice(from, Math.round((wanted[at]?.endSec ?? 3) * 1000)));
      const { samples, peak, warning } = one as InspectedAudio;
      expect([samples, peak, warning]).toEqual([part.length, Math.max(...part.map(Math.abs)), null]);
    }
  });

  it('outside of the file are refused, those that end behind it are cut with a warning', async () => {
    const [outside, cut, whole] = await seconds([
      { startSec: 3.5, endSec: 4 },
      { startSec: 2.5, endSec: 9 },
      { startSec: 0, endSec: 3.01 },
    ]);
    expect(outside).toMatchObject({ code: 'audio/stretch-outside' });
    expect(cut).toMatchObject({ samples: 500, warning: expect.stringContaining('9 s') });
    expect(whole).toMatchObject({ samples: 3000, warning: null });
  });
});
