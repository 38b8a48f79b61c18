import { ResynthError } from '../../src-preload/contract/errors/error.ts';
import { align, placed, residualOf } from '../dsp/alignment.ts';
import { shiftBy } from '../dsp/fractional-shift.ts';
import { dbfs, peak } from '../dsp/level.ts';
import { type LevelMatch, matchLevel, truePeak } from '../dsp/loudness.ts';
import { resample } from '../dsp/resample.ts';
import type { AlignTask, Aligned, Interleaved } from './tasks.ts';

/** Longer sounds would hold this process, and its memory, for too long. */
const mostSec = 120;

/**
 * Puts the degraded sound where the reference is. Channels are moved together, by the lag of their mean.
 *
 * @throws ResynthError listening/too-long, listening/not-a-sound.
 */
export function alignSignals(task: AlignTask): Aligned {
  const { reference, degraded, mostLagSec } = task;
  const { sampleRateHz } = reference;
  const one = channelsOf(reference, 'reference');
  const other = channelsOf(degraded, 'compared').map((channel) =>
    resample(channel, degraded.sampleRateHz, sampleRateHz),
  );
  const [oneMono, otherMono] = [mono(one), mono(other)];
  const alignment = align(oneMono, otherMono, sampleRateHz, { mostLagSec });
  const { lagSamples, inverted, correlation, driftPpm, reason, method } = alignment;
  const monoInPlace = placed(otherMono, alignment);
  const inPlace =
    other.length === 1
      ? [monoInPlace]
      : other.map((channel) => shiftBy(channel, lagSamples, monoInPlace.length));
  return {
    kind: 'align',
    lagSamples,
    lagSec: lagSamples / sampleRateHz,
    subsample: lagSamples - Math.round(lagSamples),
    inverted,
    correlation,
    driftPpm,
    reason,
    method,
    level: matchShared(one, inPlace, sampleRateHz),
    aligned: { sampleRateHz, channels: inPlace.length, samples: interleave(inPlace) },
    referencePeak: truePeak(one, sampleRateHz),
    alignedPeak: truePeak(inPlace, sampleRateHz),
    residual: task.residual ? residual(oneMono, monoInPlace, sampleRateHz) : null,
  };
}

/** Over what both have: an end that only one of them has would count as a difference in level. */
function matchShared(
  one: readonly Float32Array[],
  other: readonly Float32Array[],
  sampleRateHz: number,
): LevelMatch {
  const shared = Math.min(one[0]?.length ?? 0, other[0]?.length ?? 0);
  const cut = (channels: readonly Float32Array[]) => channels.map((channel) => channel.subarray(0, shared));
  return matchLevel(cut(one), cut(other), sampleRateHz);
}

function residual(reference: Float32Array, inPlace: Float32Array, sampleRateHz: number): Aligned['residual'] {
  const { samples, gain, levelDbfs, relativeDb } = residualOf(reference, inPlace);
  return {
    samples,
    gainDb: dbfs(Math.abs(gain)),
    levelDbfs,
    relativeDb,
    peak: Math.max(peak(samples), truePeak([samples], sampleRateHz)),
  };
}

function channelsOf({ sampleRateHz, channels, samples }: Interleaved, which: string): Float32Array[] {
  const durationSec = samples.length / channels / sampleRateHz;
  if (durationSec > mostSec) {
    throw new ResynthError('listening/too-long', { durationSec: Math.round(durationSec), mostSec });
  }
  const refuse = (detail: string): never => {
    throw new ResynthError('listening/not-a-sound', { which, detail });
  };
  if (samples.length === 0) refuse('it holds no samples');
  if (samples.length % channels !== 0) refuse(`it holds ${samples.length} samples for ${channels} channels`);
  if (!samples.every((value) => Number.isFinite(value))) refuse('it holds samples that are not numbers');
  return Array.from({ length: channels }, (_, channel) =>
    channels === 1
      ? samples
      : Float32Array.from({ length: samples.length / channels }, (_, n) => samples[n * channels + channel]!),
  );
}

function mono(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (!first || channels.length === 1) return first ?? new Float32Array(0);
  return first.map((_, n) => channels.reduce((sum, channel) => sum + channel[n]!, 0) / channels.length);
}

function interleave(channels: readonly Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer> {
  const [first] = channels;
  if (!first || channels.length === 1) return first ?? new Float32Array(0);
  const samples = new Float32Array(first.length * channels.length);
  for (let n = 0; n < samples.length; n++)
    samples[n] = channels[n % channels.length]![Math.floor(n / channels.length)]!;
  return samples;
}
