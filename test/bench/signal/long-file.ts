import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AnalystPool } from '../../../src-main/analyst/pool.ts';
import { readSettings } from '../../../src-main/dsp/features/settings.ts';
import { uniformNumbers } from '../../../src-main/dsp/random.ts';
import type { BenchRow } from '../report.ts';
import { watchMemory } from './watch-memory.ts';

const sampleRateHz = 16_000;

/** Memory of the process that computes the mel spectrogram of 3 hours, against that of 3 minutes: it must not grow with them. */
export async function benchLongFile(progress: (message: string) => void): Promise<BenchRow[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'resynth-bench-'));
  try {
    const peaks: number[] = [];
    let seconds = 0;
    for (const minutes of [3, 180]) {
      progress(`Mel spectrogram of a recording of ${minutes} minutes`);
      const file = path.join(folder, `${minutes}.wav`);
      writeLongWav(file, minutes * 60);
      const pool = new AnalystPool({ size: 1 });
      const start = performance.now();
      const watch = watchMemory();
      try {
        const settings = readSettings('mel', { sr: 'native' });
        await pool.run({ kind: 'extract', file, out: path.join(folder, 'mel.npy'), settings });
        seconds = (performance.now() - start) / 1000;
      } finally {
        peaks.push(watch.end());
        await pool.close();
      }
      rmSync(file);
    }
    const [short = 0, long = 0] = peaks;
    const written = Math.round(statSync(path.join(folder, 'mel.npy')).size / 1e6);
    return [
      {
        section: 'signal',
        what: 'memory of mel of 3 h over 3 min',
        value: long - short,
        unit: 'MB',
        target: '<= 50',
        ok: long - short <= 50,
        note: `${long.toFixed(0)} MB against ${short.toFixed(0)} MB; ${written} MB written; ${seconds.toFixed(1)} s for 3 h`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 16-bit noise of a minute, again and again. */
function writeLongWav(file: string, durationSec: number): void {
  const minute = Buffer.alloc(2 * 60 * sampleRateHz);
  uniformNumbers(1, 60 * sampleRateHz).forEach((value, n) =>
    minute.writeInt16LE(Math.round(20_000 * (value - 0.5)), 2 * n),
  );
  const bytes = 2 * durationSec * sampleRateHz;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(2 * sampleRateHz, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes, 40);
  const descriptor = openSync(file, 'w');
  try {
    writeSync(descriptor, header);
    for (let done = 0; done < durationSec; done += 60) writeSync(descriptor, minute);
  } finally {
    closeSync(descriptor);
  }
}
