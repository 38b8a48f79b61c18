import type { MetricKey } from '../../src-preload/contract/commands/metrics.ts';
import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { decodeAudio, mixToMono, type DecodedAudio } from '../audio/decode.ts';
import { resample } from '../dsp/resample.ts';
import { measurePair } from '../metrics/measure-pair.ts';
import type { SignalPair } from '../metrics/metric.ts';
import { metrics } from '../metrics/registry.ts';
import { beginningOf, type FileStretch, laterBy, wholeFile } from './segment.ts';
import { refuseOtherBytes } from './source-file.ts';
import type { Measured, MeasureTask } from './judging-tasks.ts';

/** Longer sounds would hold this process, and its memory, for too long. */
const mostSec = 600;
/** What is the matter with the sound rather than with reaching the file: a blank, not a failure. */
const blankCodes = new Set(['audio/not-finite', 'audio/no-samples', 'audio/empty']);

/**
 * The metrics of two files. Files that hold nothing to judge give blanks with the reason.
 *
 * @throws ResynthError dataset/file-changed; any of `audio/*` where a file cannot be read; metrics/too-long.
 */
export function measureFiles(task: MeasureTask): Measured {
  refuseOtherBytes(task.reference, task.contentHash);
  const warnings: string[] = [];
  const sounds: DecodedAudio[] = [];
  const sides = [
    { file: task.reference, stretch: laterBy(task.fromSec ?? 0, task.stretch) },
    { file: task.degraded, stretch: wholeFile },
  ];
  for (const { file, stretch } of sides) {
    try {
      sounds.push(read(file, stretch, task.mostSec, warnings));
    } catch (thrown) {
      if (!(thrown instanceof ResynthError) || !blankCodes.has(thrown.code)) throw thrown;
      return allBlank(task.metrics, thrown.message, warnings);
    }
  }
  const [reference, degraded] = sounds as [DecodedAudio, DecodedAudio];
  const rateHz = task.rateHz === 'own' || task.rateHz === null ? reference.sampleRateHz : task.rateHz;
  if (task.rateHz === null && reference.sampleRateHz !== degraded.sampleRateHz) {
    const text = `the sample rates differ: ${reference.sampleRateHz} and ${degraded.sampleRateHz} Hz`;
    return allBlank(task.metrics, text, warnings);
  }
  const pair: SignalPair = {
    reference: atRate(reference, rateHz, 'The recording', warnings),
    degraded: atRate(degraded, rateHz, 'What was made of it', warnings),
    sampleRateHz: rateHz,
  };
  const figures = measurePair(pair, task, task.metrics);
  if (task.trim && pair.reference.length !== pair.degraded.length) {
    warnings.push(
      `The lengths differ (${pair.reference.length} and ${pair.degraded.length} samples): judged up to the end of the shorter.`,
    );
  }
  const samples = Math.min(pair.reference.length, pair.degraded.length);
  return { kind: 'measure', ...figures, judgedSec: samples / rateHz, sampleRateHz: rateHz, warnings };
}

function read(
  file: string,
  stretch: FileStretch,
  longestSec: number | null,
  warnings: string[],
): DecodedAudio {
  const sound = decodeAudio(file, beginningOf(stretch, longestSec));
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
  return sound;
}

function atRate(sound: DecodedAudio, rateHz: number, what: string, warnings: string[]): Float32Array {
  const mono = mixToMono(sound.channels);
  if (sound.sampleRateHz === rateHz) return mono;
  warnings.push(`${what} was resampled from ${sound.sampleRateHz} to ${rateHz} Hz.`);
  return resample(mono, sound.sampleRateHz, rateHz);
}

function allBlank(wanted: readonly MetricKey[] | null, text: string, warnings: string[]): Measured {
  const keys = metrics.map(({ key }) => key).filter((key) => wanted?.includes(key) ?? true);
  return {
    kind: 'measure',
    values: Object.fromEntries(keys.map((key) => [key, null])),
    reasons: Object.fromEntries([...keys, 'lag_samples', 'gain_db'].map((key) => [key, text])),
    lagSamples: null,
    gainDb: null,
    driftPpm: null,
    judgedSec: null,
    sampleRateHz: null,
    warnings,
  };
}
