import { hash } from 'node:crypto';
import path from 'node:path';
import type { Corpus, FoundFile, ScanItem } from './corpus.ts';
import { recogniseNames } from './recognise.ts';
import { noFacts, type Split } from './recording.ts';
import { linesOf } from './side-files.ts';
import { skip, walkAudio, type WalkedFile } from './walk.ts';

/**
 * Google Speech Commands (Warden, 2018): `word/speaker_nohash_n.wav`, the official lists validation_list.txt and
 * testing_list.txt, and noises for mixing under _background_noise_.
 */

const noiseFolder = '_background_noise_';
const lists: readonly { name: string; split: Split }[] = [
  { name: 'validation_list.txt', split: 'validation' },
  { name: 'testing_list.txt', split: 'test' },
];

export interface SpeechCommandsName {
  word: string;
  /** A hash by which the corpus tells speakers apart. */
  speaker: string;
}

/** What a path below the folder says, or null where it is another kind of path. */
export function parseSpeechCommandsPath(id: string): SpeechCommandsName | null {
  const [, word, speaker] = /^([^/]+)\/([0-9a-f]+)_nohash_\d+\.[^./]+$/i.exec(id) ?? [];
  return word !== undefined && speaker !== undefined && word !== noiseFolder ? { word, speaker } : null;
}

/** The official rule of the corpus (its README's `which_set`) for where there are no lists: 10 % validation, 10 % test. */
export function speechCommandsSplit(speaker: string): Split {
  const most = 2 ** 27 - 1;
  const number = Number(BigInt(`0x${hash('sha1', speaker)}`) % BigInt(most + 1));
  const percent = number * (100 / most);
  return percent < 10 ? 'validation' : percent < 20 ? 'test' : 'train';
}

function isNoise(id: string): boolean {
  return id.startsWith(`${noiseFolder}/`);
}

export const speechCommands: Corpus = {
  id: 'speech-commands',
  title: 'Google Speech Commands',
  splitNote:
    'The official lists of the corpus: validation_list.txt and testing_list.txt, the rest for training; without lists the ' +
    "corpus's own rule, a hash of the speaker. Noises are left out of the splits, which is our choice.",

  detect: (dir, signal) =>
    recogniseNames(
      dir,
      (id) => (isNoise(id) ? 'ignored' : parseSpeechCommandsPath(id) !== null),
      'named {word}/{speaker}_nohash_{n}',
      signal,
    ),

  async *scan(dir, options): AsyncGenerator<ScanItem[]> {
    const official = new Map<string, Split>();
    const named = new Map(lists.map(({ name }) => [name, new Set<string>()]));
    if (!options?.namesOnly) {
      for (const { name, split } of lists) {
        for (const line of linesOf(path.join(dir, name))) {
          const id = line.trim().replaceAll('\\', '/');
          official.set(id, split);
          named.get(name)?.add(id);
        }
      }
    }
    for await (const items of walkAudio(dir, { ...options, recursive: true })) {
      yield items.map((item): ScanItem => {
        if (item.kind === 'skipped') return item;
        const { file } = item;
        for (const absent of named.values()) absent.delete(file.id);
        if (isNoise(file.id)) return { kind: 'file', file: noise(file) };
        const parsed = parseSpeechCommandsPath(file.id);
        if (!parsed) return skip(file.id, 'dataset/name-not-speech-commands', { file: file.id });
        const split =
          official.get(file.id) ?? (official.size > 0 ? 'train' : speechCommandsSplit(parsed.speaker));
        const { word: label, speaker } = parsed;
        return { kind: 'file', file: { ...file, ...noFacts, label, speaker, split, transcript: label } };
      });
    }
    const absences = [...named].flatMap(([name, absent]) => {
      const [example] = absent;
      if (example === undefined) return [];
      return [skip(name, 'dataset/list-names-absent', { file: name, absent: absent.size, example })];
    });
    if (absences.length > 0) yield absences;
  },
};

function noise(file: WalkedFile): FoundFile {
  return {
    ...file,
    ...noFacts,
    label: noiseFolder,
    speaker: null,
    split: 'train',
    transcript: null,
    subset: 'noise',
    excluded: 'noise, for mixing with speech',
  };
}
