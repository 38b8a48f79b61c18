import type { Recording } from '../../corpora/recording.ts';

/** The labels of recordings, each once, numbers in their order. */
export function labelsOf(recordings: readonly Pick<Recording, 'label'>[]): string[] {
  return [...new Set(recordings.flatMap(({ label }) => label ?? []))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
}
