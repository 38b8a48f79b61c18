import { stat } from 'node:fs/promises';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Corpus, Detection } from './corpus.ts';
import { folder } from './folder.ts';
import { fsdd } from './fsdd.ts';
import { librispeech } from './librispeech.ts';
import { listAt, manifest } from './manifest.ts';
import { speechCommands } from './speech-commands.ts';
import { timit } from './timit.ts';
import { wsj0 } from './wsj0.ts';

/** Every layout, the most particular first; the last one fits any folder. */
export const corpora = [
  fsdd,
  librispeech,
  wsj0,
  speechCommands,
  timit,
  manifest,
  folder,
] as const satisfies readonly Corpus[];

/**
 * The layout with that id.
 *
 * @throws ResynthError dataset/layout-unknown.
 */
export function corpusById(id: string): Corpus {
  const found = corpora.find((corpus) => corpus.id === id);
  if (!found) {
    const known = ['auto', ...corpora.map((corpus) => corpus.id)].join(', ');
    throw new ResynthError('dataset/layout-unknown', { layout: id, known });
  }
  return found;
}

/** A layout and what spoke for it. */
export interface ChosenCorpus {
  corpus: Corpus;
  note: string;
  /** The list that the recordings come from, a name in the folder; null where the folder itself tells. */
  list: string | null;
}

/**
 * The layout to read a folder (or a list) by: the one asked for, or with 'auto' the first that fits.
 *
 * @throws ResynthError dataset/layout-unknown; dataset/layout-mismatch when the one asked for does not fit;
 *   dataset/not-a-folder for a file that is none.
 */
export async function chooseCorpus(dir: string, layout: string, signal?: AbortSignal): Promise<ChosenCorpus> {
  const isFile = await stat(dir).then(
    (about) => about.isFile(),
    () => false,
  );
  if (isFile && (await listAt(dir)) === null) throw new ResynthError('dataset/not-a-folder', { folder: dir });
  if (layout !== 'auto' || isFile) {
    const corpus = corpusById(layout === 'auto' ? manifest.id : layout);
    const detection = isFile && corpus.id !== manifest.id ? notAFolder : await corpus.detect(dir, signal);
    if (!detection.fits) {
      throw new ResynthError('dataset/layout-mismatch', {
        folder: dir,
        layout: corpus.id,
        // The message goes on with a full stop of its own.
        detail: detection.because.replace(/\.$/, ''),
      });
    }
    const note = layout === 'auto' ? `recognised: ${detection.because}` : 'asked for';
    return { corpus, note, list: detection.list ?? null };
  }
  for (const corpus of corpora) {
    const detection = await corpus.detect(dir, signal);
    if (detection.fits) {
      return { corpus, note: `recognised: ${detection.because}`, list: detection.list ?? null };
    }
  }
  return { corpus: folder, note: 'no other layout fits', list: null };
}

const notAFolder: Detection = { fits: false, because: 'it is a file, and only lists are read from one' };
