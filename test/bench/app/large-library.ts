import { uniformNumbers } from '../../../src-main/dsp/random.ts';
import { noFacts, type Recording, type Split } from '../../../src-main/corpora/recording.ts';
import { openDatabase } from '../../../src-main/store/database/client.ts';
import { corpusScheme } from '../../../src-main/store/database/types.ts';
import { openHome } from '../../../src-main/store/home.ts';

/** Words that transcripts are made of: a search finds anything from everything to nothing. */
export const words = [
  ...['the', 'sea', 'was', 'calm', 'and', 'grey', 'under', 'morning', 'light', 'when', 'their', 'boat'],
  ...['left', 'harbour', 'for', 'islands', 'of', 'north', 'where', 'nobody', 'had', 'been', 'since'],
  ...['winter', 'began', 'voices', 'carried', 'over', 'water', 'like', 'bells', 'distant', 'villages'],
];
export const labels = ['yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go'];
export const speakers = Array.from(
  { length: 500 },
  (_, number) => `speaker${String(number).padStart(4, '0')}`,
);

const batch = 5000;

/** Fills the database of a data folder that nobody has open with one dataset of made-up recordings, as a scan would. */
export async function fillLibrary(home: string, name: string, recordings: number): Promise<void> {
  const database = await openDatabase(openHome(home));
  try {
    const folder = `/data/${name}`;
    const { scan } = await database.beginScan(folder, null, Date.now());
    for (let first = 0; first < recordings; first += batch) {
      const rows = Array.from({ length: Math.min(batch, recordings - first) }, (_, at) =>
        recording(first + at),
      );
      await database.stageRecordings(scan, rows);
    }
    const facts = {
      id: name,
      name,
      folder,
      manifest: null,
      layout: 'folder',
      layoutNote: 'made up',
      splitNote: 'made up',
    };
    await database.finishScan(scan, { ...facts, splitScheme: corpusScheme, scannedMs: Date.now() }, null);
  } finally {
    await database.close();
  }
}

function recording(number: number): Recording {
  const random = uniformNumbers(number, 14);
  const pick = <Value>(values: readonly Value[], at: number): Value =>
    values[Math.floor((random[at] ?? 0) * values.length)] as Value;
  const speaker = pick(speakers, 0);
  const durationSec = 0.3 + 20 * (random[1] ?? 0) ** 2;
  const peak = number % 997 === 0 ? 0 : 0.1 + 0.9 * (random[2] ?? 0);
  return {
    id: `${speaker}/chapter${number % 37}/${speaker}-${String(number).padStart(6, '0')}.flac`,
    bytes: Math.round(durationSec * 18_000),
    modifiedMs: 1.6e12 + Math.floor((random[3] ?? 0) * 1e11),
    contentHash: number.toString(16).padStart(64, '0'),
    sampleRateHz: number % 10 === 0 ? 8000 : 16_000,
    channels: 1,
    durationSec,
    peak,
    rms: peak * 0.2,
    speaker,
    label: pick(labels, 4),
    split: pick<Split>(['train', 'train', 'train', 'train', 'validation', 'test'], 5),
    ...noFacts,
    warning: null,
    transcript: Array.from({ length: 8 }, (_, at) => pick(words, 6 + at)).join(' '),
  };
}
