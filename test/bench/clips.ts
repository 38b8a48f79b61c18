import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { decodeAudio } from '../../src-main/audio/decode.ts';
import { analyse } from '../../src-main/dsp/representation.ts';
import { featureShape } from '../../src-main/dsp/pipeline.ts';
import type { FeaturePipelineConfig } from '../../src-main/dsp/pipeline.ts';
import { seededUniform } from '../../src-main/models/parts/random.ts';

/** Clips of two splits, each `[count, bins, frames]`. */
export interface BenchClips {
  train: Float32Array;
  validation: Float32Array;
  source: string;
}

const beside = path.resolve(import.meta.dirname, '../../../shared/data/fsdd/recordings');

/** Real digits where a folder of FSDD recordings is given or lies beside the checkout, else made-up vowels. */
export function loadClips(
  features: FeaturePipelineConfig,
  counts: { train: number; validation: number },
  folder: string | undefined,
): BenchClips {
  const chosen = folder ?? (existsSync(beside) ? beside : undefined);
  return chosen ? realClips(chosen, features, counts) : madeUpClips(features, counts);
}

/** FSDD's own split: indices 0 to 4 are the test set, here the validation clips. */
function realClips(
  folder: string,
  features: FeaturePipelineConfig,
  counts: { train: number; validation: number },
): BenchClips {
  const names = readdirSync(folder)
    .filter((name) => /^\d_[a-z]+_\d+\.wav$/i.test(name))
    .sort();
  const isTest = (name: string): boolean => /_[0-4]\.wav$/i.test(name);
  const read = (candidates: string[], count: number): Float32Array => {
    if (candidates.length < count) {
      throw new Error(
        `${folder} has ${candidates.length} of the ${count} recordings that the benchmark needs.`,
      );
    }
    // Evenly through the sorted names: every digit and speaker.
    const chosen = Array.from(
      { length: count },
      (_, index) => candidates[Math.floor((index * candidates.length) / count)] as string,
    );
    return concatenate(
      chosen.map((name) => {
        const { channels, sampleRateHz } = decodeAudio(path.join(folder, name));
        return analyse(channels[0] as Float32Array, sampleRateHz, features).features;
      }),
    );
  };
  return {
    train: read(
      names.filter((name) => !isTest(name)),
      counts.train,
    ),
    validation: read(names.filter(isTest), counts.validation),
    source: 'FSDD recordings',
  };
}

/** Vowel-like tones: harmonics of a gliding pitch under two formants, with an onset and a decay. */
function madeUpClips(
  features: FeaturePipelineConfig,
  counts: { train: number; validation: number },
): BenchClips {
  const { samples } = featureShape(features);
  const make = (name: string, count: number): Float32Array => {
    const next = seededUniform(0, name);
    return concatenate(
      Array.from(
        { length: count },
        () => analyse(vowel(samples, features.sampleRateHz, next), features.sampleRateHz, features).features,
      ),
    );
  };
  return {
    train: make('train', counts.train),
    validation: make('validation', counts.validation),
    source: 'made-up vowels',
  };
}

function vowel(samples: number, sampleRateHz: number, next: () => number): Float32Array {
  const pitchHz = 90 + 160 * next();
  const glide = 0.6 * next() - 0.3;
  const formantsHz = [300 + 500 * next(), 900 + 1400 * next()];
  const lengthShare = 0.3 + 0.6 * next();
  const clip = new Float32Array(samples);
  const harmonics = Math.floor(4000 / pitchHz);
  const gains = Array.from({ length: harmonics }, (_, index) =>
    formantsHz.reduce(
      (sum, formantHz) => sum + 1 / (1 + (((index + 1) * pitchHz - formantHz) / 120) ** 2),
      0.01,
    ),
  );
  let phase = 0;
  for (let index = 0; index < samples * lengthShare; index++) {
    const share = index / (samples * lengthShare);
    phase += (2 * Math.PI * pitchHz * (1 + glide * share)) / sampleRateHz;
    const envelope = Math.sin(Math.PI * share) ** 0.5;
    let sum = 0.01 * (next() - 0.5);
    for (const [harmonic, gain] of gains.entries()) sum += gain * Math.sin((harmonic + 1) * phase);
    clip[index] = 0.1 * envelope * sum;
  }
  return clip;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
