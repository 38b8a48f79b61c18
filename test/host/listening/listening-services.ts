import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { writeWav } from '../../../src-main/audio/write-wav.ts';
import { AnalystPool } from '../../../src-main/analyst/pool.ts';
import type { HostContext } from '../../../src-main/host/services.ts';
import { openRun } from '../../../src-main/host/runs/runs.ts';
import { noFacts, type Recording } from '../../../src-main/corpora/recording.ts';
import { openHome } from '../../../src-main/store/home.ts';

/** A dataset of short tones in a folder, behind as much of a host as the commands that play something ask of it. */
export function listeningHost(root: string) {
  const home = openHome(path.join(root, 'home'));
  const folder = path.join(root, 'corpus');
  mkdirSync(folder, { recursive: true });
  mkdirSync(home.runs, { recursive: true });
  const analysts = new AnalystPool({ size: 1 });
  onTestFinished(() => analysts.close());
  const recordings = new Map<string, Recording>();
  const dataset = { id: 'd', name: 'tones', folder };
  const stages: string[] = [];
  const cancel = new AbortController();
  const context = {
    progress: ({ stage }: { stage: string }) => void stages.push(stage),
    signal: cancel.signal,
    services: {
      home,
      analysts,
      database: {
        findDataset: async () => dataset,
        readRecording: async () => null,
        readDataset: async () => dataset,
        listRecordings: async (_dataset: string, { splits }: { splits: string[] }) => ({
          total: [...recordings.values()].filter(({ split, peak }) => splits.includes(split) && peak > 0)
            .length,
        }),
        recordingsAround: async (_dataset: string, split: string, id: string | null) => {
          const ids = [...recordings.keys()].filter((one) => recordings.get(one)?.split === split);
          const at = id === null ? 0 : ids.indexOf(id);
          const [recording, previous, next] = [ids[at], ids[at - 1], ids[at + 1]];
          return {
            recording: recordings.get(recording ?? '') ?? null,
            previous: previous ?? null,
            next: next ?? null,
          };
        },
      },
      trainers: {
        training: 0,
        resolve: async (id: string) => openRun(home, id),
      },
    },
  } as unknown as HostContext;

  /** Writes a tone and takes it in; `silent` for zeros. */
  const add = (id: string, options: { sec?: number; rateHz?: number; silent?: boolean } = {}): Recording => {
    const { sec = 0.5, rateHz = 8000, silent = false } = options;
    const samples = Float32Array.from({ length: Math.round(sec * rateHz) }, (_, time) =>
      silent ? 0 : 0.5 * Math.sin((2 * Math.PI * 440 * time) / rateHz),
    );
    const file = path.join(folder, id);
    writeWav(file, samples, rateHz);
    const recording: Recording = {
      id,
      bytes: 0,
      modifiedMs: 0,
      contentHash: hashOf(file),
      sampleRateHz: rateHz,
      channels: 1,
      durationSec: sec,
      peak: silent ? 0 : 0.5,
      rms: 0.3,
      speaker: 's',
      label: 'tone',
      split: 'train',
      transcript: null,
      ...noFacts,
      warning: null,
    };
    recordings.set(id, recording);
    return recording;
  };
  const damage = (id: string): void => writeFileSync(path.join(folder, id), 'another file');
  return { home, folder, context, add, damage, stages, cancel };
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
