import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** A small tree of one layout: its recordings, and what lies beside them. */
export interface CorpusExample {
  recordings: readonly string[];
  texts?: Readonly<Record<string, string>>;
  /** What is read, below the folder: a list rather than the folder itself. */
  list?: string;
}

/** A few files of every layout; a new layout adds its own here. */
export const examples: Readonly<Record<string, CorpusExample>> = {
  fsdd: { recordings: ['0_anna_0.wav', '1_anna_5.wav', '2_bob_10.wav', '9_bo"b_11.flac'] },
  librispeech: {
    recordings: [
      'train-clean-100/19/198/19-198-0000.flac',
      'dev-clean/84/121123/84-121123-0001.flac',
      'test-other/367/130732/367-130732-0031.flac',
    ],
    texts: {
      'SPEAKERS.TXT': '; a comment\n19   | F | train-clean-100 | 25.19 | Kara Shallenberg\n',
      'train-clean-100/19/198/19-198.trans.txt': '19-198-0000 NORTHANGER ABBEY',
    },
  },
  wsj0: {
    recordings: ['wsj0/si_tr_s/01i/01ic0201.wv1', 'WSJ0/SI_DT_05/050/050C0101.WV1', 'si_et_05/440c0201.wav'],
  },
  'speech-commands': {
    recordings: [
      'yes/0a7c2a8d_nohash_0.wav',
      'no/0a7c2a8d_nohash_1.wav',
      '_background_noise_/pink_noise.wav',
    ],
    texts: { 'testing_list.txt': 'no/0a7c2a8d_nohash_1.wav\n', 'validation_list.txt': '' },
  },
  timit: {
    recordings: ['TRAIN/DR1/FCJF0/SA1.WAV', 'TEST/DR8/MRES0/SX217.WAV', 'train/dr2/marc0/si1188.wav'],
  },
  manifest: {
    recordings: ['a.wav', 'deep/b "quoted".flac'],
    texts: { 'manifest.csv': 'path,label\na.wav,one\n"deep/b ""quoted"".flac",two\n' },
    list: 'manifest.csv',
  },
  folder: { recordings: ['a.wav', 'yes/b.flac', 'deep/er/c.mp3', 'nächste\n😀/d.wav'] },
};

/** Writes a tree; `content` is what every recording holds. Gives back the folder, and what a layout reads. */
export async function writeExample(
  { recordings, texts = {}, list }: CorpusExample,
  content: string | Uint8Array = 'RIFF',
): Promise<{ dir: string; place: string }> {
  const dir = await temporaryFolder();
  const all: [string, string | Uint8Array][] = [
    ...recordings.map((name): [string, string | Uint8Array] => [name, content]),
    ...Object.entries(texts),
    ['.hidden.wav', 'x'],
    ['README.md', 'x'],
  ];
  for (const [name, bytes] of all) {
    const file = path.join(dir, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return { dir, place: list === undefined ? dir : path.join(dir, list) };
}
