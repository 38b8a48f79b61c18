import type { Detection } from './corpus.ts';
import { walkAudio } from './walk.ts';

/** How many audio files are looked at to recognise a layout. */
const looked = 500;
/** The share of names that must fit: a few strays do not make another corpus of it. */
const share = 0.9;

/**
 * Whether a tree is named as a layout names its files, by its first ones. `of` is 'ignored' for files that say nothing
 * either way; `what` is how messages call a name that fits.
 */
export async function recogniseNames(
  dir: string,
  of: (id: string) => boolean | 'ignored',
  what: string,
  signal?: AbortSignal,
): Promise<Detection> {
  let seen = 0;
  let fitting = 0;
  look: for await (const items of walkAudio(dir, { recursive: true, namesOnly: true, signal })) {
    for (const item of items) {
      if (item.kind === 'skipped') continue;
      const fits = of(item.file.id);
      if (fits === 'ignored') continue;
      seen++;
      if (fits) fitting++;
      if (seen === looked) break look;
    }
  }
  const because = `${fitting} of the first ${seen} audio files are ${what}`;
  return { fits: fitting > 0 && fitting >= share * seen, because };
}
