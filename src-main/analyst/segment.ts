/** The stretch of a file that a recording is; null for the file's own beginning and end. */
export interface FileStretch {
  startSec: number | null;
  endSec: number | null;
}

/** A file from its beginning to its end. */
export const wholeFile: FileStretch = { startSec: null, endSec: null };

/** The stretch of a file that a recording is, in seconds from the file's beginning; `endSec` is infinite for its end. */
export function stretchOf(recording: { startSec?: number | null; endSec?: number | null }): {
  startSec: number;
  endSec: number;
} {
  return { startSec: recording.startSec ?? 0, endSec: recording.endSec ?? Infinity };
}

/** The stretch from `sec` seconds after its beginning on. */
export function laterBy(sec: number, stretch: FileStretch): FileStretch {
  return sec === 0 ? stretch : { ...stretch, startSec: (stretch.startSec ?? 0) + sec };
}

/** What to decode of a file for the first `mostSec` of a stretch of it; all of the stretch where that is null. */
export function beginningOf(
  stretch: FileStretch,
  mostSec: number | null,
): { startSec: number; maxDurationSec: number } {
  const { startSec, endSec } = stretchOf(stretch);
  return { startSec, maxDurationSec: Math.min(endSec - startSec, mostSec ?? Infinity) };
}
