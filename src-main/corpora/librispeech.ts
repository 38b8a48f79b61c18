import path from 'node:path';
import type { Corpus, ScanItem } from './corpus.ts';
import { recogniseNames } from './recognise.ts';
import { noFacts, type Split } from './recording.ts';
import { firstLinesOf, LastFolder, linesOf } from './side-files.ts';
import { skip, walkAudio } from './walk.ts';

/**
 * LibriSpeech (Panayotov et al., 2015) and what is laid out like it: `[LibriSpeech/]subset/speaker/chapter/
 * speaker-chapter-utterance.flac`, with `speaker-chapter.trans.txt` beside and SPEAKERS.TXT above. One subset alone is taken
 * as well.
 */

export interface LibriSpeechName {
  subset: string | null;
  speaker: string;
  chapter: string;
  utterance: string;
}

/** What a path says, or null where it is another kind of path. The folders and the name have to agree. */
export function parseLibriSpeechPath(id: string): LibriSpeechName | null {
  const parts = id.split('/');
  const name = parts.pop() ?? '';
  const [, speaker, chapter, utterance] = /^(\d+)-(\d+)-(\d+)\.[^.]+$/.exec(name) ?? [];
  if (speaker === undefined || chapter === undefined || utterance === undefined) return null;
  const folders = parts.slice(-2);
  // The chapter's folder alone is a look into the corpus, too.
  if (folders.at(-1) !== undefined && folders.at(-1) !== chapter) return null;
  if (folders.length === 2 && folders[0] !== speaker) return null;
  const subset = parts.slice(0, -2).findLast((part) => subsetSplit(part) !== null) ?? null;
  return { subset, speaker, chapter, utterance };
}

/** The split of a subset by its name: train-clean-100, dev-other, test-clean; null for another name. */
export function subsetSplit(subset: string): Split | null {
  if (/^train-/.test(subset)) return 'train';
  if (/^dev-/.test(subset)) return 'validation';
  return /^test-/.test(subset) ? 'test' : null;
}

interface SpeakerFacts {
  sex: string;
  subset: string;
}

export const librispeech: Corpus = {
  id: 'librispeech',
  title: 'LibriSpeech',
  splitNote:
    'As the corpus names its subsets: train-* for training, dev-* for validation, test-* for test. What lies outside of ' +
    'them is put into train, which is our choice.',

  detect: (dir, signal) =>
    recogniseNames(
      dir,
      (id) => parseLibriSpeechPath(id) !== null,
      'named {speaker}/{chapter}/{speaker}-{chapter}-{utterance}',
      signal,
    ),

  async *scan(dir, options): AsyncGenerator<ScanItem[]> {
    const speakers = readSpeakers(dir);
    const transcripts = new LastFolder(readTranscripts);
    const ownSubset = [path.basename(path.resolve(dir))].find((name) => subsetSplit(name) !== null) ?? null;
    for await (const items of walkAudio(dir, { ...options, recursive: true })) {
      yield items.map((item): ScanItem => {
        if (item.kind === 'skipped') return item;
        const { file } = item;
        const parsed = parseLibriSpeechPath(file.id);
        if (!parsed) return skip(file.id, 'dataset/name-not-librispeech', { file: file.id });
        const { speaker } = parsed;
        const known = speakers.get(speaker);
        const subset = parsed.subset ?? ownSubset ?? known?.subset ?? null;
        const words = options?.namesOnly
          ? undefined
          : transcripts.of(path.join(dir, path.posix.dirname(file.id))).get(stem(file.id));
        return {
          kind: 'file',
          file: {
            ...file,
            ...noFacts,
            speaker,
            label: null,
            split: (subset === null ? null : subsetSplit(subset)) ?? 'train',
            transcript: words ?? null,
            sex: known?.sex ?? null,
            subset,
          },
        };
      });
    }
  },
};

function stem(id: string): string {
  return path.posix.basename(id, path.posix.extname(id));
}

/** Utterance ids with their words, of all transcripts in a chapter's folder. */
function readTranscripts(folder: string): Map<string, string> {
  const chapter = path.basename(folder);
  const speaker = path.basename(path.dirname(folder));
  const words = new Map<string, string>();
  for (const line of linesOf(path.join(folder, `${speaker}-${chapter}.trans.txt`))) {
    const [, id, text] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (id !== undefined && text !== undefined) words.set(id, text.trim());
  }
  return words;
}

/** SPEAKERS.TXT, beside the subsets or above one: `id | sex | subset | minutes | name`, comments begin with a semicolon. */
function readSpeakers(dir: string): Map<string, SpeakerFacts> {
  const speakers = new Map<string, SpeakerFacts>();
  const places = ['SPEAKERS.TXT', 'LibriSpeech/SPEAKERS.TXT', '../SPEAKERS.TXT'];
  for (const line of firstLinesOf(dir, places)) {
    if (line.startsWith(';')) continue;
    const [id, sex, subset] = line.split('|').map((part) => part.trim());
    if (id && sex && subset !== undefined) speakers.set(id, { sex, subset });
  }
  return speakers;
}
