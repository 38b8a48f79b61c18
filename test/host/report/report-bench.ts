import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import { createRun } from '../../../src-main/host/runs/runs.ts';
import { resolveConfig } from '../../../src-main/models/overrides.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { writeClipIndex, writeClipLevels } from '../../../src-main/trainer/clips/files.ts';
import { runFiles } from '../../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { contextOf, openTestHost } from '../open-test-host.ts';

/** What somebody may call a run who wishes to break a page, a shell, a spreadsheet or a file system. */
export const hostileName = `</script><img src=x onerror="window.hacked=1">'"&🎧 ../a\\b`;

/** A host with runs of these names, each with two clips at steps 0 and 8, and curves with a spike. */
export async function reportBench(names: readonly string[]) {
  const root = await temporaryFolder();
  const home = openHome(path.join(root, 'home'));
  const corpus = path.join(root, 'corpus');
  mkdirSync(corpus);
  mkdirSync(home.runs, { recursive: true });
  const recordings = ['a.wav', 'b <i>.wav'].map((id, at) => {
    const samples = Float32Array.from({ length: 4000 }, (_, time) => {
      return (0.1 + 0.3 * at) * Math.sin((2 * Math.PI * 440 * time) / 8000);
    });
    const file = path.join(corpus, id);
    writeWav(file, samples, 8000);
    return { recording: id, contentHash: createHash('sha256').update(readFileSync(file)).digest('hex') };
  });
  const runs: string[] = [];
  for (const [number, name] of names.entries()) {
    const config = resolveConfig({
      preset: 'fsdd-vae-compact-8k',
      overrides: { latentDim: String(16 + number) },
    });
    const { folder, record } = await createRun(home, {
      config,
      dataset: { id: 'd', name: 'tones <b>', folder: corpus, splitHash: 'h' },
      ...{ name, nameFrom: 'r', parent: null },
      engine: { backend: null, device: null, threads: null },
    });
    writeClipIndex(folder, {
      ...{ schema: 1, split: 'validation', features: config.features, shape: [256, 64] },
      clips: recordings.map((recording) => ({
        ...recording,
        ...{ speaker: '<s>', label: 'tone', durationSec: 0.5, spokenSec: 0.5, minDb: -60, maxDb: 20 },
      })),
    });
    for (const step of [0, 8]) {
      const data = new Float32Array(2 * 256 * 64).map((_, at) => (at % 1024 < 128 ? 0.5 + step / 20 : 0));
      writeClipLevels(folder, { step, epoch: step / 4, mse: [0.25, 0.5] }, { data, shape: [2, 256, 64] });
    }
    const rows = Array.from({ length: 3000 }, (_, at) => ({
      ...{
        split: at % 10 === 0 ? 'validation' : 'train',
        step: at + 1,
        epoch: 1 + Math.floor(at / 100),
        segment: 0,
      },
      ...{ wallMs: 1e12 + at, processMs: at, values: { total: at === 1234 ? 987_654 : 3000 - at, kl: 2 } },
    }));
    const begins = {
      segment: 0,
      step: 0,
      epoch: 1,
      wallMs: 1e12,
      processMs: 0,
      split: 'segment',
      values: {},
    };
    appendFileSync(
      runFiles(folder).metrics,
      [begins, ...rows].map((row) => `${JSON.stringify(row)}\n`).join(''),
    );
    runs.push(record.id);
  }
  const host = await openTestHost(home.root);
  return { root, host, context: contextOf(host), runs, corpus };
}
