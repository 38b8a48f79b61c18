/** The stretch of a file that a recording is, in seconds from the file's beginning; `endSec` is infinite for its end. */
export function stretchOf(recording: { startSec?: number | null; endSec?: number | null }): {
  startSec: number;
  endSec: number;
} {
  return { startSec: recording.startSec ?? 0, endSec: recording.endSec ?? Infinity };
}
