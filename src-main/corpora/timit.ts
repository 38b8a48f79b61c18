import { existsSync } from 'node:fs';
import path from 'node:path';
import { probeAudio } from '../audio/decode.ts';
import type { Corpus, ScanItem } from './corpus.ts';
import { hashSplit } from './folder.ts';
import { recogniseNames } from './recognise.ts';
import { noFacts, type Split } from './recording.ts';
import { linesOf } from './side-files.ts';
import { skip, walkAudio } from './walk.ts';

/**
 * TIMIT (LDC93S1) and what is laid out like it, in upper or lower case: `[TIMIT/]TRAIN/DR1/FCJF0/SA1.WAV` with .PHN and .TXT
 * beside. A recording is taken from its first phone to its last: the silence that .PHN marks at both ends (h#) is left
 * out, where there is a .PHN.
 */

export interface TimitName {
  split: Split | null;
  /** 'DR1' to 'DR8'. */
  dialect: string;
  /** In upper case: the first letter is the sex. */
  speaker: string;
  /** 'SA' (read by everybody), 'SI' or 'SX'. */
  kind: string;
}

const form =
  /(?:^|\/)(?:(train|test)\/)?(dr\d)\/([fm][a-z]{2,3}\d)\/(sa|si|sx)\d+\.(?:wav|sph|flac|wav\.wav)$/i;

/** What a path says, or null where it is another kind of path. */
export function parseTimitPath(id: string): TimitName | null {
  const [, part, dialect, speaker, kind] = form.exec(id) ?? [];
  if (dialect === undefined || speaker === undefined || kind === undefined) return null;
  const split = part === undefined ? null : part.toLowerCase() === 'test' ? 'test' : 'train';
  return { split, dialect: dialect.toUpperCase(), speaker: speaker.toUpperCase(), kind: kind.toUpperCase() };
}

/** Where speech begins and ends by the lines of a .PHN (`first last phone`, in samples); null where they do not tell. */
export function speechStretch(lines: readonly string[]): { from: number; to: number } | null {
  const phones = lines.flatMap((line) => {
    const [first, last, phone] = line.trim().split(/\s+/);
    return first === undefined || phone === undefined
      ? []
      : [{ first: Number(first), last: Number(last), phone }];
  });
  const spoken = phones.filter(({ phone }) => !/^(?:h#|pau|sil)$/i.test(phone));
  const from = spoken[0]?.first;
  const to = spoken.at(-1)?.last;
  if (from === undefined || to === undefined || !(from >= 0) || !(to > from)) return null;
  return { from, to };
}

export const timit: Corpus = {
  id: 'timit',
  title: 'TIMIT, from the first phone to the last',
  splitNote:
    'Test is TEST, as the corpus says. Validation is ours, for the corpus has none: about a tenth of the speakers of ' +
    'TRAIN, by a hash of their names. Sentences SA, which every speaker read, are left in: exclude the label SA to do without.',

  detect: (dir, signal) =>
    recogniseNames(dir, (id) => parseTimitPath(id) !== null, 'named DR{n}/{speaker}/{sentence}', signal),

  async *scan(dir, options): AsyncGenerator<ScanItem[]> {
    for await (const items of walkAudio(dir, { ...options, recursive: true })) {
      yield items.map((item): ScanItem => {
        if (item.kind === 'skipped') return item;
        const { file } = item;
        const parsed = parseTimitPath(file.id);
        if (!parsed) return skip(file.id, 'dataset/name-not-timit', { file: file.id });
        const { speaker, kind, dialect } = parsed;
        const described = {
          ...file,
          ...noFacts,
          speaker,
          label: kind,
          split: splitOf(parsed),
          transcript: null,
          sex: speaker.slice(0, 1),
          subset: dialect,
        };
        return {
          kind: 'file',
          file: options?.namesOnly ? described : { ...described, ...beside(dir, file.id) },
        };
      });
    }
  },
};

function splitOf({ split, speaker }: TimitName): Split {
  if (split === 'test') return 'test';
  // Without TRAIN and TEST there is nothing to go by but the speaker.
  if (split === null) return hashSplit(speaker);
  return hashSplit(speaker) === 'validation' ? 'validation' : 'train';
}

/** What the files beside a recording tell. */
function beside(dir: string, id: string) {
  const file = path.join(dir, id);
  const stem = file.replace(/(?:\.wav)?\.[^.]+$/i, '');
  const [words] = textBeside(stem, '.txt');
  const speech = speechStretch(textBeside(stem, '.phn'));
  const rateHz = speech ? rateOf(file) : null;
  const copied = /\.wav\.wav$/i.test(id) && existsSync(file.slice(0, -4));
  return {
    transcript: words?.replace(/^\d+\s+\d+\s+/, '').trim() ?? null,
    startSec: speech && rateHz ? speech.from / rateHz : null,
    endSec: speech && rateHz ? speech.to / rateHz : null,
    excluded: copied ? 'a copy of a recording that is there as it was on the disc' : null,
  };
}

function textBeside(stem: string, extension: string): string[] {
  const lines = linesOf(stem + extension);
  return lines.length > 0 ? lines : linesOf(stem + extension.toUpperCase());
}

/** Null where the header cannot be read: opening the file for good will say why. */
function rateOf(file: string): number | null {
  try {
    return probeAudio(file).sampleRateHz;
  } catch {
    return null;
  }
}
