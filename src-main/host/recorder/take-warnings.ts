import type { Take } from '../../../src-preload/contract/commands/recorder.ts';
import type { FoundInFile, TakeFacts } from '../../analyst/tasks.ts';

/** Speech that stands out of the noise by less than this is told of. */
const leastMarginDb = 20;

/** What is to be known of one take before it is kept. */
export function takeWarnings(
  found: FoundInFile,
  { limited, gainDb }: Pick<TakeFacts, 'limited' | 'gainDb'>,
  whole: boolean,
): string[] {
  const warnings = recordingWarnings(found);
  const others = found.utterances.length - 1;
  if (others > 0 && !whole) {
    warnings.push(
      `Sound was heard ${found.utterances.length} times. The take is the one with the most sound; ${others === 1 ? 'the other was' : 'the others were'} left out.`,
    );
  }
  if (limited)
    warnings.push(`Its peaks allowed no more than ${gainDb.toFixed(1)} dB: it stays quieter than asked.`);
  return warnings;
}

/** What is to be known of a whole session that was cut. */
export function cutWarnings(found: FoundInFile, takes: readonly Take[]): string[] {
  const warnings = recordingWarnings(found);
  const quiet = takes.filter(({ limited }) => limited).length;
  if (quiet > 0) {
    warnings.push(
      `The peaks of ${quiet} of ${takes.length} did not allow the level asked for: they stay quieter.`,
    );
  }
  return warnings;
}

function recordingWarnings({ clipped, noiseDb, loudestDb }: FoundInFile): string[] {
  const warnings: string[] = [];
  if (clipped > 0) {
    warnings.push(
      `${clipped} samples are at full scale: the microphone was overdriven. Turn it down or step back, and record again.`,
    );
  }
  const marginDb = loudestDb - noiseDb;
  if (marginDb < leastMarginDb) {
    warnings.push(
      `The loudest sound is only ${marginDb.toFixed(0)} dB above the noise: where speech begins and ends may be wrong.`,
    );
  }
  return warnings;
}
