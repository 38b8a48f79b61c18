import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import type { Corpus } from './corpus.ts';
import { folder } from './folder.ts';
import { fsdd } from './fsdd.ts';

/** Every layout, the most particular first; the last one fits any folder. */
export const corpora = [fsdd, folder] as const satisfies readonly Corpus[];

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
}

/**
 * The layout to read a folder by: the one asked for, or with 'auto' the first that fits.
 *
 * @throws ResynthError dataset/layout-unknown; dataset/layout-mismatch when the one asked for does not fit.
 */
export async function chooseCorpus(dir: string, layout: string, signal?: AbortSignal): Promise<ChosenCorpus> {
  if (layout !== 'auto') {
    const corpus = corpusById(layout);
    const detection = await corpus.detect(dir, signal);
    if (!detection.fits) {
      throw new ResynthError('dataset/layout-mismatch', { folder: dir, layout, detail: detection.because });
    }
    return { corpus, note: 'asked for' };
  }
  for (const corpus of corpora) {
    const detection = await corpus.detect(dir, signal);
    if (detection.fits) return { corpus, note: `recognised: ${detection.because}` };
  }
  return { corpus: folder, note: 'no other layout fits' };
}
