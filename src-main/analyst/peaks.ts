import { decodeStretch } from '../audio/decode.ts';
import { openAudio } from '../audio/open.ts';
import { refuseChanged } from './indexed-file.ts';
import { coarser, type Outline, outlineOf, spansOf, spansOfSamples } from './outline.ts';
import { readOutline, writeOutlines } from './outline-file.ts';
import type { Peaks, PeaksTask } from './tasks.ts';

/** Cells of the finest outline that is kept, and how much longer those of the next are: 4 MB an hour at 16 kHz. */
const cellSamples = 128;
const coarserBy = 64;
/** A span has at least so many cells, or the samples themselves are read: its edges lie between two cells. */
const cellsASpan = 8;

/**
 * The outline of a stretch for drawing. Near enough, it comes from the samples; from further away out of the outline of
 * the whole recording, which is made once and kept, so that an hour of sound is decoded once however it is zoomed.
 *
 * @throws ResynthError dataset/file-changed, dataset/file-vanished, dataset/file-unreadable, any of `audio/*`;
 *   files/disk-full.
 */
export function readPeaks({ file, stretch, spans, cacheFile }: PeaksTask): Peaks {
  refuseChanged(file);
  const { from, to } = stretch;
  const mostSamples = Math.floor((to - from) / spans / cellsASpan);
  if (mostSamples < cellSamples) {
    return { kind: 'peaks', peaks: spansOfSamples(decodeStretch(file.path, from, to).channels, spans) };
  }
  const outline = readOutline(cacheFile, mostSamples) ?? makeOutline(file.path, cacheFile, mostSamples);
  return { kind: 'peaks', peaks: spansOf(outline, from, to, spans) };
}

function makeOutline(file: string, cacheFile: string, mostSamples: number): Outline {
  const source = openAudio(file);
  try {
    const fine = outlineOf(file, source, cellSamples);
    const coarse = coarser(fine, coarserBy);
    writeOutlines(cacheFile, [fine, coarse]);
    return coarse.cellSamples <= mostSamples ? coarse : fine;
  } finally {
    source.close();
  }
}
