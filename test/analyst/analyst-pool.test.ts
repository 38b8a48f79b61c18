import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnalystPool } from '../../src-main/analyst/pool.ts';
import type { Measures } from '../../src-main/analyst/tasks.ts';
import { encodeWav, writeWav } from '../../src-main/audio/write-wav.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let pool: AnalystPool;
beforeAll(() => {
  pool = new AnalystPool({ size: 1 });
});
afterAll(() => pool.close());

async function inspect(file: string): Promise<Measures> {
  const task = {
    kind: 'inspect',
    folder: path.dirname(file),
    files: [{ id: path.basename(file), source: null, startSec: null, endSec: null }],
  } as const;
  const [one] = (await pool.run(task)).files;
  if (!one || 'refused' in one) throw one ? ResynthError.from(one.refused) : new Error('no answer');
  return one.measures;
}

describe('the analyst', () => {
  it('measures a recording: level over all channels, length, hash of its bytes', async () => {
    const file = path.join(await temporaryFolder(), 'a.wav');
    const left = Float32Array.from({ length: 4000 }, (_, time) => (time % 2 === 0 ? 0.5 : -0.5));
    writeWav(file, [left, new Float32Array(4000)], 8000);
    const bytes = await readFile(file);
    expect(await inspect(file)).toMatchObject({
      bytes: bytes.length,
      contentHash: createHash('sha256').update(bytes).digest('hex'),
      sampleRateHz: 8000,
      channels: 2,
      durationSec: 0.5,
      peak: 0.5,
      rms: expect.closeTo(Math.sqrt(0.125), 6),
    });
  });

  it('takes eight channels, 384 kHz, and silence', async () => {
    const folder = await temporaryFolder();
    const channels = Array.from({ length: 8 }, () => new Float32Array(100).fill(0.25));
    writeWav(path.join(folder, '8.wav'), channels, 16_000);
    writeWav(path.join(folder, 'fast.wav'), new Float32Array(3840).fill(0.1), 384_000);
    writeWav(path.join(folder, 'silent.wav'), new Float32Array(800), 8000);
    expect(await inspect(path.join(folder, '8.wav'))).toMatchObject({ channels: 8, peak: 0.25 });
    expect(await inspect(path.join(folder, 'fast.wav'))).toMatchObject({
      sampleRateHz: 384_000,
      durationSec: 0.01,
    });
    expect(await inspect(path.join(folder, 'silent.wav'))).toMatchObject({ peak: 0, rms: 0 });
  });

  it('refuses what is not a usable recording, each with its own code, and lives on', async () => {
    const folder = await temporaryFolder();
    const whole = encodeWav([new Float32Array(8000).fill(0.1)], 8000, 'pcm16').bytes;
    const nan = encodeWav([new Float32Array(100)], 8000, 'float32').bytes;
    new DataView(nan.buffer, nan.byteOffset, nan.byteLength).setFloat32(nan.byteLength - 40, NaN, true);
    const files: [string, Uint8Array | string, string][] = [
      ['text.wav', 'This is not audio at all, whatever its name says.', 'audio/not-audio'],
      ['cut.wav', whole.subarray(0, 5000), 'audio/truncated'],
      ['no-samples.wav', whole.subarray(0, 44), 'audio/'],
      ['nan.wav', nan, 'audio/not-finite'],
      [
        'noise.flac',
        Uint8Array.from({ length: 5000 }, (_, index) => (index * 2_654_435_761) >>> 24),
        'audio/',
      ],
    ];
    for (const [name, content, code] of files) {
      const file = path.join(folder, name);
      await writeFile(file, content);
      await expect(inspect(file), name).rejects.toMatchObject({
        code: expect.stringContaining(code),
        message: expect.stringContaining(name),
      });
    }
    await expect(inspect(path.join(folder, 'none.wav'))).rejects.toMatchObject({
      code: 'dataset/file-vanished',
    });
    await writeFile(path.join(folder, 'good.wav'), whole);
    expect(await inspect(path.join(folder, 'good.wav'))).toMatchObject({ durationSec: 1 });
  });
});
