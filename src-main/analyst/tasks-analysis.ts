import type { Recording } from '../corpora/recording.ts';

/** Find the prominent frequencies of some recordings (prominent.ts). */
export interface ProminenceTask {
  kind: 'prominence';
  folder: string;
  files: readonly Pick<Recording, 'id' | 'source' | 'startSec' | 'endSec' | 'durationSec'>[];
}

export interface Prominences {
  kind: 'prominence';
  /** In the order of the files; null where there is none. */
  frequenciesHz: (number | null)[];
}
