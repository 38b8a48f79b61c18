import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Corpus, FoundFile } from './corpus.ts';
import { placeOf, type Split } from './recording.ts';
import { chooseCorpus, corpora, corpusById } from './registry.ts';
import type { ChosenLayout, FolderSketch } from './scout-jobs.ts';
import { realFolder } from './walk.ts';

/** A look ends after so many files, or so long. */
const mostFiles = 50_000;
const mostMs = 1500;
const examplesShown = 12;
/** A collection has tens or hundreds of speakers; what has more names than this has none that are worth a list. */
const mostNames = 10_000;

/**
 * The layout to read a folder by, the one asked for or the first that fits.
 *
 * @throws ResynthError as `sketchFolder`.
 */
export async function chooseLayout(dir: string, layout: string): Promise<ChosenLayout> {
  const isFile = await stat(dir).then(
    (about) => about.isFile(),
    () => false,
  );
  const folder = isFile ? path.dirname(dir) : dir;
  const real = await realFolder(folder);
  const { corpus, note, list } = await chooseCorpus(dir, layout);
  const { id, title, splitNote } = corpus;
  return { real, folder, manifest: list, layout: id, title, note, splitNote };
}

/**
 * Says what a folder is and what would be taken from it, without opening a file.
 *
 * @throws ResynthError dataset/folder-missing, dataset/not-a-folder, dataset/folder-unreadable, dataset/layout-unknown,
 *   dataset/layout-mismatch.
 */
export async function sketchFolder(dir: string, layout: string): Promise<FolderSketch> {
  const untilMs = performance.now() + mostMs;
  const chosen = await chooseLayout(dir, layout);
  const candidates = [];
  for (const corpus of corpora) {
    // A list is nothing but a list; that any folder would do is of no interest beside it.
    if (dir !== chosen.folder && corpus.id !== 'manifest') continue;
    const { fits, because } = await corpus.detect(dir);
    candidates.push({ layout: corpus.id, title: corpus.title, matches: fits, note: because });
  }
  return { ...chosen, candidates, ...(await look(corpusById(chosen.layout), placeOf(chosen), untilMs)) };
}

type Seen = Pick<
  FolderSketch,
  'files' | 'bytes' | 'skipped' | 'complete' | 'speakers' | 'labels' | 'subsets' | 'splits' | 'examples'
>;

async function look(corpus: Corpus, dir: string, untilMs: number): Promise<Seen> {
  const speakers = new Set<string>();
  const labels = new Set<string>();
  const subsets = new Set<string>();
  const splits: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  const examples: FoundFile[] = [];
  let files = 0;
  let bytes = 0;
  let skipped = 0;
  let complete = true;
  for await (const batch of corpus.scan(dir)) {
    for (const item of batch) {
      if (item.kind === 'skipped') {
        skipped++;
        continue;
      }
      const { file } = item;
      if (examples.length < examplesShown) examples.push(file);
      if (file.speaker !== null && speakers.size < mostNames) speakers.add(file.speaker);
      if (file.label !== null && labels.size < mostNames) labels.add(file.label);
      if (file.subset !== null && subsets.size < mostNames) subsets.add(file.subset);
      if (file.excluded === null) splits[file.split]++;
      files++;
      bytes += file.bytes;
    }
    if (files >= mostFiles || performance.now() > untilMs) {
      complete = false;
      break;
    }
  }
  const names = { speakers: [...speakers].sort(), labels: [...labels].sort(), subsets: [...subsets].sort() };
  return { files, bytes, skipped, complete, ...names, splits, examples };
}
