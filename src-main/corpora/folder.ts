import { hash } from 'node:crypto';
import type { Corpus, FoundFile, ScanItem } from './corpus.ts';
import { noFacts, type Split } from './recording.ts';
import { walkAudio, type WalkedFile } from './walk.ts';

/** Any tree of audio files: the layout that always fits. */
export const folder: Corpus = {
  id: 'folder',
  title: 'Folder of recordings',
  splitNote:
    'Ours: a hash of each file name puts about 80 % of the recordings into train, 10 % into validation and 10 % into ' +
    'test. A recording keeps its split when others come and go. Recordings of one speaker fall into all three.',

  detect: () => Promise.resolve({ fits: true, because: 'any folder with audio files is one' }),

  async *scan(dir, options): AsyncGenerator<ScanItem[]> {
    for await (const items of walkAudio(dir, { ...options, recursive: true })) {
      yield items.map((item) =>
        item.kind === 'skipped' ? item : { kind: 'file', file: describe(item.file) },
      );
    }
  },
};

function describe(file: WalkedFile): FoundFile {
  const { id } = file;
  return {
    ...file,
    ...noFacts,
    speaker: null,
    label: folderLabel(id),
    split: hashSplit(id),
    transcript: null,
  };
}

/**
 * The label of a recording in a plain folder: the sub-folder's name where it lies exactly one level deep (`yes/1.wav`,
 * as in collections of words), else null. Whether deeper names are speakers, chapters or dates cannot be known, and
 * neither can it whether a level is a speaker: that one stays null.
 */
export function folderLabel(id: string): string | null {
  const parts = id.split('/');
  return parts.length === 2 ? (parts[0] ?? null) : null;
}

/** The split of a recording from its id alone: 80 % train, 10 % validation, 10 % test. */
export function hashSplit(id: string): Split {
  const fraction = parseInt(hash('sha256', id).slice(0, 8), 16) / 2 ** 32;
  return fraction < 0.8 ? 'train' : fraction < 0.9 ? 'validation' : 'test';
}
