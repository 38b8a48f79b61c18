import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeAudio, decodeStretch, mixToMono, probeAudio } from '../../src-main/audio/decode.ts';
import { measureAudio } from '../../src-main/audio/measure.ts';
import { openWithFfmpeg } from '../../src-main/audio/ffmpeg-source.ts';
import { writeWav } from '../../src-main/audio/write-wav.ts';
import type { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { encodeFlac } from '../helpers/encode-flac.ts';
import { referenceFolder } from '../helpers/reference-data.ts';
import { maxDifference, noise, sine } from '../helpers/signals.ts';
import { refusal } from '../helpers/refusal.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { float32, pcm16, wavBytes } from '../helpers/wav-bytes.ts';

const root = process.getuid?.() === 0;

async function fileWith(bytes: Uint8Array | string, name = 'clip.wav'): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  writeFileSync(file, bytes);
  return file;
}

/** Full-scale fractions as integers of that many bits. */
const values = [0, 0.5, -0.5, -1, 0.25, 0.75];

describe('decodeAudio reads WAV', () => {
  const integers = (bits: 8 | 16 | 24 | 32): Uint8Array => {
    const width = bits / 8;
    const bytes = Buffer.alloc(width * values.length);
    values.forEach((value, i) => {
      const scaled = value * 2 ** (bits - 1);
      if (bits === 8) bytes.writeUInt8(scaled + 128, i);
      else bytes.writeIntLE(scaled, i * width, width);
    });
    return bytes;
  };
  const double = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => double.writeDoubleLE(value, 8 * i));

  it.each([
    ['pcm_u8', integers(8), { bits: 8 }],
    ['pcm_s16le', integers(16), { bits: 16 }],
    ['pcm_s24le', integers(24), { bits: 24 }],
    ['pcm_s32le', integers(32), { bits: 32 }],
    ['pcm_f32le', float32(values), { bits: 32, code: 3 }],
    ['pcm_f64le', double, { bits: 64, code: 3 }],
    ['pcm_s24le', integers(24), { bits: 24, code: 0xfffe }],
    ['pcm_f32le', float32(values), { bits: 32, code: 0xfffe, subFormat: 3 }],
  ])('%s, the same as FFmpeg does', async (codec, data, header) => {
    const file = await fileWith(wavBytes(data, header));
    const audio = decodeAudio(file);
    expect([...audio.channels[0]!]).toEqual(values);
    expect(audio).toMatchObject({ sampleRateHz: 8000, codec, container: 'wav', damage: null });
    expect(audio.durationSec).toBe(values.length / 8000);
    const source = openWithFfmpeg(file);
    const blocks = [...source.blocks()].map((block) => [...block[0]!]).flat();
    source.close();
    expect(blocks).toEqual(values);
    expect(source.damage).toBeNull();
    expect(source.info).toMatchObject({ codec, container: 'wav', announcedSamples: values.length });
  });

  it('with channels, in order', async () => {
    const file = await fileWith(wavBytes(pcm16([1, 2, 3, 4, 5, 6].map((n) => n * 1024)), { channels: 3 }));
    const { channels } = decodeAudio(file);
    expect(channels.map((channel) => [...channel].map((value) => value * 32))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  it('with chunks before the samples, of uneven length too', async () => {
    const chunks = [
      { name: 'LIST', data: Buffer.from('abc') },
      { name: 'junk', data: Buffer.alloc(100) },
    ];
    const file = await fileWith(wavBytes(pcm16([16_384]), { chunks }));
    expect([...decodeAudio(file).channels[0]!]).toEqual([0.5]);
  });

  it('whose length was never filled in, to the end of the file', async () => {
    const data = pcm16([8192, 16_384]);
    for (const header of [
      { dataBytes: 0xffffffff, riffBytes: 0xffffffff },
      { dataBytes: 0, riffBytes: 0 },
    ]) {
      const file = await fileWith(wavBytes(data, header));
      expect([...decodeAudio(file).channels[0]!]).toEqual([0.25, 0.5]);
      expect(probeAudio(file).announcedSamples).toBeNull();
    }
  });

  it('that announces less than it holds: used as it says, and told', async () => {
    const data = pcm16(Array.from(noise(400), (value) => Math.round(10_000 * value)));
    const cut = await fileWith(wavBytes(data, { dataBytes: 200 }));
    const { samples, warning } = measureAudio(cut);
    expect([samples, warning]).toEqual([
      100,
      expect.stringContaining('announces 200 bytes of samples; 600 more'),
    ]);
    // Further chunks are no samples.
    const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([100, 0, 0, 0]), Buffer.alloc(100)]);
    const more = await fileWith(wavBytes(Buffer.concat([data, list]), { dataBytes: 800 }), 'more.wav');
    expect(measureAudio(more)).toMatchObject({ samples: 400, warning: null });
  });

  it('longer than a block, by blocks', async () => {
    const file = path.join(await temporaryFolder(), 'long.wav');
    const [left, right] = [Float32Array.from(noise(700_000, 1)), Float32Array.from(noise(700_000, 2))];
    writeWav(file, [left, right], 48_000, { encoding: 'float32' });
    const { channels } = decodeAudio(file);
    expect(channels[0]).toEqual(left);
    expect(channels[1]).toEqual(right);
    const part = decodeAudio(file, { startSec: 5, maxDurationSec: 0.5 });
    expect(part.channels[1]).toEqual(right.slice(240_000, 264_000));
  });

  it('of 8 channels, and of 384 kHz', async () => {
    const folder = await temporaryFolder();
    const eight = Array.from({ length: 8 }, (_, n) => Float32Array.of(n / 16, (n - 7) / 16));
    writeWav(path.join(folder, 'eight.wav'), eight, 48_000);
    const { channels } = decodeAudio(path.join(folder, 'eight.wav'));
    expect(channels).toEqual(eight);
    expect([...mixToMono(channels)]).toEqual([3.5 / 16, -3.5 / 16]);
    writeWav(path.join(folder, 'fast.wav'), Float32Array.from(sine(1000, 384_000, 384)), 384_000);
    expect(decodeAudio(path.join(folder, 'fast.wav'))).toMatchObject({
      sampleRateHz: 384_000,
      durationSec: 0.001,
    });
  });

  it('that is silent: valid audio of level zero', async () => {
    const file = await fileWith(wavBytes(pcm16(new Array<number>(800).fill(0))));
    expect(measureAudio(file)).toMatchObject({ peak: 0, rms: 0, samples: 800, durationSec: 0.1 });
  });

  it('of any name', async () => {
    const folder = await temporaryFolder();
    const names = [
      `it's "quoted".wav`,
      'two\nlines.wav',
      '😀 é.wav',
      'http:%3A?a=b%20c&d#e.wav',
      `${'n'.repeat(251)}.wav`,
      '-i.wav',
      'frame%03d.wav',
    ];
    for (const name of names) {
      const file = path.join(folder, name);
      writeFileSync(file, wavBytes(pcm16([16_384])));
      expect([...decodeAudio(file).channels[0]!], name).toEqual([0.5]);
      // The same through FFmpeg, which reads meaning into some names.
      const source = openWithFfmpeg(file);
      expect([...source.blocks()].length, name).toBe(1);
      source.close();
    }
  });
});

describe('decodeAudio reads through FFmpeg', () => {
  const samples = Float32Array.from(
    sine(440, 16_000, 24_000),
    (value) => Math.round(value * 16_000) / 32_768 + 0,
  );

  it('FLAC, bit for bit, whole and by range', async () => {
    const file = path.join(await temporaryFolder(), 'tone.flac');
    encodeFlac(file, samples, 16_000);
    const audio = decodeAudio(file);
    expect(audio.channels[0]).toEqual(samples);
    expect(audio).toMatchObject({
      sampleRateHz: 16_000,
      durationSec: 1.5,
      codec: 'flac',
      container: 'flac',
      damage: null,
    });
    expect(decodeAudio(file, { startSec: 0.25, maxDurationSec: 0.5 }).channels[0]).toEqual(
      samples.slice(4000, 12_000),
    );
    expect(decodeAudio(file, { startSec: 1.25, maxDurationSec: 9 }).channels[0]).toEqual(
      samples.slice(20_000),
    );
    expect(probeAudio(file)).toMatchObject({ announcedSamples: 24_000, announcedSec: 1.5, channels: 1 });
    const measured = measureAudio(file);
    expect(measured.peak).toBeCloseTo(16_000 / 32_768, 4);
    expect(measured.rms).toBeCloseTo(16_000 / 32_768 / Math.SQRT2, 4);
  });

  it('stretches of a long FLAC, jumping to them, up to its last sample', async () => {
    const file = path.join(await temporaryFolder(), 'long.flac');
    const long = Float32Array.from(noise(300_000), (value) => Math.round(value * 32_767) / 32_768 + 0);
    encodeFlac(file, long, 16_000);
    for (const from of [0, 31_999, 32_000, 123_457, 290_000, 299_000, 299_999]) {
      const to = Math.min(from + 5000, 300_000);
      expect(decodeStretch(file, from, to).channels[0], `from ${from}`).toEqual(long.slice(from, to));
    }
    expect(decodeStretch(file, 300_000, 300_001).channels[0]).toHaveLength(0);
  });

  it('mu-law and A-law WAV', async () => {
    // 0xff and 0xd5 are the codes of the smallest positive values; 0x80 is mu-law's largest.
    const mulaw = decodeAudio(
      await fileWith(wavBytes(Uint8Array.of(0xff, 0x80, 0x00), { bits: 8, code: 7 })),
    );
    expect([...mulaw.channels[0]!]).toEqual([0, 32_124 / 32_768, -32_124 / 32_768]);
    const alaw = decodeAudio(await fileWith(wavBytes(Uint8Array.of(0xd5, 0x55), { bits: 8, code: 6 })));
    expect([...alaw.channels[0]!]).toEqual([8 / 32_768, -8 / 32_768]);
  });

  it('NIST SPHERE in either byte order', async () => {
    const header = (order: string): Buffer => {
      const text =
        `NIST_1A\n   1024\nchannel_count -i 1\nsample_count -i 2\nsample_rate -i 16000\nsample_n_bytes -i 2\n` +
        `sample_byte_format -s2 ${order}\nsample_sig_bits -i 16\nsample_coding -s3 pcm\nend_head\n`;
      return Buffer.from(text.padEnd(1024, ' '), 'latin1');
    };
    const little = await fileWith(
      Buffer.concat([header('01'), Buffer.from([0x00, 0x40, 0x00, 0xc0])]),
      'a.sph',
    );
    const big = await fileWith(Buffer.concat([header('10'), Buffer.from([0x40, 0x00, 0xc0, 0x00])]), 'b.sph');
    for (const file of [little, big]) {
      const audio = decodeAudio(file);
      expect([...audio.channels[0]!]).toEqual([0.5, -0.5]);
      expect(audio).toMatchObject({ sampleRateHz: 16_000, container: 'nistsphere' });
    }
  });

  it.skipIf(process.platform !== 'linux')('a thousand files without keeping one open', async () => {
    const file = path.join(await temporaryFolder(), 'tone.flac');
    encodeFlac(file, samples.subarray(0, 800), 16_000);
    const broken = await fileWith('this is not audio at all, whatever its name may say', 'broken.flac');
    const open = (): number => readdirSync('/proc/self/fd').length;
    decodeAudio(file);
    const before = open();
    for (let i = 0; i < 500; i++) {
      decodeAudio(file, { maxDurationSec: 0.01 });
      refusal(() => decodeAudio(broken));
    }
    expect(open()).toBeLessThanOrEqual(before + 2);
  });

  it('nothing that leads elsewhere: a play list is not audio', async () => {
    const folder = await temporaryFolder();
    writeFileSync(path.join(folder, 'real.wav'), wavBytes(pcm16([1, 2, 3])));
    const list = path.join(folder, 'list.wav');
    writeFileSync(
      list,
      '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.wav\n#EXT-X-ENDLIST\n',
    );
    expect(refusal(() => decodeAudio(list)).code).toBe('audio/not-audio');
    const concat = path.join(folder, 'concat.wav');
    writeFileSync(concat, "ffconcat version 1.0\nfile 'real.wav'\n");
    expect(refusal(() => decodeAudio(concat)).code).toBe('audio/not-audio');
  });

  it('a file that says nothing about why it fails on stderr', async () => {
    const file = await fileWith(Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(500, 7)]), 'bad.flac');
    const script = `
      import { decodeAudio } from ${JSON.stringify(path.resolve('src-main/audio/decode.ts'))};
      try { decodeAudio(${JSON.stringify(file)}); } catch (error) { console.log(error.code); }`;
    const done = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(done.toString().trim()).toBe('audio/not-audio');
  });
});

describe('decodeAudio refuses, naming the file and the remedy,', () => {
  const check = (error: ResynthError, code: string, file: string): void => {
    expect(error.code).toBe(code);
    expect(error.message).toContain(path.basename(file));
    expect(error.remedy.length).toBeGreaterThan(10);
    expect(error.message + error.remedy).not.toMatch(/[{}\n]/);
  };

  it('an empty file', async () => {
    const file = await fileWith('');
    for (const call of [decodeAudio, measureAudio, probeAudio])
      check(
        refusal(() => call(file)),
        'audio/empty',
        file,
      );
  });

  it('a file that is not there, or that vanished', async () => {
    const file = await fileWith(wavBytes(pcm16([1])));
    rmSync(file);
    check(
      refusal(() => decodeAudio(file)),
      'audio/missing',
      file,
    );
    check(
      refusal(() => decodeAudio(path.join(file, 'x.wav'))),
      'audio/missing',
      'x.wav',
    );
  });

  it.skipIf(root || process.platform === 'win32')('a file without permission', async () => {
    const file = await fileWith(wavBytes(pcm16([1])));
    chmodSync(file, 0);
    const error = refusal(() => decodeAudio(file));
    check(error, 'audio/unreadable', file);
    expect(error.message).toContain('permission denied');
  });

  it('a loop of links, which cannot be opened', async () => {
    const file = path.join(await temporaryFolder(), 'loop.wav');
    symlinkSync(file, file);
    check(
      refusal(() => decodeAudio(file)),
      'audio/unreadable',
      file,
    );
  });

  it.skipIf(process.platform === 'win32')(
    'a folder, a pipe, a socket and a device, without waiting',
    async () => {
      const folder = await temporaryFolder();
      const inner = path.join(folder, 'inner.wav');
      mkdirSync(inner);
      expect(refusal(() => decodeAudio(inner)).message).toContain('a folder');
      const pipe = path.join(folder, 'pipe.wav');
      execFileSync('mkfifo', [pipe]);
      expect(refusal(() => decodeAudio(pipe)).message).toContain('a pipe');
      const socket = path.join(folder, 'socket.wav');
      const server = createServer().listen(socket);
      onTestFinished(() => void server.close());
      await new Promise((resolve) => server.once('listening', resolve));
      expect(refusal(() => decodeAudio(socket)).message).toContain('a socket');
      expect(refusal(() => decodeAudio('/dev/zero')).message).toContain('a device');
    },
  );

  it.each([
    ['text', 'Dear reader, this is a letter and not a recording.'.repeat(100)],
    ['noise', Uint8Array.from(noise(4000), (value) => 255 * Math.abs(value))],
    [
      'a picture',
      Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
        'base64',
      ),
    ],
    ['a page', '<html><body><audio src="x.wav"></audio></body></html>'],
    ['four bytes', 'RIFF'],
    ['a WAV header without samples behind it', wavBytes(pcm16([])).subarray(0, 30)],
    [
      'a WAV header without a format',
      Buffer.concat([wavBytes(pcm16([1])).subarray(0, 12), Buffer.from('data\x02\0\0\0ab')]),
    ],
  ])('%s', async (_, bytes) => {
    const file = await fileWith(bytes);
    check(
      refusal(() => decodeAudio(file)),
      'audio/not-audio',
      file,
    );
    check(
      refusal(() => measureAudio(file)),
      'audio/not-audio',
      file,
    );
  });

  it('audio of no length', async () => {
    const file = await fileWith(wavBytes(pcm16([])));
    check(
      refusal(() => decodeAudio(file)),
      'audio/no-samples',
      file,
    );
    check(
      refusal(() => measureAudio(file)),
      'audio/no-samples',
      file,
    );
    const flac = path.join(await temporaryFolder(), 'empty.flac');
    encodeFlac(flac, new Float32Array(0), 16_000);
    expect(['audio/no-samples', 'audio/not-audio']).toContain(refusal(() => decodeAudio(flac)).code);
  });

  it('a WAV file that is cut short, giving what is there on demand', async () => {
    const whole = wavBytes(pcm16(new Array<number>(8000).fill(16_384)));
    const file = await fileWith(whole.subarray(0, 44 + 2 * 2000 + 1));
    const error = refusal(() => decodeAudio(file));
    check(error, 'audio/truncated', file);
    expect(error.message).toContain('0.25 s of the 1 s');
    check(
      refusal(() => measureAudio(file)),
      'audio/truncated',
      file,
    );
    const kept = decodeAudio(file, { onDamage: 'keep' });
    expect(kept.channels[0]!.length).toBe(2000);
    expect(kept.damage?.code).toBe('audio/truncated');
    // What was asked for is all there.
    expect(decodeAudio(file, { maxDurationSec: 0.2 }).damage).toBeNull();
  });

  it('a WAV file cut within its first sample', async () => {
    const file = await fileWith(wavBytes(pcm16([1, 2])).subarray(0, 45));
    check(
      refusal(() => decodeAudio(file, { onDamage: 'keep' })),
      'audio/truncated',
      file,
    );
  });

  it('a FLAC file that is cut short, or damaged within', async () => {
    const folder = await temporaryFolder();
    const good = path.join(folder, 'good.flac');
    encodeFlac(
      good,
      Float32Array.from(noise(48_000), (value) => value / 2),
      16_000,
    );
    const bytes = readFileSync(good);
    const cut = path.join(folder, 'cut.flac');
    writeFileSync(cut, bytes.subarray(0, bytes.length / 2));
    const error = refusal(() => decodeAudio(cut));
    expect(['audio/truncated', 'audio/damaged']).toContain(error.code);
    check(error, error.code, cut);
    const kept = decodeAudio(cut, { onDamage: 'keep' });
    expect(kept.channels[0]!.length).toBeGreaterThan(16_000);
    expect(kept.channels[0]!.length).toBeLessThan(32_000);

    const hurt = path.join(folder, 'hurt.flac');
    const damaged = Uint8Array.from(bytes);
    damaged.fill(0x55, bytes.length / 2, bytes.length / 2 + 3000);
    writeFileSync(hurt, damaged);
    check(
      refusal(() => decodeAudio(hurt)),
      'audio/damaged',
      hurt,
    );
    check(
      refusal(() => measureAudio(hurt)),
      'audio/damaged',
      hurt,
    );
  });

  it('samples that are not numbers, saying where', async () => {
    const samples = new Array<number>(8000).fill(0.1);
    samples[4000] = NaN;
    samples[6000] = -Infinity;
    const file = await fileWith(wavBytes(float32(samples), { bits: 32, code: 3 }));
    const error = refusal(() => decodeAudio(file));
    check(error, 'audio/not-finite', file);
    expect(error.message).toContain('2 samples');
    expect(error.message).toContain('at 0.5 s');
    check(
      refusal(() => measureAudio(file)),
      'audio/not-finite',
      file,
    );
    expect(refusal(() => decodeAudio(file, { startSec: 0.4, maxDurationSec: 0.2 })).message).toContain(
      'at 0.5 s',
    );
    expect(decodeAudio(file, { maxDurationSec: 0.4 }).channels[0]!.length).toBe(3200);
  });

  it.each([0, 999, 4_000_000_000])('a sample rate of %i Hz', async (sampleRateHz) => {
    const file = await fileWith(wavBytes(pcm16([1, 2]), { sampleRateHz }));
    const error = refusal(() => decodeAudio(file));
    expect(['audio/rate-out-of-range', 'audio/not-audio']).toContain(error.code);
    check(error, error.code, file);
  });

  it('no channels', async () => {
    const file = await fileWith(wavBytes(pcm16([1, 2]), { channels: 0 }));
    check(
      refusal(() => decodeAudio(file)),
      'audio/not-audio',
      file,
    );
  });

  it('hours that a header announces and that are not there, without allocating them', async () => {
    const file = await fileWith(wavBytes(pcm16([1, 2]), { dataBytes: 0xfffffff0 }));
    check(
      refusal(() => decodeAudio(file)),
      'audio/truncated',
      file,
    );
    expect(refusal(() => measureAudio(file)).code).toBe('audio/truncated');
    expect(refusal(() => decodeAudio(file, { maxDurationSec: 3600 })).code).toBe('audio/truncated');
  });

  it('more than fits in memory, at once; a range of it is read', async () => {
    const bytes = 300_000_000;
    const file = await fileWith(wavBytes(new Uint8Array(0), { bits: 8, dataBytes: bytes }));
    // The bytes are holes: nothing of this size is written.
    truncateSync(file, 44 + bytes);
    const error = refusal(() => decodeAudio(file));
    check(error, 'audio/too-long', file);
    expect(error.message).toContain('37500 s in 1 channel(s)');
    expect(decodeAudio(file, { startSec: 100, maxDurationSec: 1 }).channels[0]!.length).toBe(8000);
  });

  it('with a name of several lines on one line', async () => {
    const file = await fileWith('', 'two\nlines\u001b[31m "é😀.wav');
    expect(refusal(() => decodeAudio(file)).message).toContain('two\\nlines\\u001b[31m "é😀.wav is empty');
  });

  it('a range without meaning', async () => {
    const file = await fileWith(wavBytes(pcm16([1, 2])));
    for (const options of [{ startSec: -1 }, { startSec: NaN }, { maxDurationSec: 0 }]) {
      expect(() => decodeAudio(file, options)).toThrow(RangeError);
    }
  });

  it('but gives no samples where a range begins after the end', async () => {
    const file = await fileWith(wavBytes(pcm16([1, 2])));
    expect(decodeAudio(file, { startSec: 5 }).channels[0]!.length).toBe(0);
  });
});

describe('mixToMono', () => {
  it('gives a single channel as it is, the mean of several, and refuses none', () => {
    const one = Float32Array.of(1, 2);
    expect(mixToMono([one])).toBe(one);
    expect([...mixToMono([one, Float32Array.of(0, -2)])]).toEqual([0.5, 0]);
    expect(() => mixToMono([])).toThrow('no channel');
  });
});

const recordings = referenceFolder('data');

describe.skipIf(!recordings)('real recordings', () => {
  it('WAV is read as FFmpeg reads it', () => {
    const folder = path.join(recordings ?? '', 'fsdd', 'recordings');
    for (const name of readdirSync(folder).filter((_, i) => i % 300 === 0)) {
      const file = path.join(folder, name);
      const source = openWithFfmpeg(file);
      const blocks = [...source.blocks()].map((block) => block[0]!);
      source.close();
      const whole = Float32Array.from(blocks.flatMap((block) => [...block]));
      expect(maxDifference(decodeAudio(file).channels[0]!, whole)).toBe(0);
    }
  });

  it('LibriSpeech FLAC and AN4 SPHERE have the length that they announce', () => {
    const flac = path.join(recordings ?? '', 'LibriSpeech/test-clean/1089/134686/1089-134686-0000.flac');
    expect(measureAudio(flac)).toMatchObject({ sampleRateHz: 16_000, samples: 166_960 });
    const spheres = readdirSync(path.join(recordings ?? '', 'an4'), {
      recursive: true,
      encoding: 'utf8',
    }).filter((name) => name.endsWith('.sph'));
    expect(spheres.length).toBeGreaterThan(0);
    for (const name of spheres) {
      const file = path.join(recordings ?? '', 'an4', name);
      const announced = Number(
        /sample_count -i (\d+)/.exec(readFileSync(file, 'latin1').slice(0, 1024))?.[1],
      );
      expect(measureAudio(file).samples).toBe(announced);
    }
  });
});
