import type { RunClip } from '../runs/runs-clips.svelte.ts';

/** One recording that at least one of the compared runs has among its clips. */
export interface ClipRow {
  /** The same for the same recording, whichever run. */
  key: string;
  recording: string;
  label: string | null;
  speaker: string | null;
  durationSec: number;
  /** Its index among the clips of each run that has it. */
  indexes: ReadonlyMap<string, number>;
}

/**
 * The recordings of several runs: those that most of them have first, then in the order of the runs. Two are the same where their paths are, and their bytes are
 * not known to differ: another dataset may have another recording under the same path.
 */
export function clipRows(runs: readonly { run: string; clips: readonly RunClip[] }[]): ClipRow[] {
  const rows: (ClipRow & { hash: string | null; indexes: Map<string, number> })[] = [];
  const byRecording = new Map<string, typeof rows>();
  for (const { run, clips } of runs) {
    for (const clip of clips) {
      const alike = byRecording.get(clip.recording) ?? [];
      const known = alike.find(
        ({ hash, indexes }) =>
          !indexes.has(run) && (hash === clip.contentHash || hash === null || clip.contentHash === null),
      );
      if (known) {
        known.indexes.set(run, clip.index);
        known.hash ??= clip.contentHash;
        continue;
      }
      const { recording, label, speaker, durationSec, contentHash } = clip;
      const row = {
        ...{ key: `${recording}#${alike.length}`, recording, label, speaker, durationSec },
        ...{ hash: contentHash, indexes: new Map([[run, clip.index]]) },
      };
      byRecording.set(recording, [...alike, row]);
      rows.push(row);
    }
  }
  return rows.sort((a, b) => b.indexes.size - a.indexes.size);
}
