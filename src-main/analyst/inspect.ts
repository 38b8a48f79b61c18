import { measureAudio } from '../audio/decode.ts';
import { readFileFacts } from './source-file.ts';
import type { Inspection, InspectTask } from './tasks.ts';

/**
 * Decodes one recording whole, in little memory, and measures it.
 *
 * @throws ResynthError whatever makes the file unusable: vanished, unreadable, not audio, damaged, no samples, samples
 *   that are NaN or infinite.
 */
export function inspect({ id, path }: InspectTask): Inspection {
  const facts = readFileFacts(path, id);
  const { sampleRateHz, channels, durationSec, peak, rms } = measureAudio(path);
  return { kind: 'inspect', ...facts, sampleRateHz, channels, durationSec, peak, rms };
}
