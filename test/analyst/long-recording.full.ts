import { closeSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { drawSpectrogram } from '../../src-main/analyst/spectrogram.ts';
import { encodeWav } from '../../src-main/audio/write-wav.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const rateHz = 8000;
const samples = 3 * 3600 * rateHz;

/** Three hours with a second of a 1 kHz tone in the middle, the rest zeros that take no space on the disk. */
async function threeHours(): Promise<string> {
  const file = path.join(await temporaryFolder(), 'long.wav');
  const header = Buffer.from(encodeWav([new Float32Array(1)], rateHz, 'pcm16').bytes.subarray(0, 44));
  header.writeUInt32LE(36 + 2 * samples, 4);
  header.writeUInt32LE(2 * samples, 40);
  const tone = Buffer.alloc(2 * rateHz);
  for (let at = 0; at < rateHz; at++) {
    tone.writeInt16LE(Math.round(16_384 * Math.sin((2 * Math.PI * 1000 * at) / rateHz)), 2 * at);
  }
  const descriptor = openSync(file, 'w');
  try {
    writeSync(descriptor, header);
    ftruncateSync(descriptor, 44 + 2 * samples);
    writeSync(descriptor, tone, 0, tone.length, 44 + samples);
  } finally {
    closeSync(descriptor);
  }
  return file;
}

test('three hours are drawn whole in bounded memory, and a stretch of them at once', async () => {
  const file = await threeHours();
  const { size: bytes, mtimeMs: modifiedMs } = statSync(file);
  const draw = (from: number, to: number) =>
    drawSpectrogram({
      kind: 'spectrogram',
      file: { id: 'long.wav', path: file, bytes, modifiedMs, contentHash: 'h' },
      ...{ stretch: { from, to }, columns: 1400, windowSec: 0.025, minDb: -100, maxDb: 0 },
    });
  const before = process.memoryUsage().rss;
  const whole = draw(0, samples);
  // The file has 173 MB; the picture some hundred kilobytes.
  expect(process.memoryUsage().rss - before).toBeLessThan(120e6);
  expect(whole.frames).toBeLessThanOrEqual(1400);
  expect(whole.levels.length).toBe(whole.bins * whole.frames);
  // A second in three hours is less than a column, and is seen.
  const bin = Math.round((1000 * whole.fftSize) / rateHz);
  const row = whole.levels.subarray(bin * whole.frames, (bin + 1) * whole.frames);
  expect(Math.max(...row)).toBeGreaterThan(230);
  expect(row.filter((level) => level > 0).length).toBeLessThanOrEqual(2);

  // What the page shows at once: a few windows of each column, nothing read between them.
  const beforeSketch = process.cpuUsage();
  const sketch = drawSpectrogram({
    kind: 'spectrogram',
    file: { id: 'long.wav', path: file, bytes, modifiedMs, contentHash: 'h' },
    ...{ stretch: { from: 0, to: samples }, columns: 1400, windowSec: 0.025, minDb: -100, maxDb: 0 },
    mostWindows: 2,
  });
  const spent = process.cpuUsage(beforeSketch);
  expect(spent.user + spent.system).toBeLessThan(2e6);
  expect(sketch.frames).toBe(whole.frames);

  const startMs = performance.now();
  const near = draw(samples / 2 - 15 * rateHz, samples / 2 + 15 * rateHz);
  expect(performance.now() - startMs).toBeLessThan(2000);
  expect(near.frames).toBeGreaterThan(1000);
}, 180_000);
