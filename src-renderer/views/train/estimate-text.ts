import { formatSpan } from '../../state/format.ts';
import type { ShownEstimate } from './estimate.svelte.ts';

/** How long an epoch takes, with the range of what was measured: '41 s (38 to 45)'. */
export function epochRangeText(
  estimate: Pick<ShownEstimate, 'epochSec' | 'stepMs' | 'stepMsRange' | 'stepsPerEpoch'>,
): string {
  const { epochSec, stepMsRange, stepsPerEpoch, stepMs } = estimate;
  // What an epoch takes beside its steps (validation, checkpoints) does not vary with the step.
  const besideSec = Math.max(0, epochSec - (stepMs * stepsPerEpoch) / 1000);
  const [low, high] = stepMsRange.map((ms) => (ms * stepsPerEpoch) / 1000 + besideSec);
  if (low === undefined || high === undefined) return formatSpan(epochSec);
  const inSeconds = epochSec < 60;
  const text = (sec: number): string => (inSeconds ? precise(sec) : formatSpan(sec));
  const unit = inSeconds ? ' s' : '';
  if (text(low) === text(high)) return `${text(epochSec)}${unit}`;
  return `${text(epochSec)}${unit} (${text(low)} to ${text(high)})`;
}

function precise(sec: number): string {
  return sec < 10 ? sec.toFixed(1) : String(Math.round(sec));
}
