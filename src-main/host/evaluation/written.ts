import path from 'node:path';
import type { Evaluation } from '../../../src-preload/contract/commands/evaluate.ts';
import { csvText } from '../../../src-preload/contract/comparison/csv.ts';
import { writeFileAtomic } from '../../files/atomic-file.ts';
import { makeFolder } from '../../files/folders.ts';

/** A row a recording: its figures, and why one is missing. */
export function rowsCsv({ rows, settings, system }: Evaluation): string {
  const { metrics } = settings;
  const titles = [
    'recording',
    'speaker',
    'label',
    'system',
    'sample_rate_hz',
    'judged_sec',
    ...metrics,
    'bits_per_second',
    'lag_samples',
    'drift_ppm',
    'gain_db',
    'reasons',
    'failed',
  ];
  return csvText(
    titles,
    rows.map((row) => [
      row.recording,
      row.speaker,
      row.label,
      system.name,
      row.sampleRateHz,
      row.judgedSec,
      ...metrics.map((key) => row.figures[key]),
      row.bitsPerSecond,
      row.lagSamples,
      row.driftPpm,
      row.gainDb,
      Object.keys(row.reasons).length > 0 ? row.reasons : null,
      row.failed?.message,
    ]),
  );
}

/**
 * Writes an evaluation: as CSV where the path ends so, else a folder with results.json and rows.csv. Gives the files.
 *
 * @throws ResynthError files/disk-full, files/not-writable.
 */
export async function writeEvaluation(evaluation: Evaluation, out: string): Promise<string[]> {
  const place = path.resolve(out);
  if (place.toLowerCase().endsWith('.csv')) {
    await writeFileAtomic(place, rowsCsv(evaluation));
    return [place];
  }
  await makeFolder(place);
  const files = [path.join(place, 'results.json'), path.join(place, 'rows.csv')];
  await writeFileAtomic(files[0]!, `${JSON.stringify({ ...evaluation, files }, null, 2)}\n`);
  await writeFileAtomic(files[1]!, rowsCsv(evaluation));
  return files;
}
