import { deriveSeed, epochOrder } from '../shuffle.ts';

const choosing = 2;

/**
 * Which of `recordings` are listened to while a run trains, as positions in it: `count` of them, or all where there are
 * fewer. Labels and speakers take turns, so that four clips are four words by four voices where the split has them; who
 * goes first follows from `seed`. The same split and seed give the same clips, so that two runs can be compared by ear.
 */
export function chooseClips(
  recordings: readonly { label: string | null; speaker: string | null }[],
  count: number,
  seed: number,
): number[] {
  const order = epochOrder(recordings.length, deriveSeed(seed, choosing), 0);
  const taken = new Set<number>();
  const labels = new Map<string | null, number>();
  const speakers = new Map<string | null, number>();
  while (taken.size < Math.min(count, recordings.length)) {
    let best = -1;
    let fewest = Number.POSITIVE_INFINITY;
    for (const at of order) {
      const recording = recordings[at];
      if (!recording || taken.has(at)) continue;
      const uses = (labels.get(recording.label) ?? 0) + (speakers.get(recording.speaker) ?? 0);
      if (uses >= fewest) continue;
      best = at;
      fewest = uses;
      if (uses === 0) break;
    }
    const chosen = recordings[best];
    if (!chosen) break;
    taken.add(best);
    labels.set(chosen.label, (labels.get(chosen.label) ?? 0) + 1);
    speakers.set(chosen.speaker, (speakers.get(chosen.speaker) ?? 0) + 1);
  }
  return [...taken];
}
