import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { decodeAudio, mixToMono, type DecodedAudio } from '../audio/decode.ts';
import { measurePair, type PairFigures } from '../metrics/measure-pair.ts';
import { metrics } from '../metrics/registry.ts';
import type { Measured, MeasureTask } from './tasks.ts';

/** Longer sounds would hold this process, and its memory, for too long. */
const mostSec = 600;
/** What is the matter with the sound rather than with reaching the file: a blank, not a failure. */
const blankCodes = new Set(['audio/not-finite', 'audio/no-samples', 'audio/empty']);

/**
 * All metrics of two files. Files that hold nothing to judge give blanks with the reason.
 *
 * @throws ResynthError any of `audio/*` where a file cannot be read; metrics/too-long.
 */
export function measureFiles(task: MeasureTask): Measured {
  const warnings: string[] = [];
  const sounds: DecodedAudio[] = [];
  for (const file of [task.reference, task.degraded]) {
    try {
      const sound = decodeAudio(file);
      if (sound.durationSec > mostSec) {
        throw new ResynthError('metrics/too-long', {
          file,
          durationSec: Math.round(sound.durationSec),
          mostSec,
        });
      }
      if (sound.channels.length > 1) {
        warnings.push(`${file} has ${sound.channels.length} channels: their mean is judged.`);
      }
      sounds.push(sound);
    } catch (thrown) {
      if (!(thrown instanceof ResynthError) || !blankCodes.has(thrown.code)) throw thrown;
      return { kind: 'measure', ...allBlank(thrown.message), warnings };
    }
  }
  const [reference, degraded] = sounds as [DecodedAudio, DecodedAudio];
  if (reference.sampleRateHz !== degraded.sampleRateHz) {
    const text = `the sample rates differ: ${reference.sampleRateHz} and ${degraded.sampleRateHz} Hz`;
    return { kind: 'measure', ...allBlank(text), warnings };
  }
  const pair = {
    reference: mixToMono(reference.channels),
    degraded: mixToMono(degraded.channels),
    sampleRateHz: reference.sampleRateHz,
  };
  const figures = measurePair(pair, task);
  if (task.trim && pair.reference.length !== pair.degraded.length) {
    warnings.push(
      `The lengths differ (${pair.reference.length} and ${pair.degraded.length} samples): judged up to the end of the shorter.`,
    );
  }
  return { kind: 'measure', ...figures, warnings };
}

function allBlank(text: string): PairFigures {
  const keys = metrics.map(({ key }) => key);
  return {
    values: Object.fromEntries(keys.map((key) => [key, null])),
    reasons: Object.fromEntries([...keys, 'lag_samples', 'gain_db'].map((key) => [key, text])),
    lagSamples: null,
    gainDb: null,
  };
}
