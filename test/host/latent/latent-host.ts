import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Recording, noFacts } from '../../../src-main/corpora/recording.ts';
import type { ConfigRequest } from '../../../src-main/models/overrides.ts';
import { openHome } from '../../../src-main/store/home.ts';
import { SplitHash, writeManifest } from '../../../src-main/store/manifest.ts';
import { readRunRecord, writeRunRecord } from '../../../src-main/trainer/run-record.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { tinyRun, toneWav } from '../../inference/tiny-run.ts';
import { contextOf, openTestHost } from '../open-test-host.ts';

export interface TestRecording {
  id: string;
  split: Recording['split'];
  label?: string | null;
  speaker?: string | null;
}

/** Clips of two labels and three speakers, enough for a map. */
export const tenClips: TestRecording[] = Array.from({ length: 10 }, (_, at) => ({
  id: `${at}.wav`,
  split: 'train',
  label: at % 2 === 0 ? 'even' : 'odd',
  speaker: `s${at % 3}`,
}));

/** A host with an untrained tiny run over tones, on an engine of plain JavaScript. */
export async function latentHost(recordings: readonly TestRecording[], request?: ConfigRequest) {
  const root = await temporaryFolder();
  const home = openHome(path.join(root, 'home'));
  const rows = recordings.map(({ id, split, label = null, speaker = null }, at): Recording => {
    const bytes = toneWav(0.06 + 0.008 * (at % 10));
    writeFileSync(path.join(root, id), bytes);
    return {
      ...noFacts,
      ...{ id, split, label, speaker, bytes: bytes.length, modifiedMs: 0 },
      contentHash: createHash('sha256').update(bytes).digest('hex'),
      ...{ sampleRateHz: 8000, channels: 1, durationSec: 0.06, peak: 0.5, rms: 0.3 },
      ...{ transcript: null, warning: null },
    };
  });
  const hash = new SplitHash();
  for (const row of [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))) hash.add(row);
  const splitHash = hash.digest();
  await writeManifest(home, splitHash, [rows]);
  const { runFolder } = await tinyRun(home.runs, [7], request);
  writeRunRecord(runFolder, {
    ...readRunRecord(runFolder),
    dataset: { id: 'd', name: 'tones', folder: root, splitHash },
    engine: { backend: 'javascript', device: null, threads: null },
  });
  const host = await openTestHost(home.root);
  return { root, home, host, runFolder, context: contextOf(host) };
}
