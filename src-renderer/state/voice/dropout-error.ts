import { ResynthError } from '../../../src-preload/contract/errors/error.ts';
import type { RecordedTake } from '../../audio/recording/take-buffer.ts';

/** What is to be told of a recording in which sound was lost; null mostly. */
export function dropoutError({ missing, sampleRateHz }: RecordedTake): ResynthError | null {
  if (missing === 0) return null;
  const missingSec = Number((missing / sampleRateHz).toPrecision(2));
  return new ResynthError('microphone/dropouts', { missingSec });
}
