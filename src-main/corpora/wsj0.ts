import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Corpus, FoundFile, ScanItem } from './corpus.ts';
import { hashSplit } from './folder.ts';
import { recogniseNames } from './recognise.ts';
import { noFacts, type Split } from './recording.ts';
import { firstLinesOf, LastFolder, linesOf, namesIn } from './side-files.ts';
import { skip, walkAudio, type WalkedFile } from './walk.ts';

/**
 * WSJ0 (LDC93S6), in upper or lower case: `[11-1.1/wsj0/]si_tr_s/01i/01ic0201.wv1` as the discs nest it, or flattened to
 * the set's folder alone. .wv1 is the close microphone, .wv2 the other one; copies as .wav are taken in their place. Prompts
 * come from .ptx files beside the recordings or from transcrp/dots.
 */

export interface Wsj0Name {
  /** 'si_tr_s', 'si_dt_05', ... in lower case; null where no folder says it. */
  set: string | null;
  speaker: string;
  /** Eight characters, in lower case. */
  utterance: string;
}

const setName = /^(?:si|sd)_(?:tr|dt|et)_?[\w.]*$/i;
const utteranceName = /^([0-9a-z]{3})[0-9a-z]{5}\.(?:wv1|wv2|wav|flac)$/i;

/** What a path says, or null where it is another kind of path. */
export function parseWsj0Path(id: string): Wsj0Name | null {
  const parts = id.split('/');
  const name = parts.pop() ?? '';
  const [whole, speaker] = utteranceName.exec(name) ?? [];
  if (whole === undefined || speaker === undefined) return null;
  const set = parts.findLast((part) => setName.test(part))?.toLowerCase() ?? null;
  const parent = parts.at(-1);
  // The folder is the speaker's where it has the form of one; flattened, the name says it as well.
  const nested = parent !== undefined && /^[0-9a-z]{3}$/i.test(parent) && !setName.test(parent);
  return {
    set,
    speaker: (nested ? parent : speaker).toLowerCase(),
    utterance: whole.slice(0, 8).toLowerCase(),
  };
}

/** The split of a set by its name: tr is for training, dt for development, et for evaluation. */
export function wsj0Split(set: string): Split {
  const kind = set.slice(3, 5);
  return kind === 'dt' ? 'validation' : kind === 'et' ? 'test' : 'train';
}

export const wsj0: Corpus = {
  id: 'wsj0',
  title: 'WSJ0',
  splitNote:
    'As the corpus names its sets: *_tr_* for training, *_dt_* for validation, *_et_* for test. Where no folder names a ' +
    'set, a hash of the speaker decides, which is ours. Of an utterance that two microphones recorded, the second ' +
    '(.wv2) is left out of the splits, as are copies in another format.',

  detect: (dir, signal) =>
    recogniseNames(
      dir,
      (id) => {
        const parsed = parseWsj0Path(id);
        return parsed !== null && (parsed.set !== null || /\.wv[12]$/i.test(id));
      },
      'named as those of WSJ0: si_tr_s/{speaker}/{speaker}….wv1',
      signal,
    ),

  async *scan(dir, options): AsyncGenerator<ScanItem[]> {
    const sexes = readSexes(dir);
    const prompts = new LastFolder((folder) => readPrompts(dir, folder));
    for await (const items of walkAudio(dir, { ...options, recursive: true })) {
      yield items.map((item): ScanItem => {
        if (item.kind === 'skipped') return item;
        const parsed = parseWsj0Path(item.file.id);
        if (!parsed) return skip(item.file.id, 'dataset/name-not-wsj0', { file: item.file.id });
        const file = describe(item.file, parsed);
        if (options?.namesOnly) return { kind: 'file', file };
        const words = prompts.of(path.posix.dirname(item.file.id)).get(parsed.utterance) ?? null;
        const sex = sexes.get(parsed.speaker) ?? null;
        const excluded = whyLeftOut(dir, item.file.id);
        return { kind: 'file', file: { ...file, transcript: words, sex, excluded } };
      });
    }
  },
};

function describe(file: WalkedFile, { set, speaker }: Wsj0Name): FoundFile {
  const split = set === null ? hashSplit(speaker) : wsj0Split(set);
  return { ...file, ...noFacts, speaker, label: null, split, transcript: null, subset: set };
}

/** Why a file is not to be trained on: another one of the same utterance is there. */
function whyLeftOut(dir: string, id: string): string | null {
  const extension = path.posix.extname(id);
  const kind = extension.toLowerCase();
  if (kind === '.wv1') return null;
  const stem = path.join(dir, id.slice(0, -extension.length));
  const close = ['.wv1', '.WV1'].some((one) => existsSync(stem + one));
  if (kind === '.wv2')
    return close ? 'the second microphone of an utterance that is there from the first' : null;
  return close || ['.wv2', '.WV2'].some((one) => existsSync(stem + one))
    ? 'a copy of a recording that is there as it was on the disc'
    : null;
}

/** Utterances of a folder with their prompts. `folder` is relative to `dir`, with forward slashes. */
function readPrompts(dir: string, folder: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const place of [folder, ...dotFolders(folder)]) {
    for (const name of namesIn(path.join(dir, place))) {
      if (!/\.(?:dot|ptx)$/i.test(name)) continue;
      for (const line of linesOf(path.join(dir, place, name))) {
        const [, text, utterance] = /^(.*?)\s*\(([0-9a-z]{8})\b[^)]*\)\s*$/i.exec(line) ?? [];
        if (text !== undefined && utterance !== undefined) words.set(utterance.toLowerCase(), text);
      }
    }
  }
  return words;
}

/** Where the discs keep the transcripts of a folder: transcrp/dots/ beside the set's folder, then the same path. */
function dotFolders(folder: string): string[] {
  const parts = folder.split('/');
  const at = parts.findLastIndex((part) => setName.test(part));
  if (at < 0) return [];
  const above = parts.slice(0, at);
  const below = parts.slice(at);
  return ['transcrp/dots', 'TRANSCRP/DOTS'].map((name) => [...above, name, ...below].join('/'));
}

/** Sexes by speaker, from the list of speakers, which one of the discs holds. */
function readSexes(dir: string): Map<string, string> {
  const sexes = new Map<string, string>();
  const lists = ['doc/spkrinfo.txt', 'wsj0/doc/spkrinfo.txt', 'DOC/SPKRINFO.TXT', 'WSJ0/DOC/SPKRINFO.TXT'];
  const discs = namesIn(dir).filter((name) => /^11[-_]\d+[._]\d+$/.test(name));
  const onDiscs = discs.flatMap((disc) => lists.map((list) => `${disc}/${list}`));
  for (const line of firstLinesOf(dir, [...lists, ...onDiscs, '../doc/spkrinfo.txt'])) {
    const [, speaker, sex] = /^\s*([0-9a-z]{3})\s+([FM])\b/i.exec(line) ?? [];
    if (speaker !== undefined && sex !== undefined) sexes.set(speaker.toLowerCase(), sex.toUpperCase());
  }
  return sexes;
}
