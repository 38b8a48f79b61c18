import path from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { encodeWav } from '../../../src-main/audio/write-wav.ts';
import { uniformNumbers } from '../../../src-main/dsp/random.ts';
import { datasetsAdd } from '../../../src-preload/contract/commands/datasets.ts';
import { train } from '../../../src-preload/contract/commands/runs.ts';
import { uploadsDiscard, uploadsPut } from '../../../src-preload/contract/commands/uploads.ts';
import { voiceExamine, voiceReady, voiceReconstruct } from '../../../src-preload/contract/commands/voice.ts';
import { type BenchRow, extremes, median } from '../report.ts';
import { AppHost } from './app-host.ts';
import { loadNote, type PartOptions, quantile, section, withScratch } from './part.ts';

const targetMs = 300;
const tries = 20;
/** As microphones give it. */
const rateHz = 48_000;
const presets = ['fsdd-vae-compact-8k', 'fsdd-vae-compact'] as const;

/** Something like a voice: harmonics that rise and fall, and breath. Another one for each seed. */
function spoken(sec: number, seed: number): Uint8Array<ArrayBuffer> {
  const breath = uniformNumbers(seed, sec * rateHz);
  const pitch = 0.01 + 0.01 * (breath[0] ?? 0);
  const samples = Float32Array.from(breath, (value, n) => {
    const swell = Math.sin((Math.PI * n) / (sec * rateHz)) ** 2;
    const voice = [1, 2, 3, 5, 8].reduce((sum, k) => sum + Math.sin(k * pitch * n) / k, 0);
    return swell * (0.2 * voice + 0.02 * (value - 0.5));
  });
  return encodeWav([samples], rateHz, 'float32').bytes;
}

/**
 * A second of sound that nobody has heard before: from the client over the host and the process that keeps the model, to
 * original, ceiling and reconstruction as sound and pictures. The net is the preset's own; what its weights are costs nothing.
 */
export function benchReconstruct({ progress }: PartOptions): Promise<BenchRow[]> {
  return withScratch(async (scratch) => {
    const folder = path.join(scratch, 'speech');
    await mkdir(folder);
    for (let n = 0; n < 48; n++)
      await writeFile(path.join(folder, `${n % 10}_bench_${Math.floor(n / 10)}.wav`), spoken(0.5, n));
    const home = path.join(scratch, 'home');
    await mkdir(home);
    const host = await AppHost.open(home);
    try {
      await host.client.call(datasetsAdd, { dir: folder, name: 'speech', layout: 'folder' });
      const rows: BenchRow[] = [];
      for (const preset of presets) {
        progress(`one step of ${preset}, to have a checkpoint`);
        const { run } = await host.client.call(train, {
          dataset: 'speech',
          preset,
          set: { batchSize: '16' },
          epochs: 1,
          name: preset,
        });
        rows.push(...(await measure(host, run, preset, progress)));
      }
      return rows;
    } finally {
      await host.stop();
    }
  });
}

async function measure(
  { client }: AppHost,
  run: string,
  preset: string,
  progress: PartOptions['progress'],
): Promise<BenchRow[]> {
  const { model, tookMs } = await client.call(voiceReady, { run });
  progress(`${tries} recordings of 1 s through ${preset}`);
  const times: number[] = [];
  for (let n = 0; n < tries; n++) {
    const bytes = spoken(1, 1000 + n);
    const began = performance.now();
    const { upload } = await client.call(uploadsPut, {
      name: 'bench.wav',
      bytes: bytes.length,
      offset: 0,
      piece: bytes,
    });
    await client.call(voiceExamine, { upload });
    await client.call(voiceReconstruct, { run, checkpoint: model.step, upload });
    times.push(performance.now() - began);
    await client.call(uploadsDiscard, { upload });
  }
  const slowest = quantile(times, 0.95);
  return [
    {
      section,
      what: `reconstruct a new recording of 1 s (${preset})`,
      value: median(times),
      unit: 'ms',
      spread: extremes(times),
      target: `< ${targetMs} ms`,
      ok: slowest < targetMs,
      note: `from the bytes to sound and pictures of all three, on ${model.device}; 95 % within ${Math.round(slowest)} ms; ${loadNote()}`,
    },
    { section, what: `load the model before (${preset})`, value: tookMs, unit: 'ms' },
  ];
}
